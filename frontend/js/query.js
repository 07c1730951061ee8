// What is typed to search: words, and `from:ann in:lounge has:picture label:dog` among them.
import { fold } from './folding.js';
import { findPeople } from './people.js';
import { me, rooms } from './state.js';

/** @typedef {import('./types.js').User} User */
/** @typedef {import('./types.js').Room} Room */
/** @typedef {'from' | 'in' | 'has' | 'label'} Operator */
/** @typedef {{from?: User, in?: Room, has?: true, label?: string}} Filters */

/** How each may be typed, in any language of the page. @type {Record<Operator, string[]>} */
const NAMES = { from: ['from', '来自'], in: ['in', '房间'], has: ['has', '包含'], label: ['label', '标签'] };
const PICTURES = ['picture', 'pictures', 'image', 'photo', '图片', '照片'];

const NAME = Object.values(NAMES).flat().join('|');
const TYPED = new RegExp(`(?<=^|\\s)(${NAME})[:：](?:"([^"]*)"|([^\\s"]*))(?=\\s|$)`, 'gi');
const BEING_TYPED = new RegExp(`(?<=^|\\s)(${NAME})[:：](?:"([^"]*)|([^\\s"]*))$`, 'i');

/** @param {string} name */
const operatorOf = (name) => /** @type {Operator} */ (Object.entries(NAMES).find(([, names]) => names.includes(name.toLowerCase()))?.[0]);

/** The operator at whose value somebody is writing. @param {string} text @returns {{operator: Operator, value: string, start: number} | null} */
export function beingTyped(text) {
  const found = BEING_TYPED.exec(text);
  return found && { operator: operatorOf(found[1]), value: found[2] ?? found[3] ?? '', start: found.index };
}

/** The words alone. @param {string} text */
export const plainWords = (text) => text.replace(TYPED, ' ').replace(BEING_TYPED, '').replace(/\s+/g, ' ').trim();

/**
 * What has been typed to its end becomes a filter.
 *
 * @param {string} text
 * @returns {Promise<{filters: Filters, rest: string, unknown: {operator: Operator, value: string} | null}>} `rest` is the text
 *   without them; `unknown`: nothing is called so
 */
export async function takeFilters(text) {
  /** @type {Filters} */
  const filters = {};
  let rest = text;
  let unknown = null;
  const pending = beingTyped(text);
  for (const found of text.matchAll(TYPED)) {
    if (pending && found.index === pending.start) continue;
    const [typed, name, quoted, bare] = found;
    const operator = operatorOf(name);
    const value = await meant(operator, quoted ?? bare);
    if (value === undefined) {
      unknown = { operator, value: quoted ?? bare };
      continue;
    }
    Object.assign(filters, { [operator]: value });
    rest = rest.replace(typed, '');
  }
  return { filters, rest: rest === text ? text : rest.replace(/\s+/g, ' ').replace(/^ /, ''), unknown };
}

/** @param {Operator} operator @param {string} value @returns {Promise<any>} undefined: nothing */
async function meant(operator, value) {
  const wanted = fold(value);
  if (!wanted) return undefined;
  if (operator === 'has') return PICTURES.includes(wanted) || undefined;
  if (operator === 'label') return value;
  if (operator === 'in') return matchingRooms(value).find(({ name }) => fold(name) === wanted);
  return (await matchingPeople(value)).find((user) => [user.username, user.display_name].some((name) => fold(name) === wanted));
}

/** Those that begin so come first. @param {string} value @returns {Room[]} */
export function matchingRooms(value) {
  const wanted = fold(value);
  const all = [...rooms.value.values()].filter(({ name }) => fold(name).includes(wanted));
  return all.sort((a, b) => Number(fold(b.name).startsWith(wanted)) - Number(fold(a.name).startsWith(wanted)) || Number(b.member) - Number(a.member));
}

/** @param {string} value @returns {Promise<User[]>} */
export async function matchingPeople(value) {
  const wanted = fold(value).replace(/^@/, '');
  if (wanted === 'me' && me.value) return [{ ...me.value, username: 'me' }];
  return findPeople(wanted, 8);
}

/** The question to the server. @param {Filters} filters @param {string} words */
export function asParameters(filters, words) {
  return new URLSearchParams({
    ...(words && { q: words }),
    ...(filters.from && { author: filters.from.id }),
    ...(filters.in && { room: filters.in.id }),
    ...(filters.has && { has: 'picture' }),
    ...(filters.label && { label: filters.label }),
  }).toString();
}
