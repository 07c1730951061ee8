// What stands before the page knows who is there.
import { signal } from '@preact/signals';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { ICON } from '../icons.js';

/** Why the server could not be asked yet. */
export const startError = signal('');

export const Start = () => html`
  <main class="start" aria-busy="true">
    <img src=${ICON} alt="Roomful" width="64" height="64" />
    <p role="status">${startError.value && t('start-offline')}</p>
  </main>
`;
