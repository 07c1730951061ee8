// What has been written and not sent, by room. It survives a reload.

/** @param {string} user @param {string} room */
const key = (user, room) => `roomful.draft.${user}.${room}`;

/** @param {string} user @param {string} room */
export const loadDraft = (user, room) => localStorage.getItem(key(user, room)) ?? '';

/** @param {string} user @param {string} room @param {string} text */
export function keepDraft(user, room, text) {
  if (text) localStorage.setItem(key(user, room), text);
  else localStorage.removeItem(key(user, room));
}
