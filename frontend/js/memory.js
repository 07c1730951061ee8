// What this browser remembers of who was here, so that the page opens without a network and one can write: the person
// and their rooms, no message. It goes with the session; with signing out goes also what was written and not sent.

/** @typedef {{user: import('./types.js').User, rooms: import('./types.js').Room[]}} Memory */

const KEY = 'roomful.memory';

/** @param {Memory} memory */
export const remember = (memory) => localStorage.setItem(KEY, JSON.stringify(memory));

/** @returns {Memory | null} */
export const recall = () => JSON.parse(localStorage.getItem(KEY) ?? 'null');

/** The session is over: whoever comes next must not see whose rooms these were. */
export function forgetPlaces() {
  localStorage.removeItem(KEY);
  localStorage.removeItem('roomful.room');
}

/** Signed out: nothing that this person wrote stays either. @param {string} user */
export function forgetPerson(user) {
  forgetPlaces();
  for (const key of Object.keys(localStorage))
    if (key.startsWith(`roomful.draft.${user}.`)) localStorage.removeItem(key);
}
