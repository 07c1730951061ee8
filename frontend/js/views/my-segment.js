// What I am told of my segment, and what I want of it: as a dialog, and as buttons under the bot's offer.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { html } from '../html.js';
import { choose, loadMine, loadMineSoon } from '../mine.js';
import { goToRoom } from '../route.js';
import { attempt, mine, notify, rooms } from '../state.js';
import { Dialog } from './dialog.js';
import { closeDialog } from './layout.js';

const SAID = {
  later: 'All right: not before next week.',
  never: 'All right: nothing will be offered to you again.',
  leave: 'You are in no segment any more, and what was counted of you is deleted.',
};

/** @param {'accept' | 'later' | 'never' | 'leave'} choice */
async function take(choice) {
  const answer = await choose(choice);
  closeDialog();
  if (choice !== 'accept') notify(SAID[choice]);
  else if (answer.offer?.state === 'accepted' && rooms.value.has(answer.offer.room.id)) goToRoom(answer.offer.room.id);
}

/** Under the message that offers, as long as it is open. @param {{message: import('../types.js').Message}} props */
export function OfferButtons({ message }) {
  useEffect(() => loadMineSoon(), [message.id]);
  const offer = mine.value?.offer;
  if (offer?.state !== 'open' || offer.message !== message.id) return null;
  return html`
    <div class="offer" role="group" aria-label="Join ${offer.room.name}?">
      <button type="button" class="button button-main" onClick=${() => attempt(take('accept'))}>Join ${offer.room.name}</button>
      <button type="button" class="button" onClick=${() => attempt(take('later'))}>Not now</button>
      <button type="button" class="button" onClick=${() => attempt(take('never'))}>Never</button>
    </div>
  `;
}

export function MySegment() {
  useEffect(() => void loadMine(), []);
  const segment = mine.value?.segment;
  return html`
    <${Dialog} title="My segment" onClose=${closeDialog}>
      ${segment
        ? html`<p>What you do is most like what the people of <strong>${segment.name}</strong> do.</p>
            <ul class="reasons">${mine.value?.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
        : html`<p>You are in no segment: too little is known of what you do, or you take no part.</p>`}
      <p class="quiet">It is counted how often you write, post, reply and react, by room and hour; never what you write. Only you see this page.</p>
      <${Choices} />
    <//>
  `;
}

function Choices() {
  const room = mine.value?.room;
  const asksToLeave = useSignal(false);
  if (asksToLeave.value)
    return html`
      <p role="alert">You will be in no segment, you will be offered nothing, and what was counted of you is deleted for good.</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${() => (asksToLeave.value = false)}>Cancel</button>
        <button type="button" class="button button-danger" onClick=${() => attempt(take('leave'))}>Leave and delete</button>
      </div>`;
  return html`
    <div class="dialog-foot">
      <button type="button" class="link" onClick=${() => (asksToLeave.value = true)}>Take no part</button>
      ${!mine.value?.segment && html`<button type="button" class="button" onClick=${() => attempt(take('accept'))}>Take part</button>`}
      ${room && !room.member && html`
        <button type="button" class="button" onClick=${() => attempt(take('later'))}>Not now</button>
        <button type="button" class="button button-main" onClick=${() => attempt(take('accept'))}>Join its room</button>`}
    </div>
  `;
}
