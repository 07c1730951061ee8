// What is said in a room. It holds the place that one reads, whatever comes above, below or late.
import { computed } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { loadNewer, loadNewest, loadOlder, tryAgain } from '../history.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { atEnd, markRead, seen, visible } from '../reading.js';
import { rowsOf } from '../rows.js';
import { logs, me, newSince, pending, returning, target } from '../state.js';
import { dayName } from '../times.js';
import { Place } from '../place.js';
import { Asked } from './asked.js';
import { Beginning } from './empty.js';
import { InLine, later } from './later.js';
import { Message } from './message.js';

const Tries = later(() => import('./tries.js'), 'Tries', InLine);

const AHEAD = 800; // pixels before the end of the window at which more is fetched

/** @param {{room: import('../types.js').Room}} props */
export function Timeline({ room }) {
  const log = logs.get(room.id);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const place = useRef(/** @type {Place | null} */ (null));
  const rows = useMemo(() => computed(() => rowsInView(room.id)), [room.id]).value;
  const pointed = target.value;
  const view = log?.window.value ?? { messages: [], loaded: false, older: false, newer: false, error: '' };

  useLayoutEffect(() => {
    if (!box.current) return undefined;
    const kept = (place.current = new Place(box.current, () => lookAround(room.id, kept)));
    return () => {
      kept.end();
      if (log) log.isReadAbove = false;
    };
  }, [room.id]);

  useLayoutEffect(() => {
    if (!place.current || !view.loaded) return;
    const follows = room.unread === 0 || (visible.value && !returning.value);
    place.current.settle(view.newer, rows.at(-1)?.key ?? '', isMine(rows), follows);
    if (pointed) place.current.point(pointed);
    lookAround(room.id, place.current);
  });

  const jump = () => {
    place.current?.toEnd();
    if (view.newer) loadNewest(room.id);
  };
  useMine(room.id, () => view.newer && jump());
  useEffect(markRead, [view, room, visible.value, returning.value, atEnd.value, seen.value]);
  const failed = view.error && html`<div class="more-failed"><${Asked} problem=${view.error} onRetry=${() => tryAgain(room.id)} /></div>`;
  return html`
    <div class="timeline-box">
      <div class="timeline" ref=${box} tabindex="0" role="log" aria-live="off" aria-label=${t('timeline', { room: room.name })} aria-busy=${!view.loaded}>
        <div class="timeline-rows">
          ${view.older && failed}
          ${view.loaded && !view.older && html`<${Beginning} key="beginning" room=${room} isEmpty=${rows.length === 0} />`}
          ${rows.map((row) => html`<${Row} key=${row.key} row=${row} member=${room.member} />`)}
          ${view.loaded && !view.older && isFirst(room) && html`<${Tries} room=${room} rows=${rows} />`}
          ${view.newer && failed}
          ${!view.loaded && !view.error && html`<${Skeleton} />`}
        </div>
      </div>
      ${!atEnd.value && html`<${JumpToLatest} room=${room} onJump=${jump} />`}
    </div>
  `;
}

/** I have written: that stands at the end. @param {string} room @param {() => void} onWrite */
function useMine(room, onWrite) {
  const last = pending.value.findLast((item) => item.room === room)?.order ?? 0;
  const known = useRef(Date.now()); // what a reload has brought back was written before
  useEffect(() => {
    if (last > known.current) onWrite();
    known.current = Math.max(last, known.current);
  }, [last]);
}

/** The room that a new chat begins with is nobody's. @param {import('../types.js').Room} room */
const isFirst = (room) => room.member && !room.direct && room.creator === null;

/** @param {string} room */
function rowsInView(room) {
  const { messages, newer } = logs.get(room)?.window.value ?? { messages: [], newer: false };
  const mine = newer ? [] : pending.value.filter((item) => item.room === room);
  return me.value ? rowsOf(messages, mine, me.value, newSince.value) : [];
}

/** Fetch more before one comes to the edge of what is at hand. @param {string} room @param {Place} place */
function lookAround(room, place) {
  const log = logs.get(room);
  const view = log?.window.value;
  if (!log || !view?.loaded) return;
  atEnd.value = place.isAtEnd && !view.newer;
  log.isReadAbove = !atEnd.value;
  noteSeen(log, place);
  if (view.error) return; // until the person, or the next connection, wants it tried again
  if (view.older && place.above < AHEAD) loadOlder(room);
  if (view.newer && place.below < AHEAD) loadNewer(room);
}

/** @param {import('../room-log.js').RoomLog} log @param {Place} place */
function noteSeen(log, place) {
  const seq = log.find(place.lowest?.dataset.id ?? '')?.seq ?? 0;
  if (seq !== seen.peek().seq || log.room !== seen.peek().room) seen.value = { room: log.room, seq };
}

/** @param {import('../rows.js').Row[]} rows */
function isMine(rows) {
  const last = rows.at(-1);
  return last?.kind === 'message' && Boolean(last.item);
}

/** @param {{row: import('../rows.js').Row, member: boolean}} props */
function Row({ row, member }) {
  if (row.kind === 'day') return html`<div class="day" role="separator"><span>${dayName(row.time)}</span></div>`;
  if (row.kind === 'new') return html`<div class="new-line" role="separator"><span>${t('timeline-new')}</span></div>`;
  const { key, message, head, attached, item } = row;
  return html`<${Message} id=${key} message=${message} head=${head} attached=${attached} item=${item} member=${member} />`;
}

/** @param {{room: import('../types.js').Room, onJump: () => void}} props */
function JumpToLatest({ room, onJump }) {
  return html`
    <button type="button" class="jump" onClick=${onJump}>
      <${Icon} name="down" /> ${room.unread ? t('timeline-new-count', { count: room.unread }) : t('timeline-latest')}
    </button>
  `;
}

const Skeleton = () => html`
  <div class="skeleton" aria-hidden="true">${[38, 62, 45, 70, 30].map((width) => html`<div data-width=${width}><i /><b /><b /></div>`)}</div>
`;
