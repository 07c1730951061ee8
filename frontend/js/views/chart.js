// Lines over time, by uPlot. Each line has its own dash as well as its colour, for who cannot tell the colours.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

import { html } from '../html.js';
import { theme } from '../theme.js';

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
      stroke: colour(`--chart-${n % 8}`),
      width: 2,
      dash: DASHES[n % DASHES.length],
      points: { show: at.length < 20 },
    }));
    const options = { width: place.clientWidth, height: HEIGHT, series: [{}, ...series], axes: [axis, axis], scales: { y: { range: { min: { soft: 0, mode: 1 }, max: {} } } } };
    const chart = new uPlot(/** @type {any} */ (options), /** @type {any} */ ([at, ...lines.map(({ values }) => values)]), place);
    const watch = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [at, lines, theme.value]);
  return html`<div class="chart" ref=${box} role="img" aria-label="${label}. “As a table” shows its numbers."></div>`;
}
