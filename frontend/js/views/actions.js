// What can be done with a message: shown when a pointer or the focus is on it.
import { useSignal } from '@preact/signals';

import * as api from '../api.js';
import { common } from '../emoji.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../icons.js';
import { markUnreadFrom } from '../reading.js';
import { messageAddress } from '../route.js';
import { attempt, notify, rooms } from '../state.js';
import { Confirm } from './dialog.js';
import { InDialog, later, withPart } from './later.js';
import { closeDialog, editing, openDialog, replying, touched } from './layout.js';
import { toggle } from './reactions.js';

const Picker = later(() => import('./picker.js'), 'Picker', InDialog);

/** @typedef {import('../types.js').Message} Message */

const QUICK = 3; // emoji that are at hand at once

/** @param {{message: Message, member: boolean, isMine: boolean}} props */
export function Actions({ message, member, isMine }) {
  const picking = useSignal(false);
  const react = (/** @type {string} */ emoji) => {
    picking.value = false;
    touched.value = '';
    toggle(message, emoji);
  };
  const moderates = rooms.value.get(message.room)?.moderates;
  return html`
    <div class="actions ${picking.value ? 'is-open' : ''}" role="group" aria-label=${t('actions')}>
      ${member && common().slice(0, QUICK).map(({ emoji, label }) => html`
        <button type="button" class="quick" aria-label=${t('actions-react-with', { emoji: label })} title=${label} onClick=${() => react(emoji)}>${emoji}</button>
      `)}
      ${member && html`<${IconButton} icon="smile" name=${t('actions-react')} aria-expanded=${picking.value} onClick=${() => (picking.value = !picking.value)} />`}
      ${member && html`<${IconButton} icon="reply" name=${t('actions-reply')} onClick=${() => reply(message)} />`}
      ${isMine && message.text && html`<${IconButton} icon="edit" name=${t('actions-edit')} onClick=${() => (editing.value = message.id)} />`}
      ${member && !isMine && html`<${IconButton} icon="unread" name=${t('actions-unread')} onClick=${() => attempt(markUnreadFrom(message))} />`}
      <${IconButton} icon="link" name=${t('actions-link')} onClick=${() => attempt(copyLink(message))} />
      ${moderates && html`<${IconButton} icon="pin" name=${t('actions-pin')} onClick=${() => attempt(pin(message))} />`}
      ${!isMine && !message.author.bot && html`<${IconButton} icon="flag" name=${t('actions-report')}
        onClick=${() => withPart(() => import('./report.js'), ({ askToReport }) => askToReport(message))} />`}
      ${(isMine || moderates) && html`<${IconButton} icon="trash" name=${t('delete')} onClick=${() => askToDelete(message)} />`}
      ${picking.value && html`<${Picker} onPick=${react} onClose=${() => (picking.value = false)} />`}
    </div>
  `;
}

/** @param {Message} message */
function reply(message) {
  touched.value = '';
  replying.value = message;
}

/** @param {Message} message */
async function copyLink(message) {
  await navigator.clipboard.writeText(`${location.origin}/${messageAddress(message.id)}`);
  notify(t('actions-link-copied'));
}

/** @param {Message} message */
async function pin(message) {
  await api.put(`/api/messages/${message.id}/pin`);
  notify(t('actions-pinned'));
}

/** @param {Message} message */
function askToDelete(message) {
  const text = t(message.image ? 'actions-delete-picture' : 'actions-delete-text');
  const remove = () => attempt(api.remove(`/api/messages/${message.id}`));
  openDialog(() => html`<${Confirm} title=${t('actions-delete-title')} text=${text} yes=${t('delete')} onYes=${remove} onClose=${closeDialog} />`);
}
