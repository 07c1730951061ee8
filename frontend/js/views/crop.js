// Cutting and turning a picture before it is sent, by pointer, touch or keys.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../icons.js';
import { decode, draw, turned, WHOLE } from '../photo.js';
import { Dialog } from './dialog.js';
import { sheet } from './sheets.js';

await sheet('css/crop.css');

/** @typedef {import('../photo.js').Part} Part
 * @typedef {import('../photo.js').Edit} Edit */

const SHOWN = 1400; // pixels of the longer side in the dialog
const SMALLEST = 0.04; // of a side
const STEP = 0.01; // of a side, for one press of an arrow
const FAST = 10; // times as far, with Shift
const KEYS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
/** Which edges each grip moves: the left or right one, the upper or lower one. */
const GRIPS = /** @type {const} */ ([
  { name: 'crop-top-left', side: 'left', end: 'top' },
  { name: 'crop-top-right', side: 'right', end: 'top' },
  { name: 'crop-bottom-left', side: 'left', end: 'bottom' },
  { name: 'crop-bottom-right', side: 'right', end: 'bottom' },
]);

/** @typedef {typeof GRIPS[number] | null} Grip null: all of it */

/** @param {{picture: import('../types.js').Attachment, onDone: (edit: Edit) => Promise<void>, onClose: () => void}} props */
export function Crop({ picture, onDone, onClose }) {
  const turns = useSignal(picture.edit?.turns ?? 0);
  const part = useSignal(picture.edit?.part ?? WHOLE);
  const isBusy = useSignal(false);
  const image = useChosen(picture.file);
  const stage = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (image.value) stage.current?.firstElementChild?.replaceChildren(draw(image.value, { turns: turns.value, part: WHOLE }, SHOWN));
  }, [image.value, turns.value]);
  const turn = (/** @type {boolean} */ toTheRight) => {
    turns.value = (turns.value + (toTheRight ? 1 : 3)) % 4;
    part.value = turned(part.value, toTheRight);
  };
  const reset = () => {
    turns.value = 0;
    part.value = WHOLE;
  };
  const finish = async () => {
    isBusy.value = true;
    await onDone({ turns: turns.value, part: part.value });
    onClose();
  };
  return html`
    <${Dialog} title=${t('crop-title')} onClose=${onClose} class="dialog-crop">
      <div class="crop-stage" ref=${stage}>
        <div></div>
        ${image.value && html`<${Frame} part=${part} stage=${stage} />`}
      </div>
      <p class="quiet crop-hint" id="crop-hint">${t('crop-hint')}</p>
      <p class="crop-size" role="status">${image.value && pixels(image.value, turns.value, part.value)}</p>
      <div class="dialog-foot crop-foot">
        <${IconButton} icon="turnLeft" name=${t('crop-left')} onClick=${() => turn(false)} />
        <${IconButton} icon="turnRight" name=${t('crop-right')} onClick=${() => turn(true)} />
        <button type="button" class="button" onClick=${reset}>${t('crop-reset')}</button>
        <span class="crop-space"></span>
        <button type="button" class="button" onClick=${onClose}>${t('cancel')}</button>
        <button type="button" class="button button-main" disabled=${isBusy.value || !image.value} onClick=${finish}>${t('crop-done')}</button>
      </div>
    <//>
  `;
}

/** The part that stays, and its corners.
 * @param {{part: import('@preact/signals').Signal<Part>, stage: {current: HTMLElement | null}}} props */
function Frame({ part, stage }) {
  const { x, y, width, height } = part.value;
  const held = useRef(/** @type {{x: number, y: number, part: Part, grip: Grip} | null} */ (null));
  const take = (/** @type {Grip} */ grip) => (/** @type {PointerEvent} */ event) => {
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    held.current = { x: event.clientX, y: event.clientY, part: part.value, grip };
    event.stopPropagation();
  };
  const drag = (/** @type {PointerEvent} */ event) => {
    const box = stage.current?.querySelector('canvas')?.getBoundingClientRect();
    if (!held.current || !box) return;
    const { x, y, part: start, grip } = held.current;
    part.value = moved(start, grip, (event.clientX - x) / box.width, (event.clientY - y) / box.height);
  };
  const drop = () => void (held.current = null);
  const press = (/** @type {Grip} */ grip) => (/** @type {KeyboardEvent} */ event) => {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const by = STEP * (event.shiftKey ? FAST : 1);
    part.value = moved(part.value, grip, way[0] * by, way[1] * by);
  };
  const ears = (/** @type {Grip} */ grip) => ({ onPointerDown: take(grip), onPointerMove: drag, onPointerUp: drop, onPointerCancel: drop, onKeyDown: press(grip) });
  const place = { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
  return html`
    <div class="crop-shade" aria-hidden="true"><i style=${place}></i></div>
    <div class="crop-part" style=${place}>
      <button type="button" class="crop-all" aria-label=${t('crop-part')} aria-describedby="crop-hint" ...${ears(null)}></button>
      ${GRIPS.map((grip) => html`<button type="button" class="crop-grip" data-side=${grip.side} data-end=${grip.end} aria-label=${t(grip.name)}
        aria-describedby="crop-hint" ...${ears(grip)}></button>`)}
    </div>
  `;
}

/** @param {Part} part @param {Grip} grip @param {number} dx @param {number} dy @returns {Part} */
export function moved(part, grip, dx, dy) {
  const [x, width] = movedAlong(part.x, part.width, grip?.side === 'left' ? 'start' : grip ? 'end' : 'both', dx);
  const [y, height] = movedAlong(part.y, part.height, grip?.end === 'top' ? 'start' : grip ? 'end' : 'both', dy);
  return { x, y, width, height };
}

/** @param {number} start @param {number} length @param {'start' | 'end' | 'both'} which @param {number} by @returns {[number, number]} */
function movedAlong(start, length, which, by) {
  const end = start + length;
  if (which === 'both') return [within(start + by, 0, 1 - length), length];
  if (which === 'end') return [start, within(end + by, start + SMALLEST, 1) - start];
  const begin = within(start + by, 0, end - SMALLEST);
  return [begin, end - begin];
}

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.max(low, Math.min(high, value));

/** @param {File} file */
function useChosen(file) {
  const image = useSignal(/** @type {HTMLImageElement | null} */ (null));
  useEffect(() => {
    const url = URL.createObjectURL(file);
    decode(url).then((decoded) => (image.value = decoded));
    return () => URL.revokeObjectURL(url);
  }, [file]);
  return image;
}

/** @param {HTMLImageElement} image @param {number} turns @param {Part} part */
function pixels({ naturalWidth, naturalHeight }, turns, part) {
  const [across, down] = turns % 2 ? [naturalHeight, naturalWidth] : [naturalWidth, naturalHeight];
  return `${Math.round(across * part.width)} × ${Math.round(down * part.height)}`;
}
