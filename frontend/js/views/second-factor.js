// The second factor: set up with an app, recovery codes, off.
import { useEffect, useState } from 'preact/hooks';

import { beginFactor, confirmFactor, dropFactor, renewCodes, secondFactor } from '../account.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt, notify } from '../state.js';
import { Form, PasswordField, Secret } from './secret.js';

/** @typedef {Record<string, string>} Fields */

export function SecondFactor() {
  const [state, setState] = useState(/** @type {{on: boolean, recovery_codes_left: number} | null} */ (null));
  const [begun, setBegun] = useState(/** @type {{secret: string, qr: string} | null} */ (null));
  const [codes, setCodes] = useState(/** @type {string[]} */ ([]));
  const load = async () => setState(await secondFactor());
  useEffect(() => void attempt(load()), []);
  const confirm = async (/** @type {Fields} */ { code }) => {
    setCodes(await confirmFactor(code));
    setBegun(null);
    await load();
  };
  const drop = async (/** @type {Fields} */ { password }) => {
    await dropFactor(password);
    setCodes([]);
    await load();
    notify(t('second-factor-now-off'));
  };
  if (!state) return null;
  return html`
    <p class="quiet">${state.on ? t('second-factor-on', { left: state.recovery_codes_left }) : t('second-factor-off')}</p>
    ${codes.length > 0 && html`<${Secret} label=${t('second-factor-codes')} text=${codes.join('\n')} />`}
    ${!state.on && !begun && html`
      <${Form} label=${t('second-factor-set-up')} button=${t('second-factor-set-up')}
        onSend=${async (/** @type {Fields} */ { password }) => setBegun(await beginFactor(password))}>
        <${PasswordField} label=${t('account-present-password')} />
      <//>`}
    ${begun && html`
      <${Form} label=${t('second-factor-confirm')} button=${t('second-factor-switch-on')} onSend=${confirm}>
        <p>${t('second-factor-scan')}</p>
        <img class="qr" src=${begun.qr} alt=${t('second-factor-qr')} width="180" height="180" />
        <p class="quiet">${t('second-factor-by-hand')} <code>${begun.secret}</code></p>
        <${CodeField} />
      <//>`}
    ${state.on && html`
      <${Form} label=${t('second-factor-renew')} button=${t('second-factor-renew')}
        onSend=${async (/** @type {Fields} */ { password }) => setCodes(await renewCodes(password)) ?? load()}>
        <${PasswordField} label=${t('account-present-password')} />
      <//>
      <${Form} label=${t('second-factor-switch-off')} button=${t('second-factor-switch-off')} danger onSend=${drop}>
        <${PasswordField} label=${t('account-present-password')} />
      <//>`}
  `;
}

const CodeField = () => html`
  <label class="field"><span>${t('code')}</span>
    <input name="code" required maxlength="40" inputmode="numeric" autocomplete="one-time-code" />
  </label>
`;
