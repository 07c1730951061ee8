// What a search has found.
import { findWords } from '../folding.js';
import { markInRoom } from '../found.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { openMessage } from '../route.js';
import { attempt, rooms } from '../state.js';
import { plain } from '../text.js';
import { exact, shortTime } from '../times.js';
import { Avatar, RoomIcon } from './avatar.js';
import { Small } from './blurred.js';
import { closeDialog, drawerOpen } from './layout.js';

/** @typedef {import('../types.js').Message} Message */

const BEFORE = 40; // characters that are shown before the first find

/** @param {{found: import('../found.js').Found, words: string[], onMore: () => void}} props */
export function Results({ found, words, onMore }) {
  const { of, messages, next, busy, problem } = found;
  if (problem) {
    return html`<div class="search-state" role="alert"><p>${problem}</p>
      <button type="button" class="button" onClick=${onMore}>${t('try-again')}</button></div>`;
  }
  if (!of || (busy && !messages.length)) return html`<p class="search-state quiet" role="status">${busy ? t('search-busy') : t('search-empty')}</p>`;
  return html`
    <p class=${messages.length ? 'for-screen-readers' : 'search-state quiet'} role="status">
      ${messages.length || next ? t('search-found', { count: messages.length }) : t('search-nothing')}</p>
    <ul class="results" aria-busy=${busy} onKeyDown=${moveFocus}>
      ${messages.map((message) => html`<${Result} key=${message.id} message=${message} words=${words} />`)}
    </ul>
    ${next && html`<button type="button" class="button search-more" disabled=${busy} onClick=${onMore}>
      ${messages.length ? t('search-more') : t('search-further')}</button>`}
  `;
}

/** @param {{message: Message, words: string[]}} props */
function Result({ message, words }) {
  const room = rooms.value.get(message.room);
  const open = () => {
    closeDialog();
    drawerOpen.value = false;
    attempt(openMessage(message.id, message).then(() => markInRoom(message.id, words)));
  };
  return html`
    <li>
      <button type="button" class="result" onClick=${open}>
        <${Avatar} user=${message.author} small />
        <span class="result-body">
          <span class="result-head">
            <strong>${message.author.display_name}</strong>
            ${room && html`<span class="result-room"><${RoomIcon} room=${room} />${room.name}</span>`}
            <time datetime=${message.created_at} title=${exact(message.created_at)}>${shortTime(message.created_at)}</time>
          </span>
          ${message.text && html`<span class="result-text"><${Marked} text=${message.text} words=${words} /></span>`}
        </span>
        <${Small} message=${message} side=${56} alt=${t('a-picture')} />
      </button>
    </li>
  `;
}

/** @param {{text: string, words: string[]}} props */
function Marked({ text, words }) {
  const read = plain(text);
  const shown = excerpt(findWords(read, words).length ? read : words.length ? text : read, words); // it may be in the address of a link
  const parts = [];
  let at = 0;
  for (const [from, to] of findWords(shown, words)) {
    parts.push(shown.slice(at, from), html`<mark>${shown.slice(from, to)}</mark>`);
    at = to;
  }
  return html`${parts}${shown.slice(at)}`;
}

/** From shortly before the first find, where there is a blank. @param {string} text @param {string[]} words */
function excerpt(text, words) {
  const first = findWords(text, words)[0]?.[0] ?? 0;
  if (first < 1.5 * BEFORE) return text;
  const blank = text.indexOf(' ', first - BEFORE) + 1;
  const begin = blank && blank <= first ? blank : first - BEFORE;
  return `…${text.slice(begin).replace(/^[\udc00-\udfff]/, '')}`;
}

/** Arrows lead from result to result. @param {KeyboardEvent} event */
function moveFocus(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.results .result')]);
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (!by || at < 0) return;
  event.preventDefault();
  if (at + by < 0) /** @type {HTMLElement | null} */ (document.querySelector('.search-box input'))?.focus();
  else all[at + by]?.focus();
}
