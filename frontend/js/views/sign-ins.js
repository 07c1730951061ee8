// The password, and where I am signed in.
import { useEffect, useState } from 'preact/hooks';

import { changePassword, endOthers, endSession, readAgent, sessions } from '../account.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt, notify } from '../state.js';
import { brief } from '../times.js';
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

export function Sessions() {
  const [all, setAll] = useState(/** @type {import('../account.js').Session[]} */ ([]));
  const load = async () => setAll(await sessions());
  useEffect(() => void attempt(load()), []);
  const end = (/** @type {() => Promise<any>} */ work) => attempt(work().then(load));
  return html`
    <ul class="account-list">
      ${all.map((one) => html`
        <li key=${one.id}>
          <span><strong title=${one.agent}>${readAgent(one.agent)}</strong>
            <small>${one.current ? t('sign-ins-here') : t('sign-ins-seen', { time: brief(one.seen_at) })} ${t('sign-ins-since', { time: brief(one.created_at) })}</small></span>
          ${!one.current && html`<button type="button" class="button" aria-label=${t('sign-ins-end-named', { name: readAgent(one.agent) })}
            onClick=${() => end(() => endSession(one.id))}>${t('sign-ins-end')}</button>`}
        </li>`)}
    </ul>
    ${all.length > 1 && html`<button type="button" class="button" onClick=${() => end(endOthers)}>${t('sign-ins-end-all')}</button>`}
  `;
}
