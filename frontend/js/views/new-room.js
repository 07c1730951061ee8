// The dialog that makes a room.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { createRoom } from '../rooms.js';
import { goToRoom } from '../route.js';
import { Dialog } from './dialog.js';
import { closeDialog } from './layout.js';

export function NewRoom() {
  const [problem, setProblem] = useState('');
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    try {
      const room = await createRoom(String(form.get('name')).trim(), String(form.get('topic')).trim(), form.get('kind') === 'private');
      closeDialog();
      goToRoom(room.id);
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
    }
  };
  return html`
    <${Dialog} title=${t('new-room')} onClose=${closeDialog}>
      <form onSubmit=${submit}>
        <label class="field">
          <span>${t('name')}</span>
          <input name="name" required maxlength="80" placeholder=${t('new-room-example')} autocomplete="off" autofocus />
        </label>
        <label class="field">
          <span>${t('new-room-topic')} <em>${t('optional')}</em></span>
          <input name="topic" maxlength="300" placeholder=${t('new-room-about')} autocomplete="off" />
        </label>
        <fieldset class="choices">
          <legend>${t('new-room-who')}</legend>
          <label class="choice">
            <input type="radio" name="kind" value="public" checked />
            <span><strong>${t('new-room-public')}</strong><small>${t('new-room-public-about')}</small></span>
          </label>
          <label class="choice">
            <input type="radio" name="kind" value="private" />
            <span><strong>${t('new-room-private')}</strong><small>${t('new-room-private-about')}</small></span>
          </label>
        </fieldset>
        <p class="field-problem" role="alert">${problem}</p>
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${t('cancel')}</button>
          <button class="button button-main">${t('new-room-make')}</button>
        </div>
      </form>
    <//>
  `;
}
