// The whole page: who is not signed in is welcomed, who is sees rooms.
import { useEffect } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { awayLong, banned, me, notices, openRoom, place, spoken } from '../state.js';
import { NoRoom } from './empty.js';
import { InPlace, later } from './later.js';
import { closeDialog, dialog, drawerOpen, membersShown } from './layout.js';
import { Members } from './members.js';
import { Room } from './room.js';
import { hearShortcut } from './shortcuts.js';
import { Sidebar } from './sidebar.js';
import { Start } from './start.js';

const Welcome = later(() => import('./welcome.js'), 'Welcome', InPlace, true);
const Stats = later(() => import('./stats.js'), 'Stats', InPlace);
const Moderation = later(() => import('./moderation.js'), 'Moderation', InPlace);
const Banned = later(() => import('./banned.js'), 'Banned', InPlace);

export function App() {
  if (me.value === undefined) return html`<${Start} />`;
  if (me.value === null) return html`<${Welcome} />`;
  return banned.value ? html`<${Banned} />` : html`<${Frame} />`;
}

const PLACES = { stats: Stats, moderation: Moderation };

function Frame() {
  useEffect(() => {
    addEventListener('keydown', hearShortcut);
    addEventListener('hashchange', closeDialog); // who goes back, or to a message, wants to see what is there
    return () => {
      removeEventListener('keydown', hearShortcut);
      removeEventListener('hashchange', closeDialog);
    };
  }, []);
  const room = place.value === 'room' ? openRoom.value : undefined;
  return html`
    <div class="frame ${room && membersShown.value ? 'with-members' : ''}" data-drawer=${drawerOpen.value ? 'open' : 'closed'}>
      <${Sidebar} />
      <div class="scrim" onClick=${() => (drawerOpen.value = false)}></div>
      ${place.value !== 'room' ? html`<${PLACES[place.value]} />` : room ? html`<${Room} key=${room.id} room=${room} />` : html`<${NoRoom} />`}
      ${room && membersShown.value && html`<${Members} room=${room} />`}
    </div>
    ${awayLong.value && html`<p class="banner" role="status">${t('app-away')}</p>`}
    <div class="notices" role="status">
      ${notices.value.map(({ id, text }) => html`<p class="notice" key=${id}>${text}</p>`)}
    </div>
    <div class="for-screen-readers" role="status" aria-live="polite">${spoken.value}</div>
    ${dialog.value?.()}
  `;
}
