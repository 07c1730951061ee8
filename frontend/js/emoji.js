// All emoji and their names, which are loaded when they are wanted first.
import { language, t } from './i18n.js';

/** @typedef {{emoji: string, label: string, names: string[], words: string}} Emoji */

/** The few that people use most. */
export const COMMON = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👏', '🔥', '👀', '💯', '✅', '😀', '😍', '🤔', '😎', '🙌', '💡', '🚀', '☕', '🐱', '🐶', '🌞', '👎'];

/** They, with their names, at once. @returns {Emoji[]} */
export function common() {
  const labels = t('emoji-common').split('|');
  return COMMON.map((emoji, n) => ({ emoji, label: labels[n], names: [], words: '' }));
}

/** By language. @type {Map<string, Promise<{name: string, emoji: Emoji[]}[]>>} */
const loaded = new Map();

/** By group. What could not be loaded is tried again, also the next time. @returns {Promise<{name: string, emoji: Emoji[]}[]>} */
export function loadEmoji() {
  const spoken = language.value;
  const loading = loaded.get(spoken) ?? read(spoken, 3).then((groups) =>
    groups.map((/** @type {[string, [string, string, string[], string][]]} */ [name, all]) => ({
      name,
      emoji: all.map(([emoji, label, names, words]) => ({ emoji, label, names, words })),
    })),
  );
  loaded.set(spoken, loading);
  loading.catch(() => loaded.delete(spoken));
  return loading;
}

/** @param {string} spoken @param {number} tries @returns {Promise<any>} */
async function read(spoken, tries) {
  try {
    const answer = await fetch(new URL(`../vendor/emoji.${spoken}.json`, import.meta.url));
    if (!answer.ok) throw new Error(answer.statusText);
    return await answer.json();
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return read(spoken, tries - 1);
  }
}

/** Those whose names begin with the words come first. @param {Emoji[]} all @param {string} words @param {number} most */
export function findEmoji(all, words, most) {
  const wanted = words.toLowerCase().replaceAll('_', ' ');
  const within = /\p{Script=Han}/u.test(wanted) ? wanted : ` ${wanted}`; // Chinese has no spaces between words
  /** @param {Emoji} one */
  const rank = ({ names, label, words }) => {
    const called = [...names.map((name) => name.replaceAll('_', ' ')), label];
    if (called.includes(wanted)) return 0;
    if (called.some((name) => name.startsWith(wanted))) return 1;
    if (called.some((name) => name.includes(within))) return 2;
    return words.split(' ').some((word) => word.startsWith(wanted)) ? 3 : 4;
  };
  const ranked = all.map((one) => ({ one, rank: rank(one) })).filter(({ rank }) => rank < 4);
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, most).map(({ one }) => one);
}
