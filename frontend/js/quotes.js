// The messages that others answer: from the window where they are in it, else asked for once.
import { signal } from '@preact/signals';

import * as api from './api.js';
import { changed, logs } from './state.js';

/** @typedef {import('./types.js').Message} Message */
/** @type {Map<string, import('@preact/signals').Signal<Message | null>>} */
const fetched = new Map();

/** @param {string} room @param {string} id @returns {Message | null} null: not here yet, or not there any more */
export function quoted(room, id) {
  return logs.get(room)?.find(id) ?? changed.value.get(id) ?? ask(id).value;
}

/** @param {string} id */
function ask(id) {
  const known = fetched.get(id);
  if (known) return known;
  const message = signal(/** @type {Message | null} */ (null));
  fetched.set(id, message);
  api.get(`/api/messages/${id}`).then((found) => (message.value = found), () => undefined);
  return message;
}

/** What has become of them is not known any more. */
export function forgetQuotes() {
  fetched.clear();
  changed.value = new Map();
}
