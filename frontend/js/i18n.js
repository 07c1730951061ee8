// The page's words: each has an id, and stands in every file of frontend/js/lang. Dates, numbers and order by locale.
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { computed, signal } from '@preact/signals';


/** Each has a file in frontend/js/lang; theme-first.js chooses among them. */
export const LANGUAGES = ['en', 'zh-CN'];

const words = signal(new FluentBundle('en'));

/** What the page speaks. Views that call `t` are drawn again when it changes. */
export const language = signal(document.documentElement.lang);

/** With the person's region where the browser knows it: English has its dates in many orders. */
export const locale = computed(() => navigator.languages.find((tag) => isSame(tag, language.value)) ?? language.value);

/**
 * @param {string} id as in frontend/js/lang
 * @param {Record<string, string | number>} [args] what stands in the text between braces
 * @returns {string}
 */
export function t(id, args) {
  const message = words.value.getMessage(id);
  const errors = /** @type {Error[]} */ ([]);
  const text = message?.value ? words.value.formatPattern(message.value, args, errors) : id;
  if (!message?.value || errors.length) console.error('i18n', id, ...errors);
  return text;
}

/** Whether there is such a text. @param {string} id */
export const hasText = (id) => words.value.hasMessage(id);

/**
 * A text with elements in it: `tWith('keys-hint', { key: html`<kbd>Enter</kbd>` })`.
 *
 * @param {string} id
 * @param {Record<string, any>} elements by the names that they have in the text
 * @param {Record<string, string | number>} [args]
 * @returns {any[]} to be put into a template
 */
export function tWith(id, elements, args) {
  const names = Object.keys(elements);
  const marks = names.map((name, n) => [name, String.fromCharCode(0xe000 + n)]); // for private use: no text has them
  return t(id, { ...args, ...Object.fromEntries(marks) })
    .split(/([\ue000-\ue0ff])/)
    .map((part) => (/^[\ue000-\ue0ff]$/.test(part) ? elements[names[part.charCodeAt(0) - 0xe000]] : part));
}

const numbers = computed(() => new Intl.NumberFormat(locale.value));
const percents = computed(() => new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }));

/** @param {number} value */
export const number = (value) => numbers.value.format(value);

/** @param {number} share 0 to 1 */
export const percent = (share) => percents.value.format(share);

/** "Ann, Bob and Chidi". @param {string[]} items */
export const list = (items) => new Intl.ListFormat(locale.value).format(items);

const collator = computed(() => new Intl.Collator(locale.value, { numeric: true }));

/** Names in the order in which people of this language look for them. @param {string} a @param {string} b */
export const compare = (a, b) => collator.value.compare(a, b);

/** Load the words, and speak it from now on. @param {string} wanted one of LANGUAGES @throws when there is no way to them */
export async function speak(wanted) {
  const texts = await Promise.all([wordsOf(wanted), hasLate ? wordsOf(`late/${wanted}`) : '']);
  language.value = wanted;
  document.documentElement.lang = wanted;
  // Isolation marks would keep names from right to left in their place, and break every search for a text.
  const bundle = new FluentBundle(locale.value, { useIsolating: false });
  for (const text of texts) bundle.addResource(new FluentResource(text));
  words.value = bundle;
}

let hasLate = false;

/** The words of what is loaded when it is wanted first: before it is drawn. */
export async function speakMore() {
  if (hasLate) return;
  const text = await wordsOf(`late/${language.value}`);
  words.value.addResource(new FluentResource(text)); // once more is no harm
  hasLate = true;
}

/** @param {string} name of a file, without its ending */
async function wordsOf(name) {
  const answer = await fetch(new URL(`lang/${name}.ftl`, import.meta.url));
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

/** Before the first drawing: without words there is nothing to draw, so it is tried until the server answers. */
export async function speakFirst() {
  while (!(await speak(language.value).then(() => true, () => false))) await new Promise((again) => setTimeout(again, 1000));
}

/** The person's own choice. @param {string} wanted one of LANGUAGES */
export async function chooseLanguage(wanted) {
  if (wanted !== language.value) await speak(wanted);
  localStorage.setItem('roomful.language', wanted);
}

/** The same language in the same script: dates of Taiwan would stand in other characters. @param {string} tag @param {string} other */
function isSame(tag, other) {
  const [a, b] = [tag, other].map((one) => new Intl.Locale(one).maximize());
  return a.language === b.language && a.script === b.script;
}
