// Something that is shown once, to be copied; and a form that says beside it what was wrong.
import { useState } from 'preact/hooks';

import { html } from '../html.js';
import { t } from '../i18n.js';

/** @param {{label: string, text: string}} props */
export function Secret({ label, text }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard?.writeText(text).then(() => setCopied(true), () => {});
  return html`
    <div class="secret" role="status">
      <label class="field"><span>${label}</span>
        <textarea readonly rows=${text.split('\n').length + Number(text.length > 44 && !text.includes('\n'))} value=${text} onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
        <small>${t('secret-once')}</small>
      </label>
      <button type="button" class="button" onClick=${copy}>${t(copied ? 'secret-copied' : 'secret-copy')}</button>
    </div>
  `;
}

/**
 * A form whose fields are handed over by name; it is emptied once that went well.
 *
 * @param {{label: string, button: string, danger?: boolean, onSend: (fields: Record<string, string>) => Promise<any>, children: any}} props
 */
export function Form({ label, button, danger = false, onSend, children }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    setBusy(true);
    setProblem('');
    try {
      await onSend(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form))));
      form.reset();
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message.replace(/^\w+: /, ''));
    }
    setBusy(false);
  };
  return html`
    <form class="account-form" aria-label=${label} onSubmit=${send}>
      ${children}
      <p class="field-problem" role="alert">${problem}</p>
      <button class="button ${danger ? 'button-danger' : 'button-main'}" disabled=${busy}>${button}</button>
    </form>
  `;
}

/** @param {{label: string, field?: string, fresh?: boolean, hint?: string}} props */
export const PasswordField = ({ label, field = 'password', fresh = false, hint }) => html`
  <label class="field"><span>${label}</span>
    <input type="password" name=${field} required minlength=${fresh ? 8 : 1} maxlength="256" autocomplete=${fresh ? 'new-password' : 'current-password'} />
    ${hint && html`<small>${hint}</small>`}
  </label>
`;
