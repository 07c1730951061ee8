// Keys that work wherever one is, and the list of all keys.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Dialog } from './dialog.js';
import { InDialog, later } from './later.js';
import { closeDialog, dialog, openDialog } from './layout.js';

const switcher = () => import('./switcher.js');
const Switcher = later(switcher, 'Switcher', InDialog);
const Search = later(() => import('./search.js'), 'Search', InDialog);

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const COMMAND = IS_MAC ? '⌘' : 'Ctrl';

/** @type {[string, [string[], string][]][]} */
const KEYS = [
  ['shortcuts-anywhere', [
    [[COMMAND, 'K'], 'shortcuts-room'],
    [[COMMAND, 'Shift', 'F'], 'search-messages'],
    [['?'], 'shortcuts-list'],
    [['Esc'], 'shortcuts-close'],
  ]],
  ['shortcuts-writing', [
    [['Enter'], 'composer-send'],
    [['Shift', 'Enter'], 'shortcuts-line'],
    [['↑'], 'shortcuts-edit'],
    [['@'], 'shortcuts-mention'],
    [[':'], 'shortcuts-emoji'],
    [['Esc'], 'shortcuts-cancel'],
  ]],
];

/** @param {KeyboardEvent} event */
export function hearShortcut(event) {
  const command = IS_MAC ? event.metaKey : event.ctrlKey;
  const key = event.key.toLowerCase();
  if (key === 'control' || key === 'meta') switcher().catch(() => undefined); // it is here when the K comes
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
  <${Dialog} title=${t('shortcuts')} onClose=${closeDialog}>
    ${KEYS.map(([title, keys]) => html`
      <section class="keys" aria-label=${t(title)}>
        <h3>${t(title)}</h3>
        <dl>
          ${keys.map(([together, does]) => html`
            <div><dt>${together.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${t(does)}</dd></div>`)}
        </dl>
      </section>`)}
  <//>
`;
