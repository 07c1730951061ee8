// Whether a message is to me, so that its room and its notification stand out: `@` and my name, as the server counts it.
import { me } from './state.js';

const MENTION = /(?<![\p{L}\p{N}_.])@([\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_])?)/gu;

/** @param {string | null} text */
export function mentionsMe(text) {
  const mine = me.value && key(me.value.username);
  return Boolean(text) && [.../** @type {string} */ (text).matchAll(MENTION)].some(([, name]) => key(name) === mine);
}

/** What makes two names the same. @param {string} name */
const key = (name) => name.normalize('NFKC').toLowerCase().normalize('NFKC');
