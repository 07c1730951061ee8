// Blocks of code in a message: coloured, where their language is said, and to be copied.
import { t } from '../i18n.js';
import { attempt, notify } from '../state.js';
import { purified } from '../text.js';

/** @typedef {{getLanguage: (name: string) => unknown, highlight: (text: string, options: {language: string}) => {value: string}}} Highlighter */

// Loaded when somebody shows code first, and not looked into by the type checker.
const HIGHLIGHTER = new URL('../../vendor/highlight.js', import.meta.url).pathname;

/** @type {Promise<Highlighter> | undefined} */
let loading;

/** @param {HTMLElement | DocumentFragment} text as it was rendered; its blocks get a button each, and their colours when these are at hand */
export function furnishCode(text) {
  for (const block of text.querySelectorAll('pre')) {
    if (block.parentElement?.className === 'code') continue; // two who loaded this came one after the other
    const code = block.querySelector('code');
    const language = /^language-(.+)$/.exec(code?.className ?? '')?.[1];
    if (code && language) colour(code, language);
    const frame = document.createElement('div');
    frame.className = 'code';
    block.replaceWith(frame);
    frame.append(block, copyButton(block));
  }
}

/** @param {HTMLElement} block */
function copyButton(block) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'code-copy';
  button.textContent = t('code-copy');
  button.setAttribute('aria-label', t('code-copy-this'));
  button.addEventListener('click', () => attempt(copy(block.textContent?.replace(/\n$/, '') ?? '')));
  return button;
}

/** @param {string} code */
async function copy(code) {
  await navigator.clipboard.writeText(code);
  notify(t('code-copied'));
}

/** What cannot be coloured stays as it is. @param {HTMLElement} code @param {string} language */
async function colour(code, language) {
  try {
    loading ??= import(HIGHLIGHTER).then((module) => module.default);
    const highlighter = await loading;
    if (!highlighter.getLanguage(language)) return;
    code.replaceChildren(purified(highlighter.highlight(code.textContent ?? '', { language }).value));
  } catch {
    loading = undefined;
  }
}
