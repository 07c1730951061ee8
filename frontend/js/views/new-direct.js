// The dialogs in which people are chosen: to write to them directly, and to bring them into a private room.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { openDirect } from '../people.js';
import { addMember } from '../rooms.js';
import { goToRoom } from '../route.js';
import { attempt, me, members } from '../state.js';
import { Dialog } from './dialog.js';
import { closeDialog, drawerOpen, openDialog } from './layout.js';
import { PeoplePicker } from './people-picker.js';

/** @typedef {import('../types.js').User} User */

const MOST = 7; // others in a direct room

/** Go to the direct room of these people and me. @param {User[]} people */
export async function writeTo(people) {
  const room = await openDirect(people.map(({ id }) => id));
  closeDialog();
  drawerOpen.value = false;
  goToRoom(room.id);
}

export const newDirect = () => openDialog(() => html`
  <${Choosing} title=${t('new-direct')} hint=${t('new-direct-hint')} does=${t('new-direct-write')} most=${MOST}
    except=${[me.value?.id]} onDone=${writeTo} />
`);

/** @param {import('../types.js').Room} room */
export function addPeople(room) {
  const add = async (/** @type {User[]} */ people) => {
    await Promise.all(people.map(({ id }) => addMember(room.id, id)));
    closeDialog();
  };
  openDialog(() => html`
    <${Choosing} title=${t('members-add-title', { room: room.name })} hint=${t('new-direct-add-hint')} does=${t('add')}
      except=${members.value.map(({ id }) => id)} onDone=${add} />
  `);
}

/** @param {{title: string, hint: string, does: string, most?: number, except: string[], onDone: (people: User[]) => Promise<void>}} props */
function Choosing({ title, hint, does, most, except, onDone }) {
  const [chosen, setChosen] = useState(/** @type {User[]} */ ([]));
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (chosen.length) attempt(onDone(chosen));
  };
  return html`
    <${Dialog} title=${title} onClose=${closeDialog}>
      <form onSubmit=${submit}>
        <p class="quiet dialog-hint">${hint}</p>
        <${PeoplePicker} label=${t('name')} chosen=${chosen} onChange=${setChosen} except=${except} most=${most} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${t('cancel')}</button>
          <button class="button button-main" disabled=${chosen.length === 0}>${does}</button>
        </div>
      </form>
    <//>
  `;
}
