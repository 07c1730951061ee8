// The rooms' list, and who I am.
import { html, memo } from '../html.js';
import { compare, t } from '../i18n.js';
import { Icon, ICON, IconButton } from '../icons.js';
import { unsent } from '../outbox.js';
import { counted } from '../rooms.js';
import { goToRoom, roomAddress } from '../route.js';
import { signOut } from '../session.js';
import { attempt, me, openId, moderatesSomething, pending, place, rooms } from '../state.js';
import { chooseTheme, theme, THEMES } from '../theme.js';
import { Avatar, RoomIcon, Unread } from './avatar.js';
import { Confirm } from './dialog.js';
import { InDialog, later } from './later.js';
import { closeDialog, drawerOpen, openDialog } from './layout.js';
import { browse, newDirect } from './openers.js';

/** @typedef {import('../types.js').Room} RoomOf */

const FEW = 8; // rooms to join that are listed; more of them are found by browsing

const Account = later(() => import('./account.js'), 'Account', InDialog);
const LanguageDialog = later(() => import('./language.js'), 'LanguageDialog', InDialog);
const MySegment = later(() => import('./my-segment.js'), 'MySegment', InDialog);
const NewRoom = later(() => import('./new-room.js'), 'NewRoom', InDialog);
const Search = later(() => import('./search.js'), 'Search', InDialog);

export function Sidebar() {
  const all = [...rooms.value.values()].sort((a, b) => compare(a.name, b.name));
  const mine = all.filter(({ member, direct }) => member && !direct);
  const direct = all.filter(isShown);
  const others = all.filter(({ member }) => !member);
  const search = () => openDialog(() => html`<${Search} />`);
  return html`
    <nav class="sidebar" aria-label=${t('rooms')}>
      <header class="sidebar-head">
        <p class="brand"><img src=${ICON} alt="" width="28" height="28" />Roomful</p>
        <${IconButton} icon="close" name=${t('sidebar-close')} class="only-narrow" onClick=${() => (drawerOpen.value = false)} />
      </header>
      <button type="button" class="search-button" onClick=${search}><${Icon} name="search" /> ${t('search-messages')}</button>
      <div class="rooms">
        <${RoomList} title=${t('sidebar-yours')} rooms=${mine} none=${t('sidebar-none')} add=${t('new-room')} onAdd=${newRoom} />
        <button type="button" class="room-link browse-link" onClick=${browse}><${Icon} name="compass" /> <span class="room-name">${t('browse')}</span></button>
        <button type="button" class="room-link browse-link" onClick=${suiting}><${Icon} name="star" /> <span class="room-name">${t('my-segment')}</span></button>
        <${RoomList} title=${t('sidebar-direct')} rooms=${direct} none=${t('sidebar-direct-none')} add=${t('new-direct')} onAdd=${newDirect} />
        ${others.length > 0 && others.length <= FEW && html`<${RoomList} title=${t('sidebar-others')} rooms=${others} />`}
      </div>
      ${moderatesSomething.value && html`<${PlaceLink} to="moderation" icon="shield" />`}
      ${me.value?.role !== 'member' && html`<${PlaceLink} to="stats" icon="chart" />`}
      <${Me} />
    </nav>
  `;
}

const suiting = () => openDialog(() => html`<${MySegment} />`);
const newRoom = () => openDialog(() => html`<${NewRoom} />`);

/** A direct room where nothing was said yet is nobody's news but its maker's. @param {RoomOf} room */
const isShown = ({ id, direct, creator, unread }) =>
  direct && (Boolean(counted.get(id)) || unread > 0 || creator === me.value?.id || id === openId.value);

/** @param {{title: string, rooms: RoomOf[], none?: string, add?: string, onAdd?: () => void}} props */
const RoomList = ({ title, rooms, none, add, onAdd }) => html`
  <section aria-label=${title}>
    <header class="rooms-head">
      <h2>${title}</h2>
      ${add && html`<${IconButton} icon="plus" name=${add} onClick=${onAdd} />`}
    </header>
    ${rooms.length === 0 && html`<p class="rooms-none">${none}</p>`}
    <ul>
      ${rooms.map((room) => html`<${RoomLink} key=${room.id} room=${room} open=${place.value === 'room' && room.id === openId.value} />`)}
    </ul>
  </section>
`;

const RoomLink = memo((/** @type {{room: RoomOf, open: boolean}} */ { room, open }) => {
  const unread = room.member && room.unread > 0;
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    drawerOpen.value = false;
    goToRoom(room.id);
  };
  return html`
    <li>
      <a class="room-link ${unread && !room.muted ? 'is-unread' : ''}" href=${roomAddress(room.id)}
        aria-current=${open ? 'page' : undefined} onClick=${go}>
        <${Face} room=${room} />
        <span class="room-name">${room.name}</span>
        ${room.muted && html`<${Icon} name="bellOff" />`}
        ${unsent.value.has(room.id) && html`<span class="badge badge-failed" role="img" title=${t('sidebar-failed')} aria-label=${t('sidebar-failed')}>!</span>`}
        ${unread && html`<${Unread} room=${room} />`}
      </a>
    </li>
  `;
});

/** Of a direct room of two the other's picture, and whether they are here. @param {{room: RoomOf}} props */
function Face({ room }) {
  const others = room.people?.filter(({ id }) => id !== me.value?.id) ?? [];
  if (others.length > 1) return html`<${Icon} name="people" />`;
  if (!others.length) return html`<${RoomIcon} room=${room} />`;
  return html`<span class="room-face ${others[0].online ? 'is-online' : ''}"><span class="with-presence"><${Avatar} user=${others[0]} small /></span></span>`;
}

/** @param {{to: 'stats' | 'moderation', icon: 'chart' | 'shield'}} props */
function PlaceLink({ to, icon }) {
  const go = () => (drawerOpen.value = false);
  return html`
    <a class="room-link place-link" href="#/${to}" aria-current=${place.value === to ? 'page' : undefined} onClick=${go}>
      <${Icon} name=${icon} /><span class="room-name">${t(to === 'stats' ? 'statistics' : 'moderation')}</span>
    </a>
  `;
}

/** @type {Record<import('../theme.js').Theme, 'screen' | 'sun' | 'moon'>} */
const THEME_ICONS = { system: 'screen', light: 'sun', dark: 'moon' };

function Me() {
  const user = me.value;
  if (!user) return null;
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
  return html`
    <footer class="me">
      <${Avatar} user=${user} />
      <p class="me-name"><button type="button" class="me-account" title=${t('account')} aria-label=${t('account-of', { name: user.display_name })} onClick=${() => openDialog(() => html`<${Account} />`)}><strong>${user.display_name}</strong></button></p>
      <${IconButton} icon=${THEME_ICONS[theme.value]} name=${t(`sidebar-theme-${theme.value}`)} onClick=${() => chooseTheme(next)} />
      <${IconButton} icon="language" name=${t('language')} onClick=${() => openDialog(() => html`<${LanguageDialog} />`)} />
      <${IconButton} icon="leave" name=${t('sidebar-sign-out')} onClick=${askToSignOut} />
    </footer>
  `;
}

/** What has not been sent goes with the person: then they are asked. */
function askToSignOut() {
  const leave = () => attempt(signOut());
  const count = pending.value.length;
  if (!count) return leave();
  return openDialog(() => html`
    <${Confirm} title=${t('sidebar-unsent-title')} text=${t('sidebar-unsent', { count })} yes=${t('sidebar-sign-out')}
      onYes=${leave} onClose=${closeDialog} />`);
}
