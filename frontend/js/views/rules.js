// What a room asks of those who write in it: for who moderates it, in the room's settings.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { labelName } from '../label-names.js';
import { saveRoom } from '../rooms.js';
import { attempt, notify } from '../state.js';

const PACES = [0, 5, 30, 60, 300, 3600]; // seconds between two messages of one person

/** Of a text of one a line. @param {FormDataEntryValue | null} text */
const lines = (text) => String(text).split('\n').map((line) => line.trim()).filter(Boolean);

/** @param {{room: import('../types.js').Room}} props */
export function Rules({ room }) {
  const save = (/** @type {object} */ changes) => attempt(saveRoom(room.id, changes).then(() => notify(t('room-settings-saved'))));
  const words = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    await save({ unwanted_words: lines(form.get('words')) });
  };
  const pictures = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    await save({ hold_labels: lines(form.get('hold')), refuse_labels: lines(form.get('refuse')), picture_sure: Number(form.get('sure')) });
  };
  return html`
    <div class="settings-part"><fieldset class="choices">
      <legend>${t('rules')}</legend>
      <label class="choice">
        <input type="checkbox" checked=${room.locked} onChange=${(/** @type {any} */ event) => save({ locked: event.currentTarget.checked })} />
        <span><strong>${t('rules-locked')}</strong><small>${t('rules-locked-hint')}</small></span>
      </label>
      <label class="field"><span>${t('rules-slow')}</span>
        <select onChange=${(/** @type {any} */ event) => save({ slow_mode: Number(event.currentTarget.value) })}>
          ${[...new Set([...PACES, room.slow_mode])].sort((a, b) => a - b).map((seconds) => html`
            <option value=${seconds} selected=${seconds === room.slow_mode}>${seconds ? t('rules-every', { seconds }) : t('rules-not-slow')}</option>`)}
        </select>
      </label>
    </fieldset>
    <form onSubmit=${words}>
      <label class="field"><span>${t('rules-words')}</span>
        <textarea name="words" rows="3" defaultValue=${(room.unwanted_words ?? []).join('\n')}></textarea><small>${t('rules-words-hint')}</small></label>
      <button class="button">${t('save')}</button>
    </form>
    <form onSubmit=${pictures}>
      ${/** @type {const} */ (['hold', 'refuse']).map((act) => html`
        <label class="field"><span>${t(`rules-${act}`)}</span>
          <textarea name=${act} rows="2" defaultValue=${room[`${act}_labels`].map(labelName).join('\n')}></textarea><small>${t(`rules-${act}-hint`)}</small></label>`)}
      <label class="field"><span>${t('rules-sure')}</span>
        <input name="sure" type="number" min="1" max="100" required defaultValue=${room.picture_sure} /><small>${t('rules-sure-hint')}</small></label>
      <button class="button" aria-label=${t('rules-pictures-save')}>${t('save')}</button>
    </form></div>
  `;
}
