// Searching messages: words and filters, and what they find; a result opens in its room, among what was said around it.
import { useEffect, useRef, useState } from 'preact/hooks';

import { wordsOf } from '../folding.js';
import { useFound } from '../found.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { asParameters, plainWords, takeFilters } from '../query.js';
import { useChoosing } from './choosing.js';
import { Dialog } from './dialog.js';
import { closeDialog } from './layout.js';
import { Results } from './results.js';
import { FilterButtons, FilterChips } from './search-filters.js';
import { drawSuggestion, useSuggestions } from './search-suggestions.js';
import { sheet } from './sheets.js';

await sheet('css/search.css');

/** @typedef {import('../query.js').Filters} Filters */

export function Search() {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [text, setText] = useState('');
  const [filters, setFilters] = useState(/** @type {Filters} */ ({}));
  const [unknown, setUnknown] = useState(/** @type {{operator: string, value: string} | null} */ (null));
  const { typing, suggestions } = useSuggestions(text);
  const words = plainWords(text);
  const { found, more } = useFound(asParameters(filters, words));
  /** @param {Filters} more @param {string} rest */
  const narrow = (more, rest) => {
    setFilters((kept) => ({ ...kept, ...more }));
    setText(rest);
    field.current?.focus();
  };
  const choosing = useChoosing(suggestions, ({ filter }) => typing && narrow(filter, text.slice(0, typing.start)), { keys: ['Enter', 'Tab'] });
  useEffect(() => {
    let current = true;
    takeFilters(text).then(
      ({ filters: typed, rest, unknown }) => {
        if (!current) return;
        setUnknown(unknown);
        if (rest !== text) narrow(typed, rest);
      },
      () => undefined, // whom it means is asked again with the next key
    );
    return () => void (current = false);
  }, [text]);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (choosing.onKeyDown(event)) return;
    if (event.key === 'Backspace' && !text) setFilters(withoutLast(filters));
    if (event.key === 'ArrowDown') focusFirst(event);
  };
  const onInput = (/** @type {any} */ event) => {
    setText(event.currentTarget.value);
    choosing.first();
  };
  return html`
    <${Dialog} title=${t('search-messages')} onClose=${closeDialog} class="dialog-search">
      <div class="search-box">
        <${Icon} name="search" />
        <${FilterChips} filters=${filters} onChange=${(/** @type {Filters} */ kept) => (setFilters(kept), field.current?.focus())} />
        <input type="text" enterkeyhint="search" autocomplete="off" spellcheck=${false} ref=${field} autofocus maxlength="200"
          aria-label=${t('search-words')} placeholder=${t('search-hint')} value=${text} onInput=${onInput} onKeyDown=${onKeyDown} ...${choosing.field} />
      </div>
      <${FilterButtons} filters=${filters} onType=${(/** @type {string} */ typed) => narrow({}, `${text.trim()} ${typed}`.trimStart())}
        onChange=${setFilters} />
      ${choosing.list({ name: t('search-suggestions'), class: 'search-suggestions', draw: drawSuggestion })}
      ${unknown && html`<p class="quiet" role="status">${t(`search-unknown-${unknown.operator}`, { value: unknown.value })}</p>`}
      ${!choosing.field['aria-expanded'] && html`<${Results} found=${found} words=${wordsOf(words)} onMore=${more} />`}
    <//>
  `;
}

/** @param {Filters} filters @returns {Filters} */
const withoutLast = (filters) => Object.fromEntries(Object.entries(filters).filter(([, value]) => value).slice(0, -1));

/** From the field down to the results. @param {KeyboardEvent} event */
function focusFirst(event) {
  const first = /** @type {HTMLElement | null} */ (document.querySelector('.results .result'));
  if (!first) return;
  event.preventDefault();
  first.focus();
}
