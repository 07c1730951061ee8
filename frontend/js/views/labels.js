// What a bot saw in a picture, and how sure it is.
import { html } from '../html.js';

const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** @param {{labels: import('../types.js').Label[]}} props */
export const Labels = ({ labels }) => html`
  <ul class="labels" aria-label="What the bot saw">
    ${labels.map(({ label, probability, room }) => html`
      <li class="label ${room ? 'is-taught' : ''}" style=${{ '--share': probability }}
        title="${label}: ${PERCENT.format(probability)}${room ? ', taught in this room' : ''}">
        <span>${label}</span><b>${share(probability)}</b>
      </li>
    `)}
  </ul>
`;

/** @param {number} probability */
const share = (probability) => (probability < 0.01 ? `<${PERCENT.format(0.01)}` : PERCENT.format(probability));
