// Keys that work wherever one is, and the list of all keys.
import { html } from '../html.js';
import { Dialog } from './dialog.js';
import { closeDialog, dialog, openDialog } from './layout.js';
import { Search } from './search.js';
import { Switcher } from './switcher.js';

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const COMMAND = IS_MAC ? '⌘' : 'Ctrl';

/** @type {[string, [string[], string][]][]} */
const KEYS = [
  ['Anywhere', [
    [[COMMAND, 'K'], 'Go to another room'],
    [[COMMAND, 'Shift', 'F'], 'Search messages'],
    [['?'], 'Show this list'],
    [['Esc'], 'Close what is open'],
  ]],
  ['Writing', [
    [['Enter'], 'Send'],
    [['Shift', 'Enter'], 'Begin a new line'],
    [['↑'], 'Edit your last message, from an empty field'],
    [['@'], 'Mention somebody'],
    [[':'], 'Find an emoji by its name'],
    [['Esc'], 'Do not reply, or do not edit'],
  ]],
];

/** @param {KeyboardEvent} event */
export function hearShortcut(event) {
  const command = IS_MAC ? event.metaKey : event.ctrlKey;
  const key = event.key.toLowerCase();
  if (command && !event.altKey && key === 'k' && !event.shiftKey) show(event, () => html`<${Switcher} />`);
  else if (command && !event.altKey && key === 'f' && event.shiftKey) show(event, () => html`<${Search} />`);
  else if (event.key === '?' && !command && !isWriting(event)) show(event, () => html`<${Keys} />`);
}

/** @param {KeyboardEvent} event @param {() => any} draw */
function show(event, draw) {
  event.preventDefault();
  if (!dialog.value) openDialog(draw);
}

/** @param {KeyboardEvent} event */
const isWriting = ({ target }) => target instanceof HTMLElement && target.matches('input, textarea, select');

export const Keys = () => html`
  <${Dialog} title="Keys" onClose=${closeDialog}>
    ${KEYS.map(([title, keys]) => html`
      <section class="keys" aria-label=${title}>
        <h3>${title}</h3>
        <dl>
          ${keys.map(([together, does]) => html`
            <div><dt>${together.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${does}</dd></div>`)}
        </dl>
      </section>`)}
  <//>
`;
