// In place of the page for who is banned from everywhere: why, until when, and what they can say to it.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { ICON } from '../icons.js';
import { signOut } from '../session.js';
import { attempt, notices } from '../state.js';
import { MySanctions } from './sanction.js';

export const Banned = () => html`
  <main class="banned">
    <p class="brand"><img src=${ICON} alt="" width="40" height="40" />Roomful</p>
    <h1>${t('banned-title')}</h1>
    <p class="quiet">${t('banned-about')}</p>
    <${MySanctions} />
    <button type="button" class="button" onClick=${() => attempt(signOut())}>${t('sidebar-sign-out')}</button>
    <div class="notices" role="status">${notices.value.map(({ id, text }) => html`<p class="notice" key=${id}>${text}</p>`)}</div>
  </main>
`;
