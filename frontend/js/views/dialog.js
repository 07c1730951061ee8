// The browser's own dialog: focus stays inside, Esc closes, and focus returns to where it was.
import { useEffect, useId, useRef } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../icons.js';

/** @param {{title: string, onClose: () => void, children: any, class?: string}} props */
export function Dialog({ title, onClose, children, class: extra = '' }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const own = dialog.current;
    const returnTo = /** @type {HTMLElement | null} */ (document.activeElement);
    own?.showModal();
    return () => {
      const now = document.activeElement; // what the dialog led to may have it already
      if (!now || now === document.body || own?.contains(now)) returnTo?.focus?.();
    };
  }, []);
  const closeOnBackdrop = (/** @type {MouseEvent} */ event) => event.target === dialog.current && onClose();
  return html`
    <dialog class="dialog ${extra}" ref=${dialog} aria-labelledby=${id} onClose=${onClose} onMouseDown=${closeOnBackdrop}>
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id=${id}>${title}</h2>
          <${IconButton} icon="close" name=${t('close')} onClick=${onClose} />
        </header>
        ${children}
      </div>
    </dialog>
  `;
}

/** A question with two answers. @param {{title: string, text: string, yes: string, onYes: () => void,
 * onClose: () => void}} props */
export function Confirm({ title, text, yes, onYes, onClose }) {
  const agree = () => {
    onClose();
    onYes();
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose} class="dialog-small">
      <p>${text}</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>${t('cancel')}</button>
        <button type="button" class="button button-danger" onClick=${agree}>${yes}</button>
      </div>
    <//>
  `;
}
