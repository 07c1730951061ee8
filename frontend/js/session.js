// Signing up, in and out, and what begins and ends with it.
import * as api from './api.js';
import { forgetChosen } from './chosen.js';
import { forgetRevealed } from './blurs.js';
import { follow, unfollow } from './follow.js';
import { chooseLanguage, language } from './i18n.js';
import { forgetPerson, forgetPlaces, recall, remember } from './memory.js';
import { discard, restoreOutbox } from './outbox.js';
import { keepRooms, loadRooms } from './rooms.js';
import { readAddress } from './route.js';
import { attempt, awayLong, banned, logs, me, members, mine, newSince, openId, pending, rooms, roomsLoaded } from './state.js';
import { forgetVerdicts } from './verdicts.js';

const PATIENCE = 3000; // milliseconds for the server's answer, where we know enough to show the page without it

addEventListener('pagehide', () => me.value && remember({ user: me.value, rooms: [...rooms.value.values()] }));

/** Is somebody signed in already? Without an answer, whoever was here last sees their rooms. @throws {api.Problem} `offline` */
export async function start() {
  const known = recall();
  try {
    await enter(await (known ? soon(api.get('/api/me')) : api.get('/api/me')));
  } catch (error) {
    const isStranger = /** @type {api.Problem} */ (error).code === 'unauthenticated';
    if (isStranger) return forget();
    if (known && !me.value) showKnown(known);
    throw error;
  }
}

/** @param {Promise<any>} answer */
const soon = (answer) =>
  Promise.race([answer, new Promise((_, reject) => setTimeout(() => reject(new api.Problem('offline', '')), PATIENCE))]);

/** One can write; it is sent when there is a connection. @param {import('./memory.js').Memory} known */
function showKnown({ user, rooms: known }) {
  keepRooms(known);
  me.value = user;
  restoreOutbox();
  awayLong.value = true;
  readAddress();
}

/** Who may make an account here, who invites, and who else vouches for people.
 * @returns {Promise<{registration: 'open' | 'invited' | 'closed', inviters: 'admins' | 'moderators', provider: string | null}>} */
export const askDoor = () => api.get('/api/door');

/** @param {'register' | 'login'} door @param {{username: string, password: string, code?: string, invitation?: string}} fields */
export async function signIn(door, fields) {
  await enter(await api.post(`/api/${door}`, fields));
}

/** A new password, by the secret of a link. @param {string} secret @param {string} password */
export const resetPassword = (secret, password) => api.post('/api/reset', { secret, password });

export async function signOut() {
  await api.post('/api/logout');
  const { id } = /** @type {import('./types.js').User} */ (me.value);
  pending.value.forEach(({ clientId }) => discard(clientId));
  forget();
  forgetPerson(id);
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
  if (me.value && me.value.id !== user.id) forget(); // another one than we knew
  api.useCsrfToken(csrf_token);
  banned.value = isBanned;
  await Promise.all([isBanned || loadRooms(), agreeOnLanguage(theirs).catch(() => undefined)]);
  const wasShown = Boolean(me.value);
  me.value = user;
  localStorage.setItem('roomful.visited', 'yes');
  if (isBanned) return;
  if (!wasShown) restoreOutbox();
  remember({ user, rooms: [...rooms.value.values()] });
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
  forgetPlaces();
  logs.clear();
  me.value = null;
  rooms.value = new Map();
  roomsLoaded.value = false;
  awayLong.value = false;
  openId.value = null;
  newSince.value = null;
  pending.value = [];
  members.value = [];
  forgetChosen();
  forgetRevealed();
  mine.value = null;
  forgetVerdicts();
}
