// Which parts of the page are open.
import { effect, signal } from '@preact/signals';

import { changed } from '../state.js';

/** The rooms' list where it does not fit beside the room. */
export const drawerOpen = signal(false);

const wide = matchMedia('(min-width: 1180px)');
export const membersShown = signal(wide.matches);
wide.addEventListener('change', () => (membersShown.value = wide.matches));

/** The dialog that is open: a function that draws it. */
export const dialog = signal(/** @type {(() => any) | null} */ (null));

/** @param {() => any} draw */
export const openDialog = (draw) => (dialog.value = draw);
export const closeDialog = () => (dialog.value = null);

/** The message that my next one answers. */
export const replying = signal(/** @type {import('../types.js').Message | null} */ (null));

effect(() => {
  const message = changed.value.get(replying.peek()?.id ?? '');
  if (message) replying.value = message.deleted_at ? null : message;
});

/** The message that is being edited, by id. */
export const editing = signal('');

/** Where there is no pointer that hovers, a touch shows what can be done with a message: its key. */
export const touched = signal('');

export const isTouch = () => matchMedia('(pointer: coarse)').matches;
