// A small set of emoji to react with.
import { useLayoutEffect, useRef } from 'preact/hooks';

import { html } from '../html.js';

const EMOJI = [
  ['👍', 'thumbs up'], ['❤️', 'heart'], ['😂', 'laughing'], ['🎉', 'party'], ['😮', 'surprised'], ['😢', 'sad'],
  ['🙏', 'thanks'], ['👏', 'applause'], ['🔥', 'fire'], ['👀', 'eyes'], ['💯', 'hundred'], ['✅', 'done'],
  ['😀', 'smiling'], ['😍', 'in love'], ['🤔', 'thinking'], ['😎', 'cool'], ['🙌', 'hands up'], ['💡', 'idea'],
  ['🚀', 'rocket'], ['☕', 'coffee'], ['🐱', 'cat'], ['🐶', 'dog'], ['🌞', 'sun'], ['👎', 'thumbs down'],
];
export const QUICK = EMOJI.slice(0, 3);

/** @param {{onPick: (emoji: string) => void, onClose: () => void}} props */
export function Picker({ onPick, onClose }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const { current } = box;
    const edge = current?.closest('.timeline')?.getBoundingClientRect().bottom ?? innerHeight;
    current?.classList.toggle('is-above', current.getBoundingClientRect().bottom > edge);
    current?.querySelector('button')?.focus({ preventScroll: true });
    const closeOutside = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) onClose();
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, []);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && onClose();
  return html`
    <div class="picker" role="group" aria-label="Emoji" ref=${box} onKeyDown=${onKeyDown}>
      ${EMOJI.map(([emoji, name]) => html`
        <button type="button" aria-label=${name} title=${name} onClick=${() => onPick(emoji)}>${emoji}</button>
      `)}
    </div>
  `;
}
