// What a member says of a bot's answer to a picture: right, wrong, or what it is.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';

/** @typedef {import('../types.js').Message} Message */

/** @param {{message: Message}} props */
export function Verdict({ message }) {
  const step = useSignal(/** @type {'ask' | 'what' | 'thanks'} */ ('ask'));
  const problem = useSignal('');
  const thanks = useRef('');
  /** @param {'right' | 'wrong'} verdict @param {string} [label] */
  const judge = async (verdict, label) => {
    try {
      await api.put(`/api/messages/${message.id}/verdict`, label ? { verdict, label } : { verdict });
      thanks.current = label ? `Thank you. Noted: ${label}.` : 'Thank you.';
      problem.value = '';
      step.value = verdict === 'wrong' && !label ? 'what' : 'thanks';
    } catch (error) {
      problem.value = error instanceof api.Problem ? error.message.replace(/^label: /, '') : String(error);
    }
  };
  const tell = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const label = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('label')).trim();
    if (label) judge('wrong', label);
    else step.value = 'thanks';
  };
  return html`
    <div class="verdict">
      ${step.value === 'ask' && html`
        <span id="verdict-${message.id}">Is that right?</span>
        <button type="button" class="link" aria-describedby="verdict-${message.id}" onClick=${() => judge('right')}>Yes</button>
        <button type="button" class="link" aria-describedby="verdict-${message.id}" onClick=${() => judge('wrong')}>No</button>`}
      ${step.value === 'what' && html`
        <form onSubmit=${tell}>
          <label for="label-${message.id}">Then it is</label>
          <input id="label-${message.id}" name="label" maxlength="60" autocomplete="off" list="labels-${message.id}"
            ref=${(/** @type {HTMLInputElement | null} */ input) => input?.focus()} />
          <datalist id="labels-${message.id}">${message.labels?.slice(1).map(({ label }) => html`<option value=${label} />`)}</datalist>
          <button type="submit" class="link">Tell</button>
        </form>`}
      ${step.value === 'thanks' && html`<span role="status">${thanks.current}</span>`}
      ${problem.value && html`<span role="alert" class="problem">${problem.value}</span>`}
    </div>
  `;
}
