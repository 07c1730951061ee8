// What stands where something was asked of the server and is not there yet, or did not come.
import { html } from '../html.js';
import { t } from '../i18n.js';

/** @param {{problem: string, onRetry: () => void}} props */
export const Asked = ({ problem, onRetry }) =>
  problem
    ? html`<div class="asked" role="alert"><p>${problem}</p><button type="button" class="button" onClick=${onRetry}>${t('try-again')}</button></div>`
    : html`<p class="quiet" role="status">${t('loading')}</p>`;
