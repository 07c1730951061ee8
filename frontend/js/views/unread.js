// The badge of a room.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { toMe } from '../reading.js';

/** How much is unread; what is to me stands out. @param {{room: import('../types.js').Room}} props */
export function Unread({ room }) {
  const mine = toMe(room);
  const count = mine || room.unread;
  const label = room.mentions ? t('sidebar-mentions', { count: room.mentions, unread: room.unread }) : t('sidebar-unread', { count: room.unread });
  return html`<span class="badge ${mine && !room.muted ? '' : 'badge-plain'}" role="img" aria-label=${label}>${room.mentions && !room.direct ? '@' : ''}${count > 99 ? '99+' : count}</span>`;
}
