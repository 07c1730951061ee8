// What has been read: unread counts, the reading position on all my devices, and where the "New" line stands.
import { computed, effect, signal } from '@preact/signals';

import { mentionsMe } from './mentions.js';
import { changeRoom, counted, refreshRoom } from './rooms.js';
import { logs, me, newSince, openId, openRoom, rooms } from './state.js';
import { ask, say } from './wire.js';

/** @typedef {import('./types.js').Room} Room */

const TOGETHER = 300; // milliseconds: messages that come at once are read at once
/** @type {ReturnType<typeof setTimeout>} */
let telling;

/** The room that stays unread, though it is looked at, until it is opened anew. */
let keptUnread = '';
effect(() => {
  if (openId.value !== keptUnread) keptUnread = '';
});

/** Whether the end of the open room is on the screen. */
export const atEnd = signal(true);
export const visible = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => (visible.value = document.visibilityState === 'visible'));

/** What counts for the page's title and icon: nothing of rooms that are muted. */
export const unreadTotal = computed(() => total(({ unread }) => unread));
/** … and what of it is to me. */
export const toMeTotal = computed(() => total(toMe));

/** Unread messages that mention me, or that were written to me directly. @param {Room} room */
export const toMe = ({ direct, unread, mentions }) => (direct ? unread : mentions);

/** @param {(room: Room) => number} count */
const total = (count) => [...rooms.value.values()].reduce((sum, room) => sum + (room.muted ? 0 : count(room)), 0);

/** @param {import('./types.js').RoomEvent} event */
export function countUnread({ room: id, seq, type, message }) {
  const room = rooms.value.get(id);
  if (!room?.member || seq <= (counted.get(id) ?? 0)) return;
  counted.set(id, seq);
  const isOthers = message.author.id !== me.value?.id && message.seq > (room.read_seq ?? 0);
  if (type === 'message' && isOthers && !message.deleted_at) countOne(id, message);
  if (type === 'delete' && isOthers && room.unread) refreshRoom(id).catch(() => undefined);
}

/** The end of the open room is being looked at: all of it is read. */
export function markRead() {
  const room = openRoom.value;
  const log = room && logs.get(room.id);
  if (!room?.member || !log || !visible.value || !atEnd.value || room.id === keptUnread) return;
  if (!log.window.value.loaded || log.window.value.newer) return;
  if (room.unread === 0 && (room.read_seq ?? 0) >= lastMessage(log)) return;
  changeRoom(room.id, { unread: 0, mentions: 0, read_seq: log.seq });
  clearTimeout(telling);
  telling = setTimeout(say, TOGETHER, 'read', { room: room.id, seq: log.seq });
}

/** As if this message, and what came after it, had not been seen. @param {import('./types.js').Message} message */
export async function markUnreadFrom({ room, seq }) {
  clearTimeout(telling);
  keptUnread = room;
  await ask('read', { room, seq: seq - 1, back: true });
  await refreshRoom(room);
  newSince.value = seq - 1;
}

/** Another device of mine has read. @param {{room: string, seq: number}} news */
export function hearRead({ room: id, seq }) {
  const room = rooms.value.get(id);
  const log = logs.get(id);
  if (!room || !log || seq === room.read_seq) return;
  changeRoom(id, { read_seq: seq, ...(seq >= log.seq && { unread: 0, mentions: 0 }) });
  if (seq < log.seq) refreshRoom(id).catch(() => undefined);
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
  if (id === openId.value && visible.value && atEnd.value && id !== keptUnread) return; // read as it comes; markRead tells the server
  if (id === openId.value && room.unread === 0) newSince.value = seq - 1;
  changeRoom(id, { unread: room.unread + 1, mentions: room.mentions + Number(mentionsMe(text)) });
}

/** @param {import('./room-log.js').RoomLog} log */
function lastMessage(log) {
  return log.window.value.messages.at(-1)?.seq ?? 0;
}
