// Fills the windows of the rooms' logs: the newest messages, older and newer ones, and those around one.
import * as api from './api.js';
import { BOUND } from './room-log.js';
import { logs } from './state.js';

const PAGE = 50;
const MOST = 200; // that the server gives at once

/** The pages that are being fetched. @type {Set<string>} */
const busy = new Set();

/** @param {string} room */
export const loadNewest = (room) =>
  once(`${room} newest`, room, async (log) => {
    let page = await fetchPage(room, '');
    // What was heard while this was read had no window to go into.
    for (let tries = 0; page.last_seq < log.seq && tries < 3; tries += 1) page = await fetchPage(room, '');
    log.show(page.messages, page.last_seq, { older: page.messages.length === PAGE, newer: false });
  });

/** Read again what is shown, and what follows it: so much has happened that the events were not told one by one.
 * @param {string} room */
export const reread = (room) =>
  once(`${room} again`, room, async (log) => {
    const { messages, older } = log.window.value;
    const last = messages.at(-1);
    if (!last) return;
    const read = [];
    let page;
    do {
      page = await fetchPage(room, `&after=${read.at(-1)?.seq ?? messages[0].seq - 1}`, MOST);
      read.push(...page.messages);
    } while (page.messages.length === MOST && read.length < BOUND && read[read.length - 1].seq < last.seq);
    const newer = page.messages.length === MOST || read.length > BOUND || page.last_seq < log.seq; // heard meanwhile
    log.show(read.slice(0, BOUND), page.last_seq, { older, newer });
  });

/** @param {string} room */
export const loadOlder = (room) =>
  once(`${room} older`, room, async (log) => {
    const [first] = log.window.value.messages;
    if (!first || !log.window.value.older) return;
    const page = await fetchPage(room, `&before=${first.seq}`);
    if (log.window.value.messages[0] !== first && log.window.value.messages[0]?.id !== first.id) return;
    log.prepend(page.messages, page.last_seq, page.messages.length === PAGE);
  });

/** @param {string} room */
export const loadNewer = (room) =>
  once(`${room} newer`, room, async (log) => {
    const last = log.window.value.messages.at(-1);
    if (!last || !log.window.value.newer) return;
    const page = await fetchPage(room, `&after=${last.seq}`);
    if (log.window.value.messages.at(-1)?.id !== last.id) return;
    // What was heard while this was read lies behind it still.
    log.append(page.messages, page.last_seq, page.messages.length === PAGE || page.last_seq < log.seq);
  });

/** @param {string} room @param {number} seq what is up to this number and what follows it is wanted */
export const loadAround = (room, seq) =>
  once(`${room} around`, room, async (log) => {
    const [before, after] = await Promise.all([
      fetchPage(room, `&before=${seq + 1}`),
      fetchPage(room, `&after=${seq}`),
    ]);
    // What was heard while this was read had no window to go into: it lies behind it still.
    const newer = after.messages.length === PAGE || after.last_seq < log.seq;
    const more = { older: before.messages.length === PAGE, newer };
    const all = [...before.messages, ...after.messages];
    log.show(all, Math.min(before.last_seq, after.last_seq), more);
  });

/** What could not be read: more at an edge is fetched by whoever shows it, once no error stands in the way.
 * @param {string} room */
export function tryAgain(room) {
  const log = logs.get(room);
  if (!log?.window.value.error) return;
  log.fail('');
  if (!log.window.value.loaded) loadNewest(room);
  else if (log.stale) reread(room);
}

/** @param {string} room @param {string} query @param {number} [limit] */
const fetchPage = (room, query, limit = PAGE) => api.get(`/api/rooms/${room}/messages?limit=${limit}${query}`);

/**
 * @param {string} key not twice at the same time
 * @param {string} room
 * @param {(log: import('./room-log.js').RoomLog) => Promise<void>} work
 */
async function once(key, room, work) {
  const log = logs.get(room);
  if (!log || busy.has(key)) return;
  busy.add(key);
  try {
    await work(log);
  } catch (error) {
    log.fail(/** @type {Error} */ (error).message);
  } finally {
    busy.delete(key);
  }
}
