// For moderators: who does what where, by segment.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { IconButton } from '../icons.js';
import { attempt, me, rooms } from '../state.js';
import { brief } from '../times.js';
import { Chart } from './chart.js';
import { Figure } from './figure.js';
import { Fit, flowsOf } from './fit.js';
import { Heat, percent } from './heat.js';
import { drawerOpen } from './layout.js';
import { showRoomStats } from './room-stats.js';

/** @typedef {import('../types.js').Statistics} Statistics */
/** @typedef {import('../types.js').Segment} Segment */

const REFRESH = 60_000; // milliseconds

export function Stats() {
  const stats = useSignal(/** @type {Statistics | null} */ (null));
  const problem = useSignal('');
  const load = async () => {
    try {
      stats.value = await api.get('/api/segments');
      problem.value = '';
    } catch (error) {
      problem.value = /** @type {Error} */ (error).message;
    }
  };
  useEffect(() => {
    load();
    const timer = setInterval(() => document.visibilityState === 'visible' && load(), REFRESH);
    return () => clearInterval(timer);
  }, []);
  const names = new Map(stats.value?.segments.map(({ id, name }) => [String(id), name]));
  return html`
    <main class="room stats" aria-label="Statistics">
      <header class="room-head">
        <${IconButton} icon="menu" name="Rooms" class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
        <div class="room-title"><h1>Statistics</h1><p>${stats.value ? headline(stats.value) : ''}</p></div>
      </header>
      <div class="stats-body">
        ${problem.value && html`<p class="stats-empty" role="status">${problem.value}</p>`}
        ${stats.value && html`<${Found} stats=${stats.value} onChange=${load} />`}
        <${Fit} waiting=${stats.value?.waiting ?? null} names=${names} onDone=${load} />
      </div>
    </main>
  `;
}

/** @param {Statistics} stats */
function headline({ segments, users, fitted_at, counted_at }) {
  return `${segments.length} segments of ${users} people · fitted ${brief(fitted_at)}${counted_at ? ` · counted ${brief(counted_at)}` : ''}`;
}

/** @param {{stats: Statistics, onChange: () => void}} props */
function Found({ stats, onChange }) {
  const { segments, heat, hours, history, offers, days } = stats;
  const all = segments.reduce((sum, { size }) => sum + size, 0);
  const at = useMemo(() => history.map(({ fitted_at }) => Date.parse(fitted_at) / 1000), [stats]);
  const sized = useMemo(() => sizesOf(history), [stats]);
  const silhouette = useMemo(() => [{ name: 'Silhouette', values: history.map((run) => run.silhouette) }], [stats]);
  const names = new Map(history.flatMap(({ sizes }) => sizes.map(({ segment, name }) => /** @type {[string, string]} */ ([String(segment), name]))));
  const flows = history.flatMap((run) => flowsOf(run.flows, names).map(([from, to, people]) => [brief(run.fitted_at), from, to, people])).reverse();
  const runs = history.map((run, n) => [brief(run.fitted_at), run.k, run.silhouette.toFixed(2), percent(run.moved), ...sized.map(({ values }) => values[n] ?? '')]);
  return html`
    ${!stats.bots_online && html`<p class="waiting" role="status">No worker runs the concierge: the figures stand still.</p>`}
    <section class="segments" aria-label="Segments">
      ${segments.map((segment) => html`<${Card} key=${segment.id} segment=${segment} share=${segment.size / all} onChange=${onChange} />`)}
    </section>
    <${Heat} title="Rooms by segment" file="rooms-by-segment" first="Room" heat=${heat}
      onRow=${(/** @type {any} */ row) => showRoomStats({ id: row.room, name: row.name })}
      about=${`Of what is done in a room in ${days} days: the share of one person of each segment. A row adds up to 100 %.`} />
    <${Heat} title="Hours by segment" file="hours-by-segment" first="Hour (UTC)" heat=${hours}
      about="When one person of each segment is active. A row adds up to 100 %." />
    <${Figure} title="Sizes over time" about="People in each segment, from fit to fit." file="segments-over-time"
      numbers=${{ head: ['Fitted', 'k', 'Silhouette', 'Moved', ...sized.map(({ name }) => name)], rows: runs }}>
      <${Chart} at=${at} lines=${sized} label="People in each segment from fit to fit" />
    <//>
    <${Figure} title="Silhouette" file="silhouette" numbers=${{ head: ['Fitted', 'Silhouette'], rows: runs.map((row) => [row[0], row[2]]) }}
      about="How much nearer people are to their own segment than to the next: 1 is far apart, 0 is one crowd.">
      <${Chart} at=${at} lines=${silhouette} label="Silhouette from fit to fit" />
    <//>
    <${Figure} title="Flows" about="How many went from which segment to which. Fewer than five are shown together." file="flows"
      numbers=${{ head: ['Fitted', 'From', 'To', 'People'], rows: flows.length ? flows : [['Nobody has moved yet.', '', '', '']] }} />
    <${Figure} title="Offers" about="How often a segment's room was offered, and what people chose." file="offers"
      numbers=${{
        head: ['Segment', 'Made', 'Accepted', 'Not now', 'Never', 'Open', 'Joined by rule'],
        rows: offers.map((offer) => [offer.name, offer.made, offer.accepted, offer.later, offer.never, offer.open, offer.joined]),
      }} />
  `;
}

/** @param {import('../types.js').PastRun[]} history */
function sizesOf(history) {
  const names = new Map(history.flatMap(({ sizes }) => sizes.map(({ segment, name }) => [segment, name])));
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
      <p class="card-size"><strong>${segment.size}</strong> people · ${percent(share)}</p>
      ${segment.id === null
        ? html`<h2>others</h2><p class="quiet">Segments of fewer than five people are shown together.</p>`
        : html`<form onSubmit=${rename} onFocusOut=${rename}>
              <input class="card-name" name="name" aria-label="Name of the segment" maxlength="60" defaultValue=${segment.name} key=${segment.name} />
            </form>
            <ul class="features">${segment.top_features.map(({ name, above }) => html`<li>more ${name} <small>+${above.toFixed(1)} sd</small></li>`)}</ul>
            <label class="card-room">Its room
              <select value=${segment.room?.id ?? ''} onChange=${(/** @type {any} */ event) => change({ room: event.currentTarget.value || null })}>
                <option value="">none</option>
                ${segment.room && !open.some(({ id }) => id === segment.room?.id) && html`<option value=${segment.room.id}>${segment.room.name}</option>`}
                ${open.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
              </select>
            </label>
            ${me.value?.role === 'admin' && html`<label class="card-auto"><input type="checkbox" checked=${segment.auto_join}
              onChange=${(/** @type {any} */ event) => change({ auto_join: event.currentTarget.checked })} /> Its people join by themselves</label>`}`}
    </article>
  `;
}
