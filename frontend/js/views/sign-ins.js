// The password, and where I am signed in, or somebody else whom an admin looks after.
import { useEffect, useState } from 'preact/hooks';

import { changePassword, endSession, endSessions, readAgent, sessions } from '../account.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt, notify } from '../state.js';
import { brief } from '../times.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';
import { Form, PasswordField } from './secret.js';

export function Password() {
  const change = async (/** @type {Record<string, string>} */ { old, wanted, end }) => {
    await changePassword(old, wanted, end === 'on');
    notify(t('sign-ins-password-changed'));
  };
  return html`
    <${Form} label=${t('account-part-password')} button=${t('sign-ins-change')} onSend=${change}>
      <${PasswordField} label=${t('sign-ins-old')} field="old" />
      <${PasswordField} label=${t('sign-ins-new')} field="wanted" fresh hint=${t('welcome-password-hint')} />
      <label class="check"><input type="checkbox" name="end" defaultChecked /> ${t('sign-ins-end-others')}</label>
    <//>
  `;
}

/** @param {import('../types.js').User} user */
export const showSignIns = (user) => openDialog(() => html`
  <${Dialog} title=${t('sign-ins-of', { name: user.display_name })} onClose=${closeDialog}>
    <${Sessions} whose=${user.id} />
    <p class="quiet">${t('sign-ins-of-about')}</p>
  <//>`);

/** @param {{whose?: string}} props whose they are, for an admin; else mine */
export function Sessions({ whose = '' }) {
  const [all, setAll] = useState(/** @type {import('../account.js').Session[]} */ ([]));
  const load = async () => setAll(await sessions(whose));
  useEffect(() => void attempt(load()), []);
  const end = (/** @type {() => Promise<any>} */ work) => attempt(work().then(load));
  return html`
    <ul class="account-list">
      ${all.map((one) => html`
        <li key=${one.id}>
          <span><strong title=${one.agent}>${readAgent(one.agent)}</strong>
            <small>${one.current ? t('sign-ins-here') : t('sign-ins-seen', { time: brief(one.seen_at) })} ${t('sign-ins-since', { time: brief(one.created_at) })}</small></span>
          ${!one.current && html`<button type="button" class="button" aria-label=${t('sign-ins-end-named', { name: readAgent(one.agent) })}
            onClick=${() => end(() => endSession(whose, one.id))}>${t('sign-ins-end')}</button>`}
        </li>`)}
    </ul>
    ${whose && all.length === 0 && html`<p class="quiet">${t('sign-ins-none')}</p>`}
    ${all.length > 1 && html`<button type="button" class="button" onClick=${() => end(() => endSessions(whose))}>${t(whose ? 'sign-ins-end-every' : 'sign-ins-end-all')}</button>`}
  `;
}
