// What a search has found, page by page, and where the words stand in the message that one goes to.
import { useEffect, useState } from 'preact/hooks';

import * as api from './api.js';
import { findWords } from './folding.js';
import { changed } from './state.js';

/** @typedef {import('./types.js').Message} Message */
/** @typedef {{of: string, messages: Message[], next: string | null, busy: boolean, problem: string}} Found `of`: the question */

const PAGE = 20;
const PAUSE = 200; // milliseconds without a key before the server is asked
/** @type {Found} */
const NOTHING = { of: '', messages: [], next: null, busy: false, problem: '' };

/** @param {string} question parameters of the search; empty: nothing is wanted @returns {{found: Found, more: () => void}} */
export function useFound(question) {
  const [found, setFound] = useState(NOTHING);
  /** @param {string} before @param {Message[]} known */
  const ask = async (before, known) => {
    setFound((last) => ({ ...last, busy: true, problem: '' }));
    try {
      const { messages, next } = await api.get(`/api/search?limit=${PAGE}&${question}${before && `&before=${before}`}`);
      return { of: question, messages: [...known, ...messages], next, busy: false, problem: '' };
    } catch (error) {
      const problem = /** @type {Error} */ (error).message;
      return { of: question, messages: known, next: before || null, busy: false, problem };
    }
  };
  useEffect(() => {
    if (!question) return setFound(NOTHING);
    let current = true;
    const timer = setTimeout(() => ask('', []).then((answer) => current && setFound(answer)), PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [question]);
  const more = () =>
    ask(found.next ?? '', found.messages).then((answer) => setFound((last) => (last.of === answer.of ? answer : last)));
  useEffect(() => void setFound(withChanges), [changed.value]);
  return { found, more };
}

/** What is edited or deleted while the results stand there. @param {Found} found @returns {Found} */
function withChanges(found) {
  if (!found.messages.some(({ id }) => changed.value.has(id))) return found;
  const messages = found.messages.map((message) => changed.value.get(message.id) ?? message);
  return { ...found, messages: messages.filter(({ deleted_at }) => !deleted_at) };
}

/** Mark the words in the message that one has gone to, without changing it. @param {string} id @param {string[]} words */
export function markInRoom(id, words) {
  const { highlights } = CSS;
  if (!highlights) return; // browsers from before 2025; the message is pointed out anyway
  highlights.delete('found');
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const text = document.querySelector(`[data-id="${CSS.escape(id)}"] .text`);
      if (text && words.length) highlights.set('found', new Highlight(...rangesIn(text, words)));
    }),
  );
}

/** @param {Element} box @param {string[]} words @returns {Range[]} */
function rangesIn(box, words) {
  const nodes = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  /** @type {Range[]} */
  const ranges = [];
  while (nodes.nextNode()) {
    const node = /** @type {Text} */ (nodes.currentNode);
    for (const [from, to] of findWords(node.data, words)) {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      ranges.push(range);
    }
  }
  return ranges;
}
