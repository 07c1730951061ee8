// Passing news: who writes, who is here. It may be lost, and nothing depends on it.
import { changeRoom } from './rooms.js';
import { me, members, online, openId, rooms, typing } from './state.js';
import { say } from './wire.js';

/** @typedef {import('./types.js').User} User */

const SHOWN = 5000; // milliseconds for which a name stays after its last sign
const PAUSE = 3000; // milliseconds between two signs of mine

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();
let lastSign = 0;

/** I am writing. @param {string} room */
export function tellTyping(room) {
  if (!online.value || Date.now() - lastSign < PAUSE) return;
  lastSign = Date.now();
  say('typing', { room });
}

/** @param {{room: string, user: User}} news */
export function hearTyping({ room, user }) {
  if (user.id === me.value?.id) return;
  const others = (typing.value.get(room) ?? []).filter(({ id }) => id !== user.id);
  typing.value = new Map(typing.value).set(room, [...others, user]);
  const key = `${room} ${user.id}`;
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => stopTyping(room, user.id), SHOWN));
}

/** @param {string} room @param {string} userId */
export function stopTyping(room, userId) {
  const writing = typing.value.get(room);
  if (!writing?.some(({ id }) => id === userId)) return;
  typing.value = new Map(typing.value).set(room, writing.filter(({ id }) => id !== userId));
}

/** @param {{user: User, online: boolean}} news */
export function hearPresence({ user, online }) {
  /** @template {User} T @param {T[]} people */
  const updated = (people) => people.map((person) => (person.id === user.id ? { ...person, online } : person));
  if (openId.value !== null && members.value.some(({ id }) => id === user.id)) members.value = updated(members.value);
  for (const room of rooms.value.values())
    if (room.people?.some((person) => person.id === user.id && person.online !== online))
      changeRoom(room.id, { people: updated(room.people) });
}
