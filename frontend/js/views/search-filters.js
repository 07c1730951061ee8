// What a search is narrowed to: chips that can be removed, and buttons for who does not know what to type.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { labelName } from '../label-names.js';
import { Avatar, RoomIcon } from './avatar.js';

/** @typedef {import('../query.js').Filters} Filters */
/** @typedef {keyof Filters} Operator */

/** @param {{filters: Filters, onChange: (kept: Filters) => void}} props */
export function FilterChips({ filters, onChange }) {
  const set = /** @type {Operator[]} */ (Object.keys(filters)).filter((name) => filters[name]);
  if (!set.length) return null;
  return html`
    <ul class="chips">
      ${set.map((name) => html`<li key=${name} class="chip">
        ${drawFilter(name, filters)}
        <button type="button" aria-label=${t('remove-named', { name: nameOf(name, filters) })}
          onClick=${() => onChange({ ...filters, [name]: undefined })}><${Icon} name="close" /></button>
      </li>`)}
    </ul>
  `;
}

/** @param {{filters: Filters, onType: (typed: string) => void, onChange: (filters: Filters) => void}} props */
export const FilterButtons = ({ filters, onType, onChange }) => html`
  <div class="filter-buttons" role="group" aria-label=${t('search-narrow')}>
    ${!filters.from && html`<button type="button" onClick=${() => onType(t('search-type-from'))}><${Icon} name="people" /> ${t('search-from')}</button>`}
    ${!filters.in && html`<button type="button" onClick=${() => onType(t('search-type-in'))}><${Icon} name="hash" /> ${t('search-in')}</button>`}
    ${!filters.has && html`<button type="button" onClick=${() => onChange({ ...filters, has: true })}><${Icon} name="picture" /> ${t('search-has')}</button>`}
    ${!filters.label && html`<button type="button" onClick=${() => onType(t('search-type-label'))}><${Icon} name="search" /> ${t('search-label')}</button>`}
  </div>
`;

/** @param {Operator} name @param {Filters} filters */
const drawFilter = (name, filters) => html`
  ${name === 'from' && filters.from && html`<${Avatar} user=${filters.from} small />`}
  ${name === 'in' && filters.in && html`<${RoomIcon} room=${filters.in} />`}
  ${name === 'has' && html`<${Icon} name="picture" />`}
  ${name === 'label' && html`<${Icon} name="picture" />`}
  <span>${nameOf(name, filters)}</span>
`;

/** @param {Operator} name @param {Filters} filters */
function nameOf(name, filters) {
  if (name === 'from') return filters.from?.display_name ?? '';
  if (name === 'in') return filters.in?.name ?? '';
  return name === 'has' ? t('search-has') : labelName(filters.label ?? '');
}
