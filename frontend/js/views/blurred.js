// A picture that the room shows blurred, large with a way to see it, and small beside words.
import { isBlurred, isHeld, reveal } from '../blurs.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { labelName } from '../label-names.js';

/** What the room would rather not show unasked. @param {{message: import('../types.js').Message, source: string}} props */
export const Blurred = ({ message, source }) => html`
  <div class="blurred">
    <img src=${source} alt="" decoding="async" />
    <p>
      <span>${message.image?.blur ? t('blurred', { label: labelName(message.image.blur) }) : t('blurred-unseen')}</span>
      <button type="button" class="button" onClick=${() => reveal(message.id)}>${t('blurred-show')}</button>
    </p>
  </div>
`;

/** A small one beside words. @param {{message: import('../types.js').Message, side?: number, alt?: string}} props `side`: in pixels */
export const Small = ({ message, side = 40, alt = '' }) => message.image && !isHeld(message) && html`
  <span class="small-picture ${isBlurred(message) ? 'is-blurred' : ''}" style=${{ '--side': `${side}px` }}>
    <img src=${message.image.thumbnail_url} alt=${alt} width=${side} height=${side} loading="lazy" />
  </span>
`;
