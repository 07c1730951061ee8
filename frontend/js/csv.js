// Tables as CSV files (RFC 4180), made here from what is on the page.

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export function csv(head, rows) {
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** @param {string} name of the file @param {string[]} head @param {(string | number)[][]} rows */
export function download(name, head, rows) {
  const url = URL.createObjectURL(new Blob(['\ufeff', csv(head, rows)], { type: 'text/csv' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A name that begins like a formula is not to be one in a spreadsheet. @param {string | number} value */
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
