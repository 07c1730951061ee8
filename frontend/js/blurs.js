// Pictures that a room shows blurred, until one wants to see them: those that show what the room lists, and where it lists
// something, those of others that no bot has seen yet. Which they are, the server says.
import { signal } from '@preact/signals';

import * as api from './api.js';
import { logs, me, noteChange, rooms } from './state.js';

/** @typedef {import('./types.js').Message} Message */

/** What I have wanted to see, by message, until the page is closed. @type {import('@preact/signals').Signal<Set<string>>} */
const revealed = signal(new Set());

/** @param {Message} message */
export const isBlurred = (message) => Boolean(message.image?.blur || isUnseen(message)) && !revealed.value.has(message.id);

/** Nobody knows yet whether it should be blurred. Its sender knows what it is. @param {Message} message */
const isUnseen = ({ room, image, author }) =>
  image?.seen === false && author.id !== me.value?.id && Boolean(rooms.value.get(room)?.blur_labels.length);

/** Held for review, and neither mine nor mine to review: the server does not give it out either. @param {Message} message */
export const isHeld = ({ room, author, image }) =>
  Boolean(image?.held) && author.id !== me.value?.id && !rooms.value.get(room)?.moderates;

/** @param {string} id */
export const reveal = (id) => (revealed.value = new Set(revealed.value).add(id));

/** The next person is another one. */
export const forgetRevealed = () => (revealed.value = new Set());

/** A bot has spoken where something is blurred: what it speaks of may be, and what it shows.
 * @param {Message} message */
export async function hearBot({ id, room, author, image, labels, reply_to: replyTo }) {
  if (!author.bot || !rooms.value.get(room)?.blur_labels.length) return;
  const concerned = image ? id : labels && replyTo;
  const log = logs.get(room);
  if (!concerned || !log) return;
  const { seq } = log;
  const message = await api.get(`/api/messages/${concerned}`).catch(() => null);
  if (!message) return;
  log.put(message, seq);
  noteChange(message);
}
