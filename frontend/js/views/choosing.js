// One of several by the arrow keys, while one goes on writing: what ARIA calls a combobox and its list.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { html } from '../html.js';

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => void} onChoose
 * @param {{open?: boolean, keys?: string[]}} [options] `keys` that choose
 */
export function useChoosing(items, onChoose, { open = true, keys = ['Enter'] } = {}) {
  const [wanted, setAt] = useState(0);
  const id = useId();
  const at = Math.min(wanted, items.length - 1);
  const isOpen = open && items.length > 0;
  const move = (/** @type {number} */ by) => setAt((at + by + items.length) % items.length);
  /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the list */
  const onKeyDown = (event) => {
    if (!isOpen || event.isComposing) return false;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (keys.includes(event.key) && !event.shiftKey) onChoose(items[at]);
    else return false;
    event.preventDefault();
    return true;
  };
  return {
    first: () => setAt(0),
    onKeyDown,
    field: {
      'role': 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': isOpen,
      'aria-controls': isOpen ? id : undefined,
      'aria-activedescendant': isOpen ? `${id}-${at}` : undefined,
    },
    /** @param {{name: string, class: string, draw: (item: T) => any}} props */
    list: ({ name, class: extra, draw }) =>
      isOpen &&
      html`<ul role="listbox" id=${id} aria-label=${name} class="choosing ${extra}">
        ${items.map((item, n) => html`<${Option} key=${n} id="${id}-${n}" chosen=${n === at} onChoose=${() => onChoose(item)}>${draw(item)}<//>`)}
      </ul>`,
  };
}

/** @param {{id: string, chosen: boolean, onChoose: () => void, children?: any}} props */
function Option({ id, chosen, onChoose, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => void (chosen && box.current?.scrollIntoView({ block: 'nearest' })), [chosen]);
  const choose = (/** @type {Event} */ event) => {
    event.preventDefault(); // the field keeps the focus
    onChoose();
  };
  return html`<li role="option" id=${id} ref=${box} aria-selected=${chosen} onPointerDown=${choose}>${children}</li>`;
}
