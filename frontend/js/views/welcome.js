// Signing up and in.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { Icon } from '../icons.js';
import { signIn } from '../session.js';

/** @type {Record<'register' | 'login', {title: string, button: string, other: string, switch: string}>} */
const WORDS = {
  register: { title: 'Make an account', button: 'Come in', other: 'Here before?', switch: 'Sign in' },
  login: { title: 'Welcome back', button: 'Sign in', other: 'New here?', switch: 'Make an account' },
};

export const Welcome = () => html`
  <main class="welcome">
    <section class="welcome-words">
      <p class="brand"><img src="/static/img/icon.svg" alt="" width="40" height="40" />Roomful</p>
      <h1>Rooms to talk in.<br />Bots that look along.</h1>
      <ul class="hints">
        <li><${Icon} name="hash" /> Public rooms to read and join, private ones for your team.</li>
        <li><${Icon} name="picture" /> Drop a picture, and a bot says what is in it.</li>
        <li><${Icon} name="check" /> What you have sent stays sent, even when the train enters a tunnel.</li>
      </ul>
    </section>
    <${Door} />
  </main>
`;

function Door() {
  const [door, setDoor] = useState(/** @type {'register' | 'login'} */ (hasBeenHere() ? 'login' : 'register'));
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const words = WORDS[door];
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
      <h2 id="door-title">${words.title}</h2>
      <label class="field">
        <span>Name</span>
        <input name="username" required maxlength="32" autocomplete="username" autocapitalize="none" spellcheck=${false} autofocus />
      </label>
      <label class="field">
        <span>Password</span>
        <input name="password" type="password" required minlength=${door === 'register' ? 8 : 1} maxlength="256"
          autocomplete=${door === 'register' ? 'new-password' : 'current-password'}
          aria-describedby=${door === 'register' ? 'password-hint' : undefined} />
        ${door === 'register' && html`<small id="password-hint">At least 8 characters.</small>`}
      </label>
      <p class="field-problem" role="alert">${problem}</p>
      <button class="button button-main button-wide" disabled=${busy}>${words.button}</button>
      <p class="door-other">${words.other} <button type="button" class="link" onClick=${change}>${words.switch}</button></p>
    </form>
  `;
}

/** @returns {boolean} whether somebody has used this browser for Roomful already */
const hasBeenHere = () => location.hash === '#/sign-in' || localStorage.getItem('roomful.room') !== null;
