// What I have sent and the server has not acknowledged: shown at once, sent in order, never lost, never doubled.
// A message keeps its client_id through every try, and the server stores a client_id once. One that the server could not
// take holds back what was written after it in its room, until the person tries it again or deletes it; one that was
// refused for what it is does not.
import { computed, effect } from '@preact/signals';

import * as api from './api.js';
import { clearNewLine } from './reading.js';
import { keep, keepPicture, letGo, takeDown } from './shelf.js';
import { logs, me, online, pending } from './state.js';
import { ask } from './wire.js';

/** @typedef {import('./types.js').Pending} Pending */

const TRIES = 3; // how often a server that is there may fail a message
const TEMPORARY = ['too_many_requests', 'unavailable', 'internal', 'offline'];
const HOLDING = [...TEMPORARY, 'slow_mode', 'unauthenticated', 'csrf']; // say nothing against the message itself

/** Rooms with something that was not sent. */
export const unsent = computed(() => new Set(pending.value.filter(({ status }) => status === 'failed').map(({ room }) => room)));

/** Whether it waits for one before it. @param {Pending} item */
export function isHeld({ clientId, room, status }) {
  const ahead = pending.value.slice(0, pending.value.findIndex((other) => other.clientId === clientId));
  return status === 'waiting' && ahead.some((other) => other.room === room && (isTriedAgain(other) || holdsBack(other)));
}

/** @param {Pending} item */
const isTriedAgain = ({ status, attempts }) => status !== 'failed' && attempts > 0;

/** @param {Pending} item */
const holdsBack = ({ status, holds }) => status === 'failed' && Boolean(holds);

/** Rooms whose queue is being worked off. @type {Set<string>} */
const running = new Set();
/** @type {Map<string, AbortController>} */
const uploads = new Map();
let order = 0; // of what was written, also over a reload

/**
 * Send a message, and each picture beyond the first as one of its own.
 *
 * @param {string} room
 * @param {string} text
 * @param {string | null} replyTo
 * @param {import('./types.js').Shot[]} attachments
 */
export function send(room, text, replyTo, attachments) {
  const [first = null, ...rest] = attachments;
  const drafts = [draft(room, text, replyTo, first), ...rest.map((picture) => draft(room, '', null, picture))];
  pending.value = [...pending.value, ...drafts];
  for (const item of drafts) {
    keep(user(), item);
    keepPicture(user(), item);
  }
  clearNewLine();
  run(room);
}

/** @param {string} clientId */
export function retry(clientId) {
  const item = find(clientId);
  if (!item) return;
  update(clientId, { status: 'waiting', error: '', attempts: 0, progress: 0 });
  run(item.room);
}

/** Give a message up. @param {string} clientId */
export function discard(clientId) {
  uploads.get(clientId)?.abort();
  const item = find(clientId);
  if (!item) return;
  if (item.attachment) URL.revokeObjectURL(item.attachment.url);
  pending.value = pending.value.filter((other) => other.clientId !== clientId);
  letGo(user(), item);
  run(item.room); // what it held back
}

/** After a reload: what was waiting still is. */
export async function restoreOutbox() {
  const whose = user();
  const kept = await takeDown(whose);
  if (whose !== user()) return; // somebody else has signed in
  const known = new Set(pending.value.map(({ clientId }) => clientId));
  pending.value = [...kept.filter(({ clientId }) => !known.has(clientId)), ...pending.value];
  for (const { room } of kept) run(room);
}

/** @param {string} room @param {string} text @param {string | null} replyTo
 * @param {import('./types.js').Shot | null} attachment @returns {Pending} */
function draft(room, text, replyTo, attachment) {
  const createdAt = new Date().toISOString();
  const clientId = newId();
  order = Math.max(order + 1, Date.now());
  return { clientId, room, text, replyTo, attachment, createdAt, order, status: 'waiting', progress: 0, error: '', attempts: 0 };
}

/** One after another: what is written first stands first. @param {string} room */
async function run(room) {
  if (running.has(room)) return;
  running.add(room);
  try {
    for (let item; (item = next(room)); ) await deliver(item);
  } finally {
    running.delete(room);
  }
}

/** @param {string} room */
function next(room) {
  const item = pending.value.find((other) => other.room === room && (other.status === 'waiting' || holdsBack(other)));
  return item?.status === 'waiting' ? item : undefined;
}

/** @param {Pending} item */
async function deliver(item) {
  await connected();
  const current = find(item.clientId);
  if (!current || current.status !== 'waiting') return; // given up meanwhile
  update(item.clientId, { status: 'sending' });
  try {
    const message = await (item.attachment ? upload(item) : say(item));
    logs.get(item.room)?.put(message, message.seq);
    discard(item.clientId);
  } catch (error) {
    await fail(item, /** @type {api.Problem} */ (error));
  } finally {
    uploads.delete(item.clientId);
  }
}

/** @param {Pending} item */
async function say({ room, text, clientId, replyTo }) {
  const reply = replyTo && { reply_to: replyTo };
  return (await ask('send', { room, text, client_id: clientId, ...reply })).message;
}

/** @param {Pending} item */
function upload({ room, text, clientId, replyTo, attachment }) {
  const form = new FormData();
  form.append('client_id', clientId);
  if (text) form.append('text', text);
  if (replyTo) form.append('reply_to', replyTo);
  form.append('image', /** @type {import('./types.js').Shot} */ (attachment).file);
  const controller = new AbortController();
  uploads.set(clientId, controller);
  const onProgress = (/** @type {number} */ progress) => show(clientId, { progress });
  return api.upload(`/api/rooms/${room}/images`, form, onProgress, controller.signal);
}

/** Without a connection it waits; a server that is there gets a few tries; a refusal is for the person to see.
 * @param {Pending} item @param {api.Problem} problem */
async function fail({ clientId }, problem) {
  const attempts = (find(clientId)?.attempts ?? 0) + 1;
  const away = problem.code === 'offline' && !online.value;
  if (problem.code === 'cancelled') return;
  if (away || (attempts < TRIES && TEMPORARY.includes(problem.code))) {
    update(clientId, { status: 'waiting', attempts: away ? 0 : attempts, progress: 0 });
    await pause(away ? 0 : 1000 * attempts);
  } else {
    update(clientId, { status: 'failed', error: problem.message, holds: HOLDING.includes(problem.code) });
  }
}

/** Until there is a connection. */
function connected() {
  return new Promise((resolve) => {
    let stop = () => {};
    stop = effect(() => {
      if (online.value) queueMicrotask(() => resolve(stop()));
    });
  });
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @param {string} clientId */
function find(clientId) {
  return pending.value.find((item) => item.clientId === clientId);
}

/** @param {string} clientId @param {Partial<Pending>} changes */
function update(clientId, changes) {
  show(clientId, changes);
  const item = find(clientId);
  if (item) keep(user(), item);
}

/** @param {string} clientId @param {Partial<Pending>} changes */
function show(clientId, changes) {
  pending.value = pending.value.map((item) => (item.clientId === clientId ? { ...item, ...changes } : item));
}

const user = () => me.value?.id ?? '';

/** crypto.randomUUID is missing on plain http beyond localhost. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
