// What a timeline shows, from top to bottom: days, the "New" line, messages, and what is on its way.
import { dayOf } from './times.js';

/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').Pending} Pending */
/** @typedef {import('./types.js').User} User */
/** @typedef {{kind: 'day', key: string, time: string} | {kind: 'new', key: string} | {kind: 'message', key: string,
 *   message: Message, head: boolean, attached: boolean, item?: Pending}} Row `head`: with name and picture of its
 *   author; `attached`: belongs to the row above; `item`: it is on its way still */

const TOGETHER = 5 * 60_000; // milliseconds within which one author's messages stand under one name

/**
 * @param {Message[]} messages oldest first
 * @param {Pending[]} pending this room's
 * @param {User} me
 * @param {number | null} newSince below this number stands the "New" line
 * @returns {Row[]}
 */
export function rowsOf(messages, pending, me, newSince) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {Message | null} */
  let last = null;
  let marked = newSince === null;
  for (const { message, item } of [...messages.map(asEntry), ...onItsWay(messages, pending, me)]) {
    const isNewDay = !last || dayOf(last.created_at) !== dayOf(message.created_at);
    if (isNewDay) rows.push({ kind: 'day', key: `day ${dayOf(message.created_at)}`, time: message.created_at });
    const isFirstNew = !marked && message.seq > /** @type {number} */ (newSince) && message.author.id !== me.id;
    if (isFirstNew) rows.push({ kind: 'new', key: 'new' });
    marked ||= isFirstNew;
    const attached = !isNewDay && !isFirstNew && isAnswerTo(message, last);
    const head = isNewDay || isFirstNew || !last || !isTogether(last, message);
    rows.push({ kind: 'message', key: keyOf(message), message, head, attached, item });
    last = message;
  }
  return rows;
}

/** A pending row and the message that it becomes have one key: the element stays, and nothing jumps.
 * @param {Message} message */
const keyOf = (message) => `${message.author.id} ${message.client_id}`;

/** @param {Message} message @returns {{message: Message, item?: Pending}} */
const asEntry = (message) => ({ message });

/** @param {Message[]} messages @param {Pending[]} pending @param {User} me */
function onItsWay(messages, pending, me) {
  if (!pending.length) return [];
  const arrived = new Set(messages.map(keyOf));
  const entries = pending.map((item) => ({ message: asMessage(item, me), item }));
  return entries.filter(({ message }) => !arrived.has(keyOf(message)));
}

/** @type {WeakMap<Pending, Message>} */
const drawn = new WeakMap();

/** What is on its way looks like what it will be. @param {Pending} item @param {User} me @returns {Message} */
function asMessage(item, me) {
  const { clientId, room, text, replyTo, attachment, createdAt } = item;
  const known = drawn.get(item);
  if (known) return known;
  const image = attachment && { ...attachment, thumbnail_url: attachment.url, bytes: attachment.file.size };
  const nothing = { labels: null, reactions: {}, edited_at: null, deleted_at: null };
  const message = { id: '', seq: Infinity, author: me, room, text, image, reply_to: replyTo, client_id: clientId, created_at: createdAt, ...nothing };
  drawn.set(item, message);
  return message;
}

/** @param {Message} last @param {Message} message */
function isTogether(last, message) {
  if (last.author.id !== message.author.id || last.deleted_at || message.deleted_at || message.reply_to) return false;
  return Date.parse(message.created_at) - Date.parse(last.created_at) < TOGETHER;
}

/** A bot's answer right below its picture belongs to it; no quote is needed.
 * @param {Message} message @param {Message | null} last */
function isAnswerTo(message, last) {
  return Boolean(last?.image && message.author.bot && message.reply_to === last.id && !message.deleted_at);
}
