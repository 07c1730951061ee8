// The choice of the page's language, each called as those who speak it call it.
import { html } from '../html.js';
import { language, LANGUAGES, t } from '../i18n.js';
import { changeLanguage } from '../session.js';
import { attempt } from '../state.js';
import { Dialog } from './dialog.js';
import { closeDialog } from './layout.js';

export const LanguageDialog = () => html`
  <${Dialog} title=${t('language')} onClose=${closeDialog} class="dialog-small">
    <${Languages} onChoose=${closeDialog} />
  <//>
`;

/** @param {{onChoose?: () => void}} props */
export const Languages = ({ onChoose }) => html`
  <div class="languages" role="group" aria-label=${t('language')}>
    ${LANGUAGES.map((one) => html`
      <button type="button" class="button" lang=${one} aria-pressed=${one === language.value}
        onClick=${() => attempt(changeLanguage(one).then(onChoose))}>${t(`language-${one}`)}</button>
    `)}
  </div>
`;
