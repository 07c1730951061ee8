// The message that another answers: a line that leads to it.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { quoted } from '../quotes.js';
import { openMessage } from '../route.js';
import { attempt } from '../state.js';
import { Small } from './blurred.js';
import { plain } from '../text.js';

/** @param {{room: string, id: string}} props */
export function Quote({ room, id }) {
  const message = quoted(room, id);
  if (!message) return html`<p class="quote is-gone">${t('quote-gone')}</p>`;
  if (message.deleted_at) return html`<p class="quote is-gone">${t('quote-deleted')}</p>`;
  return html`
    <button type="button" class="quote" title=${t('quote-go')} onClick=${() => attempt(openMessage(id, message))}>
      <${Small} message=${message} />
      <span><strong>${message.author.display_name}</strong> ${message.text ? plain(message.text) : t('a-picture')}</span>
    </button>
  `;
}
