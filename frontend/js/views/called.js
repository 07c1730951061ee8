// What nobody gave a name, in the person's language: those who are shown together, private rooms, hours, what one does.
import { t } from '../i18n.js';

/** The server's words for what has no id, as docs/protocol.md lists them, and ours. @type {Record<string, string>} */
const NAMELESS = {
  others: 'others',
  'no segment': 'fit-none',
  'private rooms': 'called-private',
  'other rooms': 'called-other-rooms',
  'a room': 'called-a-room',
  'much of everything': 'called-much',
  messages: 'called-messages',
  pictures: 'called-pictures',
  replies: 'called-replies',
  reactions: 'called-reactions',
};

/** @param {string | null | undefined} id of a room or a segment, which people named @param {string} name */
export function called(id, name) {
  if (id) return name;
  const [, from, to] = /^(\d+)(?: to (\d+))? h(?: UTC)?$/.exec(name) ?? [];
  if (to) return t('called-hours', { from, to });
  if (from) return t('called-hour', { hour: from });
  return NAMELESS[name] ? t(NAMELESS[name]) : name;
}
