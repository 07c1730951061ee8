// Where one writes: text, pictures, and what they answer.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { release, toSend } from '../chosen.js';
import { keepDraft, loadDraft } from '../drafts.js';
import { html } from '../html.js';
import { t, tWith } from '../i18n.js';
import { Icon, IconButton } from '../icons.js';
import { tellTyping } from '../news.js';
import { send } from '../outbox.js';
import { arrivals, logs, me } from '../state.js';
import { plain } from '../text.js';
import { useCompletion } from './completion.js';
import { fitHeight, isSendKey } from './keys.js';
import { InDialog, InLine, later } from './later.js';
import { editing, isTouch, replying } from './layout.js';

const Chips = later(() => import('./chips.js'), 'Chips', InLine);
const Picker = later(() => import('./picker.js'), 'Picker', InDialog);

const LONGEST = 10_000; // characters, as on the server

/** @typedef {import('../types.js').Attachment} Attachment */

/** @param {{room: import('../types.js').Room, onFiles: (files: File[]) => void,
 *   attachments: import('@preact/signals').Signal<Attachment[]>, preparing: number}} props `preparing`: how many more
 *   pictures are about to come; they are waited for */
export function Composer({ room, attachments, preparing, onFiles }) {
  const user = me.value?.id ?? '';
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [text, setText] = useState(() => loadDraft(user, room.id));
  const write = (/** @type {string} */ words) => {
    setText(words);
    keepDraft(user, room.id, words);
  };
  const completion = useCompletion(field, text, write);
  useLayoutEffect(() => void (field.current && fitHeight(field.current)), [text]);
  useEffect(() => void (isTouch() || field.current?.focus()), [room.id, replying.value, attachments.value.length, arrivals.value]);

  const isReady = preparing === 0 && (text.trim() || attachments.value.length > 0) && text.length <= LONGEST;
  const submit = () => {
    if (!isReady) return;
    send(room.id, text.trim(), replying.value?.id ?? null, attachments.value.map(toSend));
    for (const picture of attachments.value) release(picture, toSend(picture));
    attachments.value = [];
    replying.value = null;
    write('');
    field.current?.focus();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (completion.onKeyDown(event)) return;
    if (event.key === 'Escape') replying.value = null;
    if (event.key === 'ArrowUp' && !text && editLast(room.id)) event.preventDefault();
    if (!isSendKey(event)) return;
    event.preventDefault();
    submit();
  };
  const onInput = (/** @type {any} */ event) => {
    write(event.currentTarget.value);
    completion.follow();
    if (event.currentTarget.value) tellTyping(room.id);
  };
  const insert = (/** @type {string} */ emoji) => {
    const { current } = field;
    if (!current) return;
    current.focus();
    current.setRangeText(emoji, current.selectionStart, current.selectionEnd, 'end');
    write(current.value);
  };
  return html`
    <form class="composer" aria-label=${t('composer')} onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), submit())}>
      <${Replying} />
      ${(attachments.value.length > 0 || preparing > 0) && html`<${Chips} attachments=${attachments} preparing=${preparing} />`}
      ${completion.list()}
      <div class="composer-line">
        <${AttachButton} onFiles=${onFiles} />
        <textarea id="composer" ref=${field} rows="1" placeholder=${t('composer-placeholder', { room: room.name })} aria-label=${t('composer-placeholder', { room: room.name })}
          value=${text} onInput=${onInput} onKeyDown=${onKeyDown} onSelect=${completion.follow} ...${completion.field}
          enterkeyhint=${isTouch() ? 'enter' : 'send'}></textarea>
        <${EmojiButton} onPick=${insert} />
        <button class="send-button" aria-label=${t('composer-send')} title=${t('composer-send')} disabled=${!isReady}><${Icon} name="send" /></button>
      </div>
      ${text.length > LONGEST && html`<p class="field-problem" role="alert">${t('composer-too-long', { count: text.length - LONGEST })}</p>`}
    </form>
  `;
}

/** @param {{onFiles: (files: File[]) => void}} props */
function AttachButton({ onFiles }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const onChange = (/** @type {any} */ event) => {
    onFiles([...event.currentTarget.files]);
    event.currentTarget.value = ''; // the same file may be chosen again
  };
  return html`
    <input type="file" ref=${input} multiple accept="image/*,.heic,.heif,.avif" hidden onChange=${onChange} />
    <${IconButton} icon="picture" name=${t('composer-attach')} onClick=${() => input.current?.click()} />
  `;
}

/** @param {{onPick: (emoji: string) => void}} props */
function EmojiButton({ onPick }) {
  const [open, setOpen] = useState(false);
  const pick = (/** @type {string} */ emoji) => {
    setOpen(false);
    onPick(emoji);
  };
  return html`
    <div class="emoji-button">
      <${IconButton} icon="smile" name=${t('composer-emoji')} aria-expanded=${open} onClick=${() => setOpen(!open)} />
      ${open && html`<${Picker} onPick=${pick} onClose=${() => setOpen(false)} />`}
    </div>
  `;
}

function Replying() {
  const message = replying.value;
  return message && html`
    <p class="replying">
      <${Icon} name="reply" />
      <span>${tWith('composer-replying', { name: html`<strong>${message.author.display_name}</strong>` })} ${message.text ? plain(message.text) : t('a-picture')}</span>
      <${IconButton} icon="close" name=${t('composer-no-reply')} onClick=${() => (replying.value = null)} />
    </p>
  `;
}

/** @param {string} room @returns {boolean} whether there is a message of mine to edit */
function editLast(room) {
  const messages = logs.get(room)?.window.value.messages ?? [];
  const last = messages.findLast(({ author, text, deleted_at }) => author.id === me.value?.id && text && !deleted_at);
  if (last) editing.value = last.id;
  return Boolean(last);
}
