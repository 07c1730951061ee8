// Taking along what is mine, and deleting my account.
import { deleteAccount } from '../account.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { forget } from '../session.js';
import { closeDialog } from './layout.js';
import { Form, PasswordField } from './secret.js';

export function Leaving() {
  const leave = async (/** @type {Record<string, string>} */ { password, messages }) => {
    await deleteAccount(password, messages === 'remove' ? 'remove' : 'keep');
    closeDialog();
    forget();
  };
  return html`
    <p><a class="button" href="/api/me/export" download>${t('leaving-export')}</a></p>
    <p class="quiet">${t('leaving-export-hint')}</p>
    <${Form} label=${t('leaving-delete')} button=${t('leaving-delete')} danger onSend=${leave}>
      <p>${t('leaving-warning')}</p>
      <fieldset class="choices">
        <legend>${t('leaving-messages')}</legend>
        ${['keep', 'remove'].map((choice) => html`
          <label class="choice" key=${choice}>
            <input type="radio" name="messages" value=${choice} defaultChecked=${choice === 'keep'} />
            <span><strong>${t(`leaving-${choice}`)}</strong><small>${t(`leaving-${choice}-hint`)}</small></span>
          </label>`)}
      </fieldset>
      <${PasswordField} label=${t('account-present-password')} />
    <//>
  `;
}
