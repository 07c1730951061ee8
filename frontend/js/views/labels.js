// What a bot saw in a picture, and how sure it is.
import { html } from '../html.js';
import { percent, t } from '../i18n.js';
import { labelName } from '../label-names.js';

/** @param {{labels: import('../types.js').Label[]}} props */
export const Labels = ({ labels }) => html`
  <ul class="labels" aria-label=${t('labels')}>
    ${labels.map(({ label, probability, room }) => html`
      <li class="label ${room ? 'is-taught' : ''}" style=${{ '--share': probability }}
        title=${t(room ? 'labels-taught' : 'labels-label', { label: labelName(label), share: percent(probability) })}>
        <span>${labelName(label)}</span><b>${share(probability)}</b>
      </li>
    `)}
  </ul>
`;

/** @param {number} probability */
const share = (probability) => (probability < 0.01 ? `<${percent(0.01)}` : percent(probability));
