// What has been read: unread counts, the reading position on all my devices, and where the "New" line stands.
import { computed, effect, signal } from '@preact/signals';

import { changeRoom, counted, refreshRoom, untold } from './rooms.js';
import { logs, me, newSince, openId, openRoom, returning, rooms } from './state.js';
import { ask, say } from './wire.js';

/** @typedef {import('./types.js').Room} Room */

const MENTION = /(?<![\p{L}\p{N}_.])@([\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_])?)/gu;
const TOGETHER = 300; // milliseconds: messages that come at once are read at once

/** The room that stays unread, though it is looked at, until it is opened anew. */
let keptUnread = '';
effect(() => {
  if (openId.value !== keptUnread) keptUnread = '';
});

/** Whether the end of the open room is on the screen. */
export const atEnd = signal(true);
/** The lowest message on the screen. */
export const seen = signal({ room: '', seq: 0 });
export const visible = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => (visible.value = document.visibilityState === 'visible'));
addEventListener('pagehide', () => untold.forEach((seq, room) => say('read', { room, seq })));

/** What counts for the page's title and icon: nothing of rooms that are muted. */
export const unreadTotal = computed(() => total(({ unread }) => unread));
/** … and what of it is to me. */
export const toMeTotal = computed(() => total(toMe));

/** Unread messages that mention me, or that were written to me directly. @param {Room} room */
export const toMe = ({ direct, unread, mentions }) => (direct ? unread : mentions);

/** @param {(room: Room) => number} count */
const total = (count) => [...rooms.value.values()].reduce((sum, room) => sum + (room.muted ? 0 : count(room)), 0);

/** Whether `@` and my name stands in a text, as the server counts it. @param {string | null} text */
export function mentionsMe(text) {
  const mine = me.value && key(me.value.username);
  return Boolean(text) && [.../** @type {string} */ (text).matchAll(MENTION)].some(([, name]) => key(name) === mine);
}

/** What makes two names the same. @param {string} name */
const key = (name) => name.normalize('NFKC').toLowerCase().normalize('NFKC');

/** @param {import('./types.js').RoomEvent} event */
export function countUnread({ room: id, seq, type, message }) {
  const room = rooms.value.get(id);
  if (!room?.member || seq <= (counted.get(id) ?? 0)) return;
  counted.set(id, seq);
  const isOthers = message.author.id !== me.value?.id && message.seq > (room.read_seq ?? 0);
  if (type === 'message' && isOthers && !message.deleted_at) countOne(id, message);
  if (type === 'delete' && isOthers && room.unread) refreshRoom(id).catch(() => undefined);
}

/**
 * What is on the screen of a tab that is looked at is read, and so is what was passed on the way there. Who jumps to
 * the end has chosen to be done with all of it; who follows a link into what is unread has not.
 */
export function markRead() {
  const room = openRoom.value;
  const log = room && logs.get(room.id);
  if (!room?.member || !log?.window.value.loaded || !visible.value || returning.value || room.id === keptUnread) return;
  const position = room.read_seq ?? 0;
  if (atEnd.value && !log.window.value.newer) {
    const end = Math.max(log.seq, lastMessage(log)); // of one's own message the answer may come before the event
    if (room.unread > 0 || position < lastMessage(log)) moveTo(room.id, end, { unread: 0, mentions: 0 });
  } else if (seen.value.room === room.id && seen.value.seq > position && log.holdsFrom(position)) {
    const passed = countBetween(log, position, seen.value.seq);
    const unread = Math.max(0, room.unread - passed.unread);
    moveTo(room.id, seen.value.seq, { unread, mentions: Math.max(0, room.mentions - passed.mentions) });
  }
}

/** As if this message, and what came after it, had not been seen. @param {import('./types.js').Message} message */
export async function markUnreadFrom({ room, seq }) {
  untold.delete(room);
  keptUnread = room;
  await ask('read', { room, seq: seq - 1, back: true });
  await refreshRoom(room);
  newSince.value = seq - 1;
}

/** Another device of mine has read. @param {{room: string, seq: number}} news */
export function hearRead({ room: id, seq }) {
  const room = rooms.value.get(id);
  const log = logs.get(id);
  const isEcho = seq === room?.read_seq || seq <= (untold.get(id) ?? -1);
  if (!room || !log || isEcho) return;
  const isKnown = seq >= log.seq || (log.holdsFrom(seq) && !log.window.value.newer);
  // An older position may be late news of this device's last page: the server knows.
  if (isKnown && seq > (room.read_seq ?? 0)) changeRoom(id, { read_seq: seq, ...countBetween(log, seq, Infinity) });
  else refreshRoom(id).catch(() => undefined);
}

/** I have answered: nothing is new any more. */
export function clearNewLine() {
  keptUnread = '';
  newSince.value = null;
}

/** @param {string} id @param {import('./types.js').Message} message */
function countOne(id, { seq, text }) {
  const room = rooms.value.get(id);
  if (!room) return;
  const isSeen = id === openId.value && visible.value && atEnd.value && !returning.value;
  if (isSeen && id !== keptUnread) return; // read as it comes; markRead tells the server
  if (id === openId.value && room.unread === 0) newSince.value = seq - 1;
  changeRoom(id, { unread: room.unread + 1, mentions: room.mentions + Number(mentionsMe(text)) });
}

/** @param {string} id @param {number} seq @param {{unread: number, mentions: number}} left */
function moveTo(id, seq, left) {
  changeRoom(id, { ...left, read_seq: seq });
  const isTelling = untold.has(id);
  untold.set(id, seq);
  if (!isTelling) setTimeout(tell, TOGETHER, id);
}

/** The last position of several. One that does not arrive is found again with the rooms, after the next connection.
 * @param {string} id */
async function tell(id) {
  const seq = untold.get(id);
  if (seq === undefined) return;
  await ask('read', { room: id, seq }).catch(() => undefined);
  if (untold.get(id) === seq) untold.delete(id);
  else setTimeout(tell, TOGETHER, id);
}

/** Messages of others, not deleted, behind one number and up to another; and how many of them mention me.
 * @param {import('./room-log.js').RoomLog} log @param {number} from @param {number} to */
function countBetween(log, from, to) {
  const found = log.window.value.messages.filter(
    ({ seq, author, deleted_at }) => seq > from && seq <= to && author.id !== me.value?.id && !deleted_at,
  );
  return { unread: found.length, mentions: found.filter(({ text }) => mentionsMe(text)).length };
}

/** @param {import('./room-log.js').RoomLog} log */
function lastMessage(log) {
  return log.window.value.messages.at(-1)?.seq ?? 0;
}
