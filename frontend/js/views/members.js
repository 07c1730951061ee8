// Who is in the room, and who of them is here.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon, IconButton } from '../icons.js';
import { askMembers } from '../rooms.js';
import { me, members, membersProblem, online } from '../state.js';
import { Asked } from './asked.js';
import { Avatar, BotBadge, Marks } from './avatar.js';
import { membersShown } from './layout.js';
import { addPeople, askToLeave, showPerson } from './openers.js';

/** @typedef {import('../types.js').Member} Member */
/** @typedef {import('../types.js').Room} RoomOf */

/** @param {{room: RoomOf}} props */
export function Members({ room }) {
  const here = members.value.filter(isHere);
  const away = members.value.filter((person) => !isHere(person));
  return html`
    <aside class="members" aria-label=${t('members')}>
      <header class="members-head">
        <h2>${t('members')}</h2>
        <${IconButton} icon="close" name=${t('members-hide')} onClick=${() => (membersShown.value = false)} />
      </header>
      ${room.private && room.member && !room.direct &&
      html`<button type="button" class="button button-wide" onClick=${() => addPeople(room)}>
        <${Icon} name="addPerson" /> ${t('members-add')}
      </button>`}
      ${members.value.length === 0 && html`<${Asked} problem=${membersProblem.value} onRetry=${() => askMembers(room.id)} />`}
      <${People} title=${t('members-here')} people=${here} room=${room} />
      <${People} title=${t('members-away')} people=${away} room=${room} />
      ${room.member && !room.direct && html`<p class="members-foot">
        <button type="button" class="link" onClick=${() => askToLeave(room)}>${t('members-leave', { room: room.name })}</button>
      </p>`}
    </aside>
  `;
}

/** The server may not have heard of this page's own connection yet. @param {Member} person */
const isHere = (person) => person.online || (online.value && person.id === me.value?.id);

/** @param {{title: string, people: Member[], room: RoomOf}} props */
const People = ({ title, people, room }) => people.length > 0 && html`
  <section>
    <h3>${title} · ${people.length}</h3>
    <ul>
      ${people.map((person) => html`<li class=${isHere(person) ? 'is-online' : ''} key=${person.id}>
        <button type="button" class="person" aria-haspopup="dialog" onClick=${() => showPerson(person)}>
          <span class="with-presence"><${Avatar} user=${person} small /></span>
          <span class="person-name">${person.display_name}</span>
          <${BotBadge} user=${person} />
          <${Marks} user=${person} room=${room} />
        </button>
      </li>`)}
    </ul>
  </section>
`;
