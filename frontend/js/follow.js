// Hears the rooms. Start-up, reconnection and a hole in the numbers are one operation: join, after what is known.
import { batch, effect, untracked } from '@preact/signals';

import { hearBot } from './blurs.js';
import { loadNewest, reread, tryAgain } from './history.js';
import * as news from './news.js';
import { forgetQuotes } from './quotes.js';
import { countUnread, hearRead } from './reading.js';
import { loadRooms, refreshRoom } from './rooms.js';
import { speak } from './speech.js';
import { awayLong, logs, newSince, noteChange, online, openId, returning, rooms, typing } from './state.js';
import { announce } from './telling.js';
import { withPart } from './views/later.js';
import { ask, connect, disconnect, say, silence } from './wire.js';

/** @typedef {import('./types.js').RoomEvent} RoomEvent */

const QUIET = 5000; // milliseconds without a connection before it is mentioned
const ASLEEP = 60_000; // milliseconds without a sign of the server, after which nobody has seen what comes first
const BURST = 50; // milliseconds: what comes faster is drawn together
const AT_ONCE = 20; // events, so that a slow machine is not busy for long with many

/** The rooms that this socket is in, or is joining. @type {Set<string>} */
const joined = new Set();
/** @type {ReturnType<typeof setTimeout>} */
let mention;
let stopWatching = () => {};
/** What has been told and is not applied yet. @type {RoomEvent[]} */
let waiting = [];
let lastApplied = 0;
let joining = 0; // how many rooms are asked what was missed

/** Connect, and hear all my rooms. @param {() => void} onStranger the session has ended */
export function follow(onStranger) {
  markAway();
  connect({
    onOpen: open,
    onClose: () => online.value && markAway(),
    onStranger,
    on: {
      event: hear,
      typing: news.hearTyping,
      presence: news.hearPresence,
      read: hearRead,
      room: ({ room }) => refreshRoom(room).catch(() => undefined),
      notice: () => withPart(() => import('./views/sanction.js'), ({ showMySanctions }) => showMySanctions()),
      draining: () => undefined, // the close that follows is met like any other
    },
  });
  stopWatching = effect(joinMine);
}

export function unfollow() {
  stopWatching();
  disconnect();
  clearTimeout(mention);
  joined.clear();
  waiting = [];
  forgetQuotes();
  online.value = false;
}

async function open() {
  joined.clear();
  clearTimeout(mention);
  returning.value = logs.size > 0 && silence() > ASLEEP;
  awayLong.value = false;
  online.value = true;
  tryAgain(openId.value ?? '');
  if (logs.size > 0) await catchUp();
}

/** News of rooms come and gone is not kept for those who were away. */
async function catchUp() {
  try {
    await loadRooms();
  } catch {
    setTimeout(() => online.value && catchUp(), 2000);
  }
}

function markAway() {
  online.value = false;
  clearTimeout(mention);
  mention = setTimeout(() => (awayLong.value = true), QUIET);
}

/** Runs whenever the rooms, the open room or the connection change. A public room that one only reads is heard
 * while it is open. */
function joinMine() {
  if (!online.value) return;
  const open = openId.value;
  const wanted = [...rooms.value.values()].filter(({ id, member }) => member || id === open).map(({ id }) => id);
  untracked(() => {
    for (const id of joined) if (!wanted.includes(id)) leave(id);
    for (const id of wanted) if (!joined.has(id)) join(id);
  });
}

/** @param {string} id */
function leave(id) {
  joined.delete(id);
  typing.value = new Map([...typing.value].filter(([room]) => room !== id));
  say('leave', { room: id });
}

/** @param {string} id */
async function join(id) {
  const log = logs.get(id);
  if (!log) return;
  joined.add(id);
  joining += 1;
  try {
    const answer = await ask('join', { room: id, after: log.seq, ...(log.log && { log: log.log }) });
    log.log ??= answer.log;
    if (answer.reset) await startAnew(log, answer);
    else hearAll(answer.events);
  } catch (error) {
    joined.delete(id);
    const { code } = /** @type {import('./api.js').Problem} */ (error);
    if (['not_found', 'banned'].includes(code)) refreshRoom(id).catch(() => undefined);
    else if (online.value) setTimeout(() => joined.has(id) || join(id), 2000);
  } finally {
    joining -= 1;
    if (joining === 0) setTimeout(() => (returning.value = false)); // microtasks before it have drawn what came
  }
}

/** Too much has happened to be told event by event, or it is another log. What is read stays where it is.
 * @param {import('./room-log.js').RoomLog} log @param {{last_seq: number, log: string}} answer */
async function startAnew(log, answer) {
  const isSameLog = log.log === answer.log;
  const wasRead = rooms.value.get(log.room)?.unread === 0;
  log.reset(answer.last_seq, answer.log);
  forgetQuotes();
  returning.value = true;
  await refreshRoom(log.room);
  const room = rooms.value.get(log.room);
  if (log.room !== openId.value || !room) return log.forget();
  if (wasRead && room.unread > 0) newSince.value = room.read_seq ?? null;
  await (isSameLog ? reread(log.room) : loadNewest(log.room));
}

/** The first at once; what follows fast is gathered. @param {RoomEvent} event */
function hear(event) {
  waiting.push(event);
  if (waiting.length > 1) return;
  const pause = lastApplied + BURST - performance.now();
  if (pause <= 0) applySome();
  else setTimeout(applySome, pause);
}

/** @param {RoomEvent[]} events */
function hearAll(events) {
  waiting.push(...events);
  applySome(waiting.length);
}

function applySome(most = AT_ONCE) {
  const events = waiting.splice(0, most);
  if (waiting.length) setTimeout(applySome);
  batch(() => events.forEach(apply));
  lastApplied = performance.now();
}

/** @param {RoomEvent} event */
function apply(event) {
  const log = logs.get(event.room);
  if (!log) return;
  const outcome = log.take(event);
  if (outcome === 'hole') join(event.room);
  if (outcome !== 'applied') return;
  if (event.type === 'message') news.stopTyping(event.room, event.message.author.id);
  if (event.type === 'message') hearBot(event.message);
  countUnread(event);
  if (event.type === 'message') announce(event.message);
  if (event.type === 'edit' || event.type === 'delete') noteChange(event.message);
  speak(event);
}
