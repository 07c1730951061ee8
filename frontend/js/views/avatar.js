// Coloured initials (the same person has the same colour everywhere), and the marks of people and rooms.
import { html, memo } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { toMe } from '../reading.js';

const HUES = 12;

/** @param {{user: import('../types.js').User, small?: boolean, large?: boolean}} props */
export const Avatar = memo(({ user, small = false, large = false }) => html`
  <span class="avatar ${small ? 'avatar-small' : ''} ${large ? 'avatar-large' : ''} ${user.bot ? 'avatar-bot' : ''}" data-hue=${hueOf(user)} aria-hidden="true">
    ${initials(user.display_name)}
  </span>
`);

/** @param {{user: import('../types.js').User}} props */
export const BotBadge = ({ user }) => user.bot && html`<span class="badge-bot">${t('bot')}</span>`;

/** What somebody is, here and everywhere. @param {{user: import('../types.js').User, room?: import('../types.js').Room}} props */
export const Marks = ({ user, room }) => html`
  ${room && !room.direct && room.creator === user.id && html`<small class="mark-of">${t('person-creator')}</small>`}
  ${user.role !== 'member' && html`<small class="mark-of">${t(`role-${user.role}`)}</small>`}
`;

/** @param {{room: import('../types.js').Room}} props */
export const RoomIcon = ({ room }) => html`<${Icon} name=${room.direct ? 'message' : room.private ? 'lock' : 'hash'} />`;

/** How much is unread; what is to me stands out. @param {{room: import('../types.js').Room}} props */
export function Unread({ room }) {
  const mine = toMe(room);
  const count = mine || room.unread;
  const label = room.mentions ? t('sidebar-mentions', { count: room.mentions, unread: room.unread }) : t('sidebar-unread', { count: room.unread });
  return html`<span class="badge ${mine && !room.muted ? '' : 'badge-plain'}" role="img" aria-label=${label}>${room.mentions && !room.direct ? '@' : ''}${count > 99 ? '99+' : count}</span>`;
}

/** @param {import('../types.js').User} user */
function hueOf({ username }) {
  let hash = 2166136261; // FNV-1a: names that differ little get other colours
  for (const character of username) hash = Math.imul(hash ^ /** @type {number} */ (character.codePointAt(0)), 16777619);
  return (hash >>> 8) % HUES;
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/[\s._-]+/).filter((word) => /\p{L}/u.test(word));
  const letters = words.length > 1 ? [...words[0]][0] + [...words[1]][0] : [...(words[0] ?? name)].slice(0, 2).join('');
  return letters.toLocaleUpperCase();
}
