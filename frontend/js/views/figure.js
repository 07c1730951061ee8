// What every figure of the statistics has: a title, a word of explanation, its table, and that table as a file.
import { useSignal } from '@preact/signals';

import { download } from '../csv.js';
import { html } from '../html.js';
import { number, t } from '../i18n.js';

/**
 * @typedef {{head: string[], rows: (string | number)[][]}} Numbers
 * @param {{title: string, about: string, file: string, numbers: Numbers, children?: any, class?: string}} props without children, the
 *   table is the figure
 */
export function Figure({ title, about, file, numbers, children, class: extra = '' }) {
  const asTable = useSignal(!children);
  return html`
    <section class="figure ${extra}" aria-label=${title}>
      <header class="figure-head">
        <h2>${title}</h2>
        ${children && html`<button type="button" class="link" aria-pressed=${asTable.value} onClick=${() => (asTable.value = !asTable.value)}>
          ${t(asTable.value ? 'figure-chart' : 'figure-table')}</button>`}
        <button type="button" class="link" onClick=${() => download(file, numbers.head, numbers.rows)}>${t('figure-csv')}</button>
      </header>
      <p class="quiet">${about}</p>
      ${asTable.value ? html`<${Table} title=${title} numbers=${numbers} />` : children}
    </section>
  `;
}

/** @param {{title: string, numbers: Numbers}} props */
const Table = ({ title, numbers }) => html`
  <div class="table-box" tabindex="0" role="region" aria-label=${t('figure-table-of', { title })}>
    <table class="figures">
      <caption class="for-screen-readers">${title}</caption>
      <thead><tr>${numbers.head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${numbers.rows.map(([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map((value) => html`<td>${typeof value === 'number' ? number(value) : value}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>
`;
