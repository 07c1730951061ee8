// The rooms' list, and who I am.
import { html, memo } from '../html.js';
import { compare, t } from '../i18n.js';
import { Icon, ICON, IconButton } from '../icons.js';
import { goToRoom, roomAddress } from '../route.js';
import { signOut } from '../session.js';
import { attempt, me, openId, rooms, statsShown } from '../state.js';
import { chooseTheme, theme, THEMES } from '../theme.js';
import { Avatar } from './avatar.js';
import { LanguageButton } from './language.js';
import { later } from './later.js';
import { drawerOpen, openDialog } from './layout.js';

/** @typedef {import('../types.js').Room} RoomOf */

const MySegment = later(() => import('./my-segment.js'), 'MySegment');
const NewRoom = later(() => import('./new-room.js'), 'NewRoom');
const Search = later(() => import('./search.js'), 'Search');

export function Sidebar() {
  const all = [...rooms.value.values()].sort((a, b) => compare(a.name, b.name));
  const mine = all.filter(({ member }) => member);
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
        <${RoomList} title=${t('sidebar-yours')} rooms=${mine} none=${t('sidebar-none')} withNew />
        ${others.length > 0 && html`<${RoomList} title=${t('sidebar-others')} rooms=${others} />`}
      </div>
      ${me.value?.role !== 'member' && html`<${StatsLink} />`}
      <${Me} />
    </nav>
  `;
}

/** @param {{title: string, rooms: RoomOf[], none?: string, withNew?: boolean}} props */
const RoomList = ({ title, rooms, none, withNew }) => html`
  <section aria-label=${title}>
    <header class="rooms-head">
      <h2>${title}</h2>
      ${withNew && html`<${IconButton} icon="plus" name=${t('new-room')} onClick=${() => openDialog(() => html`<${NewRoom} />`)} />`}
    </header>
    ${rooms.length === 0 && html`<p class="rooms-none">${none}</p>`}
    <ul>
      ${rooms.map((room) => html`<${RoomLink} key=${room.id} room=${room} open=${!statsShown.value && room.id === openId.value} />`)}
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
      <a class="room-link ${unread ? 'is-unread' : ''}" href=${roomAddress(room.id)} aria-current=${open ? 'page' : undefined} onClick=${go}>
        <${Icon} name=${room.private ? 'lock' : 'hash'} />
        <span class="room-name">${room.name}</span>
        ${unread && html`<span class="badge" aria-label=${t('sidebar-unread', { count: room.unread })}>${room.unread > 99 ? '99+' : room.unread}</span>`}
      </a>
    </li>
  `;
});

function StatsLink() {
  const go = () => (drawerOpen.value = false);
  return html`
    <a class="room-link stats-link" href="#/stats" aria-current=${statsShown.value ? 'page' : undefined} onClick=${go}>
      <${Icon} name="chart" /><span class="room-name">${t('statistics')}</span>
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
      <p class="me-name"><strong>${user.display_name}</strong>
        <button type="button" class="me-segment" onClick=${() => openDialog(() => html`<${MySegment} />`)}>${t('my-segment')}</button></p>
      <${IconButton} icon=${THEME_ICONS[theme.value]} name=${t(`sidebar-theme-${theme.value}`)} onClick=${() => chooseTheme(next)} />
      <${LanguageButton} />
      <${IconButton} icon="leave" name=${t('sidebar-sign-out')} onClick=${() => attempt(signOut())} />
    </footer>
  `;
}
