// All emoji and their names, which are loaded when they are wanted first.

/** @typedef {{emoji: string, label: string, names: string[], words: string}} Emoji */

/** The few that people use most, at once. @type {Emoji[]} */
export const COMMON = [
  ['👍', 'thumbs up'], ['❤️', 'heart'], ['😂', 'laughing'], ['🎉', 'party'], ['😮', 'surprised'], ['😢', 'sad'],
  ['🙏', 'thanks'], ['👏', 'applause'], ['🔥', 'fire'], ['👀', 'eyes'], ['💯', 'hundred'], ['✅', 'done'],
  ['😀', 'smiling'], ['😍', 'in love'], ['🤔', 'thinking'], ['😎', 'cool'], ['🙌', 'hands up'], ['💡', 'idea'],
  ['🚀', 'rocket'], ['☕', 'coffee'], ['🐱', 'cat'], ['🐶', 'dog'], ['🌞', 'sun'], ['👎', 'thumbs down'],
].map(([emoji, label]) => ({ emoji, label, names: [], words: '' }));

/** @type {Promise<{name: string, emoji: Emoji[]}[]> | undefined} */
let loading;

/** By group. What could not be loaded is tried again, also the next time. */
export function loadEmoji() {
  loading ??= read(3).then((groups) =>
    groups.map((/** @type {[string, [string, string, string[], string][]]} */ [name, all]) => ({
      name,
      emoji: all.map(([emoji, label, names, words]) => ({ emoji, label, names, words })),
    })),
  );
  loading.catch(() => (loading = undefined));
  return /** @type {Promise<{name: string, emoji: Emoji[]}[]>} */ (loading);
}

/** @param {number} tries @returns {Promise<any>} */
async function read(tries) {
  try {
    const answer = await fetch('/static/vendor/emoji.json');
    if (!answer.ok) throw new Error(answer.statusText);
    return await answer.json();
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return read(tries - 1);
  }
}

/** Those whose names begin with the words come first. @param {Emoji[]} all @param {string} words @param {number} most */
export function findEmoji(all, words, most) {
  const wanted = words.toLowerCase().replaceAll('_', ' ');
  /** @param {Emoji} one */
  const rank = ({ names, label, words }) => {
    const called = [...names.map((name) => name.replaceAll('_', ' ')), label];
    if (called.includes(wanted)) return 0;
    if (called.some((name) => name.startsWith(wanted))) return 1;
    if (called.some((name) => name.includes(` ${wanted}`))) return 2;
    return words.split(' ').some((word) => word.startsWith(wanted)) ? 3 : 4;
  };
  const ranked = all.map((one) => ({ one, rank: rank(one) })).filter(({ rank }) => rank < 4);
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, most).map(({ one }) => one);
}
