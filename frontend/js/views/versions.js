// What an edited message said before, for whoever may read it; its author can have that forgotten.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt, changed, me, notify } from '../state.js';
import { render } from '../text.js';
import { exact } from '../times.js';
import { furnishCode } from './code.js';
import { Asked } from './asked.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';
import { sheet } from './sheets.js';

await sheet('css/search.css');

/** @typedef {import('../types.js').Message} Message */
/** @typedef {{text: string, at: string}} Version */

/** @param {Message} message */
export const showVersions = (message) => openDialog(() => html`<${Versions} message=${message} />`);

/** @param {{message: Message}} props */
function Versions({ message }) {
  const [versions, setVersions] = useState(/** @type {Version[] | null} */ (null));
  const [problem, setProblem] = useState('');
  const path = `/api/messages/${message.id}/versions`;
  const load = () => {
    setProblem('');
    api.get(path).then((answer) => setVersions(answer.versions.toReversed()), (error) => setProblem(error.message));
  };
  const hears = changed.value.get(message.id);
  useEffect(load, [message.id, hears]);
  useEffect(() => void (hears?.deleted_at && closeDialog()), [hears]);
  const forget = async () => {
    await api.remove(path);
    closeDialog();
    notify(t('versions-forgotten'));
  };
  const mayForget = message.author.id === me.value?.id || me.value?.role !== 'member';
  return html`
    <${Dialog} title=${t('versions')} onClose=${closeDialog} class="dialog-versions">
      ${(!versions || problem) && html`<${Asked} problem=${problem} onRetry=${load} />`}
      <ol class="versions">
        ${versions?.map(({ text, at }, n) => html`<li key=${at}>
          <p class="quiet">${n === 0 && html`<strong>${t('versions-now')}</strong> `}<time datetime=${at}>${exact(at)}</time></p>
          <${Text} text=${text} />
        </li>`)}
      </ol>
      ${versions?.length === 1 && html`<p class="quiet">${t('versions-none')}</p>`}
      ${mayForget && versions && versions.length > 1 && html`<div class="dialog-foot versions-foot">
        <p class="quiet">${t('versions-forget-hint')}</p>
        <button type="button" class="button button-danger" onClick=${() => attempt(forget())}>${t('versions-forget')}</button></div>`}
    <//>
  `;
}

/** @param {{text: string}} props */
function Text({ text }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const rendered = render(text);
    furnishCode(rendered);
    box.current?.replaceChildren(rendered);
  }, [text]);
  return html`<div class="text" ref=${box}></div>`;
}
