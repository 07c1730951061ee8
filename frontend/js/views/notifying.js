// How this browser tells of new messages: the part of a room's settings that is the same for all rooms.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon } from '../icons.js';
import { askPermission, permission } from '../notifications.js';
import { chime } from '../sound.js';
import { attempt } from '../state.js';
import { wish, wishes } from '../telling.js';

export function ThisBrowser() {
  const { shown, sound } = wishes.value;
  const chooseSound = (/** @type {any} */ event) => {
    wish({ sound: event.currentTarget.checked });
    if (event.currentTarget.checked) chime(); // so one knows what it is
  };
  return html`
    <div class="settings-part"><fieldset class="choices">
      <legend>${t('notifying')}</legend>
      ${permission.value === 'granted' && html`
        <label class="choice">
          <input type="checkbox" checked=${shown} onChange=${(/** @type {any} */ event) => wish({ shown: event.currentTarget.checked })} />
          <span><strong>${t('notifying-shown')}</strong><small>${t('notifying-shown-hint')}</small></span>
        </label>`}
      ${permission.value === 'default' && html`
        <p class="settings-ask"><span class="quiet">${t('notifying-shown-hint')}</span>
          <button type="button" class="button" onClick=${() => attempt(askPermission())}><${Icon} name="bell" /> ${t('notifying-allow')}</button></p>`}
      ${permission.value === 'denied' && html`<p class="quiet settings-ask">${t('notifying-denied')}</p>`}
      ${permission.value === 'impossible' && html`<p class="quiet settings-ask">${t('notifying-impossible')}</p>`}
      <label class="choice">
        <input type="checkbox" checked=${sound} onChange=${chooseSound} />
        <span><strong>${t('notifying-sound')}</strong></span>
      </label>
    </fieldset></div>
  `;
}
