// All rooms that everybody may come into: what they are about, how many are there, and the way in.
import { useEffect, useState } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { compare, t } from '../i18n.js';
import { Icon } from '../icons.js';
import { joinRoom } from '../rooms.js';
import { goToRoom } from '../route.js';
import { attempt, rooms } from '../state.js';
import { Dialog } from './dialog.js';
import { closeDialog, drawerOpen, openDialog } from './layout.js';
import { NewRoom } from './new-room.js';

/** @typedef {import('../types.js').Room} RoomOf */

const STEP = 100; // rooms that are drawn at a time

export const browse = () => openDialog(() => html`<${Browse} />`);

function Browse() {
  const [words, setWords] = useState('');
  const [most, setMost] = useState(STEP);
  const [sizes, setSizes] = useState(/** @type {Record<string, number>} */ ({}));
  useEffect(() => void attempt(api.get('/api/rooms/sizes').then((answer) => setSizes(answer.sizes))), []);
  const found = matching(words.trim().toLowerCase(), sizes);
  const onInput = (/** @type {any} */ event) => {
    setWords(event.currentTarget.value);
    setMost(STEP);
  };
  return html`
    <${Dialog} title=${t('browse')} onClose=${closeDialog} class="dialog-wide">
      <div class="browse-head">
        <input type="text" role="searchbox" class="search-field" aria-label=${t('browse-search')} placeholder=${t('browse-hint')} autocomplete="off"
          maxlength="80" autofocus onInput=${onInput} />
        <button type="button" class="button" onClick=${() => openDialog(() => html`<${NewRoom} />`)}><${Icon} name="plus" /> ${t('new-room')}</button>
      </div>
      <p class="quiet browse-count" role="status">${found.length ? t('browse-count', { count: found.length }) : t('browse-none')}</p>
      <ul class="browse" aria-label=${t('browse')}>
        ${found.slice(0, most).map((room) => html`<${Row} key=${room.id} room=${room} size=${sizes[room.id]} />`)}
      </ul>
      ${found.length > most && html`
        <button type="button" class="button button-wide" onClick=${() => setMost(most + STEP)}>${t('browse-more', { count: found.length - most })}</button>`}
    <//>
  `;
}

/** @param {{room: RoomOf, size?: number}} props */
function Row({ room, size }) {
  const open = () => {
    closeDialog();
    drawerOpen.value = false;
    goToRoom(room.id);
  };
  const join = () => attempt(joinRoom(room.id).then(open));
  return html`
    <li class="browse-row">
      <${Icon} name="hash" />
      <span class="browse-body">
        <button type="button" class="browse-name" onClick=${open}>${room.name}</button>
        ${room.topic && html`<span class="browse-topic">${room.topic}</span>`}
        <small>${size !== undefined && t('browse-members', { count: size })}${room.member && html` · <b><${Icon} name="check" />${t('browse-joined')}</b>`}</small>
      </span>
      ${room.member
        ? html`<button type="button" class="button" aria-label=${t('browse-open-room', { room: room.name })} onClick=${open}>${t('browse-open')}</button>`
        : html`<button type="button" class="button" aria-label=${t('browse-join-room', { room: room.name })} onClick=${join}>${t('browse-join')}</button>`}
    </li>
  `;
}

/** Where most people are comes first; with words, what is called so comes before what is about it.
 * @param {string} words @param {Record<string, number>} sizes */
function matching(words, sizes) {
  const byName = (/** @type {RoomOf} */ { name }) => Number(!name.toLowerCase().includes(words));
  return [...rooms.value.values()]
    .filter((room) => !room.private && `${room.name}\n${room.topic}`.toLowerCase().includes(words))
    .sort((a, b) => byName(a) - byName(b) || (sizes[b.id] ?? 0) - (sizes[a.id] ?? 0) || compare(a.name, b.name));
}
