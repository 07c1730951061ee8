// For moderators: the pictures that would teach the bot most, one after the other, by keyboard.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { labelCalled, labelName } from '../label-names.js';
import { attempt } from '../state.js';
import { judge } from '../verdicts.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';

/** @typedef {{picture: import('../types.js').Message, answer: import('../types.js').Message}} Doubt */

/** @param {string} room */
export async function teach(room) {
  const { pictures } = await api.get(`/api/rooms/${room}/unsure`);
  openDialog(() => html`<${Teach} doubts=${pictures} />`);
}

/** @param {{doubts: Doubt[]}} props */
function Teach({ doubts }) {
  const at = useSignal(0);
  const judged = useSignal(0);
  const telling = useRef(false);
  const doubt = doubts[at.value];
  const next = () => (at.value += 1);
  /** @param {string} label */
  const say = (label) => {
    if (telling.current) return; // a key that is pressed twice does not answer for the next picture
    telling.current = true;
    const told = tell(doubt, label).then(() => {
      judged.value += 1;
      next();
    });
    attempt(told.finally(() => (telling.current = false)));
  };
  return html`
    <${Dialog} title=${t('teach')} onClose=${closeDialog} class="dialog-teach">
      ${doubt
        ? html`<${Question} key=${at.value} doubt=${doubt} place=${t('teach-place', { at: at.value + 1, all: doubts.length })} onSay=${say} onSkip=${next} />`
        : html`<p class="teach-end" role="status">${end(doubts.length, judged.value)}</p>
            <div class="dialog-foot"><button type="button" class="button button-main" onClick=${closeDialog}>${t('done')}</button></div>`}
    <//>
  `;
}

/** @param {{doubt: Doubt, place: string, onSay: (label: string) => void, onSkip: () => void}} props */
function Question({ doubt, place, onSay, onSkip }) {
  const { picture, answer } = doubt;
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const labels = answer.labels ?? [];
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.target === field.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const label = labels[Number(event.key) - 1];
    if (label) onSay(label.label);
    else if (event.key === 's') onSkip();
    else if (event.key === 'e') field.current?.focus();
    else return;
    event.preventDefault();
  };
  // Before the picture is painted, not after: no key falls between two pictures.
  useLayoutEffect(() => {
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const tell = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const label = field.current?.value.trim();
    if (label) onSay(labelCalled(label));
  };
  return html`
    <div class="teach">
      <img src=${picture.image?.url} alt=${t('picture-by', { name: picture.author.display_name })} width=${picture.image?.width} height=${picture.image?.height} />
      <ol class="teach-labels">
        ${labels.map(({ label }, index) => html`
          <li><button type="button" class="button" onClick=${() => onSay(label)}><kbd>${index + 1}</kbd> ${labelName(label)}</button></li>`)}
      </ol>
      <form onSubmit=${tell}>
        <label for="teach-else"><kbd>e</kbd> ${t('teach-else')}</label>
        <input id="teach-else" ref=${field} maxlength="60" autocomplete="off" />
      </form>
      <div class="dialog-foot">
        <span class="teach-place">${place}</span>
        <button type="button" class="button" onClick=${onSkip}><kbd>s</kbd> ${t('teach-skip')}</button>
      </div>
    </div>
  `;
}

/** @param {Doubt} doubt @param {string} label */
function tell({ answer }, label) {
  const isRight = label === answer.labels?.[0].label;
  return isRight ? judge(answer, 'right') : judge(answer, 'wrong', label);
}

/** @param {number} asked @param {number} judged */
function end(asked, judged) {
  if (!asked) return t('teach-none');
  return judged ? t('teach-thanks', { count: judged }) : t('teach-nothing');
}
