// Signing up, in and out, and what begins and ends with it.
import * as api from './api.js';
import { forgetChosen } from './chosen.js';
import { forgetRevealed } from './blurs.js';
import { follow, unfollow } from './follow.js';
import { chooseLanguage, language } from './i18n.js';
import { restoreOutbox } from './outbox.js';
import { loadRooms } from './rooms.js';
import { readAddress } from './route.js';
import { attempt, banned, logs, me, members, mine, newSince, openId, pending, rooms, roomsLoaded } from './state.js';
import { forgetVerdicts } from './verdicts.js';

/** Is somebody signed in already? @throws {api.Problem} `offline` */
export async function start() {
  try {
    await enter(await api.get('/api/me'));
  } catch (error) {
    if (/** @type {api.Problem} */ (error).code !== 'unauthenticated') throw error;
    me.value = null;
  }
}

/** Who may make an account here, and who else vouches for people.
 * @returns {Promise<{registration: 'open' | 'invited' | 'closed', provider: string | null}>} */
export const askDoor = () => api.get('/api/door');

/** @param {'register' | 'login'} door @param {{username: string, password: string, code?: string, invitation?: string}} fields */
export async function signIn(door, fields) {
  await enter(await api.post(`/api/${door}`, fields));
}

/** A new password, by the secret of a link. @param {string} secret @param {string} password */
export const resetPassword = (secret, password) => api.post('/api/reset', { secret, password });

export async function signOut() {
  await api.post('/api/logout');
  forget();
}

/** Whether the language was chosen on this page, before somebody signed in on it. */
let languageChosen = false;

/** The person's own choice, on all their devices; bots answer in it. @param {string} wanted */
export async function changeLanguage(wanted) {
  await chooseLanguage(wanted);
  languageChosen = !me.value;
  if (me.value) await api.put('/api/me', { language: wanted });
}

/** What was chosen just now counts, then what was chosen once, on whatever device. @param {string | null} theirs */
async function agreeOnLanguage(theirs) {
  const changes = languageChosen ? api.put('/api/me', { language: language.value }) : theirs && chooseLanguage(theirs);
  languageChosen = false;
  await changes;
}

/** @param {{user: import('./types.js').User, csrf_token: string, language: string | null, banned?: boolean}} answer */
async function enter({ user, csrf_token, language: theirs, banned: isBanned = false }) {
  api.useCsrfToken(csrf_token);
  banned.value = isBanned;
  await Promise.all([isBanned || loadRooms(), agreeOnLanguage(theirs).catch(() => undefined)]);
  me.value = user;
  if (isBanned) return;
  restoreOutbox();
  follow(beginAnew);
  readAddress();
}

/** The session has ended, or a moderator has: ask which. */
function beginAnew() {
  forget();
  attempt(start());
}

/** On a shared machine the next person must not see the last one's rooms. */
export function forget() {
  unfollow();
  logs.clear();
  me.value = null;
  rooms.value = new Map();
  roomsLoaded.value = false;
  openId.value = null;
  newSince.value = null;
  pending.value = [];
  members.value = [];
  forgetChosen();
  forgetRevealed();
  mine.value = null;
  forgetVerdicts();
}
