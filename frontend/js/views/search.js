// Searching messages; a result opens in its room, among what was said around it.
import { useEffect, useState } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t, tWith } from '../i18n.js';
import { openMessage } from '../route.js';
import { attempt, rooms } from '../state.js';
import { exact, shortTime } from '../times.js';
import { Avatar } from './avatar.js';
import { Dialog } from './dialog.js';
import { closeDialog, drawerOpen } from './layout.js';

/** @typedef {import('../types.js').Message} Message */

const PAUSE = 200; // milliseconds without a key before the server is asked

export function Search() {
  const [words, setWords] = useState('');
  const [found, setFound] = useState(/** @type {{words: string, messages: Message[]} | null} */ (null));
  useEffect(() => {
    if (!words.trim()) return setFound(null);
    let current = true;
    const ask = () =>
      api.get(`/api/search?limit=30&q=${encodeURIComponent(words)}`).then(({ messages }) => current && setFound({ words, messages }));
    const timer = setTimeout(() => attempt(ask()), PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [words]);
  return html`
    <${Dialog} title=${t('search-messages')} onClose=${closeDialog} class="dialog-search">
      <input type="text" role="searchbox" enterkeyhint="search" autocomplete="off" class="search-field" aria-label=${t('search-words')} placeholder=${t('search-hint')}
        maxlength="200" autofocus onInput=${(/** @type {any} */ event) => setWords(event.currentTarget.value)} />
      <p class="for-screen-readers" role="status">${found && t('found', { count: found.messages.length })}</p>
      ${found?.messages.length === 0 && html`<p class="quiet">${t('search-nothing', { words: found.words })}</p>`}
      <ul class="results">
        ${found?.messages.map((message) => html`<${Result} key=${message.id} message=${message} words=${found.words} />`)}
      </ul>
    <//>
  `;
}

/** @param {{message: Message, words: string}} props */
function Result({ message, words }) {
  const open = () => {
    closeDialog();
    drawerOpen.value = false;
    attempt(openMessage(message.id, message));
  };
  return html`
    <li>
      <button type="button" class="result" onClick=${open}>
        <${Avatar} user=${message.author} small />
        <span class="result-body">
          <span class="result-head">
            ${tWith('search-where', { name: html`<strong>${message.author.display_name}</strong>`, room: rooms.value.get(message.room)?.name })}
            <time datetime=${message.created_at} title=${exact(message.created_at)}>${shortTime(message.created_at)}</time>
          </span>
          <span class="result-text">${highlight(message.text ?? '', words)}</span>
        </span>
      </button>
    </li>
  `;
}

/** The text from shortly before the first find, with the finds marked. @param {string} text @param {string} words */
function highlight(text, words) {
  const needle = words.trim().toLowerCase();
  const first = text.toLowerCase().indexOf(needle);
  const shown = first > 60 ? `…${text.slice(first - 40)}` : text;
  if (first < 0) return shown;
  const parts = shown.split(new RegExp(`(${needle.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`, 'i'));
  return parts.map((part) => (part.toLowerCase() === needle ? html`<mark>${part}</mark>` : part));
}
