// My segment: what it is, why, and what it offers me. Others never see it.
import * as api from './api.js';
import { mine } from './state.js';

/** The bot that offers. */
export const BOT = 'concierge';

/** Nothing is wrong with having none. @throws {api.Problem} */
export async function loadMine() {
  mine.value = await api.get('/api/me/segment').catch((error) => {
    if (error.code !== 'no_segments') throw error;
    return null;
  });
}

/** @param {'accept' | 'later' | 'never' | 'leave'} choice */
export async function choose(choice) {
  const answer = await api.put('/api/me/segment', { choice });
  mine.value = answer.segment || answer.offer ? answer : null;
  return answer;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** What the bot has said may be an offer: many messages that are drawn together ask once. @param {number} [tries] */
export function loadMineSoon(tries = 3) {
  clearTimeout(soon);
  soon = setTimeout(async () => {
    await loadMine().catch(() => undefined);
    const offer = mine.value?.offer;
    // It is said first, and noted which message says it just afterwards.
    if (offer?.state === 'open' && !offer.message && tries > 1) loadMineSoon(tries - 1);
  }, 500);
}
