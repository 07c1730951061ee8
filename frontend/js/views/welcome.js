// Signing up and in.
import { useEffect, useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';
import { Icon, ICON } from '../icons.js';
import { askDoor, resetPassword, signIn } from '../session.js';
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

/** What a link brings: `#/invited/SECRET`, `#/reset/SECRET`, or `#/sign-in`. */
const link = () => location.hash.slice(2).split('/');

function Door() {
  const [kind, secret] = link();
  const [door, setDoor] = useState(/** @type {'register' | 'login' | 'reset'} */ (kind === 'reset' ? 'reset' : kind !== 'invited' && hasBeenHere() ? 'login' : 'register'));
  const [problem, setProblem] = useState(kind === 'sign-in' && secret ? t('welcome-provider-failed') : '');
  const [busy, setBusy] = useState(false);
  const [wantsCode, setWantsCode] = useState(false);
  const [house, setHouse] = useState(/** @type {Awaited<ReturnType<typeof askDoor>> | null} */ (null));
  useEffect(() => void askDoor().then(setHouse, () => {}), []);
  const invitation = kind === 'invited' ? secret : undefined;
  const mayRegister = invitation || !house || house.registration === 'open';
  const shown = door === 'register' && !mayRegister ? 'login' : door;
  const change = () => {
    setDoor(shown === 'register' ? 'login' : 'register');
    setProblem('');
    setWantsCode(false);
  };
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const [username, code] = ['username', 'code'].map((name) => String(form.get(name) ?? '').trim());
    const password = String(form.get('password'));
    setBusy(true);
    try {
      if (shown === 'reset') await reset(password);
      else await signIn(shown, { username, password, ...(code && { code }), ...(shown === 'register' && { invitation }) });
    } catch (error) {
      const refused = /** @type {import('../api.js').Problem} */ (error);
      setWantsCode(wantsCode || refused.code === 'second_factor_required');
      setProblem(refused.message.replace(/^(username|password): /, ''));
    }
    setBusy(false);
  };
  const reset = async (/** @type {string} */ password) => {
    await resetPassword(secret, password);
    history.replaceState(null, '', '#/sign-in');
    setDoor('login');
    setProblem(t('welcome-reset-done'));
  };
  const fresh = shown !== 'login';
  return html`
    <form class="door" onSubmit=${submit} aria-labelledby="door-title">
      <h2 id="door-title">${t(`welcome-${shown}-title`)}</h2>
      ${shown !== 'reset' && html`
        <label class="field">
          <span>${t('welcome-name')}</span>
          <input name="username" required maxlength="32" autocomplete="username" autocapitalize="none" spellcheck=${false} autofocus />
        </label>`}
      <label class="field">
        <span>${t('welcome-password')}</span>
        <input name="password" type="password" required minlength=${fresh ? 8 : 1} maxlength="256"
          autocomplete=${fresh ? 'new-password' : 'current-password'}
          aria-describedby=${fresh ? 'password-hint' : undefined} />
        ${fresh && html`<small id="password-hint">${t('welcome-password-hint')}</small>`}
      </label>
      ${wantsCode && shown === 'login' && html`
        <label class="field">
          <span>${t('code')}</span>
          <input name="code" maxlength="40" autocomplete="one-time-code" autofocus />
        </label>`}
      <p class="field-problem" role="alert">${problem}</p>
      <button class="button button-main button-wide" disabled=${busy}>${t(`welcome-${shown}-button`)}</button>
      ${house?.provider && shown !== 'reset' && html`
        <a class="button button-wide door-provider" href="/api/oidc">${t('welcome-provider', { name: house.provider })}</a>`}
      ${shown !== 'reset' && mayRegister && html`
        <p class="door-other">${t(`welcome-${shown}-other`)} <button type="button" class="link" onClick=${change}>${t(`welcome-${shown}-switch`)}</button></p>`}
      ${!mayRegister && html`<p class="door-other">${t(`welcome-${house?.registration === 'invited' ? 'invited' : 'closed'}`)}</p>`}
    </form>
  `;
}

/** @returns {boolean} whether somebody has used this browser for Roomful already */
const hasBeenHere = () => location.hash.startsWith('#/sign-in') || localStorage.getItem('roomful.visited') !== null;
