// A picture in a message. Its box has its final size before a byte of it has come.
import { isBlurred, isHeld } from '../blurs.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { discard } from '../outbox.js';
import { IconButton } from '../icons.js';
import { Blurred } from './blurred.js';
import { withPart } from './later.js';

const WIDEST = 420; // pixels
const HIGHEST = 340;
const SMALLEST = 48;

/** @param {{message: import('../types.js').Message, image: import('../types.js').Picture,
 *   item?: import('../types.js').Pending}} props */
export function Picture({ message, image, item }) {
  const alt = t('picture-by', { name: message.author.display_name });
  const isDrawable = image.width > 0;
  if (isHeld(message)) return html`<div class="picture held" style=${sizeOf(image)}><p>${t(`held-${image.held}`)}</p></div>`;
  if (isBlurred(message)) return html`<div class="picture" style=${sizeOf(image)}><${Blurred} message=${message} source=${image.thumbnail_url} /></div>`;
  return html`
    <div class="picture" style=${sizeOf(image)}>
      <button type="button" class="picture-open" onClick=${() => withPart(() => import('./lightbox.js'), ({ showLarge }) => showLarge(message))} disabled=${!isDrawable}
        aria-label=${t('picture-open', { name: message.author.display_name })}>
        ${isDrawable ? html`<img src=${image.thumbnail_url} alt=${alt} decoding="async" />` : item?.attachment?.file.name}
      </button>
      ${item && item.status !== 'failed' && html`<${Progress} item=${item} />`}
    </div>
    ${image.held && html`<p class="quiet">${t(`held-${image.held}-seen`)}</p>`}
  `;
}

/** @param {{item: import('../types.js').Pending}} props */
const Progress = ({ item }) => html`
  <div class="progress">
    <progress max="1" value=${item.progress} aria-label=${t('picture-upload')}></progress>
    <${IconButton} icon="close" name=${t('picture-cancel')} onClick=${() => discard(item.clientId)} />
  </div>
`;

/** @param {import('../types.js').Picture} image */
function sizeOf({ width, height }) {
  if (!width || !height) return { width: '260px', height: '120px' };
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  const shown = Math.max(SMALLEST, Math.round(width * scale));
  const ratio = Math.max(SMALLEST / HIGHEST, Math.min(width / height, WIDEST / SMALLEST)); // a thread stays visible
  return { width: `${shown}px`, aspectRatio: String(ratio) };
}
