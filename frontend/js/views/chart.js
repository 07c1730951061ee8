// Lines over time, by uPlot. Each line has its own dash as well as its colour, for who cannot tell the colours.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

import { html } from '../html.js';
import { locale, number, t } from '../i18n.js';
import { theme } from '../theme.js';
import { brief, calendarNames } from '../times.js';
import { sheet } from './sheets.js';

await sheet('vendor/uplot.css');

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [12, 6], [1, 4], [6, 2, 2, 2]];
const HEIGHT = 220; // pixels

/** @param {{at: number[], lines: {name: string, values: (number | null)[]}[], label: string}} props `at`: seconds since 1970 */
export function Chart({ at, lines, label }) {
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
    const time = { label: t('chart-time'), value: (/** @type {unknown} */ _, /** @type {number | null} */ at) => (at === null ? '–' : brief(new Date(at * 1000).toISOString())) };
    const amounts = { ...axis, values: (/** @type {unknown} */ _, /** @type {number[]} */ values) => values.map(number) };
    const fmtDate = (/** @type {string} */ pattern) => uPlot.fmtDate(dayFirst() ? pattern.replace('{M}/{D}', '{D}/{M}') : pattern, dateNames());
    const options = { fmtDate, width: place.clientWidth, height: HEIGHT, series: [time, ...series], axes: [axis, amounts], scales: { y: { range: { min: { soft: 0, mode: 1 }, max: {} } } } };
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

/** As in most places where English is written. */
const dayFirst = () => new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'numeric' }).formatToParts()[0].type === 'day';

/** The library itself knows only English ones. */
function dateNames() {
  const [long, short] = [calendarNames('long'), calendarNames('short')];
  return { MMMM: long.months, MMM: short.months, WWWW: long.days, WWW: short.days };
}
