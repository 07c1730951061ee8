// The pictures that will be sent: each can be taken out, cut and turned, and sent as large as it is.
import { canBeEdited, canBeFull, edited } from '../attachments.js';
import { release, toSend } from '../chosen.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../icons.js';
import { size } from '../sizes.js';
import { closeDialog, openDialog } from './layout.js';
import { withPart } from './later.js';

/** @typedef {import('../types.js').Attachment} Attachment
 * @typedef {import('@preact/signals').Signal<Attachment[]>} Chosen */

/** @param {{attachments: Chosen, preparing: number}} props */
export const Chips = ({ attachments, preparing }) => html`
  <ul class="attachments" aria-label=${t('composer-pictures')}>
    ${attachments.value.map((picture) => html`<${Chip} key=${picture.full.url} picture=${picture} attachments=${attachments} />`)}
    ${preparing > 0 && html`<li class="chip-wait" role="status">${t('chips-preparing', { count: preparing })}</li>`}
  </ul>
`;

/** @param {{picture: Attachment, attachments: Chosen}} props */
function Chip({ picture, attachments }) {
  const { file, full, small, wantsFull } = picture;
  const { url, width } = toSend(picture);
  const take = () => {
    release(picture);
    exchange(attachments, picture);
  };
  const choose = (/** @type {any} */ event) => exchange(attachments, picture, { ...picture, wantsFull: event.currentTarget.checked });
  return html`
    <li class="chip">
      ${width > 0 ? html`<img src=${url} alt=${file.name} />` : html`<span class="chip-name">${file.name}</span>`}
      ${small && html`<div class="chip-sizes">
        <b>${size(toSend(picture).file.size)}</b>
        <label><input type="checkbox" checked=${wantsFull} disabled=${!canBeFull(picture)} onChange=${choose} /> ${t('chips-original', { size: size(full.file.size) })}</label>
      </div>`}
      ${canBeEdited(picture) && html`<${IconButton} icon="crop" class="chip-edit" name=${t('chips-edit', { name: file.name })} onClick=${() => withPart(() => import('./crop.js'), ({ Crop }) => edit(Crop, attachments, picture))} />`}
      <${IconButton} icon="close" class="chip-close" name=${t('remove-named', { name: file.name })} onClick=${take} />
    </li>
  `;
}

/** @param {any} Crop @param {Chosen} attachments @param {Attachment} picture */
function edit(Crop, attachments, picture) {
  const finish = async (/** @type {import('../photo.js').Edit} */ wish) => {
    const changed = { ...(await edited(picture, wish)), wantsFull: picture.wantsFull };
    exchange(attachments, picture, changed);
    release(picture);
  };
  openDialog(() => html`<${Crop} picture=${picture} onDone=${finish} onClose=${closeDialog} />`);
}

/** @param {Chosen} attachments @param {Attachment} picture @param {Attachment[]} others in its place */
function exchange(attachments, picture, ...others) {
  attachments.value = attachments.value.flatMap((other) => (other === picture ? others : [other]));
}
