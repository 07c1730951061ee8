// The rooms that suit me: what I am told of my segment, and what I want of it, as a dialog and as buttons under the bot's offer.
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { t, tWith } from '../i18n.js';
import { choose, loadMine, loadMineSoon } from '../mine.js';
import { goToRoom, roomAddress } from '../route.js';
import { attempt, mine, notify, rooms } from '../state.js';
import { Asked } from './asked.js';
import { Dialog } from './dialog.js';
import { closeDialog } from './layout.js';

/** @param {'accept' | 'later' | 'never' | 'leave'} choice */
async function take(choice) {
  const answer = await choose(choice);
  closeDialog();
  if (choice !== 'accept') notify(t(`my-segment-said-${choice}`));
  else if (answer.offer?.state === 'accepted' && rooms.value.has(answer.offer.room.id)) goToRoom(answer.offer.room.id);
}

/** Under the message that offers, as long as it is open. @param {{message: import('../types.js').Message}} props */
export function OfferButtons({ message }) {
  useEffect(() => loadMineSoon(), [message.id]);
  const offer = mine.value?.offer;
  if (offer?.state !== 'open' || offer.message !== message.id) return null;
  return html`
    <div class="offer" role="group" aria-label=${t('my-segment-join', { room: offer.room.name })}>
      <button type="button" class="button button-main" onClick=${() => attempt(take('accept'))}>${t('join-room', { room: offer.room.name })}</button>
      <button type="button" class="button" onClick=${() => attempt(take('later'))}>${t('not-now')}</button>
      <button type="button" class="button" onClick=${() => attempt(take('never'))}>${t('never')}</button>
    </div>
  `;
}

export function MySegment() {
  const [loaded, setLoaded] = useState(false);
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    return loadMine().then(() => setLoaded(true), ({ message }) => setProblem(message));
  };
  useEffect(() => void load(), []);
  return html`
    <${Dialog} title=${t('my-segment')} onClose=${closeDialog}>
      ${loaded ? html`<${Mine} />` : html`<${Asked} problem=${problem} onRetry=${load} />`}
    <//>
  `;
}

function Mine() {
  const { segment, room } = mine.value ?? {};
  return html`
    ${segment
      ? html`<p>${tWith('my-segment-is', { segment: html`<strong>${segment.name}</strong>` })}</p>
          <ul class="reasons">${mine.value?.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
          <p>${room ? tWith('my-segment-room', { room: html`<a class="link" href=${roomAddress(room.id)} onClick=${closeDialog}>${room.name}</a>` }) : t('my-segment-no-room')}</p>`
      : html`<p>${t('my-segment-none')}</p>`}
    <p class="quiet">${t('my-segment-counted')}</p>
    <${Choices} />
  `;
}

function Choices() {
  const room = mine.value?.room;
  const asksToLeave = useSignal(false);
  if (asksToLeave.value)
    return html`
      <p role="alert">${t('my-segment-leave-about')}</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${() => (asksToLeave.value = false)}>${t('cancel')}</button>
        <button type="button" class="button button-danger" onClick=${() => attempt(take('leave'))}>${t('my-segment-leave')}</button>
      </div>`;
  return html`
    <div class="dialog-foot">
      <button type="button" class="link" onClick=${() => (asksToLeave.value = true)}>${t('my-segment-no-part')}</button>
      ${!mine.value?.segment && html`<button type="button" class="button" onClick=${() => attempt(take('accept'))}>${t('my-segment-part')}</button>`}
      ${room && !room.member && html`
        <button type="button" class="button" onClick=${() => attempt(take('later'))}>${t('not-now')}</button>
        <button type="button" class="button button-main" onClick=${() => attempt(take('accept'))}>${t('my-segment-join-its')}</button>`}
    </div>
  `;
}
