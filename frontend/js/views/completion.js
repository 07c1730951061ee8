// While one writes: people after @, emoji after a colon.
import { useEffect, useState } from 'preact/hooks';

import * as api from '../api.js';
import { findEmoji, loadEmoji } from '../emoji.js';
import { html } from '../html.js';
import { compare, t } from '../i18n.js';
import { me, members } from '../state.js';
import { Avatar, BotBadge } from './avatar.js';
import { useChoosing } from './choosing.js';

/** @typedef {import('../emoji.js').Emoji} Emoji */
/** @typedef {{key: string, text: string, draw: () => any}} Suggestion */

const PERSON = /(?:^|[\s(])@([\p{L}\p{M}\p{N}_.-]*)$/u;
const EMOJI = /(?:^|[\s(]):([a-z0-9_+-]{2,})$/i;
const NAMED = /(?:^|[\s(]):([a-z0-9_+-]+):$/i;
const MOST = 8;

/**
 * @param {{current: HTMLTextAreaElement | null}} field
 * @param {string} text what stands in it
 * @param {(text: string) => void} write
 */
export function useCompletion(field, text, write) {
  const [caret, setCaret] = useState(0);
  const [closedFor, setClosedFor] = useState('');
  const before = text.slice(0, caret);
  const emoji = useEmoji(EMOJI.test(before) || NAMED.test(before));
  const bots = useBots(PERSON.test(before));
  const suggested = closedFor === before ? [] : suggestions(before, emoji, bots);
  /** @param {string} replacement @param {RegExp} pattern */
  const replace = (replacement, pattern) => {
    const start = before.search(pattern) + (before.match(pattern)?.[0].search(/[@:]/) ?? 0);
    write(before.slice(0, start) + replacement + text.slice(caret));
    const end = start + replacement.length;
    requestAnimationFrame(() => (field.current?.setSelectionRange(end, end), setCaret(end)));
  };
  useEffect(() => {
    const name = NAMED.exec(before)?.[1].toLowerCase();
    const named = name && emoji.find(({ names }) => names.includes(name));
    if (named) replace(named.emoji, NAMED);
  }, [before, emoji]);
  const choosing = useChoosing(
    suggested,
    ({ text }) => replace(text, PERSON.test(before) ? PERSON : EMOJI),
    { keys: ['Enter', 'Tab'] },
  );
  const { role: _role, 'aria-expanded': _expanded, ...field_ } = choosing.field; // a textarea is a textbox, and stays one
  return {
    field: field_,
    follow: () => {
      setCaret(field.current?.selectionStart ?? 0);
      choosing.first();
    },
    /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the list */
    onKeyDown: (event) => {
      if (event.key !== 'Escape' || !suggested.length) return choosing.onKeyDown(event);
      setClosedFor(before);
      return true;
    },
    list: () => choosing.list({ name: t('completion'), class: 'completions', draw: ({ draw }) => draw() }),
  };
}

/** @param {string} before @param {Emoji[]} emoji @param {import('../types.js').User[]} bots @returns {Suggestion[]} */
function suggestions(before, emoji, bots) {
  const name = PERSON.exec(before)?.[1].toLowerCase();
  if (name !== undefined) return people(name, bots).slice(0, MOST).map(suggestPerson);
  const words = EMOJI.exec(before)?.[1];
  return words ? findEmoji(emoji, words, MOST).map(suggestEmoji) : [];
}

/** Those of the room, and the bots; nobody where a whole name stands already: then Enter sends. @param {string} name @param {import('../types.js').User[]} bots */
function people(name, bots) {
  const here = new Set(members.value.map(({ username }) => username));
  const all = [...members.value, ...bots.filter(({ username }) => !here.has(username))];
  if (all.some(({ username }) => username.toLowerCase() === name)) return [];
  return all
    .filter(({ id }) => id !== me.value?.id)
    .filter((user) => [user.username, user.display_name].some((called) => called.toLowerCase().startsWith(name)))
    .sort((a, b) => compare(a.username, b.username));
}

/** @param {import('../types.js').User} user @returns {Suggestion} */
const suggestPerson = (user) => ({
  key: user.id,
  text: `@${user.username} `,
  draw: () => html`<${Avatar} user=${user} small /><strong>${user.display_name}</strong><${BotBadge} user=${user} />
    ${user.username !== user.display_name && html`<small>@${user.username}</small>`}`,
});

/** @param {Emoji} one @returns {Suggestion} */
const suggestEmoji = ({ emoji, label, names }) => ({
  key: emoji,
  text: `${emoji} `,
  draw: () => html`<span class="completion-emoji">${emoji}</span><span>${names.length ? `:${names[0]}:` : label}</span>`,
});

/** @param {boolean} wanted @returns {Emoji[]} */
function useEmoji(wanted) {
  const [all, setAll] = useState(/** @type {Emoji[]} */ ([]));
  useEffect(() => {
    if (wanted && !all.length) loadEmoji().then((groups) => setAll(groups.flatMap(({ emoji }) => emoji)), () => undefined);
  }, [wanted]);
  return all;
}

/** @param {boolean} wanted @returns {import('../types.js').User[]} */
function useBots(wanted) {
  const [all, setAll] = useState(/** @type {import('../types.js').User[]} */ ([]));
  useEffect(() => {
    if (wanted && !all.length) api.get('/api/bots').then(({ bots }) => setAll(bots.map(asUser)), () => undefined);
  }, [wanted]);
  return all;
}

/** @param {{name: string}} bot @returns {import('../types.js').User} */
const asUser = ({ name }) => ({ id: `bot ${name}`, username: name, display_name: name, role: 'member', bot: true });
