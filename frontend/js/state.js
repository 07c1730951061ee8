// What the page knows. Views read these signals; only the modules beside this one change them.
import { computed, signal } from '@preact/signals';

/** @typedef {import('./types.js').User} User */

/** Who is signed in; null: nobody; undefined: not known yet. */
export const me = signal(/** @type {User | null | undefined} */ (undefined));

/** Every room that I may read. @type {import('@preact/signals').Signal<Map<string, import('./types.js').Room>>} */
export const rooms = signal(new Map());
export const roomsLoaded = signal(false);

/** Whether reports come to me. */
export const moderatesSomething = computed(() => me.value?.role !== 'member' || [...rooms.value.values()].some(({ moderates, direct }) => moderates && !direct));

/** The rooms' logs, by room. @type {Map<string, import('./room-log.js').RoomLog>} */
export const logs = new Map();

/** The room that is shown. */
export const openId = signal(/** @type {string | null} */ (null));
export const openRoom = computed(() => (openId.value === null ? undefined : rooms.value.get(openId.value)));

/** What is shown: a room, or what moderators have instead. */
export const place = signal(/** @type {'room' | 'stats' | 'moderation'} */ ('room'));

/** A moderator keeps me out of everything. */
export const banned = signal(false);

/** What my segment offers me, if anything. @type {import('@preact/signals').Signal<import('./types.js').Mine | null>} */
export const mine = signal(/** @type {any} */ (null));

/** What I have said of pictures, by their message. @type {import('@preact/signals').Signal<Map<string, import('./types.js').Said>>} */
export const verdicts = signal(new Map());

/** Messages that were edited or deleted of late, by id, as they stand since: whoever shows one elsewhere than in its room looks here.
 * @type {import('@preact/signals').Signal<Map<string, import('./types.js').Message>>} */
export const changed = signal(new Map());

/** A message to scroll to, and to point out. */
export const target = signal(/** @type {string | null} */ (null));

/** Counts how often somebody has gone to the room that is shown already: they want to write in it. */
export const arrivals = signal(0);

/** Where the "New" line stands in the open room: below the message of this number. */
export const newSince = signal(/** @type {number | null} */ (null));

export const online = signal(false);
/** What came while this page was away for long is being drawn: nobody has seen it, though it goes to the end. */
export const returning = signal(false);
/** Away for so long that people should know. */
export const awayLong = signal(false);

/** What has been sent and is not acknowledged. */
export const pending = signal(/** @type {import('./types.js').Pending[]} */ ([]));

/** Who writes, by room. @type {import('@preact/signals').Signal<Map<string, User[]>>} */
export const typing = signal(new Map());

/** The members of the open room. */
export const members = signal(/** @type {import('./types.js').Member[]} */ ([]));
/** Why they are not known. */
export const membersProblem = signal('');

/** Passing notices at the edge of the page. */
export const notices = signal(/** @type {{id: number, text: string}[]} */ ([]));

/** What a screen reader says. */
export const spoken = signal('');

const CHANGES = 500; // that are kept
let count = 0;

/** @param {import('./types.js').Message} message */
export function noteChange(message) {
  const others = [...changed.value].filter(([id]) => id !== message.id);
  changed.value = new Map([...others.slice(-CHANGES + 1), [message.id, message]]);
}

/** Tell the person something for a few seconds. @param {string} text */
export function notify(text) {
  const id = (count += 1);
  notices.value = [...notices.value, { id, text }];
  setTimeout(() => (notices.value = notices.value.filter((notice) => notice.id !== id)), 6000);
}

/** Run an action for the person; what goes wrong is said. @param {Promise<any>} action */
export function attempt(action) {
  return action.catch((error) => notify(error.message));
}
