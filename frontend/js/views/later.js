// Views that are loaded when they are wanted first, so that the first visit brings only what it shows; so are their words.
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { speakMore, t } from '../i18n.js';
import { notify } from '../state.js';
import { closeDialog } from './layout.js';

/**
 * A component that stands for one of another module.
 *
 * @param {() => Promise<any>} load `() => import('./search.js')`
 * @param {string} name what the module calls it
 * @param {boolean} [isFirst] its words are among the first: it may be what one sees first
 */
export function later(load, name, isFirst = false) {
  /** @type {any} */
  let View = null;
  return function Later(/** @type {any} */ props) {
    const [, draw] = useState(false);
    useEffect(() => {
      if (View) return;
      fetchPart(load, isFirst).then((part) => {
        View = part?.[name];
        draw(true);
      });
    }, []);
    return View && html`<${View} ...${props} />`;
  };
}

/** Load a module, and do something with it. @param {() => Promise<any>} load @param {(part: any) => any} use */
export async function withPart(load, use) {
  const part = await fetchPart(load);
  if (part) await use(part);
}

/** @param {() => Promise<any>} load @param {boolean} [isFirst] */
async function fetchPart(load, isFirst = false) {
  try {
    const [part] = await Promise.all([load(), isFirst || speakMore()]);
    return part;
  } catch {
    closeDialog();
    notify(t('part-failed'));
    return null;
  }
}
