// A person's card: who they are, and what one can do about them.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { removeMember } from '../rooms.js';
import { attempt, me, members, openRoom } from '../state.js';
import { Avatar, BotBadge, Marks } from './avatar.js';
import { Confirm, Dialog } from './dialog.js';
import { withPart } from './later.js';
import { closeDialog, openDialog } from './layout.js';
import { writeTo } from './new-direct.js';
import { mayChange } from './room-settings.js';

/** @typedef {import('../types.js').User} User */

/** @param {User} user */
export const showPerson = (user) => openDialog(() => html`<${Person} user=${user} />`);

/** @param {{user: User}} props */
function Person({ user }) {
  const room = openRoom.value;
  const isMe = user.id === me.value?.id;
  const isIn = members.value.some(({ id }) => id === user.id);
  return html`
    <${Dialog} title=${user.display_name} onClose=${closeDialog} class="dialog-small">
      <div class="person-card">
        <${Avatar} user=${user} large />
        <p><strong>${user.display_name}</strong> <${BotBadge} user=${user} />
          <small>@${user.username}</small>
          <${Marks} user=${user} room=${room} />
        </p>
      </div>
      <div class="dialog-foot">
        ${!isMe && room && isIn && mayChange(room) && html`
          <button type="button" class="button" onClick=${() => askToRemove(room, user)}>${t('person-remove')}</button>`}
        ${!isMe && !user.bot && moderates(room) && html`<button type="button" class="button" onClick=${() => sanction(user, room)}>${t('sanction-ask')}</button>`}
        ${!isMe && !user.bot && me.value?.role === 'admin' && html`<button type="button" class="button" onClick=${() => signIns(user)}>${t('sign-ins-ask')}</button>`}
        ${isMe
          ? html`<p class="quiet">${t('person-you')}</p>`
          : html`<button type="button" class="button button-main" onClick=${() => attempt(writeTo([user]))}>
              <${Icon} name="message" /> ${t('person-write')}
            </button>`}
      </div>
    <//>
  `;
}

/** @param {import('../types.js').Room | undefined} room */
const moderates = (room) => me.value?.role !== 'member' || (room?.moderates && !room.direct);

/** @param {User} user @param {import('../types.js').Room | undefined} room */
const sanction = (user, room) => withPart(() => import('./sanction.js'), ({ askToSanction }) => askToSanction(user, room && !room.direct ? room : null));

/** @param {User} user */
const signIns = (user) => withPart(() => import('./sign-ins.js'), ({ showSignIns }) => showSignIns(user));

/** @param {import('../types.js').Room} room @param {User} user */
function askToRemove(room, user) {
  const names = { name: user.display_name, room: room.name };
  const remove = () => attempt(removeMember(room.id, user.id));
  openDialog(() => html`
    <${Confirm} title=${t('person-remove-title', names)} text=${t(room.private ? 'person-remove-private' : 'person-remove-public')}
      yes=${t('person-remove-yes')} onYes=${remove} onClose=${closeDialog} />`);
}
