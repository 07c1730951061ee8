// Going to another room without the mouse: Ctrl or Cmd and K.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { compare, t } from '../i18n.js';
import { goToRoom } from '../route.js';
import { openId, rooms } from '../state.js';
import { RoomIcon, Unread } from './avatar.js';
import { useChoosing } from './choosing.js';
import { Dialog } from './dialog.js';
import { closeDialog, drawerOpen } from './layout.js';

/** @typedef {import('../types.js').Room} Room */

const MOST = 50; // rooms that are listed

export function Switcher() {
  const [words, setWords] = useState('');
  const found = matching(words.trim().toLowerCase());
  const choosing = useChoosing(found, ({ id }) => {
    closeDialog();
    drawerOpen.value = false;
    goToRoom(id);
  });
  const onInput = (/** @type {any} */ event) => {
    setWords(event.currentTarget.value);
    choosing.first();
  };
  return html`
    <${Dialog} title=${t('switcher')} onClose=${closeDialog} class="dialog-search">
      <input type="text" class="search-field" aria-label=${t('switcher-name')} placeholder=${t('switcher-hint')} autocomplete="off"
        autofocus maxlength="80" onInput=${onInput} onKeyDown=${choosing.onKeyDown} ...${choosing.field} />
      ${choosing.list({ name: t('rooms'), class: 'rooms-found', draw: drawRoom })}
      ${found.length === 0 && html`<p class="quiet" role="status">${t('switcher-nothing')}</p>`}
    <//>
  `;
}

/** @param {Room} room */
const drawRoom = (room) => html`
  <${RoomIcon} room=${room} /><span class="room-name">${room.name}</span>
  ${room.member && room.unread > 0 && html`<${Unread} room=${room} />`}
  ${!room.member && html`<small>${t('switcher-other')}</small>`}
`;

/** Where something is new comes first, then one's own rooms; what begins with the words before what holds them.
 * @param {string} words */
function matching(words) {
  /** @param {Room} room */
  const rank = ({ name, member, unread }) => [!name.toLowerCase().startsWith(words), !member, !unread].map(Number);
  return [...rooms.value.values()]
    .filter(({ id, name }) => name.toLowerCase().includes(words) && (words || id !== openId.value))
    .sort((a, b) => byNumbers(rank(a), rank(b)) || compare(a.name, b.name))
    .slice(0, MOST);
}

/** @param {number[]} a @param {number[]} b */
const byNumbers = (a, b) => a.map((value, n) => value - b[n]).find(Boolean) ?? 0;
