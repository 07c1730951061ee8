// Pictures that somebody has chosen and not sent. What is done with them is loaded with the first: attachments.js.
import { signal } from '@preact/signals';

/** @typedef {import('./types.js').Attachment} Attachment
 * @typedef {import('./types.js').Shot} Shot */

/** What is chosen in each room; it waits while one looks into another. @type {Map<string, import('@preact/signals').Signal<Attachment[]>>} */
const chosen = new Map();

/** @param {string} room */
export function chosenIn(room) {
  const known = chosen.get(room) ?? signal(/** @type {Attachment[]} */ ([]));
  chosen.set(room, known);
  return known;
}

/** The next person is another one. */
export function forgetChosen() {
  for (const { value } of chosen.values()) for (const picture of value) release(picture);
  chosen.clear();
}

/** @param {Attachment} picture @returns {Shot} */
export const toSend = ({ full, small, wantsFull }) => (small && !wantsFull ? small : full);

/** Its addresses are not needed any more, but for the one that goes on. @param {Attachment} picture @param {Shot} [going] */
export function release({ full, small }, going) {
  for (const shot of [full, small]) if (shot && shot !== going) URL.revokeObjectURL(shot.url);
}
