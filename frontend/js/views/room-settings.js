// What a room is called and about, and what I want to hear of it: a section for each.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { labelName } from '../label-names.js';
import { leaveRoom, makeLink, saveMembership, saveRoom } from '../rooms.js';
import { attempt, me, notify, rooms } from '../state.js';
import { Confirm, Dialog } from './dialog.js';
import { withPart } from './later.js';
import { closeDialog, openDialog } from './layout.js';
import { ThisBrowser } from './notifying.js';
import { Rules } from './rules.js';

/** @typedef {import('../types.js').Room} RoomOf */

/** @param {RoomOf} room */
export const showRoomSettings = ({ id }) => openDialog(() => html`<${RoomSettings} id=${id} />`);

/** @param {RoomOf} room whether I may say what it is called, and what is shown in it */
export const mayChange = (room) => room.member && !room.direct && room.moderates;

/** @param {{id: string}} props */
function RoomSettings({ id }) {
  const room = rooms.value.get(id); // it changes while the dialog is open, and may be gone
  if (!room?.member) return null;
  return html`
    <${Dialog} title=${room.name} onClose=${closeDialog} class="room-settings">
      <${Ways} room=${room} />
      ${mayChange(room) && html`<${About} room=${room} />`}
      ${room.private && !room.direct && html`<${InviteByLink} room=${room} />`}
      <${Hearing} room=${room} />
      <${ThisBrowser} />
      ${room.moderates && !room.direct && html`<${Rules} room=${room} />`}
      ${(!room.direct || (room.people ?? []).length > 2) && html`
        <footer class="settings-foot">
          <button type="button" class="button" onClick=${() => askToLeave(room)}><${Icon} name="leave" /> ${t('leave')}</button>
        </footer>`}
    <//>
  `;
}

/** What stands at the head of the room where there is space for it. @param {{room: RoomOf}} props */
const Ways = ({ room }) => html`
  <div class="settings-part ways only-narrow-row">
    <button type="button" class="button" onClick=${() => withPart(() => import('./pins.js'), ({ showPins }) => showPins(room))}><${Icon} name="pin" /> ${t('room-pins')}</button>
    ${me.value?.role !== 'member' && html`
      <button type="button" class="button" onClick=${() => withPart(() => import('./room-stats.js'), ({ showRoomStats }) => showRoomStats(room))}><${Icon} name="chart" /> ${t('statistics')}</button>
      <button type="button" class="button" onClick=${() => withPart(() => import('./teach.js'), ({ teach }) => attempt(teach(room.id)))}><${Icon} name="teach" /> ${t('room-teach')}</button>`}
  </div>
`;

/** @param {{room: RoomOf}} props */
function About({ room }) {
  const [problem, setProblem] = useState('');
  const save = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const [name, topic] = ['name', 'topic'].map((field) => String(form.get(field)).trim());
    try {
      const blur_labels = String(form.get('blur_labels')).split('\n').map((label) => label.trim()).filter(Boolean);
      await saveRoom(room.id, { name, topic, blur_labels });
      setProblem('');
      notify(t('room-settings-saved'));
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
    }
  };
  return html`
    <form class="settings-part" aria-label=${t('room-settings-about')} onSubmit=${save}>
      <label class="field">
        <span>${t('name')}</span>
        <input name="name" required maxlength="80" autocomplete="off" defaultValue=${room.name} />
      </label>
      <label class="field">
        <span>${t('room-settings-topic')}</span>
        <input name="topic" maxlength="300" autocomplete="off" defaultValue=${room.topic} />
      </label>
      <label class="field">
        <span>${t('room-settings-blur')}</span>
        <textarea name="blur_labels" rows="2" key=${String(room.blur_labels)} defaultValue=${room.blur_labels.map(labelName).join('\n')}></textarea>
        <small>${t('room-settings-blur-hint')}</small>
      </label>
      <p class="field-problem" role="alert">${problem}</p>
      <button class="button button-main">${t('room-settings-save')}</button>
    </form>
  `;
}

/** @param {{room: RoomOf}} props */
function InviteByLink({ room }) {
  const [address, setAddress] = useState('');
  const make = async () => {
    const made = await makeLink(room.id);
    setAddress(made);
    await navigator.clipboard?.writeText(made).then(() => notify(t('room-settings-link-copied')), () => undefined);
  };
  return html`
    <div class="settings-part">
      <p class="settings-ask"><span class="quiet">${t('room-settings-link-hint')}</span>
        <button type="button" class="button" onClick=${() => attempt(make())}><${Icon} name="link" /> ${t('room-settings-link')}</button></p>
      ${address && html`<label class="field"><span>${t('room-settings-link-address')}</span>
        <input readonly value=${address} onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} /></label>`}
    </div>
  `;
}

/** @type {RoomOf['notify'][]} */
const LEVELS = ['all', 'mentions', 'nothing'];

/** @param {{room: RoomOf}} props */
function Hearing({ room }) {
  const save = (/** @type {Partial<RoomOf>} */ changes) => attempt(saveMembership(room.id, changes));
  return html`
    <div class="settings-part"><fieldset class="choices">
      <legend>${t('room-settings-hearing')}</legend>
      <div class="choices-row">
        ${LEVELS.map((level) => html`
          <label class="choice" key=${level}>
            <input type="radio" name="notify" checked=${room.notify === level} disabled=${room.muted} onChange=${() => save({ notify: level })} />
            <span><strong>${t(`room-settings-notify-${level}`)}</strong></span>
          </label>`)}
      </div>
      <label class="choice">
        <input type="checkbox" checked=${room.muted} onChange=${(/** @type {any} */ event) => save({ muted: event.currentTarget.checked })} />
        <span><strong>${t('room-settings-mute')}</strong><small>${t('room-settings-mute-hint')}</small></span>
      </label>
    </fieldset></div>
  `;
}

/** @param {RoomOf} room */
export function askToLeave(room) {
  const text = t(room.direct ? 'room-settings-leave-direct' : room.private ? 'members-leave-private' : 'members-leave-public');
  const leave = () => attempt(leaveRoom(room.id));
  openDialog(() => html`
    <${Confirm} title=${t('members-leave-title', { room: room.name })} text=${text} yes=${t('leave')}
      onYes=${leave} onClose=${closeDialog} />`);
}
