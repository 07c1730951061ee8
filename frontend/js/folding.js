// Texts made comparable as the server's index makes them (chat/folding.py), and where words are found in a text.

const segmenter = 'Segmenter' in Intl && new Intl.Segmenter();

/** NFKC and case-folded: what looks the same is found by either. @param {string} text */
export function fold(text) {
  const compatible = text.normalize('NFKC');
  return Array.from(compatible, foldCharacter).join('').normalize('NFKC');
}

/** Upper case knows what lower case does not: that ß is ss, and ς is σ. @param {string} character */
const foldCharacter = (character) => (character === 'ı' ? character : character.toLowerCase().toUpperCase().toLowerCase());

/** The words of a search. @param {string} query @returns {string[]} */
export const wordsOf = (query) => fold(query).split(/\s+/).filter(Boolean);

/**
 * Where a text holds any of these words.
 *
 * @param {string} text
 * @param {string[]} words folded
 * @returns {[number, number][]} from where to where, in order and apart
 */
export function findWords(text, words) {
  const { folded, starts, ends } = foldWithPlaces(text);
  /** @type {[number, number][]} */
  const found = [];
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length))
      found.push([starts[at], ends[at + word.length - 1]]);
  }
  found.sort(([a], [b]) => a - b);
  return joined(found);
}

/** What a reader takes for one character may fold to several, or several to one; each part of `folded` knows where it came from.
 * @param {string} text */
function foldWithPlaces(text) {
  let folded = '';
  /** @type {number[]} */
  const starts = [];
  /** @type {number[]} */
  const ends = [];
  let at = 0;
  for (const part of segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : text) {
    const piece = fold(part);
    for (let n = 0; n < piece.length; n += 1) {
      starts.push(at);
      ends.push(at + part.length);
    }
    folded += piece;
    at += part.length;
  }
  return { folded, starts, ends };
}

/** @param {[number, number][]} ranges by their beginnings */
function joined(ranges) {
  /** @type {[number, number][]} */
  const apart = [];
  for (const [from, to] of ranges) {
    const last = apart.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}
