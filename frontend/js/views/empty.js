// States without content say what to do.
import { html } from '../html.js';
import { Icon, IconButton } from '../icons.js';
import { roomsLoaded } from '../state.js';
import { drawerOpen, openDialog } from './layout.js';
import { NewRoom } from './new-room.js';

export const NoRoom = () => html`
  <main class="room">
    <header class="room-head">
      <${IconButton} icon="menu" name="Rooms" class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
    </header>
    ${roomsLoaded.value &&
    html`<div class="empty">
      <h1>No rooms yet</h1>
      <p>A room is a place to talk about one thing. Make the first one.</p>
      <button type="button" class="button button-main" onClick=${() => openDialog(() => html`<${NewRoom} />`)}>
        <${Icon} name="plus" /> New room
      </button>
    </div>`}
  </main>
`;

/** The beginning of a room's history. @param {{room: import('../types.js').Room, isEmpty: boolean}} props */
export const Beginning = ({ room, isEmpty }) => html`
  <div class="beginning">
    <span class="beginning-icon"><${Icon} name=${room.private ? 'lock' : 'hash'} /></span>
    <h2>${isEmpty ? `Welcome to ${room.name}` : `This is where ${room.name} begins`}</h2>
    <p>${room.topic || (room.private ? 'Only the people in this room see what is said here.' : 'Everybody here can read along and join.')}</p>
    ${isEmpty &&
    html`<ul class="hints">
      <li><${Icon} name="send" /> Say hello: others see it at once.</li>
      <li><${Icon} name="picture" /> Drop a picture anywhere: the vision bot says what it is.</li>
      <li><${Icon} name="smile" /> Type <code>/help</code> to see what the bots can do.</li>
    </ul>`}
  </div>
`;
