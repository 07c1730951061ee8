// Pictures large, one after the other: as the thumbnail at once, then as it is.
import { useEffect, useRef, useState } from 'preact/hooks';

import { isBlurred, isHeld } from '../blurs.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { IconButton } from '../icons.js';
import { changed, logs } from '../state.js';
import { exact } from '../times.js';
import { Zoom } from '../zoom.js';
import { Blurred } from './blurred.js';
import { Dialog } from './dialog.js';
import { closeDialog, openDialog } from './layout.js';

/** @typedef {import('../types.js').Message} Message */

/** @param {Message} message with a picture */
export function showLarge(message) {
  openDialog(() => html`<${Lightbox} first=${message} />`);
}

/** @param {{first: Message}} props */
function Lightbox({ first }) {
  const [shown, setShown] = useState(first);
  const [zoomed, setZoomed] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const zoom = useRef(/** @type {Zoom | null} */ (null));
  const all = picturesOf(first.room);
  const at = all.findIndex(({ id }) => id === shown.id);
  const isHidden = isBlurred(all[at] ?? shown);
  const step = (/** @type {number} */ by) => setShown((current) => neighbour(current, by) ?? current); // keys may come faster than it is drawn
  useEffect(() => {
    if (!box.current || isHidden) return undefined;
    const made = (zoom.current = new Zoom(box.current, { onChange: setZoomed, onSwipe: step }));
    setZoomed(false);
    return () => {
      made.end();
      zoom.current = null;
    };
  }, [shown.id, isHidden]);
  useEffect(() => {
    const hear = (/** @type {KeyboardEvent} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (zoom.current?.press(event.key)) return event.preventDefault();
      if (event.key === 'ArrowLeft') step(-1);
      if (event.key === 'ArrowRight') step(1);
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, []);
  const gone = Boolean(changed.value.get(shown.id)?.deleted_at);
  useEffect(() => void (gone && closeDialog()), [gone]);
  const { image, author } = shown;
  if (!image) return null;
  const alt = t('picture-by', { name: author.display_name });
  const look = () => zoom.current?.to(zoomed ? 1 : Math.max(2, zoom.current.actual));
  return html`
    <${Dialog} title=${alt} onClose=${closeDialog} class="lightbox">
      <div class="lightbox-picture ${zoomed ? 'is-zoomed' : ''}" ref=${box}>
        ${isHidden ? html`<${Blurred} message=${all[at] ?? shown} source=${image.thumbnail_url} />` : html`<${Large} key=${shown.id} image=${image} alt=${alt} />`}
      </div>
      <div class="lightbox-foot">
        <${IconButton} icon="back" name=${t('lightbox-earlier')} disabled=${at <= 0} onClick=${() => step(-1)} />
        <${IconButton} icon="forward" name=${t('lightbox-later')} disabled=${at === all.length - 1} onClick=${() => step(1)} />
        <p role="status">${at >= 0 && all.length > 1 ? t('lightbox-place', { at: at + 1, all: all.length, time: exact(shown.created_at) }) : exact(shown.created_at)}</p>
        <${IconButton} icon="search" name=${t(zoomed ? 'lightbox-fit' : 'lightbox-closer')} onClick=${look} />
        <a class="button" href=${image.url} target="_blank" rel="noopener">${t('lightbox-alone')}</a>
      </div>
    <//>
  `;
}

/** @param {{image: import('../types.js').Picture, alt: string}} props */
function Large({ image, alt }) {
  const [source, setSource] = useState(image.thumbnail_url);
  useEffect(() => {
    let current = true;
    const whole = new Image();
    whole.src = image.url;
    whole.decode().then(() => current && setSource(image.url), () => undefined);
    return () => void (current = false);
  }, []);
  return html`<img src=${source} alt=${alt} width=${image.width} height=${image.height} draggable=${false} />`;
}

/** @param {Message} shown @param {number} by */
function neighbour(shown, by) {
  const all = picturesOf(shown.room);
  const at = all.findIndex(({ id }) => id === shown.id);
  return at < 0 ? undefined : all[at + by];
}

/** Those at hand, oldest first. @param {string} room */
function picturesOf(room) {
  return (logs.get(room)?.window.value.messages ?? []).filter((message) => message.image && !message.deleted_at && !isHeld(message));
}
