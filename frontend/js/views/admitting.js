// Letting people in: invitations, and links by which somebody sets a new password.
import { useEffect, useState } from 'preact/hooks';

import { invitations, invite, makeReset, revokeInvitation } from '../account.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt } from '../state.js';
import { brief } from '../times.js';
import { Form, Secret } from './secret.js';

/** @typedef {Record<string, string>} Fields */

export function Invitations() {
  const [all, setAll] = useState(/** @type {import('../account.js').Invitation[]} */ ([]));
  const [made, setMade] = useState('');
  const load = async () => setAll(await invitations());
  useEffect(() => void attempt(load()), []);
  const make = async (/** @type {Fields} */ { uses, days }) => {
    const { url } = await invite(Number(uses), Number(days));
    // The list first, so that what stands beside the new link is new; the link in any case, for it is not told again.
    await load().finally(() => setMade(url));
  };
  return html`
    <ul class="account-list">
      ${all.map((one) => html`
        <li key=${one.id}>
          <span><strong>${t('admitting-uses', { count: one.uses_left })}</strong>
            <small>${t('admitting-until', { time: brief(one.expires_at), name: one.made_by })}</small></span>
          <button type="button" class="button" aria-label=${t('admitting-revoke-named', { time: brief(one.expires_at) })}
            onClick=${() => attempt(revokeInvitation(one.id).then(load))}>${t('revoke')}</button>
        </li>`)}
    </ul>
    ${made && html`<${Secret} label=${t('admitting-link')} text=${made} />`}
    <${Form} label=${t('admitting-invite')} button=${t('admitting-invite')} onSend=${make}>
      <div class="account-row">
        <label class="field"><span>${t('admitting-people')}</span><input name="uses" type="number" min="1" max="1000" required defaultValue="1" /></label>
        <label class="field"><span>${t('admitting-days')}</span><input name="days" type="number" min="1" max="90" required defaultValue="7" /></label>
      </div>
    <//>
  `;
}

export function Resets() {
  const [reset, setReset] = useState(/** @type {{url: string, username: string} | null} */ (null));
  return html`
    ${reset && html`<${Secret} label=${t('admitting-reset-link', { name: reset.username })} text=${reset.url} />`}
    <${Form} label=${t('admitting-reset')} button=${t('admitting-reset')}
      onSend=${async (/** @type {Fields} */ { username, factor }) => setReset(await makeReset(username.trim(), factor === 'on'))}>
      <label class="field"><span>${t('admitting-whose')}</span><input name="username" required maxlength="32" autocomplete="off" autocapitalize="none" /></label>
      <label class="check"><input type="checkbox" name="factor" /> ${t('admitting-factor')}</label>
    <//>
  `;
}
