// Starts the page: draws it, asks who is signed in, and keeps title and icon true.
import { render } from 'preact';

import { html } from './html.js';
import { speakFirst } from './i18n.js';
import { start } from './session.js';
import { startTelling } from './telling.js';
import { keepTitle } from './title.js';
import { App } from './views/app.js';
import { startError } from './views/start.js';

sessionStorage.removeItem('roomful.tries'); // all modules have come
await speakFirst();
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('page')));
keepTitle();
startTelling();
begin();
if (document.readyState === 'complete') keepShell();
else addEventListener('load', keepShell); // not before: what is shown comes first

/** The page and its files, for the next visit and for one without a network. There is no worker on plain http beyond localhost. */
function keepShell() {
  navigator.serviceWorker?.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => undefined);
}

/** The server may be starting still: try until it answers. */
async function begin() {
  try {
    await start();
    startError.value = '';
  } catch (error) {
    startError.value = /** @type {Error} */ (error).message;
    setTimeout(begin, 3000);
  }
}
