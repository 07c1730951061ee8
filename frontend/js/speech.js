// What a screen reader says of the open room: a message at once, and what follows within two seconds in one sentence.
import { t } from './i18n.js';
import { me, openRoom, spoken } from './state.js';
import { plain } from './text.js';

const PAUSE = 2000; // milliseconds between two announcements: a busy room must not drown everything else

/** @type {import('./types.js').Message[]} */
let waiting = [];
let isPausing = false;
let spokenOf = ''; // the message

/** @param {import('./types.js').RoomEvent} event */
export function speak({ type, message }) {
  if (type === 'edit' || type === 'delete') return takeBack(message.id);
  if (type !== 'message' || message.room !== openRoom.value?.id || message.author.id === me.value?.id) return;
  waiting.push(message);
  if (!isPausing) say();
}

function say() {
  const heard = waiting.filter(({ room }) => room === openRoom.value?.id);
  waiting = [];
  isPausing = heard.length > 0;
  if (!isPausing) return;
  const message = /** @type {import('./types.js').Message} */ (heard.at(-1));
  const last = sentence(message);
  spokenOf = message.id;
  spoken.value = heard.length > 1 ? t('speech-many', { count: heard.length, last }) : last;
  setTimeout(say, PAUSE);
}

/** @param {import('./types.js').Message} message */
const sentence = ({ author, text, image }) => `${author.display_name}: ${text ? plain(text) : image ? t('a-picture') : ''}`;

/** Nothing stays of what was changed. @param {string} id */
function takeBack(id) {
  waiting = waiting.filter((message) => message.id !== id);
  if (id === spokenOf) spoken.value = '';
}
