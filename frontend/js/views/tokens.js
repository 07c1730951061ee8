// Tokens by which programs act for me.
import { useEffect, useState } from 'preact/hooks';

import { makeToken, revokeToken, tokens } from '../account.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { attempt } from '../state.js';
import { brief } from '../times.js';
import { Form, Secret } from './secret.js';

const SCOPES = ['read', 'write', 'full'];

export function Tokens() {
  const [all, setAll] = useState(/** @type {import('../account.js').Token[]} */ ([]));
  const [made, setMade] = useState('');
  const load = async () => setAll(await tokens());
  useEffect(() => void attempt(load()), []);
  const make = async (/** @type {Record<string, string>} */ { name, scope }) => {
    setMade((await makeToken(name.trim(), scope)).token);
    await load();
  };
  return html`
    <p class="quiet">${t('tokens-hint')}</p>
    <ul class="account-list">
      ${all.map((one) => html`
        <li key=${one.id}>
          <span><strong>${one.name}</strong>
            <small>${t(`tokens-scope-${one.scope}`)} · ${one.seen_at ? t('sign-ins-seen', { time: brief(one.seen_at) }) : t('tokens-unused')}</small></span>
          <button type="button" class="button" aria-label=${t('tokens-revoke-named', { name: one.name })}
            onClick=${() => attempt(revokeToken(one.id).then(load))}>${t('revoke')}</button>
        </li>`)}
    </ul>
    ${made && html`<${Secret} label=${t('tokens-made')} text=${made} />`}
    <${Form} label=${t('tokens-new')} button=${t('tokens-make')} onSend=${make}>
      <label class="field"><span>${t('tokens-name')}</span><input name="name" required maxlength="80" autocomplete="off" /></label>
      <label class="field"><span>${t('tokens-scope')}</span>
        <select name="scope">${SCOPES.map((scope) => html`<option value=${scope}>${t(`tokens-scope-${scope}`)}</option>`)}</select>
      </label>
    <//>
  `;
}
