// Choosing an emoji: the common ones at once, all others below them or by a word.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { COMMON, common, findEmoji, loadEmoji } from '../emoji.js';
import { html } from '../html.js';
import { t } from '../i18n.js';

/** @typedef {import('../emoji.js').Emoji} Emoji */

const MOST = 48; // that a word finds

/** @param {{onPick: (emoji: string) => void, onClose: () => void}} props */
export function Picker({ onPick, onClose }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [words, setWords] = useState('');
  const [groups, setGroups] = useState(/** @type {{name: string, emoji: Emoji[]}[]} */ ([]));
  useEffect(() => void loadEmoji().then(setGroups, () => undefined), []);
  useLayoutEffect(() => stayInside(/** @type {HTMLElement} */ (box.current), onClose), []);
  const found = words.trim() ? findEmoji(groups.flatMap(({ emoji }) => emoji), words.trim(), MOST) : null;
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Enter' || !found?.length || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    onPick(found[0].emoji);
  };
  const shown = found ? [{ name: t('found', { count: found.length }), emoji: found }] : [{ name: t('picker-often'), emoji: common() }, ...groups.map(rest)];
  return html`
    <div class="picker" role="group" aria-label=${t('picker')} ref=${box} onKeyDown=${onKeyDown}>
      <input type="text" class="picker-search" aria-label=${t('picker-find')} placeholder=${t('picker-find')} autocomplete="off" maxlength="40"
        value=${words} onInput=${(/** @type {any} */ event) => setWords(event.currentTarget.value)} />
      <div class="picker-groups" tabindex="-1">
        ${shown.map(({ name, emoji }) => html`<${Group} key=${name} name=${name} emoji=${emoji} onPick=${onPick} />`)}
        ${found?.length === 0 && html`<p class="quiet" role="status">${t('picker-nothing')}</p>`}
      </div>
    </div>
  `;
}

const often = new Set(COMMON);

/** @param {{name: string, emoji: Emoji[]}} group */
const rest = ({ name, emoji }) => ({ name, emoji: emoji.filter((one) => !often.has(one.emoji)) });

/** @param {{name: string, emoji: Emoji[], onPick: (emoji: string) => void}} props */
const Group = ({ name, emoji, onPick }) => emoji.length > 0 && html`
  <section class="picker-group" aria-label=${name}>
    <p aria-hidden="true">${name}</p>
    ${emoji.map((one) => html`
      <button type="button" aria-label=${one.label} title=${one.names.length ? `:${one.names[0]}:` : one.label} onClick=${() => onPick(one.emoji)}>${one.emoji}</button>
    `)}
  </section>
`;

/** Where there is room for it; who points elsewhere closes it. @param {HTMLElement} box @param {() => void} onClose */
function stayInside(box, onClose) {
  const edge = box.closest('.timeline')?.getBoundingClientRect().bottom ?? innerHeight;
  box.classList.toggle('is-above', box.getBoundingClientRect().bottom > edge);
  box.querySelector('input')?.focus({ preventScroll: true });
  const closeOutside = (/** @type {Event} */ event) => {
    if (!box.contains(/** @type {Node} */ (event.target))) onClose();
  };
  document.addEventListener('pointerdown', closeOutside);
  return () => document.removeEventListener('pointerdown', closeOutside);
}
