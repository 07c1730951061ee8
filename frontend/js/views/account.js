// My account: a dialog with a section for each thing that can be done with it.
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { askDoor } from '../session.js';
import { attempt, me } from '../state.js';
import { Invitations, Resets } from './admitting.js';
import { Dialog } from './dialog.js';
import { closeDialog, isTouch, openDialog } from './layout.js';
import { Leaving } from './leaving.js';
import { MySanctions } from './sanction.js';
import { Password, Sessions } from './sign-ins.js';
import { SecondFactor } from './second-factor.js';
import { Keys } from './shortcuts.js';
import { Tokens } from './tokens.js';

export function Account() {
  const role = me.value?.role;
  const [invites, setInvites] = useState(role === 'admin');
  const ask = async () => setInvites((await askDoor()).inviters === 'moderators');
  useEffect(() => void (role === 'moderator' && attempt(ask())), []);
  return html`
    <${Dialog} title=${t('account')} onClose=${closeDialog} class="dialog-account">
      <p class="quiet account-name">${t('account-signed-in', { name: me.value?.username ?? '' })}</p>
      <${Part} part="password"><${Password} /><//>
      <${Part} part="sessions"><${Sessions} /><//>
      <${Part} part="factor"><${SecondFactor} /><//>
      <${Part} part="tokens"><${Tokens} /><//>
      ${invites && html`<${Part} part="invitations"><${Invitations} /><//>`}
      ${role === 'admin' && html`<${Part} part="resets"><${Resets} /><//>`}
      <${Part} part="notices"><${MySanctions} /><//>
      <${Part} part="leaving"><${Leaving} /><//>
      ${!isTouch() && html`<p class="account-keys"><button type="button" class="link" onClick=${() => openDialog(() => html`<${Keys} />`)}>${t('shortcuts')}</button></p>`}
    <//>
  `;
}

/** @param {{part: string, children: any}} props */
const Part = ({ part, children }) => html`
  <details class="account-part" name="account">
    <summary>${t(`account-part-${part}`)}</summary>
    <div class="account-body">${children}</div>
  </details>
`;
