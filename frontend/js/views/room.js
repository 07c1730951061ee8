// One room: its head, its timeline, and where one writes.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { chosenIn } from '../chosen.js';
import { html } from '../html.js';
import { t, tWith } from '../i18n.js';
import { Icon, IconButton } from '../icons.js';
import { joinRoom } from '../rooms.js';
import { attempt, me, members, notify, typing } from '../state.js';
import { RoomIcon } from './avatar.js';
import { Composer } from './composer.js';
import { withPart } from './later.js';
import { dialog, drawerOpen, editing, membersShown, replying } from './layout.js';
import { showRoomSettings } from './openers.js';
import { Timeline } from './timeline.js';

/** @typedef {import('../types.js').Room} RoomOf */

/** @param {{room: RoomOf}} props */
export function Room({ room }) {
  const attachments = chosenIn(room.id);
  const preparing = useSignal(0);
  const dropping = useSignal(false);
  useEffect(() => () => {
    replying.value = null;
    editing.value = '';
  }, []);
  const add = async (/** @type {Iterable<File>} */ files) => {
    const all = [...files];
    await withPart(() => import('../attachments.js'), async ({ choose }) => {
      preparing.value += all.length;
      for (const file of all) {
        await choose(file).then(
          (/** @type {import('../types.js').Attachment} */ picture) => (attachments.value = [...attachments.value, picture]),
          (/** @type {Error} */ { message }) => notify(message),
        );
        preparing.value -= 1;
      }
    });
  };
  useEffect(() => (room.member ? catchFiles(add, (over) => (dropping.value = over)) : undefined), [room.member]);
  return html`
    <main class="room" aria-label=${room.name}>
      <${Head} room=${room} />
      <${Timeline} room=${room} />
      <${TypingLine} room=${room} />
      ${!room.member ? html`<${JoinBar} room=${room} />` : room.locked && !room.moderates ? html`<${LockedBar} />`
        : html`<${Composer} room=${room} attachments=${attachments} preparing=${preparing.value} onFiles=${add} />`}
      ${dropping.value && html`<div class="drop-here"><p><${Icon} name="picture" /> ${t('room-drop', { room: room.name })}</p></div>`}
    </main>
  `;
}

/** @param {{room: RoomOf}} props */
const Head = ({ room }) => html`
  <header class="room-head">
    <${IconButton} icon="menu" name=${t('rooms')} class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
    <div class="room-title">
      <h1><${RoomIcon} room=${room} /><span>${room.name}</span></h1>
      ${room.topic && html`<p title=${room.topic}>${room.topic}</p>`}
    </div>
    ${room.member && me.value?.role !== 'member' && html`
      <${IconButton} icon="teach" class="only-wide" name=${t('room-teach')} onClick=${() => withPart(() => import('./teach.js'), ({ teach }) => attempt(teach(room.id)))} />`}
    ${me.value?.role !== 'member' && html`
      <${IconButton} icon="chart" class="only-wide" name=${t('room-statistics')} onClick=${() => withPart(() => import('./room-stats.js'), ({ showRoomStats }) => showRoomStats(room))} />`}
    <${IconButton} icon="pin" class=${room.member ? 'only-wide' : ''} name=${t('room-pins')} onClick=${() => withPart(() => import('./pins.js'), ({ showPins }) => showPins(room))} />
    ${room.member && html`
      <${IconButton} icon=${room.muted ? 'bellOff' : 'settings'} name=${t(room.muted ? 'room-settings-muted' : 'room-settings')}
        onClick=${() => showRoomSettings(room)} />`}
    <button type="button" class="members-button" aria-pressed=${membersShown.value} title=${t('members')}
      aria-label=${t('room-members', { count: members.value.length })} onClick=${() => (membersShown.value = !membersShown.value)}>
      <${Icon} name="people" /> ${members.value.length || ''}
    </button>
  </header>
`;

/** @param {{room: RoomOf}} props */
function TypingLine({ room }) {
  const names = (typing.value.get(room.id) ?? []).map(({ display_name }) => display_name);
  const [first, second] = names;
  const text = names.length > 2 ? t('room-writing-many') : second ? t('room-writing-two', { first, second }) : first && t('room-writing', { name: first });
  return html`<p class="typing">${text && html`<span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>${text}`}</p>`;
}

/** @param {{room: RoomOf}} props */
const JoinBar = ({ room }) => html`
  <div class="join-bar">
    <p>${tWith('room-reading', { room: html`<strong>${room.name}</strong>` })}</p>
    <button type="button" class="button button-main" onClick=${() => attempt(joinRoom(room.id))}>${t('room-join')}</button>
  </div>
`;

const LockedBar = () => html`<div class="join-bar"><p><${Icon} name="lock" /> ${t('room-locked')}</p></div>`;

/**
 * Pictures may be dropped and pasted anywhere.
 *
 * @param {(files: Iterable<File>) => void} add
 * @param {(over: boolean) => void} onOver files are held over the page, or not any more
 */
function catchFiles(add, onOver) {
  const listening = new AbortController();
  const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ hear) =>
    window.addEventListener(name, (event) => !dialog.value && hear(event), { signal: listening.signal });
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files');
  on('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    onOver(true);
  });
  on('dragleave', (event) => event.relatedTarget === null && onOver(false));
  on('drop', (event) => {
    onOver(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
  on('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
  return () => listening.abort();
}
