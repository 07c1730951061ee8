// Messages that the room keeps in sight.
import { useEffect, useState } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { openMessage } from '../route.js';
import { attempt } from '../state.js';
import { plain } from '../text.js';
import { shortTime } from '../times.js';
import { Asked } from './asked.js';
import { Avatar } from './avatar.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';
import { sheet } from './sheets.js';

await Promise.all([sheet('css/stats.css'), sheet('css/search.css')]);

/** @typedef {import('../types.js').Message} Message */

/** @param {import('../types.js').Room} room */
export const showPins = (room) => openDialog(() => html`<${Pins} room=${room} />`);

/** @param {{room: import('../types.js').Room}} props */
function Pins({ room }) {
  const [found, setFound] = useState(/** @type {Message[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    return api.get(`/api/rooms/${room.id}/pins`).then(({ messages }) => setFound(messages), ({ message }) => setProblem(message));
  };
  useEffect(() => void load(), []);
  const go = (/** @type {Message} */ message) => {
    closeDialog();
    attempt(openMessage(message.id, message));
  };
  const unpin = (/** @type {Message} */ message) => attempt(api.remove(`/api/messages/${message.id}/pin`).then(load));
  return html`
    <${Dialog} title=${t('pins-title', { room: room.name })} onClose=${closeDialog} class="dialog-search">
      ${(!found || problem) && html`<${Asked} problem=${problem} onRetry=${load} />`}
      ${found?.length === 0 && html`<p class="quiet">${t(room.moderates ? 'pins-none-moderator' : 'pins-none')}</p>`}
      <ul class="results">
        ${(found ?? []).map((message) => html`<li key=${message.id} class="pin">
          <button type="button" class="result" onClick=${() => go(message)}>
            <${Avatar} user=${message.author} small />
            <span class="result-body"><span class="result-head"><strong>${message.author.display_name}</strong> <time datetime=${message.created_at}>${shortTime(message.created_at)}</time></span>
              <span class="result-text">${message.text ? plain(message.text) : t('a-picture')}</span></span>
          </button>
          ${room.moderates && html`<button type="button" class="link" onClick=${() => unpin(message)}>${t('pins-unpin')}</button>`}
        </li>`)}
      </ul>
    <//>
  `;
}
