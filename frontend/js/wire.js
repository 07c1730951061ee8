// The Socket.IO connection: one websocket, questions with answers, and coming back by itself.
import { io } from 'socket.io-client';

import { Problem } from './api.js';
import { t } from './i18n.js';

/** @type {import('socket.io-client').Socket | null} */
let socket = null;
let lastSign = Date.now();

/** Milliseconds since the server was last heard: it gives a sign every half a minute at least. */
export const silence = () => Date.now() - lastSign;

/**
 * @typedef {object} Ears
 * @property {() => void} onOpen connected, for the first time or again
 * @property {() => void} onClose the connection is gone; it will be back
 * @property {() => void} onStranger the server does not let us in: the session has ended, or we are banned
 * @property {Record<string, (data: any) => void>} on what the server tells, by its name
 */

/** @param {Ears} ears */
export function connect(ears) {
  socket = io({
    transports: ['websocket'],
    reconnectionDelay: 400,
    reconnectionDelayMax: 6000,
    randomizationFactor: 0.5, // so that a replica's clients do not come back as one
    // A hand-shake whose server is killed may hang in the browser without an error: it is begun anew after this, not
    // after the library's 20 seconds.
    timeout: 6000,
  });
  socket.on('connect', () => {
    ears.onOpen();
    lastSign = Date.now();
  });
  socket.onAny(() => (lastSign = Date.now()));
  socket.io.on('ping', () => (lastSign = Date.now()));
  socket.on('disconnect', (reason) => {
    ears.onClose();
    if (reason === 'io server disconnect') comeBack(); // Socket.IO takes this one for final
  });
  socket.on('connect_error', (error) => {
    ears.onClose();
    if (['unauthenticated', 'banned'].includes(error.message)) return ears.onStranger();
    if (!socket?.active) comeBack();
  });
  for (const [name, hear] of Object.entries(ears.on)) socket.on(name, hear);
  window.addEventListener('online', retryAtOnce);
  document.addEventListener('visibilitychange', retryAtOnce);
}

export function disconnect() {
  window.removeEventListener('online', retryAtOnce);
  document.removeEventListener('visibilitychange', retryAtOnce);
  socket?.removeAllListeners();
  socket?.disconnect();
  socket = null;
}

/**
 * Ask the server, and wait for its acknowledgement.
 *
 * @param {string} event
 * @param {object} data
 * @param {number} [patience] milliseconds
 * @returns {Promise<any>}
 * @throws {Problem} `offline` when nothing came back: it may have been done or not
 */
export async function ask(event, data, patience = 10_000) {
  // Without a connection Socket.IO would keep the question and ask it later, when nobody waits for the answer.
  if (!socket?.connected) throw new Problem('offline', t('wire-away'));
  const answer = await socket
    .timeout(patience)
    .emitWithAck(event, data)
    .catch(() => null);
  if (!answer) throw new Problem('offline', t('wire-silent'));
  if (!answer.ok) throw new Problem(answer.error.code, answer.error.detail);
  return answer;
}

/** Say something whose answer does not matter. @param {string} event @param {object} data */
export function say(event, data) {
  ask(event, data).catch(() => undefined);
}

function comeBack() {
  setTimeout(() => socket?.active || socket?.connect(), 300 + Math.random() * 1500);
}

/** A laptop that wakes should not wait out the pause between two tries; a try that is under way is left alone, for who
 * says hello twice is shown the door. */
function retryAtOnce() {
  const pauses = socket?.active && socket.io.engine?.readyState === 'closed';
  if (pauses && document.visibilityState === 'visible') socket?.disconnect().connect();
}
