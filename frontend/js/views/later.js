// Views that are loaded when they are wanted first, so that the first visit brings only what it shows; so are their words.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { html } from '../html.js';
import { speakMore, t } from '../i18n.js';
import { IconButton } from '../icons.js';
import { banned, me } from '../state.js';
import { Dialog } from './dialog.js';
import { closeDialog, drawerOpen, openDialog } from './layout.js';

/** @typedef {{retry: any, onClose?: () => void}} Failure `retry`: the button */

/**
 * A component that stands for one of another module.
 *
 * @param {() => Promise<any>} load `() => import('./search.js')`
 * @param {string} name what the module calls it
 * @param {(failure: Failure) => any} Failed what stands in its place where it could not be loaded
 * @param {boolean} [isFirst] its words are among the first: it may be what one sees first
 */
export function later(load, name, Failed, isFirst = false) {
  const part = new Part(load, isFirst);
  return function Later(/** @type {any} */ props) {
    useEffect(() => void (part.is.value || part.fetch()), []);
    const View = part.is.value?.[name];
    if (View) return html`<${View} ...${props} />`;
    return part.failed.value && html`<${Failed} retry=${html`<${Retry} part=${part} />`} onClose=${props.onClose} />`;
  };
}

/** Load a module, and do something with it. @param {() => Promise<any>} load @param {(part: any) => any} use */
export async function withPart(load, use) {
  const part = new Part(load);
  await part.fetch();
  if (part.is.value) return use(part.is.value);
  const onDone = () => {
    closeDialog();
    use(part.is.value);
  };
  return openDialog(() => html`<${InDialog} retry=${html`<${Retry} part=${part} onDone=${onDone} />`} />`);
}

class Part {
  /** The module, once it is there. */
  is = signal(/** @type {any} */ (null));
  failed = signal(false);
  tried = signal(false);

  /** @param {() => Promise<any>} load @param {boolean} [isFirst] */
  constructor(load, isFirst) {
    this.load = () => Promise.all([load(), isFirst || speakMore()]);
  }

  async fetch() {
    try {
      [this.is.value] = await this.load();
    } catch {
      this.failed.value = true;
    }
  }

  /** A browser may keep a module that failed; with the server there, the page begins anew where it is. */
  async retry() {
    this.tried.value = true;
    await this.fetch();
    if (!this.is.value && (await fetch('/healthz').then(({ ok }) => ok, () => false))) location.reload();
    this.tried.value = false;
  }
}

/** @param {{part: Part, onDone?: () => void}} props */
function Retry({ part, onDone }) {
  const retry = () => part.tried.value || part.retry().then(() => part.is.value && onDone?.());
  return html`<button type="button" class="button" onClick=${retry}>${t(part.tried.value ? 'loading' : 'try-again')}</button>`;
}

/** In place of a room, or of the whole page. @param {Failure} failure */
export function InPlace({ retry }) {
  const hasRooms = me.value && !banned.value;
  return html`
    <main class=${hasRooms ? 'room' : 'start'}>
      ${hasRooms && html`<header class="room-head">
        <${IconButton} icon="menu" name=${t('rooms')} class="only-narrow" onClick=${() => (drawerOpen.value = true)} />
      </header>`}
      <div class="empty" role="alert"><h1>${t('part-failed')}</h1><p>${t('part-failed-hint')}</p>${retry}</div>
    </main>
  `;
}

/** @param {Failure} failure */
export const InDialog = ({ retry, onClose = closeDialog }) => html`
  <${Dialog} title=${t('part-failed')} onClose=${onClose} class="dialog-small">
    <p>${t('part-failed-hint')}</p><div class="dialog-foot">${retry}</div>
  <//>
`;

/** Among what is there. @param {Failure} failure */
export const InLine = ({ retry }) => html`<div class="part-failed"><p>${t('part-failed')}</p>${retry}</div>`;
