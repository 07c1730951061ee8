// Reactions below a message: each with its count, mine pressed.
import * as api from '../api.js';
import { html } from '../html.js';
import { list, t } from '../i18n.js';
import { attempt, logs, me, members } from '../state.js';

/** @typedef {import('../types.js').Message} Message */

const NAMED = 12; // people; the others are counted

/** @param {{message: Message, member: boolean}} props */
export function Reactions({ message, member }) {
  const given = Object.entries(message.reactions);
  if (!given.length) return null;
  return html`
    <div class="reactions">
      ${given.map(([emoji, ids]) => html`<${Reaction} key=${emoji} emoji=${emoji} ids=${ids} message=${message} member=${member} />`)}
    </div>
  `;
}

/** Who gave it is said to everybody: beside it where a pointer or the focus is, and in its name.
 * @param {{emoji: string, ids: string[], message: Message, member: boolean}} props */
function Reaction({ emoji, ids, message, member }) {
  const names = namesOf(ids, message.room);
  // not disabled for who only reads: it would not be reached by the keyboard, and those who gave it not be seen
  return html`
    <button type="button" class="reaction" aria-pressed=${isReactedBy(message, emoji, me.value?.id)} aria-disabled=${!member}
      aria-label="${emoji}, ${ids.length}: ${names}" onClick=${() => member && toggle(message, emoji)}>
      <span>${emoji}</span><b>${ids.length}</b><span class="reaction-names" aria-hidden="true">${names}</span>
    </button>
  `;
}

/** Give a reaction, or take it back. @param {Message} message @param {string} emoji */
export function toggle(message, emoji) {
  const path = `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
  return attempt(isReactedBy(message, emoji, me.value?.id) ? api.remove(path) : api.put(path));
}

/** @param {Message} message @param {string} emoji @param {string} [id] */
const isReactedBy = (message, emoji, id) => Boolean(id && message.reactions[emoji]?.includes(id));

/** Me first; of many only the first few. @param {string[]} ids @param {string} room */
function namesOf(ids, room) {
  const mine = ids.filter((id) => id === me.value?.id);
  const others = ids.filter((id) => id !== me.value?.id);
  const names = [...mine.map(() => t('reactions-you')), ...others.slice(0, NAMED).map((id) => nameOf(id, room))];
  const more = others.length - NAMED;
  return list(more > 0 ? [...names, t('reactions-more', { count: more })] : names);
}

/** Who has left the room is known by what they said in it. @param {string} id @param {string} room */
function nameOf(id, room) {
  const here = members.value.find((member) => member.id === id);
  const said = here ? null : logs.get(room)?.window.value.messages.find(({ author }) => author.id === id)?.author;
  return (here ?? said)?.display_name ?? t('reactions-somebody');
}
