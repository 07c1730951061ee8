// What is on its way, kept in the browser so that it survives a reload: texts at once in its storage, pictures in its
// database. Each message has a place of its own, so that two tabs do not overwrite each other's.
import { t } from './i18n.js';

/** @typedef {import('./types.js').Pending} Pending */

/** @param {string} user */
const prefix = (user) => `roomful.outbox.${user}.`;
/** @param {string} user @param {string} clientId */
const pictureKey = (user, clientId) => `${user} ${clientId}`;
const database = () => import('idb-keyval'); // only where there are pictures

/** Where the browser's storage is full, a message lasts as long as the page. @param {string} user @param {Pending} item */
export function keep(user, { attachment, ...item }) {
  const picture = attachment && { width: attachment.width, height: attachment.height };
  const status = item.status === 'sending' ? 'waiting' : item.status;
  try {
    localStorage.setItem(prefix(user) + item.clientId, JSON.stringify({ ...item, status, progress: 0, picture }));
  } catch {
    // It is sent all the same.
  }
}

/** Where the browser keeps no pictures, one survives until the next reload only. @param {string} user @param {Pending} item */
export async function keepPicture(user, { clientId, attachment }) {
  if (!attachment) return;
  const { del, set } = await database();
  await set(pictureKey(user, clientId), attachment.file).catch(() => undefined);
  if (!localStorage.getItem(prefix(user) + clientId)) await del(pictureKey(user, clientId)); // sent meanwhile
}

/** @param {string} user @param {Pending} item */
export function letGo(user, { clientId, attachment }) {
  localStorage.removeItem(prefix(user) + clientId);
  if (attachment) database().then(({ del }) => del(pictureKey(user, clientId)), () => undefined);
}

/** @param {string} user @returns {Promise<Pending[]>} oldest first */
export async function takeDown(user) {
  const kept = Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix(user)))
    .map((key) => JSON.parse(localStorage.getItem(key) ?? 'null'))
    .sort((a, b) => a.order - b.order);
  const items = await Promise.all(kept.map(({ picture, ...item }) => (picture ? withPicture(user, item, picture) : { ...item, attachment: null })));
  return items.filter((item) => item !== null);
}

/** @param {string} user @param {any} item @param {{width: number, height: number}} size @returns {Promise<Pending | null>} */
async function withPicture(user, item, size) {
  const { get } = await database();
  const file = await get(pictureKey(user, item.clientId)).catch(() => undefined);
  if (file) return { ...item, attachment: { file, url: URL.createObjectURL(file), ...size } };
  if (item.text) return { ...item, attachment: null, status: 'failed', error: t('shelf-lost') };
  localStorage.removeItem(prefix(user) + item.clientId);
  return null;
}
