// Light, dark, or as the system says; theme-first.js applies the choice before the first paint.
import { signal } from '@preact/signals';

/** @typedef {'light' | 'dark' | 'system'} Theme */
/** @type {Theme[]} */
export const THEMES = ['system', 'light', 'dark'];

export const theme = signal(/** @type {Theme} */ (localStorage.getItem('roomful.theme') ?? 'system'));

/** @param {Theme} choice */
export function chooseTheme(choice) {
  theme.value = choice;
  if (choice === 'system') {
    localStorage.removeItem('roomful.theme');
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem('roomful.theme', choice);
    document.documentElement.dataset.theme = choice;
  }
}
