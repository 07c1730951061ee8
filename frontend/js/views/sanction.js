// Kicks, mutes and bans: asked for, listed, lifted, appealed against, and what the person concerned is told.
import { useEffect, useState } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { reasonWithName } from '../label-names.js';
import { attempt, me, notify } from '../state.js';
import { brief } from '../times.js';
import { Asked } from './asked.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';
import { sheet } from './sheets.js';

await sheet('css/stats.css');

/** @typedef {import('../types.js').Sanction} Sanction */
/** @typedef {import('../types.js').Named} Named */
/** @typedef {{id: string, username: string}} Person */

const HOUR = 60; // minutes
const SPANS = [10, HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR];
const LATELY = 10 * 60_000; // milliseconds
const PAGES = 5; // of messages that are looked through
const MOST = 100; // people that one act concerns
const KINDS = /** @type {const} */ (['mute', 'kick', 'ban']);

/** @param {Person} person @param {Named | null} room @param {() => void} [onDone] */
export const askToSanction = (person, room, onDone = () => {}) => openDialog(() => html`<${Ask} person=${person} room=${room} onDone=${onDone} />`);

/** @param {{person: Person, room: Named | null, onDone: () => void}} props */
function Ask({ person, room, onDone }) {
  const ofAll = me.value?.role !== 'member';
  const [kind, setKind] = useState(/** @type {typeof KINDS[number]} */ ('mute'));
  const [everywhere, setEverywhere] = useState(!room);
  const [others, setOthers] = useState(/** @type {Set<string>} */ (new Set()));
  const [problem, setProblem] = useState('');
  const kinds = everywhere ? KINDS.filter((one) => one !== 'kick') : KINDS;
  const impose = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const minutes = Number(form.get('minutes'));
    const wish = {
      kind,
      users: [person.id, ...others].slice(0, MOST),
      reason: String(form.get('reason')).trim(),
      ...(!everywhere && { room: room?.id }),
      ...(kind !== 'kick' && minutes > 0 && { minutes }),
      ...(form.get('delete') && !everywhere && { delete_minutes: HOUR }),
    };
    try {
      await api.post('/api/sanctions', wish);
      closeDialog();
      const name = others.size ? t('sanction-and-others', { name: person.username, count: others.size }) : person.username;
      notify(t(`sanction-done-${kind}`, { name }));
      onDone();
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
    }
  };
  return html`
    <${Dialog} title=${t('sanction-title', { name: person.username })} onClose=${closeDialog}>
      <form onSubmit=${impose}>
        ${room && ofAll && html`<fieldset class="choices"><legend>${t('sanction-where')}</legend><div class="choices-row">
          <${Choice} name="where" text=${room.name} checked=${!everywhere} onChange=${() => setEverywhere(false)} />
          <${Choice} name="where" text=${t('sanction-everywhere')} checked=${everywhere} onChange=${() => { setEverywhere(true); if (kind === 'kick') setKind('mute'); }} />
        </div></fieldset>`}
        <fieldset class="choices"><legend>${t('sanction-what')}</legend>
          ${kinds.map((one) => html`<${Choice} key=${one} name="kind" text=${t(`sanction-${one}`)} hint=${t(`sanction-${one}-about`)}
            checked=${kind === one} onChange=${() => setKind(one)} />`)}
        </fieldset>
        ${kind !== 'kick' && html`<label class="field"><span>${t('sanction-how-long')}</span>
          <select name="minutes">
            ${SPANS.map((minutes) => html`<option value=${minutes}>${span(minutes)}</option>`)}
            ${kind === 'ban' && html`<option value="0">${t('sanction-for-good')}</option>`}
          </select></label>`}
        <label class="field"><span>${t('sanction-why')}</span>
          <textarea name="reason" required maxlength="500" rows="2"></textarea><small>${t('sanction-why-hint')}</small></label>
        ${!everywhere && html`<label class="choice"><input type="checkbox" name="delete" /><span><strong>${t('sanction-delete')}</strong></span></label>`}
        ${room && html`<${Others} room=${room} person=${person} chosen=${others} onChoose=${setOthers} />`}
        <p class="field-problem" role="alert">${problem}</p>
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${t('cancel')}</button>
          <button class="button button-danger">${t(`sanction-${kind}`)}</button>
        </div>
      </form>
    <//>
  `;
}

/** Who else wrote there lately, to be dealt with in the same act: a flood has many mouths.
 * @param {{room: Named, person: Person, chosen: Set<string>, onChoose: (ids: Set<string>) => void}} props */
function Others({ room, person, chosen, onChoose }) {
  const [people, setPeople] = useState(/** @type {Lately[]} */ ([]));
  useEffect(() => void lately(room.id).then((all) => setPeople(all.filter(({ id }) => id !== person.id)), () => undefined), []);
  if (!people.length) return null;
  const choose = (/** @type {string} */ id) => onChoose(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  return html`
    <details class="field"><summary>${t('sanction-others', { count: people.length })}</summary>
      <button type="button" class="button" onClick=${() => onChoose(new Set(people.slice(0, MOST - 1).map(({ id }) => id)))}>${t('sanction-others-all')}</button>
      <div class="choices-row">${people.map(({ id, name, count }) => html`
        <label class="choice" key=${id}><input type="checkbox" checked=${chosen.has(id)} onChange=${() => choose(id)} />
          <span><strong>${name}</strong><small>${t('sanction-wrote', { count })}</small></span></label>`)}</div>
    </details>
  `;
}

/** @typedef {{id: string, name: string, count: number}} Lately Who wrote how many messages in the last minutes. */

/** Members alone: the others are not below me, or are bots. Who wrote most comes first. @param {string} room @returns {Promise<Lately[]>} */
async function lately(room) {
  const found = /** @type {Map<string, Lately>} */ (new Map());
  const since = Date.now() - LATELY;
  let path = `/api/rooms/${room}/messages?limit=200`;
  for (let page = 0; page < PAGES; page += 1) {
    const { messages } = await api.get(path);
    const young = messages.filter((/** @type {import('../types.js').Message} */ one) => Date.parse(one.created_at) > since);
    for (const { author } of young) {
      const known = found.get(author.id) ?? { id: author.id, name: author.username, count: 0 };
      if (author.role === 'member' && !author.bot && author.id !== me.value?.id) found.set(author.id, { ...known, count: known.count + 1 });
    }
    if (young.length < 200) break;
    path = `/api/rooms/${room}/messages?limit=200&before=${messages[0].seq}`;
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** @param {{name: string, text: string, hint?: string, checked: boolean, onChange: () => void}} props */
const Choice = ({ name, text, hint, checked, onChange }) => html`
  <label class="choice"><input type="radio" name=${name} checked=${checked} onChange=${onChange} /><span><strong>${text}</strong>${hint && html`<small>${hint}</small>`}</span></label>
`;

/** @param {number} minutes */
function span(minutes) {
  if (minutes < HOUR) return t('sanction-minutes', { count: minutes });
  return minutes < 24 * HOUR ? t('sanction-hours', { count: minutes / HOUR }) : t('sanction-days', { count: minutes / 24 / HOUR });
}

/** For moderators: what lasts, where an appeal waits for them first. @param {{sanctions: Sanction[], onChange: () => void}} props */
export const InForce = ({ sanctions, onChange }) => html`
  <section aria-label=${t('moderation-in-force')}>
    <header class="figure-head"><h2>${t('moderation-in-force')}</h2></header>
    ${sanctions.length === 0 && html`<p class="quiet">${t('moderation-nobody')}</p>`}
    <div class="reports">${[...sanctions].sort((a, b) => rank(a) - rank(b)).map((one) => html`<${Lasting} key=${one.id} sanction=${one} onChange=${onChange} />`)}</div>
  </section>
`;

/** @param {Sanction} sanction */
const rank = ({ may }) => (may?.includes('decide') ? 0 : 1);

/** @param {{sanction: Sanction, onChange: () => void}} props */
function Lasting({ sanction, onChange }) {
  const { id, user, kind, by, reason, appeal, upheld, may = [] } = sanction;
  const act = (/** @type {Promise<any>} */ asked) => attempt(asked.then(onChange));
  const [decides, lifts] = [may.includes('decide'), may.includes('lift')];
  return html`
    <article class="card" aria-label=${user.username}>
      <p class="card-size"><strong class="report-author">${user.username}</strong> · ${t(`sanction-${kind}`)} · ${whereAndWhen(sanction)}</p>
      <p>${reasonWithName(reason)}${by && html` <span class="quiet">— ${by.username}</span>`}</p>
      ${appeal && html`<blockquote><strong>${t('sanction-appeal')}</strong> ${appeal}</blockquote>`}
      ${appeal && upheld === null && !decides && html`<p class="quiet">${t('sanction-for-others')}</p>`}
      <div class="card-acts">
        ${decides && html`<button type="button" class="button button-main" onClick=${() => act(api.put(`/api/sanctions/${id}/appeal`, { upheld: false }))}>${t('sanction-accept-appeal')}</button>
          <button type="button" class="button" onClick=${() => act(api.put(`/api/sanctions/${id}/appeal`, { upheld: true }))}>${t('sanction-uphold')}</button>`}
        ${lifts && !decides && html`<button type="button" class="button" onClick=${() => act(api.remove(`/api/sanctions/${id}`))}>${t('sanction-lift')}</button>`}
      </div>
    </article>
  `;
}

/** Nothing of it lasts. @param {Sanction['kind']} kind */
const isMomentary = (kind) => kind === 'kick' || kind === 'refuse';

/** @param {Sanction} sanction */
function whereAndWhen({ room, kind, ends_at: ends, lifted_at: lifted }) {
  const until = lifted ? t('sanction-lifted') : isMomentary(kind) ? '' : ends ? t('sanction-until', { time: brief(ends) }) : t('sanction-for-good');
  return [room?.name ?? t('sanction-everywhere'), until].filter(Boolean).join(' · ');
}

/** What concerns me: in a dialog, in my account, and in place of the page for who is banned. */
export function MySanctions() {
  const [mine, setMine] = useState(/** @type {Sanction[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    return api.get('/api/me/sanctions').then(({ sanctions }) => setMine(sanctions), ({ message }) => setProblem(message));
  };
  useEffect(() => void load(), []);
  if (!mine || problem) return html`<${Asked} problem=${problem} onRetry=${load} />`;
  if (!mine.length) return html`<p class="quiet">${t('sanction-none')}</p>`;
  return html`<div class="reports">${mine.map((one, n) => html`<${Mine} key=${one.id} sanction=${one} isNewest=${n === 0} onChange=${load} />`)}</div>`;
}

/** @param {{sanction: Sanction, isNewest: boolean, onChange: () => void}} props */
function Mine({ sanction, isNewest, onChange }) {
  const { id, kind, reason, created_at: at, appeal, upheld, answer } = sanction;
  const lasts = !sanction.ends_at || Date.parse(sanction.ends_at) > Date.now();
  const mayAppeal = !appeal && !sanction.lifted_at && (lasts || isMomentary(kind));
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('text')).trim();
    attempt(api.post(`/api/sanctions/${id}/appeal`, { text }).then(onChange));
  };
  return html`
    <article class="card">
      <p class="card-size"><strong class="report-author">${t(`sanction-mine-${kind}`)}</strong> · ${whereAndWhen(sanction)} · <time datetime=${at}>${brief(at)}</time></p>
      <p>${t('sanction-reason', { reason: reasonWithName(reason) })}</p>
      ${appeal && html`<blockquote>${appeal}</blockquote><p class="quiet">${upheld === null ? !sanction.lifted_at && t('sanction-waits') : t(upheld ? 'sanction-upheld' : 'sanction-not-upheld')} ${answer ?? ''}</p>`}
      ${mayAppeal && html`<details open=${lasts || isNewest}><summary>${t('sanction-may-appeal')}</summary><form onSubmit=${send}>
        <label class="field"><span>${t('sanction-say')}</span><textarea name="text" required maxlength="2000" rows="2"></textarea></label>
        <button class="button">${t('sanction-send')}</button>
      </form></details>`}
    </article>
  `;
}

/** Told as it happens. */
export const showMySanctions = () => openDialog(() => html`
  <${Dialog} title=${t('sanction-notices')} onClose=${closeDialog}><${MySanctions} /><//>`);
