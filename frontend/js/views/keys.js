// Keys and height of the fields in which one writes.
import { isTouch } from './layout.js';

/** Enter sends, unless an input method takes it to finish a word (229 is what some browsers say then), or the
 * keyboard is on a screen and has no other way to begin a line. @param {KeyboardEvent} event */
export function isSendKey(event) {
  const isComposing = event.isComposing || event.keyCode === 229;
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !isComposing && !isTouch();
}

/** As high as its text; the style sheet says how high at most. @param {HTMLTextAreaElement} field */
export function fitHeight(field) {
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}
