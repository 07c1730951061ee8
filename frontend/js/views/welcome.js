// Signing up and in.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon, ICON } from '../icons.js';
import { signIn } from '../session.js';
import { Languages } from './language.js';

export const Welcome = () => html`
  <main class="welcome">
    <section class="welcome-words">
      <p class="brand"><img src=${ICON} alt="" width="40" height="40" />Roomful</p>
      <h1>${t('welcome-title')}<br />${t('welcome-title-bots')}</h1>
      <ul class="hints">
        <li><${Icon} name="hash" /> ${t('welcome-rooms')}</li>
        <li><${Icon} name="picture" /> ${t('welcome-pictures')}</li>
        <li><${Icon} name="check" /> ${t('welcome-lasts')}</li>
      </ul>
    </section>
    <div class="welcome-door">
      <${Door} />
      <${Languages} />
    </div>
  </main>
`;

function Door() {
  const [door, setDoor] = useState(/** @type {'register' | 'login'} */ (hasBeenHere() ? 'login' : 'register'));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const change = () => {
    setDoor(door === 'login' ? 'register' : 'login');
    setProblem('');
  };
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    setBusy(true);
    try {
      await signIn(door, String(form.get('username')).trim(), String(form.get('password')));
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message.replace(/^(username|password): /, ''));
      setBusy(false);
    }
  };
  return html`
    <form class="door" onSubmit=${submit} aria-labelledby="door-title">
      <h2 id="door-title">${t(`welcome-${door}-title`)}</h2>
      <label class="field">
        <span>${t('welcome-name')}</span>
        <input name="username" required maxlength="32" autocomplete="username" autocapitalize="none" spellcheck=${false} autofocus />
      </label>
      <label class="field">
        <span>${t('welcome-password')}</span>
        <input name="password" type="password" required minlength=${door === 'register' ? 8 : 1} maxlength="256"
          autocomplete=${door === 'register' ? 'new-password' : 'current-password'}
          aria-describedby=${door === 'register' ? 'password-hint' : undefined} />
        ${door === 'register' && html`<small id="password-hint">${t('welcome-password-hint')}</small>`}
      </label>
      <p class="field-problem" role="alert">${problem}</p>
      <button class="button button-main button-wide" disabled=${busy}>${t(`welcome-${door}-button`)}</button>
      <p class="door-other">${t(`welcome-${door}-other`)} <button type="button" class="link" onClick=${change}>${t(`welcome-${door}-switch`)}</button></p>
    </form>
  `;
}

/** @returns {boolean} whether somebody has used this browser for Roomful already */
const hasBeenHere = () => location.hash === '#/sign-in' || localStorage.getItem('roomful.room') !== null;
