// Finding people, and writing to them directly.
import * as api from './api.js';
import { keepRoom } from './rooms.js';

/** @typedef {import('./types.js').Member} Member */

/** People and bots whose name holds the words. @param {string} words @param {number} [limit] @returns {Promise<Member[]>} */
export async function findPeople(words, limit = 12) {
  const query = new URLSearchParams({ limit: String(limit), ...(words.trim() && { q: words.trim().slice(0, 80) }) });
  return (await api.get(`/api/users?${query}`)).users;
}

/** The direct room of these people and me. @param {string[]} users @returns {Promise<import('./types.js').Room>} */
export async function openDirect(users) {
  const room = await api.put('/api/direct', { users });
  keepRoom(room);
  return room;
}
