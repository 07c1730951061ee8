// The address says what is shown: #/rooms/ID, #/messages/ID for a message in its room, #/stats, #/moderation, or #/join/LINK.
import * as api from './api.js';
import { loadAround } from './history.js';
import { t } from './i18n.js';
import { followLink, openRoomById } from './rooms.js';
import { arrivals, attempt, logs, me, moderatesSomething, notify, place, rooms, target } from './state.js';

addEventListener('hashchange', readAddress);

/** Show what the address names; without one, the room of the last visit or the first. */
export function readAddress() {
  if (!me.value) return;
  const isLost = location.pathname !== '/'; // the server has given the page with a 404
  if (isLost) history.replaceState(null, '', '/');
  const [, kind, id] = location.hash.split('/');
  place.value = isPlace(kind) ? kind : 'room';
  if (place.value !== 'room') return;
  if (kind === 'join' && id) attempt(comeIn(id));
  else if (kind === 'messages' && id) attempt(openMessage(id).catch(elsewhere));
  else if (kind === 'rooms' && rooms.value.has(id)) attempt(openRoomById(id));
  else {
    if (kind || isLost) notify(t('route-nothing'));
    openSomeRoom();
  }
}

/** Nobody is left before nothing. @param {Error} error */
function elsewhere(error) {
  openSomeRoom();
  throw error;
}

/** @param {string} kind @returns {kind is 'stats' | 'moderation'} Who moderates a room only has what concerns it. */
function isPlace(kind) {
  if (kind === 'stats') return me.value?.role !== 'member';
  return kind === 'moderation' && moderatesSomething.value;
}

/** @param {string} id */
export function goToRoom(id) {
  target.value = null;
  if (location.hash !== roomAddress(id)) {
    location.hash = roomAddress(id);
    return;
  }
  attempt(openRoomById(id));
  arrivals.value += 1;
}

/** @param {string} id */
export const roomAddress = (id) => `#/rooms/${id}`;

/** @param {string} id */
export const messageAddress = (id) => `#/messages/${id}`;

/**
 * Show a message in its room, among what was said around it.
 *
 * @param {string} id
 * @param {import('./types.js').Message} [known]
 */
export async function openMessage(id, known) {
  const message = known ?? (await api.get(`/api/messages/${id}`));
  target.value = null;
  await openRoomById(message.room, message.seq);
  if (!logs.get(message.room)?.find(id)) await loadAround(message.room, message.seq);
  history.replaceState(null, '', roomAddress(message.room));
  target.value = id;
}

/** By a link that a member has made. @param {string} link */
async function comeIn(link) {
  history.replaceState(null, '', '#'); // it is a secret, and has done its work
  try {
    goToRoom((await followLink(link)).id);
  } catch (error) {
    elsewhere(/** @type {Error} */ (error));
  }
}

function openSomeRoom() {
  const all = [...rooms.value.values()];
  const last = rooms.value.get(localStorage.getItem('roomful.room') ?? '');
  const room = last ?? all.find(({ member }) => member) ?? all[0];
  if (room) history.replaceState(null, '', roomAddress(room.id));
  if (room) attempt(openRoomById(room.id));
}
