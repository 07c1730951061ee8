// Tells of new messages outside the page: by the browser's notifications, by a sound. What a room may tell of is the
// person's choice on all devices (Room.notify, Room.muted); whether this browser tells at all, telling.js keeps.
import { effect, signal } from '@preact/signals';

import { t } from './i18n.js';
import { ICON } from './icons.js';
import { mentionsMe, visible } from './reading.js';
import { messageAddress } from './route.js';
import { chime } from './sound.js';
import { me, openId, rooms } from './state.js';
import { wish, wishes } from './telling.js';
import { plain } from './text.js';

/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').Room} Room */

const PAUSE = 1500; // milliseconds in which one room tells once
const HELD = 5000; // milliseconds within which all tabs have heard of a message
const LENGTH = 160; // characters that are shown

/** What the browser allows; it offers notifications to pages from https and from this machine only.
 * @type {import('@preact/signals').Signal<NotificationPermission | 'impossible'>} */
export const permission = signal('Notification' in window ? Notification.permission : 'impossible');

/** To be called when the person has clicked for it, and not before. */
export async function askPermission() {
  permission.value = await Notification.requestPermission();
  if (permission.value === 'granted') wish({ shown: true });
}

/** Something was said. @param {Message} message */
export async function announce(message) {
  const room = rooms.value.get(message.room);
  if (!room || !isWanted(room, message) || isLooking(room.id)) return;
  const last = told.get(room.id) ?? 0;
  if (Date.now() - last < PAUSE) return;
  told.set(room.id, Date.now());
  await onceAmongTabs(room.id, message.id, () => tell(room, message));
}

/** When each room has told last. @type {Map<string, number>} */
const told = new Map();

/** The notifications of the page's own that stand, by room. @type {Map<string, Notification>} */
const standing = new Map();

/** The service worker's stay when the tab is closed, and on Android there are no others. It has the tab go to the message. */
const worker = () => navigator.serviceWorker?.getRegistration().catch(() => undefined);
navigator.serviceWorker?.addEventListener('message', ({ data }) => data?.goTo && goToMessage(data.goTo));

/** @param {Room} room @param {Message} message */
function isWanted(room, message) {
  const isRead = message.seq <= (room.read_seq ?? 0) || message.deleted_at;
  if (isRead || !room.member || room.muted || room.notify === 'nothing' || message.author.id === me.value?.id) return false;
  return room.notify === 'all' || mentionsMe(message.text);
}

/** @param {string} room */
const isLooking = (room) => visible.value && openId.value === room;

/** @param {string} room */
const lookingAt = (room) => `roomful.looking.${room}`;

/**
 * Of several tabs one tells, and none if one of them shows the room. Locks are of all tabs, and those of a tab that is
 * closed or crashes are free again.
 *
 * @param {string} room @param {string} message @param {() => void} work
 */
async function onceAmongTabs(room, message, work) {
  if (!navigator.locks) return work(); // a page from elsewhere by plain http: each tab for itself
  const { held } = await navigator.locks.query();
  if (held?.some(({ name }) => name === lookingAt(room))) return;
  await navigator.locks.request(`roomful.told.${message}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    work();
    await new Promise((done) => setTimeout(done, HELD));
  });
}

/** @param {Room} room @param {Message} message */
function tell(room, message) {
  if (wishes.value.sound) chime();
  if (wishes.value.shown && permission.value !== 'impossible' && Notification.permission === 'granted') show(room, message);
}

/** @param {Room} room @param {Message} message */
async function show(room, message) {
  const { display_name: author } = message.author;
  const said = (message.text && plain(message.text)) || (message.image ? t('a-picture') : '');
  const alone = room.direct && (room.people ?? []).length <= 2;
  const title = alone ? author : room.name;
  const options = {
    body: (alone ? said : t('notifications-body', { author, text: said })).slice(0, LENGTH),
    icon: ICON,
    tag: tagOf(room.id), // a newer one takes the place of an older one
    renotify: true,
    data: { message: message.id },
  };
  const registration = await worker();
  if (registration?.active) await registration.showNotification(title, options).catch(() => showByPage(room.id, message.id, title, options));
  else showByPage(room.id, message.id, title, options);
}

/** @param {string} room @param {string} message @param {string} title @param {NotificationOptions} options */
function showByPage(room, message, title, options) {
  try {
    const notification = new Notification(title, options);
    standing.set(room, notification);
    notification.onclick = () => {
      window.focus();
      notification.close();
      goToMessage(message);
    };
  } catch {
    // Android lets only service workers show one; the sound and the counts remain.
  }
}

/** @param {string} room */
const tagOf = (room) => `room ${room}`;

/** @param {string} id */
const goToMessage = (id) => (location.hash = messageAddress(id));

/** @param {string} room */
async function close(room) {
  standing.get(room)?.close();
  standing.delete(room);
  for (const notification of (await (await worker())?.getNotifications({ tag: tagOf(room) })) ?? []) notification.close();
}

/** What stands of a room goes as soon as it is looked at; and the other tabs know what this one shows. */
effect(() => {
  const room = openId.value;
  if (!me.value || !visible.value || room === null) return undefined;
  close(room).catch(() => undefined);
  let release = () => {};
  const shown = new Promise((done) => (release = () => done(undefined)));
  navigator.locks?.request(lookingAt(room), { mode: 'shared' }, () => shown).catch(() => undefined);
  return release;
});
