// Lines over time, by uPlot. Each line has its own dash as well as its colour, for who cannot tell the colours.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

import { html } from '../html.js';
import { locale, number, t } from '../i18n.js';
import { theme } from '../theme.js';
import { sheet } from './sheets.js';

await sheet('vendor/uplot.css');

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [12, 6], [1, 4], [6, 2, 2, 2]];
const HEIGHT = 220; // pixels
const DAY = 86_400; // seconds
const STEPS = [1, 2, 3, 5, 7, 14, 30].map((days) => days * DAY); // between two dates on the axis

/** @param {{at: number[], lines: {name: string, values: (number | null)[]}[], label: string, isDaily?: boolean}} props
 * `at`: seconds since 1970; `isDaily`: each is the beginning of a day in UTC */
export function Chart({ at, lines, label, isDaily = false }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const place = /** @type {HTMLElement} */ (box.current);
    // As the canvas wants it: the property itself may say light-dark(…).
    const colour = (/** @type {string} */ name) => {
      place.style.color = `var(${name})`;
      const { color } = getComputedStyle(place);
      place.style.color = '';
      return color;
    };
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--chart-grid'), width: 1 }, ticks: { show: false } };
    const series = lines.map(({ name }, n) => ({
      label: name,
      value: (/** @type {unknown} */ _, /** @type {number | null} */ value) => (value === null ? '–' : number(value)),
      stroke: colour(`--chart-${n % 8}`),
      width: 2,
      dash: DASHES[n % DASHES.length],
      points: { show: at.length < 20 },
    }));
    const says = sayer(isDaily);
    const time = { label: t('chart-time'), value: (/** @type {unknown} */ _, /** @type {number | null} */ at) => (at === null ? '–' : says.moment(at)) };
    const isWhole = lines.every(({ values }) => values.every((value) => value === null || Number.isInteger(value))); // there are no half people
    const amounts = { ...axis, values: (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => (isWhole && !Number.isInteger(tick) ? '' : number(tick))) };
    const moments = { ...axis, ...(isDaily && { incrs: STEPS }), values: (/** @type {unknown} */ _, /** @type {number[]} */ ticks) => ticks.map(says.tick) };
    const options = { width: place.clientWidth, height: HEIGHT, series: [time, ...series], axes: [moments, amounts], ...(isDaily && { tzDate: inUtc }), scales: { y: { range: { min: { soft: 0, mode: 1 }, max: {} } } } };
    const chart = new uPlot(/** @type {any} */ (options), /** @type {any} */ ([at, ...lines.map(({ values }) => values)]), place);
    const watch = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [at, lines, theme.value, locale.value]);
  return html`<div class="chart" ref=${box} role="img" aria-label=${t('chart', { label })}></div>`;
}

/** @param {number} at */
const inUtc = (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC');

/** Times as the person's language has them: the library itself writes English ones. @param {boolean} isDaily */
function sayer(isDaily) {
  const written = (/** @type {Intl.DateTimeFormatOptions} */ options) => {
    const format = new Intl.DateTimeFormat(locale.value, { ...options, ...(isDaily && { timeZone: 'UTC' }) });
    return (/** @type {number} */ at) => format.format(at * 1000);
  };
  const [day, clock] = [written({ day: 'numeric', month: 'short' }), written({ hour: 'numeric', minute: '2-digit' })];
  const isMidnight = (/** @type {number} */ at) => isDaily || !(new Date(at * 1000).getHours() + new Date(at * 1000).getMinutes());
  return {
    tick: (/** @type {number} */ at) => (isMidnight(at) ? day : clock)(at),
    moment: written({ dateStyle: 'medium', ...(!isDaily && { timeStyle: 'short' }) }),
  };
}
