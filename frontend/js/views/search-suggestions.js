// While one types a filter: the people, rooms and labels that it may mean.
import { useEffect, useRef, useState } from 'preact/hooks';

import * as api from '../api.js';
import { fold } from '../folding.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { labelName, names } from '../label-names.js';
import { beingTyped, matchingPeople, matchingRooms } from '../query.js';
import { Avatar, RoomIcon } from './avatar.js';

/** @typedef {import('../query.js').Filters} Filters */
/** @typedef {{key: string, filter: Filters, count?: number}} Suggestion */
/** @typedef {{label: string, pictures: number}} Known */

const MOST = 8;

/** @param {string} text @returns {{typing: ReturnType<typeof beingTyped>, suggestions: Suggestion[]}} */
export function useSuggestions(text) {
  const typing = beingTyped(text);
  const [suggestions, setSuggestions] = useState(/** @type {{of: string, all: Suggestion[]}} */ ({ of: '', all: [] }));
  const known = useRef(/** @type {Promise<Known[]> | null} */ (null)); // asked for once while the search is open
  const of = typing ? `${typing.operator}:${typing.value}` : '';
  useEffect(() => {
    if (!typing) return undefined;
    let current = true;
    if (typing.operator === 'label') known.current ??= api.get('/api/search/labels').then(({ labels }) => labels);
    known.current?.catch(() => (known.current = null)); // and again with the next key
    suggest(typing.operator, typing.value, known.current).then((all) => current && setSuggestions({ of, all }), () => undefined);
    return () => void (current = false);
  }, [of, names.value]);
  if (!typing || !suggestions.of.startsWith(`${typing.operator}:`)) return { typing, suggestions: [] };
  // Until those for what is typed by now have come: of the earlier ones those that fit, lest Enter take another.
  return { typing, suggestions: suggestions.of === of ? suggestions.all : suggestions.all.filter(({ filter }) => fits(filter, typing.value)) };
}

/** @param {Filters} filter @param {string} value */
function fits(filter, value) {
  const called = [filter.from?.username, filter.from?.display_name, filter.in?.name, ...(filter.label ? bothNames(filter.label) : [])].filter((name) => name !== undefined);
  return !called.length || called.some((name) => fold(name).includes(fold(value).replace(/^@/, '')));
}

/** @param {import('../query.js').Operator} operator @param {string} value @param {Promise<Known[]> | null} known
 * @returns {Promise<Suggestion[]>} */
async function suggest(operator, value, known) {
  if (operator === 'has') return [{ key: 'picture', filter: { has: true } }];
  if (operator === 'in') return matchingRooms(value).slice(0, MOST).map((room) => ({ key: room.id, filter: { in: room } }));
  if (operator === 'from') return (await matchingPeople(value)).map((user) => ({ key: user.id, filter: { from: user } }));
  return labels(value, (await known) ?? []);
}

/** What pictures show that I may see, and whatever else was typed: no label may be "dog" alone, but breeds are.
 * @param {string} value @param {Known[]} known @returns {Suggestion[]} */
function labels(value, known) {
  const wanted = fold(value);
  const matching = known.filter(({ label }) => bothNames(label).some((name) => fold(name).includes(wanted))).slice(0, MOST);
  const suggested = matching.map(({ label, pictures }) => ({ key: label, filter: { label }, count: pictures }));
  const isNew = wanted && !matching.some(({ label }) => bothNames(label).map(fold).includes(wanted));
  return isNew ? [{ key: `${value} `, filter: { label: value } }, ...suggested] : suggested;
}

/** @param {string} label */
const bothNames = (label) => [label, labelName(label)];

/** @param {Suggestion} suggestion */
export function drawSuggestion({ filter, count }) {
  if (filter.from) return html`<${Avatar} user=${filter.from} small /><strong>${filter.from.display_name}</strong>`;
  if (filter.in) return html`<${RoomIcon} room=${filter.in} /><span class="room-name">${filter.in.name}</span>`;
  return html`<${Icon} name="picture" /><span class="room-name">${filter.label ? labelName(filter.label) : t('search-has')}</span>
    ${count && html`<small>${t('search-pictures', { count })}</small>`}`;
}
