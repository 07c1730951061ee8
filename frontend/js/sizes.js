// Bytes as people say them.
import { locale } from './i18n.js';

/** @param {number} bytes */
export const size = (bytes) =>
  bytes < 950_000 ? said(Math.max(1, bytes / 1000), 'kilobyte', 0) : said(bytes / 1e6, 'megabyte', 1);

/** @param {number} value @param {string} unit @param {number} maximumFractionDigits */
const said = (value, unit, maximumFractionDigits) =>
  new Intl.NumberFormat(locale.value, { style: 'unit', unit, maximumFractionDigits }).format(value);
