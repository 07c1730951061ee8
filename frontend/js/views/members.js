// Who is in the room, and who of them is here; adding somebody to a private one.
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon, IconButton } from '../icons.js';
import { addMember, findPeople, leaveRoom } from '../rooms.js';
import { attempt, me, members, online } from '../state.js';
import { Avatar, BotBadge } from './avatar.js';
import { Confirm, Dialog } from './dialog.js';
import { closeDialog, membersShown, openDialog } from './layout.js';

/** @typedef {import('../types.js').Member} Member */

/** @param {{room: import('../types.js').Room}} props */
export function Members({ room }) {
  const here = members.value.filter(isHere);
  const away = members.value.filter((person) => !isHere(person));
  return html`
    <aside class="members" aria-label=${t('members')}>
      <header class="members-head">
        <h2>${t('members')}</h2>
        <${IconButton} icon="close" name=${t('members-hide')} onClick=${() => (membersShown.value = false)} />
      </header>
      ${room.private && room.member &&
      html`<button type="button" class="button button-wide" onClick=${() => openDialog(() => html`<${AddPeople} room=${room} />`)}>
        <${Icon} name="addPerson" /> ${t('members-add')}
      </button>`}
      <${People} title=${t('members-here')} people=${here} />
      <${People} title=${t('members-away')} people=${away} />
      ${room.member && html`<p class="members-foot">
        <button type="button" class="link" onClick=${() => askToLeave(room)}>${t('members-leave', { room: room.name })}</button>
      </p>`}
    </aside>
  `;
}

/** The server may not have heard of this page's own connection yet. @param {Member} person */
const isHere = (person) => person.online || (online.value && person.id === me.value?.id);

/** @param {{title: string, people: Member[]}} props */
const People = ({ title, people }) => people.length > 0 && html`
  <section>
    <h3>${title} · ${people.length}</h3>
    <ul>
      ${people.map((person) => html`<li class="person ${isHere(person) ? 'is-online' : ''}" key=${person.id}>
        <span class="with-presence"><${Avatar} user=${person} small /></span>
        <span class="person-name">${person.display_name}</span>
        <${BotBadge} user=${person} />
        ${person.role !== 'member' && html`<small>${t(`role-${person.role}`)}</small>`}
      </li>`)}
    </ul>
  </section>
`;

/** @param {import('../types.js').Room} room */
function askToLeave(room) {
  const text = t(room.private ? 'members-leave-private' : 'members-leave-public');
  const title = t('members-leave-title', { room: room.name });
  const leave = () => attempt(leaveRoom(room.id));
  openDialog(() => html`<${Confirm} title=${title} text=${text} yes=${t('leave')} onYes=${leave} onClose=${closeDialog} />`);
}

/** @param {{room: import('../types.js').Room}} props */
function AddPeople({ room }) {
  const [people, setPeople] = useState(/** @type {Member[] | null} */ (null));
  const [words, setWords] = useState('');
  useEffect(() => void attempt(findPeople().then(setPeople)), []);
  const isIn = new Set(members.value.map(({ id }) => id));
  const found = (people ?? []).filter(({ id, username }) => !isIn.has(id) && username.toLowerCase().includes(words.toLowerCase()));
  return html`
    <${Dialog} title=${t('members-add-title', { room: room.name })} onClose=${closeDialog}>
      <label class="field">
        <span>${t('welcome-name')}</span>
        <input type="text" role="searchbox" autocomplete="off" autofocus value=${words}
          onInput=${(/** @type {any} */ event) => setWords(event.currentTarget.value)} />
      </label>
      <ul class="people-found" aria-live="polite">
        ${found.slice(0, 30).map((person) => html`<li class="person" key=${person.id}>
          <${Avatar} user=${person} small />
          <span class="person-name">${person.display_name}</span>
          <button type="button" class="button" aria-label=${t('members-add-named', { name: person.display_name })} onClick=${() => attempt(addMember(room.id, person.id))}>${t('add')}</button>
        </li>`)}
        ${people && found.length === 0 && html`<li class="quiet">${t('members-nobody')}</li>`}
      </ul>
    <//>
  `;
}
