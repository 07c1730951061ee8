// Times as people say them, in their own zone and language.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const BRIEF = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_OF_YEAR = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

/** @param {string} time RFC 3339 */
export const clock = (time) => CLOCK.format(new Date(time));

/** @param {string} time RFC 3339 */
export const exact = (time) => EXACT.format(new Date(time));

/** @param {string} time RFC 3339 */
export const brief = (time) => BRIEF.format(new Date(time));

/** The local day, as something to compare. @param {string} time RFC 3339 */
export const dayOf = (time) => new Date(time).toDateString();

/** @param {string} time RFC 3339 */
export function dayName(time) {
  const date = new Date(time);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return 'Today';
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return (date.getFullYear() === now.getFullYear() ? DAY : DAY_OF_YEAR).format(date);
}

/** Short, for lists. @param {string} time RFC 3339 */
export const shortTime = (time) => (dayName(time) === 'Today' ? clock(time) : dayName(time));
