// Whether this browser tells of new messages outside the page. What does it is loaded once it may: most never ask for it.
import { signal } from '@preact/signals';

const STORED = 'roomful.notifications';

/** What the person wants of this browser, in all its tabs. */
export const wishes = signal({ shown: true, sound: false, ...stored() });

/** @param {Partial<{shown: boolean, sound: boolean}>} changes */
export function wish(changes) {
  wishes.value = { ...wishes.value, ...changes };
  localStorage.setItem(STORED, JSON.stringify(wishes.value));
}

export function startTelling() {
  addEventListener('storage', ({ key }) => {
    if (key !== STORED) return;
    wishes.value = { ...wishes.value, ...stored() };
    part(); // so that this tab, too, says which room it shows
  });
  part();
}

/** Something was said. @param {import('./types.js').Message} message */
export const announce = (message) => part()?.then((telling) => telling.announce(message)).catch(() => undefined);

function part() {
  const may = wishes.value.sound || (window.Notification?.permission === 'granted');
  return may ? import('./notifications.js') : null;
}

function stored() {
  return JSON.parse(localStorage.getItem(STORED) ?? '{}');
}
