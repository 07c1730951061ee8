// For moderators: what is done in one room, by segment and by time.
import { useMemo } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { number, t } from '../i18n.js';
import { attempt } from '../state.js';
import { called } from './called.js';
import { Chart } from './chart.js';
import { Dialog } from './dialog.js';
import { Figure } from './figure.js';
import { closeDialog, openDialog } from './layout.js';
import { sheet } from './sheets.js';

await sheet('css/stats.css');

/** @param {{id: string, name: string}} room */
export function showRoomStats(room) {
  attempt(api.get(`/api/rooms/${room.id}/stats`).then((stats) => openDialog(() => html`<${RoomStats} name=${room.name} stats=${stats} />`)));
}

/** @param {{name: string, stats: import('../types.js').RoomStatistics}} props */
function RoomStats({ name, stats }) {
  const { total, segments, by_day: days, by_hour: hours } = stats;
  const at = useMemo(() => days.map(({ day }) => Date.parse(day) / 1000), [stats]);
  const lines = useMemo(
    () => [
      { name: t('messages'), values: days.map(({ messages }) => messages) },
      { name: t('pictures'), values: days.map(({ images }) => images) },
      { name: t('people'), values: days.map(({ people }) => people) },
    ],
    [stats],
  );
  const activity = useMemo(() => segments.map(({ segment, name }) => ({ name: called(segment, name), values: days.map((day) => day.segments.find((group) => group.name === name)?.messages ?? 0) })), [stats]);
  const bySegment = segments.map((group) => [called(group.segment, group.name), group.people, group.messages, group.images, group.replies, group.reactions]);
  const byDay = days.map(({ day, messages, images, people }) => [day, messages, images, people]);
  return html`
    <${Dialog} title=${t('room-stats', { room: name })} onClose=${closeDialog} class="dialog-stats">
      <ul class="tiles">
        ${[[t('messages'), total.messages], [t('pictures'), total.images], [t('reactions'), total.reactions], [t('room-stats-active'), total.people]].map(
          ([what, count]) => html`<li><strong>${number(Number(count))}</strong> ${what}</li>`)}
      </ul>
      <p class="quiet">${t('room-stats-about', { days: stats.days })}</p>
      <${Figure} title=${t('room-stats-segments')} about=${t('room-stats-segments-about')} file="room-by-segment"
        numbers=${{ head: ['segment', 'people', 'messages', 'pictures', 'replies', 'reactions'].map((id) => t(id)), rows: bySegment }} />
      <${Figure} title=${t('room-stats-days-title')} about=${t('room-stats-utc')} file="room-by-day" numbers=${{ head: [t('room-stats-day'), t('messages'), t('pictures'), t('people')], rows: byDay }}>
        <${Chart} at=${at} lines=${lines} isDaily label=${t('room-stats-days-label')} />
      <//>
      <${Figure} title=${t('room-stats-activity')} about=${t('room-stats-activity-about')} file="room-segments-by-day"
        numbers=${{ head: [t('room-stats-day'), ...activity.map(({ name }) => name)], rows: days.map(({ day }, n) => [day, ...activity.map(({ values }) => values[n])]) }}>
        <${Chart} at=${at} lines=${activity} isDaily label=${t('room-stats-activity-label')} />
      <//>
      <${Figure} title=${t('room-stats-hours')} about=${t('room-stats-hours-about')} file="room-by-hour"
        numbers=${{ head: [t('room-stats-hour'), t('messages'), t('pictures')], rows: hours.map(({ hour, messages, images }) => [hour, messages, images]) }} />
    <//>
  `;
}
