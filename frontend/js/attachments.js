// Pictures that somebody has chosen, before they are sent: cut and turned if they like, and made smaller if they are large.
import { release, toSend } from './chosen.js';
import { t } from './i18n.js';
import { decode, draw, WHOLE, write } from './photo.js';
import { size } from './sizes.js';

/** @typedef {import('./types.js').Attachment} Attachment
 * @typedef {import('./types.js').Shot} Shot
 * @typedef {import('./photo.js').Edit} Edit */

const LIMIT = 20_000_000; // bytes, as on the server
const KINDS = /^image\/|\.(heic|heif|avif)$/i;
const LONGEST = 2048; // pixels of a side: more than a message shows, and fine on a large screen
const QUALITY = 0.86; // of what is made smaller: half the bytes of 0.95, and no difference to be seen
const EDITED = 0.93; // of what is cut or turned
const STILL = ['image/jpeg', 'image/png', 'image/heic', 'image/heif', 'image/avif']; // GIF and WebP may move
const OPAQUE = ['image/jpeg', 'image/heic', 'image/heif']; // no transparency to lose

/** @param {File} file @returns {Promise<Attachment>} @throws {Error} with what is wrong with it, for people */
export async function choose(file) {
  if (!KINDS.test(file.type) && !KINDS.test(file.name)) throw new Error(t('attachments-no-picture', { name: file.name }));
  const picture = await prepared(file, null);
  if (toSend(picture).file.size <= LIMIT) return picture;
  release(picture);
  throw new Error(t('attachments-too-large', { name: file.name, size: size(file.size), most: size(LIMIT) }));
}

/** Cut and turned anew, from what was chosen. @param {Attachment} picture @param {Edit} edit @returns {Promise<Attachment>} */
export const edited = (picture, edit) => prepared(picture.file, isNothing(edit) ? null : edit);

/** @param {Attachment} picture */
export const canBeFull = ({ full }) => full.file.size <= LIMIT;

/** @param {Attachment} picture */
export const canBeEdited = ({ full }) => full.width > 0 && full.file.type !== 'image/gif';

/** The room that a picture takes is known before it is drawn. Not every browser can draw every kind: then 0 × 0.
 * @param {File} file @param {Edit | null} edit @returns {Promise<Attachment>} */
async function prepared(file, edit) {
  const url = URL.createObjectURL(file);
  const image = await decode(url);
  const whole = { file, url, width: image?.naturalWidth ?? 0, height: image?.naturalHeight ?? 0 };
  if (!image) return { file, edit: null, full: whole, small: null, wantsFull: false };
  const full = edit ? await drawn(image, edit, file.name, OPAQUE.includes(file.type) ? 'image/jpeg' : 'image/png', EDITED) : whole;
  if (full !== whole) URL.revokeObjectURL(url);
  return { file, edit, full, small: await smaller(image, edit, full), wantsFull: false };
}

/** @param {HTMLImageElement} image @param {Edit | null} edit @param {Shot} full @returns {Promise<Shot | null>} null: nothing to gain */
async function smaller(image, edit, full) {
  if (Math.max(full.width, full.height) <= LONGEST || !STILL.includes(full.file.type)) return null;
  const type = OPAQUE.includes(full.file.type) ? 'image/jpeg' : 'image/webp';
  const shot = await drawn(image, edit ?? { turns: 0, part: WHOLE }, full.file.name, type, QUALITY, LONGEST);
  if (shot.file.size < full.file.size) return shot;
  URL.revokeObjectURL(shot.url);
  return null;
}

/** @param {HTMLImageElement} image @param {Edit} edit @param {string} name @param {string} type @param {number} quality
 * @param {number} [longest] @returns {Promise<Shot>} */
async function drawn(image, edit, name, type, quality, longest) {
  const canvas = draw(image, edit, longest);
  const file = await write(canvas, name, type, quality);
  return { file, url: URL.createObjectURL(file), width: canvas.width, height: canvas.height };
}

/** @param {Edit} edit */
const isNothing = ({ turns, part }) => turns === 0 && part.width === 1 && part.height === 1;
