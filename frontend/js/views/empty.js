// States without content say what to do.
import { html } from '../html.js';
import { t, tWith } from '../i18n.js';
import { Icon, IconButton } from '../icons.js';
import { roomsLoaded } from '../state.js';
import { RoomIcon } from './avatar.js';
import { InDialog, later } from './later.js';
import { drawerOpen, openDialog } from './layout.js';

const NewRoom = later(() => import('./new-room.js'), 'NewRoom', InDialog);

export const NoRoom = () => html`
  <main class="room">
    <header class="room-head">
      <${IconButton} icon="menu" name=${t('rooms')} class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
    </header>
    ${roomsLoaded.value &&
    html`<div class="empty">
      <h1>${t('empty-title')}</h1>
      <p>${t('empty-about')}</p>
      <button type="button" class="button button-main" onClick=${() => openDialog(() => html`<${NewRoom} />`)}>
        <${Icon} name="plus" /> ${t('new-room')}
      </button>
    </div>`}
  </main>
`;

/** The beginning of a room's history. @param {{room: import('../types.js').Room, isEmpty: boolean}} props */
export const Beginning = ({ room, isEmpty }) => html`
  <div class="beginning">
    <span class="beginning-icon"><${RoomIcon} room=${room} /></span>
    <h2>${room.direct ? t('empty-direct', { name: room.name }) : t(isEmpty ? 'empty-welcome' : 'empty-begins', { room: room.name })}</h2>
    <p>${room.topic || t(room.private ? 'empty-private' : 'empty-public')}</p>
    ${isEmpty &&
    html`<ul class="hints">
      <li><${Icon} name="send" /> ${t('empty-hello')}</li>
      <li><${Icon} name="picture" /> ${t('empty-picture')}</li>
      <li><${Icon} name="smile" /> ${tWith('empty-help', { command: html`<code>/help</code>` })}</li>
    </ul>`}
  </div>
`;
