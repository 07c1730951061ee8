// The dialog that makes a room.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
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
    <${Dialog} title="New room" onClose=${closeDialog}>
      <form onSubmit=${submit}>
        <label class="field">
          <span>Name</span>
          <input name="name" required maxlength="80" placeholder="Photography" autocomplete="off" autofocus />
        </label>
        <label class="field">
          <span>Topic <em>(optional)</em></span>
          <input name="topic" maxlength="300" placeholder="What is it about?" autocomplete="off" />
        </label>
        <fieldset class="choices">
          <legend>Who may come in?</legend>
          <label class="choice">
            <input type="radio" name="kind" value="public" checked />
            <span><strong>Everybody</strong><small>All can read along, and join to write.</small></span>
          </label>
          <label class="choice">
            <input type="radio" name="kind" value="private" />
            <span><strong>Only those I add</strong><small>Others do not see that the room exists.</small></span>
          </label>
        </fieldset>
        <p class="field-problem" role="alert">${problem}</p>
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>Cancel</button>
          <button class="button button-main">Make the room</button>
        </div>
      </form>
    <//>
  `;
}
