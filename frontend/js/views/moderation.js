// For those who moderate: what members reported, who is kept from what, and what was done.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../icons.js';
import { reasonWithName } from '../label-names.js';
import { me } from '../state.js';
import { brief } from '../times.js';
import { Asked } from './asked.js';
import { Figure } from './figure.js';
import { drawerOpen } from './layout.js';
import { Held } from './held.js';
import { Report } from './report.js';
import { InForce } from './sanction.js';
import { sheet } from './sheets.js';

await sheet('css/stats.css');

/** @typedef {import('../types.js').Report} ReportOf */
/** @typedef {import('../types.js').Sanction} Sanction */
/** @typedef {import('../types.js').Act} Act */

const REFRESH = 15_000; // milliseconds
const STATES = /** @type {const} */ (['open', 'agreed', 'disagreed']);

export function Moderation() {
  const state = useSignal(/** @type {typeof STATES[number]} */ ('open'));
  const reports = useSignal(/** @type {ReportOf[] | null} */ (null));
  const held = useSignal(/** @type {import('../types.js').HeldPicture[] | null} */ (null));
  const sanctions = useSignal(/** @type {Sanction[] | null} */ (null));
  const acts = useSignal(/** @type {Act[] | null} */ (null));
  const ofAll = me.value?.role !== 'member'; // the log of acts is for them alone
  const problem = useSignal('');
  const load = async () => {
    try {
      await ask();
      problem.value = '';
    } catch (error) {
      problem.value = /** @type {Error} */ (error).message;
    }
  };
  const ask = async () => {
    const wanted = state.value;
    const found = await api.get(`/api/reports?state=${wanted}`);
    if (wanted === state.value) reports.value = found.reports;
    held.value = (await api.get('/api/held')).pictures;
    sanctions.value = (await api.get('/api/sanctions?current=true')).sanctions;
    if (ofAll) acts.value = (await api.get('/api/audit?limit=100')).acts;
  };
  useEffect(() => {
    load();
    const timer = setInterval(() => document.visibilityState === 'visible' && load(), REFRESH);
    return () => clearInterval(timer);
  }, []);
  const show = (/** @type {typeof STATES[number]} */ wanted) => {
    state.value = wanted;
    reports.value = null;
    load();
  };
  return html`
    <main class="room stats" aria-label=${t('moderation')}>
      <header class="room-head">
        <${IconButton} icon="menu" name=${t('rooms')} class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
        <div class="room-title"><h1>${t('moderation')}</h1><p>${t('moderation-about')}</p></div>
      </header>
      <div class="stats-body">
        <section aria-label=${t('moderation-reports')}>
          <header class="figure-head"><h2>${t('moderation-reports')}</h2>
            <div class="tabs" role="group" aria-label=${t('moderation-which')}>
              ${STATES.map((one) => html`<button type="button" class="button" aria-pressed=${state.value === one} onClick=${() => show(one)}>${t(`moderation-${one}`)}</button>`)}
            </div>
          </header>
          ${(!reports.value || problem.value) && html`<${Asked} problem=${problem.value} onRetry=${load} />`}
          ${reports.value?.length === 0 && html`<p class="quiet">${t(state.value === 'open' ? 'moderation-nothing' : 'moderation-none')}</p>`}
          <div class="reports">
            ${(reports.value ?? []).map((report) => html`<${Report} key=${report.id} report=${report} onChange=${load} />`)}
          </div>
        </section>
        ${held.value && html`<${Held} pictures=${held.value} onChange=${load} />`}
        ${sanctions.value && html`<${InForce} sanctions=${sanctions.value} onChange=${load} />`}
        ${acts.value && html`<${Log} acts=${acts.value} />`}
      </div>
    </main>
  `;
}

/** @param {{acts: Act[]}} props */
function Log({ acts }) {
  if (!acts.length) {
    return html`
      <section aria-label=${t('moderation-log')}>
        <header class="figure-head"><h2>${t('moderation-log')}</h2></header><p class="quiet">${t('moderation-log-nothing')}</p>
      </section>
    `;
  }
  const rows = acts.map(({ at, act, actor, user, room, detail }) =>
    [brief(at), actor.username ?? '', t(`moderation-act-${act}`), user?.username ?? '', room?.name ?? '', detailOf(detail)]);
  const head = ['when', 'who', 'did', 'whom', 'where', 'detail'].map((name) => t(`moderation-log-${name}`));
  return html`
    <${Figure} title=${t('moderation-log')} about=${t('moderation-log-about')} file="moderation" class="figure-of-words"
      numbers=${{ head, rows }} />
    <p><a class="link" href="/api/audit.csv" download>${t('moderation-log-all')}</a></p>
  `;
}

/** @param {Record<string, any>} detail */
const detailOf = (detail) => [reasonWithName(detail.reason ?? ''), detail.changed?.join(', '), detail.minutes && t('sanction-minutes', { count: detail.minutes })].filter(Boolean).join(' · ');
