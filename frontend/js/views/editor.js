// Editing a message where it stands.
import { useLayoutEffect, useRef } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt, logs } from '../state.js';
import { fitHeight, isSendKey } from './keys.js';

/** @param {{message: import('../types.js').Message, onClose: () => void}} props */
export function Editor({ message, onClose }) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useLayoutEffect(() => {
    const { current } = field;
    if (!current) return;
    fitHeight(current);
    current.focus();
    current.setSelectionRange(current.value.length, current.value.length);
  }, []);
  const close = () => {
    onClose();
    document.getElementById('composer')?.focus();
  };
  const save = async () => {
    const text = field.current?.value.trim() ?? '';
    if (text && text !== message.text) {
      const changed = await api.patch(`/api/messages/${message.id}`, { text });
      const log = logs.get(message.room);
      log?.put(changed, log.seq);
    }
    close();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') close();
    if (!isSendKey(event)) return;
    event.preventDefault();
    attempt(save());
  };
  return html`
    <div class="editor">
      <textarea ref=${field} aria-label=${t('editor')} maxlength="10000" rows="1" onKeyDown=${onKeyDown}
        onInput=${(/** @type {any} */ event) => fitHeight(event.currentTarget)}>${message.text}</textarea>
      <p>
        <button type="button" class="button" onClick=${close}>${t('cancel')}</button>
        <button type="button" class="button button-main" onClick=${() => attempt(save())}>${t('save')}</button>
      </p>
    </div>
  `;
}
