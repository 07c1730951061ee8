// For who moderates: pictures that a room holds back until somebody has looked at them.
import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { labelName } from '../label-names.js';
import { openMessage } from '../route.js';
import { attempt } from '../state.js';
import { exact, shortTime } from '../times.js';
import { askToSanction } from './sanction.js';

/** @typedef {import('../types.js').HeldPicture} HeldPicture */

/** @param {{pictures: HeldPicture[], onChange: () => void}} props */
export const Held = ({ pictures, onChange }) => html`
  <section aria-label=${t('held-title')}>
    <header class="figure-head"><h2>${t('held-title')}</h2></header>
    ${pictures.length === 0 && html`<p class="quiet">${t('held-nothing')}</p>`}
    <div class="reports">${pictures.map((one) => html`<${One} key=${one.message.id} held=${one} onChange=${onChange} />`)}</div>
  </section>
`;

/** @param {{held: HeldPicture, onChange: () => void}} props */
function One({ held: { message, room, label, probability, created_at: at }, onChange }) {
  const { id, author, image } = message;
  const act = (/** @type {string} */ path) => attempt(api.remove(path).then(onChange));
  return html`
    <article class="card" aria-label=${t('picture-by', { name: author.username })}>
      <p class="card-size"><strong class="report-author">${author.username}</strong> · ${room.name} · <time datetime=${at} title=${exact(at)}>${shortTime(at)}</time></p>
      ${image && html`<img class="held-picture" src=${image.thumbnail_url} alt=${t('picture-by', { name: author.username })} />`}
      <p>${label ? t('held-label', { label: labelName(label), percent: Math.round((probability ?? 0) * 100) }) : t('held-unanswered')}</p>
      <div class="card-acts">
        <button type="button" class="button button-main" onClick=${() => act(`/api/messages/${id}/hold`)}>${t('held-release')}</button>
        <button type="button" class="button" onClick=${() => act(`/api/messages/${id}`)}><${Icon} name="trash" /> ${t('held-remove')}</button>
        <button type="button" class="button" onClick=${() => attempt(openMessage(id))}><${Icon} name="forward" /> ${t('report-show')}</button>
        <button type="button" class="button" onClick=${() => askToSanction(author, room, onChange)}>${t('sanction-ask')}</button>
      </div>
    </article>
  `;
}
