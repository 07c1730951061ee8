// A heat matrix: a table whose cells are tinted by one hue, light to dark, with the share written into each.
import { useSignal } from '@preact/signals';

import { download } from '../csv.js';
import { html } from '../html.js';
import { percent, t } from '../i18n.js';
import { called } from './called.js';

const STEPS = 9; // tints; stats.css has a colour for each, and for what is written on it

/**
 * @param {{title: string, about: string, file: string, first: string, heat: import('../types.js').Heat,
 *   onRow?: (row: {room?: string | null, name: string}) => void}} props `first`: what the rows are
 */
export function Heat({ title, about, file, first, heat, onRow }) {
  const sorting = useSignal(/** @type {number | null} */ (null));
  const order = heat.rows.map((_, n) => n);
  const by = sorting.value;
  if (by !== null) order.sort((a, b) => heat.matrix[b][by] - heat.matrix[a][by]);
  const names = heat.columns.map(({ segment, name }) => called(segment, name));
  const save = () =>
    download(file, [first, ...names, ...names.map((name) => t('heat-often', { name }))],
      order.map((n) => [called(heat.rows[n].room, heat.rows[n].name), ...heat.matrix[n].map((share) => share.toFixed(4)), ...heat.counts[n]]));
  const sort = (/** @type {number} */ column) => (sorting.value = by === column ? null : column);
  return html`
    <section class="figure" aria-label=${title}>
      <header class="figure-head">
        <h2>${title}</h2>
        <button type="button" class="link" onClick=${save}>${t('figure-csv')}</button>
      </header>
      <p class="quiet">${about}</p>
      <div class="table-box heat-box" tabindex="0" role="region" aria-label=${t('figure-table-of', { title })}>
        <table class="heat">
          <caption class="for-screen-readers">${title}. ${about}</caption>
          <thead><tr>
            <th scope="col">${first}</th>
            ${names.map((name, column) => html`<th scope="col" aria-sort=${by === column ? 'descending' : undefined}>
              <button type="button" onClick=${() => sort(column)} title=${t('heat-sort', { name })}>${name}</button></th>`)}
          </tr></thead>
          <tbody>
            ${order.map((n) => html`<tr key=${n}>
              <th scope="row">${heat.rows[n].room && onRow
                ? html`<button type="button" class="link" onClick=${() => onRow(heat.rows[n])}>${heat.rows[n].name}</button>`
                : called(heat.rows[n].room, heat.rows[n].name)}</th>
              ${heat.matrix[n].map((share, column) => html`<td data-tint=${tint(share)} title=${t('heat-times', { count: heat.counts[n][column] })}>${percent(share)}</td>`)}
            </tr>`)}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

/** @param {number} share 0 to 1 */
const tint = (share) => Math.min(STEPS - 1, Math.floor(share * STEPS));
