// In the room that a new chat begins with: what one may try, until one has, or does not want to see it.
import { useSignal } from '@preact/signals';

import { choose } from '../attachments.js';
import { toSend } from '../chosen.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon, IconButton } from '../icons.js';
import { send } from '../outbox.js';
import { attempt, me } from '../state.js';

const SAMPLE = new URL('../../img/sample.jpg', import.meta.url).pathname;
const HIDDEN = 'roomful.tried';

/** @param {{room: import('../types.js').Room, rows: import('../rows.js').Row[]}} props */
export function Tries({ room, rows }) {
  const hidden = useSignal(localStorage.getItem(HIDDEN) !== null);
  const mine = rows.flatMap((row) => (row.kind === 'message' && row.message.author.id === me.value?.id ? [row.message] : []));
  const saidHello = mine.some(({ text, image }) => text && !text.startsWith('/') && !image);
  const askedForHelp = mine.some(({ text }) => text?.startsWith('/help'));
  const showed = mine.some(({ image }) => image);
  if (hidden.value || (saidHello && askedForHelp && showed)) return null;
  const hide = () => {
    localStorage.setItem(HIDDEN, 'yes');
    hidden.value = true;
  };
  return html`
    <section class="tries" aria-label=${t('tries')}>
      <h3>${t('tries')}</h3>
      <${IconButton} icon="close" name=${t('tries-hide')} onClick=${hide} />
      <ul>
        ${!saidHello && html`<li><button type="button" class="button" onClick=${() => send(room.id, t('tries-hello-text'), null, [])}>
          <${Icon} name="send" /> ${t('tries-hello')}</button></li>`}
        ${!showed && html`<li><button type="button" class="button" onClick=${() => attempt(show(room.id))}>
          <${Icon} name="picture" /> ${t('tries-picture')}</button></li>`}
        ${!askedForHelp && html`<li><button type="button" class="button" onClick=${() => send(room.id, '/help', null, [])}>
          <${Icon} name="smile" /> ${t('tries-help')}</button></li>`}
      </ul>
    </section>
  `;
}

/** A picture that we bring along. @param {string} room */
async function show(room) {
  const bytes = await (await fetch(SAMPLE)).blob();
  send(room, '', null, [toSend(await choose(new File([bytes], 'cat.jpg', { type: 'image/jpeg' })))]);
}
