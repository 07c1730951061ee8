// Views that are loaded when they are wanted first, so that the first visit brings only what it shows.
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { notify } from '../state.js';
import { closeDialog } from './layout.js';

/**
 * A component that stands for one of another module.
 *
 * @param {() => Promise<any>} load `() => import('./search.js')`
 * @param {string} name what the module calls it
 */
export function later(load, name) {
  /** @type {any} */
  let View = null;
  return function Later(/** @type {any} */ props) {
    const [, draw] = useState(false);
    useEffect(() => {
      if (View) return;
      fetchPart(load).then((part) => {
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

/** @param {() => Promise<any>} load */
async function fetchPart(load) {
  try {
    return await load();
  } catch {
    closeDialog();
    notify(t('part-failed'));
    return null;
  }
}
