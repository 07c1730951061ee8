// A field that completes people's names, and holds those who are chosen.
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { findPeople } from '../people.js';
import { attempt } from '../state.js';
import { Avatar, BotBadge } from './avatar.js';
import { useChoosing } from './choosing.js';

/** @typedef {import('../types.js').User} User */

const PAUSE = 120; // milliseconds without a key before the server is asked

/** @param {{label: string, chosen: User[], onChange: (chosen: User[]) => void, except: string[], most?: number}} props
 * `except`: ids of people who are not offered */
export function PeoplePicker({ label, chosen, onChange, except, most = 50 }) {
  const [words, setWords] = useState('');
  const found = useFound(words);
  const gone = new Set([...except, ...chosen.map(({ id }) => id)]);
  const offered = chosen.length < most ? (found ?? []).filter(({ id }) => !gone.has(id)) : [];
  const choosing = useChoosing(offered, (person) => {
    onChange([...chosen, person]);
    setWords('');
  });
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (choosing.onKeyDown(event)) return;
    if (event.key === 'Enter' && words) event.preventDefault(); // half a name is nobody
    if (event.key === 'Backspace' && !words && chosen.length) onChange(chosen.slice(0, -1));
  };
  const onInput = (/** @type {any} */ event) => {
    setWords(event.currentTarget.value);
    choosing.first();
  };
  return html`
    <div class="picker-people">
      ${chosen.length > 0 && html`<ul class="chosen-people">
        ${chosen.map((person) => html`<li key=${person.id}>
          <${Avatar} user=${person} small /> ${person.display_name}
          <button type="button" aria-label=${t('remove-named', { name: person.display_name })}
            onClick=${() => onChange(chosen.filter(({ id }) => id !== person.id))}><${Icon} name="close" /></button>
        </li>`)}
      </ul>`}
      <input type="text" class="search-field" aria-label=${label} placeholder=${t('people-picker-hint')} autocomplete="off" maxlength="80" autofocus
        value=${words} disabled=${chosen.length >= most} onInput=${onInput} onKeyDown=${onKeyDown} ...${choosing.field} />
      ${choosing.list({ name: t('people-picker-found'), class: 'people-found', draw: drawPerson })}
      ${found && words && offered.length === 0 && html`<p class="quiet" role="status">${t('people-picker-nobody')}</p>`}
    </div>
  `;
}

/** @param {import('../types.js').Member} person */
const drawPerson = (person) => html`
  <span class="with-presence"><${Avatar} user=${person} small /></span>
  <strong>${person.display_name}</strong><${BotBadge} user=${person} />
  ${person.username !== person.display_name && html`<small>@${person.username}</small>`}
`;

/** @param {string} words @returns {import('../types.js').Member[] | null} */
function useFound(words) {
  const [found, setFound] = useState(/** @type {import('../types.js').Member[] | null} */ (null));
  useEffect(() => {
    let current = true;
    const ask = () => findPeople(words).then((people) => current && setFound(people));
    const timer = setTimeout(() => attempt(ask()), words ? PAUSE : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [words]);
  return found;
}
