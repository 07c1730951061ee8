// For moderators: what is done in one room, by segment and by time.
import { useMemo } from 'preact/hooks';

import * as api from '../api.js';
import { html } from '../html.js';
import { attempt } from '../state.js';
import { Chart } from './chart.js';
import { Dialog } from './dialog.js';
import { Figure } from './figure.js';
import { closeDialog, openDialog } from './layout.js';

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
      { name: 'Messages', values: days.map(({ messages }) => messages) },
      { name: 'Pictures', values: days.map(({ images }) => images) },
      { name: 'People', values: days.map(({ people }) => people) },
    ],
    [stats],
  );
  const activity = useMemo(() => segments.map(({ name }) => ({ name, values: days.map((day) => day.segments.find((group) => group.name === name)?.messages ?? 0) })), [stats]);
  const bySegment = segments.map((group) => [group.name, group.people, group.messages, group.images, group.replies, group.reactions]);
  const byDay = days.map(({ day, messages, images, people }) => [day, messages, images, people]);
  return html`
    <${Dialog} title=${`Statistics of ${name}`} onClose=${closeDialog} class="dialog-stats">
      <ul class="tiles">
        ${[['Messages', total.messages], ['Pictures', total.images], ['Reactions', total.reactions], ['Active people', total.people]].map(
          ([what, number]) => html`<li><strong>${number}</strong> ${what}</li>`)}
      </ul>
      <p class="quiet">In the last ${stats.days} days. Groups of fewer than five people are shown together.</p>
      <${Figure} title="By segment" about="Who is active here." file="room-by-segment"
        numbers=${{ head: ['Segment', 'People', 'Messages', 'Pictures', 'Replies', 'Reactions'], rows: bySegment }} />
      <${Figure} title="By day" about="Days in UTC." file="room-by-day" numbers=${{ head: ['Day', 'Messages', 'Pictures', 'People'], rows: byDay }}>
        <${Chart} at=${at} lines=${lines} label="Messages, pictures and active people by day" />
      <//>
      <${Figure} title="Segments by day" about="Messages of each segment. Days in UTC." file="room-segments-by-day"
        numbers=${{ head: ['Day', ...activity.map(({ name }) => name)], rows: days.map(({ day }, n) => [day, ...activity.map(({ values }) => values[n])]) }}>
        <${Chart} at=${at} lines=${activity} label="Messages of each segment by day" />
      <//>
      <${Figure} title="By hour" about="Hours of the day in UTC." file="room-by-hour"
        numbers=${{ head: ['Hour', 'Messages', 'Pictures'], rows: hours.map(({ hour, messages, images }) => [hour, messages, images]) }} />
    <//>
  `;
}
