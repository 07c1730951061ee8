// For moderators: who does what where, by segment.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { number, percent, t, tWith } from '../i18n.js';
import { IconButton } from '../icons.js';
import { attempt, me, rooms } from '../state.js';
import { brief } from '../times.js';
import { Asked } from './asked.js';
import { called } from './called.js';
import { Chart } from './chart.js';
import { Figure } from './figure.js';
import { Fit, flowsOf } from './fit.js';
import { Heat } from './heat.js';
import { drawerOpen } from './layout.js';
import { showRoomStats } from './room-stats.js';
import { sheet } from './sheets.js';

await sheet('css/stats.css');

/** @typedef {import('../types.js').Statistics} Statistics */
/** @typedef {import('../types.js').Segment} Segment */

const REFRESH = 60_000; // milliseconds

export function Stats() {
  const stats = useSignal(/** @type {Statistics | null} */ (null));
  const problem = useSignal('');
  const none = useSignal(''); // why there is nothing yet, which is no problem
  const load = async () => {
    let [why, wrong] = ['', ''];
    try {
      stats.value = await api.get('/api/segments');
    } catch (error) {
      const { code, message } = /** @type {api.Problem} */ (error);
      if (code === 'no_segments') why = message;
      else wrong = message;
    }
    none.value = why;
    problem.value = wrong;
  };
  useEffect(() => {
    load();
    const timer = setInterval(() => document.visibilityState === 'visible' && load(), REFRESH);
    return () => clearInterval(timer);
  }, []);
  const names = new Map(stats.value?.segments.map(({ id, name }) => [String(id), called(id, name)]));
  return html`
    <main class="room stats" aria-label=${t('statistics')}>
      <header class="room-head">
        <${IconButton} icon="menu" name=${t('rooms')} class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
        <div class="room-title"><h1>${t('statistics')}</h1><p>${stats.value ? headline(stats.value) : ''}</p></div>
      </header>
      <div class="stats-body">
        ${none.value && html`<p class="asked">${none.value}</p>`}
        ${((!stats.value && !none.value) || problem.value) && html`<${Asked} problem=${problem.value} onRetry=${load} />`}
        ${stats.value && html`<${Found} stats=${stats.value} onChange=${load} />`}
        <${Fit} waiting=${stats.value?.waiting ?? null} names=${names} onDone=${load} />
      </div>
    </main>
  `;
}

/** @param {Statistics} stats */
function headline({ segments, users, fitted_at, counted_at }) {
  const fitted = t('stats-headline', { segments: segments.length, people: users, fitted: brief(fitted_at) });
  return counted_at ? `${fitted} · ${t('stats-counted', { time: brief(counted_at) })}` : fitted;
}

/** @param {{stats: Statistics, onChange: () => void}} props */
function Found({ stats, onChange }) {
  const { segments, heat, hours, history, offers, days } = stats;
  const all = segments.reduce((sum, { size }) => sum + size, 0);
  const at = useMemo(() => history.map(({ fitted_at }) => Date.parse(fitted_at) / 1000), [stats]);
  const sized = useMemo(() => sizesOf(history), [stats]);
  const silhouette = useMemo(() => [{ name: t('stats-silhouette'), values: history.map((run) => run.silhouette) }], [stats]);
  const names = new Map(history.flatMap(({ sizes }) => sizes.map(({ segment, name }) => /** @type {[string, string]} */ ([String(segment), called(segment, name)]))));
  const flows = history.flatMap((run) => flowsOf(run.flows, names).map(([from, to, people]) => [brief(run.fitted_at), from, to, people])).reverse();
  const runs = history.map((run, n) => [brief(run.fitted_at), run.k, run.silhouette.toFixed(2), percent(run.moved), ...sized.map(({ values }) => values[n] ?? '')]);
  return html`
    ${!stats.bots_online && html`<p class="waiting" role="status">${t('stats-no-worker')}</p>`}
    <section class="segments" aria-label=${t('segments')}>
      ${segments.map((segment) => html`<${Card} key=${segment.id} segment=${segment} share=${segment.size / all} onChange=${onChange} />`)}
    </section>
    <${Heat} title=${t('stats-rooms')} file="rooms-by-segment" first=${t('room')} heat=${heat}
      onRow=${(/** @type {any} */ row) => showRoomStats({ id: row.room, name: row.name })}
      about=${t('stats-rooms-about', { days })} />
    <${Heat} title=${t('stats-hours')} file="hours-by-segment" first=${t('stats-hour')} heat=${hours}
      about=${t('stats-hours-about')} />
    <${Figure} title=${t('stats-sizes')} about=${t('stats-sizes-about')} file="segments-over-time"
      numbers=${{ head: [t('stats-fitted'), t('stats-k'), t('stats-silhouette'), t('stats-moved'), ...sized.map(({ name }) => name)], rows: runs }}>
      <${Chart} at=${at} lines=${sized} label=${t('stats-sizes-label')} />
    <//>
    <${Figure} title=${t('stats-silhouette')} file="silhouette" numbers=${{ head: [t('stats-fitted'), t('stats-silhouette')], rows: runs.map((row) => [row[0], row[2]]) }}
      about=${t('stats-silhouette-about')}>
      <${Chart} at=${at} lines=${silhouette} label=${t('stats-silhouette-label')} />
    <//>
    <${Figure} title=${t('stats-flows')} about=${t('stats-flows-about')} file="flows"
      numbers=${{ head: [t('stats-fitted'), t('stats-from'), t('stats-to'), t('people')], rows: flows.length ? flows : [[t('stats-nobody'), '', '', '']] }} />
    <${Figure} title=${t('stats-offers')} about=${t('stats-offers-about')} file="offers"
      numbers=${{
        head: [t('segment'), ...['made', 'accepted', 'later', 'never', 'open', 'joined'].map((what) => t(`stats-offers-${what}`))],
        rows: offers.map((offer) => [called(offer.segment, offer.name), offer.made, offer.accepted, offer.later, offer.never, offer.open, offer.joined]),
      }} />
  `;
}

/** @param {import('../types.js').PastRun[]} history */
function sizesOf(history) {
  const names = new Map(history.flatMap(({ sizes }) => sizes.map(({ segment, name }) => [segment, called(segment, name)])));
  return [...names].map(([id, name]) => ({ name, values: history.map(({ sizes }) => sizes.find(({ segment }) => segment === id)?.size ?? null) }));
}

/** @param {{segment: Segment, share: number, onChange: () => void}} props */
function Card({ segment, share, onChange }) {
  const change = (/** @type {object} */ wish) => attempt(api.put(`/api/segments/${segment.id}`, wish).then(onChange));
  const open = [...rooms.value.values()].filter((room) => !room.private);
  const rename = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const name = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('name')).trim();
    if (name && name !== segment.name) change({ name });
  };
  return html`
    <article class="card" aria-label=${segment.name}>
      <p class="card-size">${tWith('stats-size', { people: html`<strong>${number(segment.size)}</strong>` }, { count: segment.size, share: percent(share) })}</p>
      ${segment.id === null
        ? html`<h2>${t('others')}</h2><p class="quiet">${t('few-together')}</p>`
        : html`<form onSubmit=${rename} onFocusOut=${rename}>
              <input class="card-name" name="name" aria-label=${t('stats-name')} maxlength="60" defaultValue=${segment.name} key=${segment.name} />
            </form>
            <ul class="features">${segment.top_features.map(({ room, name, above }) => html`<li>${t('stats-more', { name: called(room, name) })} <small>${t('stats-above', { above: above.toFixed(1) })}</small></li>`)}</ul>
            <label class="card-room">${t('stats-room')}
              <select value=${segment.room?.id ?? ''} onChange=${(/** @type {any} */ event) => change({ room: event.currentTarget.value || null })}>
                <option value="">${t('stats-no-room')}</option>
                ${segment.room && !open.some(({ id }) => id === segment.room?.id) && html`<option value=${segment.room.id}>${segment.room.name}</option>`}
                ${open.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
              </select>
            </label>
            ${me.value?.role === 'admin' && html`<label class="card-auto"><input type="checkbox" checked=${segment.auto_join}
              onChange=${(/** @type {any} */ event) => change({ auto_join: event.currentTarget.checked })} /> ${t('stats-auto')}</label>`}`}
    </article>
  `;
}
