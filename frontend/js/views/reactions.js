// Reactions below a message: each with its count, mine pressed.
import * as api from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt, me, members } from '../state.js';

/** @typedef {import('../types.js').Message} Message */

/** @param {{message: Message, member: boolean}} props */
export function Reactions({ message, member }) {
  const given = Object.entries(message.reactions);
  if (!given.length) return null;
  return html`
    <div class="reactions">
      ${given.map(([emoji, ids]) => {
        const isMine = isReactedBy(message, emoji, me.value?.id);
        return html`<button type="button" key=${emoji} class="reaction" aria-pressed=${isMine} disabled=${!member}
          title=${namesOf(ids)} aria-label="${emoji}, ${ids.length}" onClick=${() => toggle(message, emoji)}>
          <span>${emoji}</span><b>${ids.length}</b>
        </button>`;
      })}
    </div>
  `;
}

/** Give a reaction, or take it back. @param {Message} message @param {string} emoji */
export function toggle(message, emoji) {
  const path = `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
  return attempt(isReactedBy(message, emoji, me.value?.id) ? api.remove(path) : api.put(path));
}

/** @param {Message} message @param {string} emoji @param {string} [id] */
const isReactedBy = (message, emoji, id) => Boolean(id && message.reactions[emoji]?.includes(id));

/** @param {string[]} ids */
const namesOf = (ids) => ids.map((id) => members.value.find((member) => member.id === id)?.display_name ?? t('reactions-somebody')).join(t('comma'));
