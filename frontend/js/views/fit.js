// For admins: a new fit of the segments, first as a trial; for moderators: one that waits for them.
import { useSignal } from '@preact/signals';

import * as api from '../api.js';
import { html } from '../html.js';
import { percent, t } from '../i18n.js';
import { attempt, me } from '../state.js';

/** @typedef {import('../types.js').Run} Run */

const LONG = 300; // seconds after which a run is not waited for any more

/** @param {{waiting: Run | null, names: Map<string, string>, onDone: () => void}} props */
export function Fit({ waiting, names, onDone }) {
  const k = useSignal('auto');
  const busy = useSignal(false);
  const trial = useSignal(/** @type {Run | null} */ (null));
  const problem = useSignal('');
  const run = async (/** @type {() => Promise<any>} */ work) => {
    busy.value = true;
    problem.value = '';
    try {
      const done = await ended(await work());
      trial.value = done.state === 'proposed' ? done : null;
      if (done.state !== 'proposed') onDone();
    } catch (error) {
      problem.value = /** @type {Error} */ (error).message;
    }
    busy.value = false;
  };
  const wanted = () => (k.value === 'auto' ? 'auto' : Number(k.value));
  const fit = (/** @type {boolean} */ dry) => run(() => api.post('/api/segments/fit', { dry_run: dry, k: wanted() }));
  return html`
    ${waiting && html`<section class="waiting" aria-label=${t('fit-waits')}>
      <p><strong>${t('fit-waits-about', { share: percent(waiting.moved) })}</strong></p>
      <${Difference} run=${waiting} names=${names} />
      <button type="button" class="button button-main" disabled=${busy.value}
        onClick=${() => run(() => api.post(`/api/segments/runs/${waiting.run}/apply`))}>${t('fit-apply-it')}</button>
    </section>`}
    ${me.value?.role === 'admin' && html`<section class="figure" aria-label=${t('fit')}>
      <header class="figure-head"><h2>${t('fit')}</h2></header>
      <div class="fit-row">
        <label>${t('segments')}
          <select value=${k.value} onChange=${(/** @type {any} */ event) => (k.value = event.currentTarget.value)}>
            <option value="auto">${t('fit-auto')}</option>
            ${[2, 3, 4, 5, 6, 7, 8].map((number) => html`<option value=${number}>${number}</option>`)}
          </select>
        </label>
        <button type="button" class="button" disabled=${busy.value} onClick=${() => attempt(fit(true))}>${t(busy.value ? 'fit-busy' : 'fit-try')}</button>
        ${trial.value && html`<button type="button" class="button button-main" disabled=${busy.value} onClick=${() => attempt(fit(false))}>${t('fit-apply')}</button>`}
      </div>
      ${problem.value && html`<p class="field-problem" role="alert">${problem.value}</p>`}
      ${trial.value && html`<div role="status"><p>${t('fit-trial', { share: percent(trial.value.moved), silhouette: trial.value.silhouette.toFixed(2) })}</p>
        <${Difference} run=${trial.value} names=${names} /></div>`}
    </section>`}
  `;
}

/** What a run would change. @param {{run: Run, names: Map<string, string>}} props */
const Difference = ({ run, names }) => html`
  <div class="table-box" tabindex="0" role="region" aria-label=${t('fit-difference')}>
    <table class="figures">
      <thead><tr><th scope="col">${t('segment')}</th><th scope="col">${t('people')}</th><th scope="col">${t('fit-before')}</th></tr></thead>
      <tbody>${run.segments.map(({ name, size, before }) => html`<tr><th scope="row">${name}</th><td>${size}</td><td>${before ?? t('fit-few')}</td></tr>`)}</tbody>
    </table>
  </div>
  ${run.flows.length > 0 && html`<p class="quiet">${flowsOf(run.flows, withNew(names, run)).map(([from, to, people]) => t('fit-flow', { people, from, to })).join(' · ')}</p>`}
`;

/** @param {Map<string, string>} names @param {Run} run */
const withNew = (names, run) => new Map([...names, ...run.segments.map(({ id, name }) => /** @type {[string, string]} */ ([String(id), name]))]);

/**
 * @param {import('../types.js').Flow[]} flows
 * @param {Map<string, string>} names of segments
 * @returns {[string, string, number][]} from, to, people
 */
export function flowsOf(flows, names) {
  const name = (/** @type {string | null} */ id) => (id === null ? t('fit-none') : (names.get(id) ?? t(id === 'others' ? 'others' : 'fit-earlier')));
  return flows.map(({ from, to, people }) => [name(from), name(to), people]);
}

/** A run that takes long is asked after once a second. @param {Run} run @returns {Promise<Run>} */
async function ended(run) {
  for (let second = 0; !run.state || run.state === 'asked' || run.state === 'fitting'; second += 1) {
    if (second > LONG) throw new Error(t('fit-long'));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    run = await api.get(`/api/segments/runs/${run.run}`);
  }
  const { error } = /** @type {any} */ (run);
  if (error) throw new Error(error.detail);
  return run;
}
