// Times as people say them, in their own zone and language.
import { computed } from '@preact/signals';

import { locale, t } from './i18n.js';

const clocks = formatted({ hour: 'numeric', minute: '2-digit' });
const exacts = formatted({ dateStyle: 'full', timeStyle: 'medium' });
const briefs = formatted({ dateStyle: 'medium', timeStyle: 'short' });
const days = formatted({ weekday: 'long', day: 'numeric', month: 'long' });
const daysOfYear = formatted({ dateStyle: 'long' });

/** @param {Intl.DateTimeFormatOptions} options */
function formatted(options) {
  return computed(() => new Intl.DateTimeFormat(locale.value, options));
}

/** @param {string} time RFC 3339 */
export const clock = (time) => clocks.value.format(new Date(time));

/** @param {string} time RFC 3339 */
export const exact = (time) => exacts.value.format(new Date(time));

/** @param {string} time RFC 3339 */
export const brief = (time) => briefs.value.format(new Date(time));

/** The local day, as something to compare. @param {string} time RFC 3339 */
export const dayOf = (time) => new Date(time).toDateString();

/** @param {string} time RFC 3339 */
export function dayName(time) {
  const date = new Date(time);
  const now = new Date();
  if (dayOf(time) === now.toDateString()) return t('times-today');
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayOf(time) === yesterday.toDateString()) return t('times-yesterday');
  return (date.getFullYear() === now.getFullYear() ? days : daysOfYear).value.format(date);
}

/** Short, for lists. @param {string} time RFC 3339 */
export const shortTime = (time) => (dayOf(time) === new Date().toDateString() ? clock(time) : dayName(time));
