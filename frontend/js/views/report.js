// A report: made by a member under a message, looked at by who moderates the room.
import { useState } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { openMessage } from '../route.js';
import { attempt, me, notify } from '../state.js';
import { plain } from '../text.js';
import { exact, shortTime } from '../times.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';
import { askToSanction } from './sanction.js';

/** @typedef {import('../types.js').Report} ReportOf */

/** @param {import('../types.js').Message} message */
export const askToReport = (message) => openDialog(() => html`<${AskWhy} message=${message} />`);

/** @param {{message: import('../types.js').Message}} props */
function AskWhy({ message }) {
  const [problem, setProblem] = useState('');
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('reason')).trim();
    try {
      await api.post(`/api/messages/${message.id}/report`, { reason });
      closeDialog();
      notify(t('report-sent'));
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
    }
  };
  return html`
    <${Dialog} title=${t('report-title', { name: message.author.display_name })} onClose=${closeDialog}>
      <form onSubmit=${send}>
        <label class="field">
          <span>${t('report-why')}</span>
          <textarea name="reason" required maxlength="500" rows="3"></textarea>
          <small>${t('report-hint')}</small>
        </label>
        <p class="field-problem" role="alert">${problem}</p>
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${closeDialog}>${t('cancel')}</button>
          <button class="button button-main">${t('report-send')}</button>
        </div>
      </form>
    <//>
  `;
}

/** @param {{report: ReportOf, onChange: () => void}} props */
export function Report({ report, onChange }) {
  const { message, room, author, by, reason, created_at: at, before } = report;
  const change = (/** @type {object} */ wish) => attempt(api.patch(`/api/reports/${report.id}`, wish).then(onChange));
  const remove = () => attempt(api.remove(`/api/messages/${message?.id}`).then(onChange));
  const isMine = report.assigned_to?.id === me.value?.id;
  return html`
    <article class="card" aria-label=${t('report-of', { name: author.username })}>
      <p class="card-size"><strong class="report-author">${author.username}</strong>${room && html` · ${room.name}`} · <time datetime=${at} title=${exact(at)}>${shortTime(at)}</time></p>
      <blockquote>${message ? said(message) : t('report-private')}</blockquote>
      <p>${t('report-by', { name: by?.username ?? t('report-somebody'), reason })}</p>
      ${(before.agreed_reports > 0 || before.sanctions > 0) && html`
        <p class="quiet">${t('report-before', { reports: before.agreed_reports, sanctions: before.sanctions })}</p>`}
      ${report.state === 'open' && html`
        <p class="quiet">${report.assigned_to ? t(isMine ? 'report-mine' : 'report-theirs', { name: report.assigned_to.username }) : ''}</p>
        <div class="card-acts">
          ${message && html`<button type="button" class="button" onClick=${() => attempt(openMessage(message.id))}><${Icon} name="forward" /> ${t('report-show')}</button>`}
          ${(!report.assigned_to || isMine) && html`<button type="button" class="button" onClick=${() => change({ mine: !isMine })}>${t(isMine ? 'report-give-up' : 'report-take')}</button>`}
          ${message && !message.deleted_at && html`<button type="button" class="button" onClick=${remove}><${Icon} name="trash" /> ${t('report-delete')}</button>`}
          <button type="button" class="button" onClick=${() => askToSanction(author, room, onChange)}>${t('sanction-ask')}</button>
          <button type="button" class="button button-main" onClick=${() => change({ agreed: true })}>${t('report-agree')}</button>
          <button type="button" class="button" onClick=${() => change({ agreed: false })}>${t('report-disagree')}</button>
        </div>`}
      ${report.decided_by && html`<p class="quiet">${t('report-decided', { name: report.decided_by.username })}</p>`}
    </article>
  `;
}

/** @param {import('../types.js').Message} message */
function said(message) {
  if (message.deleted_at) return t('report-deleted');
  return message.text ? plain(message.text) : t('a-picture');
}
