// Rooms: which there are, and coming, going, making.
import { batch } from '@preact/signals';

import * as api from './api.js';
import { loadAround, loadNewest, reread } from './history.js';
import { t } from './i18n.js';
import { RoomLog } from './room-log.js';
import { logs, members, membersProblem, newSince, openId, rooms, roomsLoaded } from './state.js';

/** @typedef {import('./types.js').Room} Room */

/** Up to which event the unread count of each room goes. @type {Map<string, number>} */
export const counted = new Map();

/** Positions up to which I have read and that the server has not acknowledged, by room. @type {Map<string, number>} */
export const untold = new Map();

export async function loadRooms() {
  keepRooms((await api.get('/api/rooms')).rooms);
}

/** These are all. @param {Room[]} all */
export function keepRooms(all) {
  batch(() => {
    const ids = new Set(all.map(({ id }) => id));
    for (const id of rooms.value.keys()) if (!ids.has(id)) drop(id);
    for (const room of all) keepRoom(room);
    roomsLoaded.value = true;
  });
}

/** Something about a room changed: ask what it is by now. @param {string} id */
export async function refreshRoom(id) {
  try {
    keepRoom(await api.get(`/api/rooms/${id}`));
    if (id === openId.value) await loadMembers(id);
  } catch (error) {
    if (!['not_found', 'banned'].includes(/** @type {api.Problem} */ (error).code)) throw error;
    drop(id);
  }
}

/** Show a room. @param {string} id @param {number} [around] number of a message that will be shown instead of the newest */
export async function openRoomById(id, around) {
  const room = rooms.value.get(id);
  if (!room) throw new api.Problem('not_found', t('rooms-not-found'));
  if (openId.value !== id) {
    batch(() => {
      openId.value = id;
      members.value = [];
      newSince.value = room.unread > 0 ? (room.read_seq ?? null) : null;
    });
    askMembers(id);
  }
  localStorage.setItem('roomful.room', id);
  if (around === undefined) await showFromUnread(room);
}

/** At the first unread message, wherever it is; else at the end. @param {Room} room */
async function showFromUnread({ id, unread, read_seq: position = 0 }) {
  const log = logs.get(id);
  if (unread === 0 && (!log?.window.value.loaded || log.window.value.newer)) await loadNewest(id);
  if (unread > 0 && !log?.holdsFrom(position)) await loadAround(id, position);
}

/** @param {string} name @param {string} topic @param {boolean} isPrivate @returns {Promise<Room>} */
export async function createRoom(name, topic, isPrivate) {
  const room = await api.post('/api/rooms', { name, topic, private: isPrivate });
  keepRoom(room);
  return room;
}

/** What it is called and about, and what is blurred. @param {string} id @param {Partial<Pick<Room, 'name' | 'topic' | 'blur_labels'>>} changes */
export async function saveRoom(id, changes) {
  keepRoom(await api.patch(`/api/rooms/${id}`, changes));
}

/** What I want to hear of it. @param {string} id @param {Partial<Pick<Room, 'notify' | 'muted'>>} changes */
export async function saveMembership(id, changes) {
  keepRoom(await api.patch(`/api/rooms/${id}/members/me`, changes));
}

/** A new address that lets people into a private room. @param {string} id @returns {Promise<string>} */
export async function makeLink(id) {
  const { link } = await api.put(`/api/rooms/${id}/link`);
  return `${location.origin}/#/join/${link}`;
}

/** Come in by somebody's link. @param {string} link @returns {Promise<Room>} */
export async function followLink(link) {
  const room = await api.post('/api/join', { link });
  keepRoom(room);
  return room;
}

/** Become a member. @param {string} id */
export async function joinRoom(id) {
  await api.put(`/api/rooms/${id}/members/me`);
  await refreshRoom(id);
}

/** @param {string} id */
export async function leaveRoom(id) {
  await api.remove(`/api/rooms/${id}/members/me`);
  await refreshRoom(id);
}

/** @param {string} id @param {string} userId */
export async function addMember(id, userId) {
  await api.put(`/api/rooms/${id}/members/${userId}`);
  await loadMembers(id);
}

/** @param {string} id @param {string} userId */
export async function removeMember(id, userId) {
  await api.remove(`/api/rooms/${id}/members/${userId}`);
  await loadMembers(id);
}

/** @param {string} id @param {Partial<Room>} changes */
export function changeRoom(id, changes) {
  const room = rooms.value.get(id);
  if (room) rooms.value = new Map(rooms.value).set(id, { ...room, ...changes });
}

/** @param {string} id */
async function loadMembers(id) {
  const answer = await api.get(`/api/rooms/${id}/members`);
  if (id === openId.value) members.value = answer.members;
}

/** @param {string} id */
export function askMembers(id) {
  membersProblem.value = '';
  return loadMembers(id).catch(({ message }) => id === openId.value && (membersProblem.value = message));
}

/** Other pictures are blurred now. @param {string} id */
function redraw(id) {
  if (id === openId.value) reread(id);
  else logs.get(id)?.forget();
}

/** What the server says of a room. @param {Room} room */
export function keepRoom(room) {
  const known = rooms.value.get(room.id);
  room.blur_labels ??= []; // a replica of the last release knows of none
  room.hold_labels ??= [];
  room.refuse_labels ??= [];
  if (!logs.has(room.id)) logs.set(room.id, new RoomLog(room.id, room.last_seq, room.log));
  // An answer that is older than what has been heard, or read, since has the older count.
  const isBehind = (room.read_seq ?? 0) < (untold.get(room.id) ?? 0);
  const isOld = known && (isBehind || room.last_seq < (counted.get(room.id) ?? 0));
  if (!isOld) counted.set(room.id, room.last_seq);
  const mine = known && { unread: known.unread, mentions: known.mentions, ...(isBehind && { read_seq: known.read_seq }) };
  rooms.value = new Map(rooms.value).set(room.id, isOld ? { ...room, ...mine } : room);
  if (known && String(known.blur_labels) !== String(room.blur_labels)) redraw(room.id);
}

/** @param {string} id */
function drop(id) {
  logs.delete(id);
  counted.delete(id);
  rooms.value = new Map([...rooms.value].filter(([other]) => other !== id));
  if (openId.value === id) openId.value = rooms.value.keys().next().value ?? null;
}
