// What a member says of a bot's answer to a picture: right, wrong, or what it is.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { labelCalled, labelName } from '../label-names.js';
import { verdicts } from '../state.js';
import { judge, loadVerdicts } from '../verdicts.js';

/** @typedef {import('../types.js').Message} Message */

/** @param {{message: Message}} props */
export function Verdict({ message }) {
  const asks = useSignal(false); // what it is instead
  const changes = useSignal(false);
  const problem = useSignal('');
  useEffect(() => void loadVerdicts(message.room), [message.room]);
  const said = verdicts.value.get(String(message.reply_to));
  /** @param {'right' | 'wrong'} verdict @param {string} [label] */
  const say = async (verdict, label) => {
    try {
      await judge(message, verdict, label);
      problem.value = '';
      changes.value = false;
      asks.value = verdict === 'wrong' && !label;
    } catch (error) {
      problem.value = error instanceof api.Problem ? error.message.replace(/^label: /, '') : String(error);
    }
  };
  const tell = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const label = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('label')).trim();
    if (label) say('wrong', labelCalled(label));
    else asks.value = false;
  };
  return html`
    <div class="verdict">
      ${(!said || changes.value) && html`
        <span id="verdict-${message.id}">${t('verdict')}</span>
        <button type="button" class="link" aria-describedby="verdict-${message.id}" onClick=${() => say('right')}>${t('verdict-yes')}</button>
        <button type="button" class="link" aria-describedby="verdict-${message.id}" onClick=${() => say('wrong')}>${t('verdict-no')}</button>`}
      ${said && asks.value && !changes.value && html`
        <form onSubmit=${tell}>
          <label for="label-${message.id}">${t('verdict-then')}</label>
          <input id="label-${message.id}" name="label" maxlength="60" autocomplete="off" list="labels-${message.id}"
            ref=${(/** @type {HTMLInputElement | null} */ input) => input?.focus()} />
          <datalist id="labels-${message.id}">${message.labels?.slice(1).map(({ label }) => html`<option value=${labelName(label)} />`)}</datalist>
          <button type="submit" class="link">${t('verdict-tell')}</button>
        </form>`}
      ${said && !asks.value && !changes.value && html`
        <span role="status">${sentence(said)}</span>
        <button type="button" class="link" onClick=${() => (changes.value = true)}>${t('verdict-change')}</button>`}
      ${problem.value && html`<span role="alert" class="problem">${problem.value}</span>`}
    </div>
  `;
}

/** @param {import('../types.js').Said} said */
function sentence({ verdict, label }) {
  if (label) return t('verdict-said', { label: labelName(label) });
  return t(verdict === 'right' ? 'verdict-said-right' : 'verdict-said-wrong');
}
