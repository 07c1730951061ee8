// The tab's title and icon say how much is unread, and so does the icon of an installed page.
import { effect } from '@preact/signals';

import { ICON } from './icons.js';
import { toMeTotal, unreadTotal } from './reading.js';
import { me, openRoom } from './state.js';

export function keepTitle() {
  effect(() => {
    const toMe = me.value ? toMeTotal.value : 0;
    const count = toMe || (me.value ? unreadTotal.value : 0);
    const room = me.value && openRoom.value ? `${openRoom.value.name} · Roomful` : 'Roomful';
    document.title = count ? `(${toMe ? '@' : ''}${count}) ${room}` : room;
    drawIcon(count, toMe > 0);
    (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => undefined);
  });
}

/** @param {number} count @param {boolean} toMe */
async function drawIcon(count, toMe) {
  const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=icon]'));
  if (!count || !(await load(ICON))) {
    link.href = ICON;
    return;
  }
  const label = count > 9 ? '9+' : String(count);
  const badge = `<circle cx="46" cy="18" r="18" fill="${toMe ? '#d6402b' : '#3b352e'}"/><text x="46" y="26" font-family="sans-serif"
    font-weight="bold" font-size="23" text-anchor="middle" fill="#fff">${label}</text></svg>`;
  link.href = `data:image/svg+xml,${encodeURIComponent(drawing.replace('</svg>', badge))}`;
}

let drawing = '';

/** @param {string} address */
async function load(address) {
  drawing ||= await fetch(address).then((answer) => (answer.ok ? answer.text() : ''), () => '');
  return drawing;
}
