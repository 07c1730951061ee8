// What labels of pictures are called in the page's language. Everything else says them in English, as the server does; the
// names (chat/lang/labels) are loaded when the first label is drawn. Until they are there, it stands in English.
import { computed, signal } from '@preact/signals';

import { language, LANGUAGES } from './i18n.js';

/** @typedef {[label: string, name: string][]} Names */

/** By language. @type {import('@preact/signals').Signal<Map<string, Names>>} */
const loaded = signal(new Map());

/** Languages that are on their way, or there. @type {Set<string>} */
const asked = new Set();

/** By the label in lower case; another map whenever a label may be called otherwise. */
export const names = computed(() => new Map((loaded.value.get(language.value) ?? []).map(([label, name]) => [label.toLowerCase(), name])));

/** @param {string} label */
export function labelName(label) {
  load(language.value);
  return names.value.get(label.toLowerCase()) ?? label;
}

/** The label that is called so; what is no label's name, as it is. @param {string} name */
export const labelCalled = (name) => loaded.value.get(language.value)?.find(([, one]) => one.toLowerCase() === name.toLowerCase())?.[0] ?? name;

/** Why something was done; where a bot did it, `lynx (72%)`. @param {string} reason */
export const reasonWithName = (reason) => reason.replace(/^.+(?= \(\d+%\)$)/, (label) => labelName(label));

/** @param {string} spoken */
async function load(spoken) {
  if (spoken === LANGUAGES[0] || asked.has(spoken)) return;
  asked.add(spoken);
  try {
    const answer = await fetch(new URL(`../labels/${spoken}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`${answer.status}`);
    loaded.value = new Map(loaded.value).set(spoken, Object.entries(await answer.json()));
  } catch {
    asked.delete(spoken); // and again with the next label
  }
}
