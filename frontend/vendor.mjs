// Copies what the browser needs of node_modules into vendor/, which the server serves. There is no bundler:
// page.html's import map names these files.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import subsetFont from 'subset-font';

const SCRIPTS = ['latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'];
const FLUENT = ['types', 'memoizer', 'builtins', 'scope', 'resolver', 'bundle', 'resource']; // each needs those before it
const FONT = '@fontsource-variable/inter/files';

const FILES = {
  'preact.js': 'preact/dist/preact.mjs',
  'preact-hooks.js': 'preact/hooks/dist/hooks.mjs',
  'signals.js': '@preact/signals/dist/signals.mjs',
  'signals-core.js': '@preact/signals-core/dist/signals-core.mjs',
  'htm.js': 'htm/dist/htm.mjs',
  'socket.io.js': 'socket.io-client/dist/socket.io.esm.min.js',
  'idb-keyval.js': 'idb-keyval/dist/index.js',
  'marked.js': 'marked/lib/marked.esm.js',
  'highlight.js': '@highlightjs/cdn-assets/es/highlight.min.js',
  'uplot.css': 'uplot/dist/uPlot.min.css',
  ...Object.fromEntries(SCRIPTS.map((name) => [`inter-${name}.woff2`, `${FONT}/inter-${name}-wght-normal.woff2`])),
};

/** Libraries whose small form is a classic script: the value that it leaves behind is what their module gives. */
const CLASSIC = {
  'purify.js': ['dompurify/dist/purify.min.js', 'globalThis.DOMPurify'],
  'uplot.js': ['uplot/dist/uPlot.iife.min.js', 'uPlot'],
};

process.chdir(import.meta.dirname ?? new URL('.', import.meta.url).pathname);
rmSync('vendor', { recursive: true, force: true });
mkdirSync('vendor');
for (const [name, source] of Object.entries(FILES)) copyFileSync(`node_modules/${source}`, `vendor/${name}`);
for (const [ours, theirs] of [['en', 'en'], ['zh-CN', 'zh']]) writeFileSync(`vendor/emoji.${ours}.json`, JSON.stringify(emoji(theirs)));
for (const [name, [source, value]] of Object.entries(CLASSIC))
  writeFileSync(`vendor/${name}`, `${readFileSync(`node_modules/${source}`, 'utf8')}\nexport default ${value};\n`);
writeFileSync('vendor/fluent.js', fluent());
await cutLatin();

/** One file in place of nine: its modules name nothing twice. */
function fluent() {
  const modules = FLUENT.map((name) => readFileSync(`node_modules/@fluent/bundle/esm/${name}.js`, 'utf8'));
  return `${modules.join('\n').replace(/^import .*;$/gm, '').replace(/^export (?=class|function)/gm, '')}\nexport { FluentBundle, FluentResource };\n`;
}

/** By group, in their usual order: `[[name of the group, [[emoji, what it shows, its names, more words], …]], …]`. */
function emoji(language) {
  const read = (name) => JSON.parse(readFileSync(`node_modules/emojibase-data/${name}.json`, 'utf8'));
  const names = read('en/shortcodes/github'); // the same in every language
  const all = read(`${language}/compact`).filter(({ order }) => order !== undefined).sort((a, b) => a.order - b.order);
  const { groups } = read(`${language}/messages`);
  return groups.toSorted((a, b) => a.order - b.order).filter(({ key }) => key !== 'component').map(({ order, message }) => [
    message,
    all.filter(({ group }) => group === order).map(({ unicode, label, hexcode, tags = [] }) => [unicode, label, [names[hexcode] ?? []].flat(), tags.join(' ')]),
  ]);
}

/**
 * Two parts of the Latin letters, in the weights that the page uses: what English wants, 15 KB instead of 48, and the rest
 * of Western Europe's.
 */
async function cutLatin() {
  const range = (from, to = from) => Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n)).join('');
  const basic = `${range(0x20, 0x7e)}\u00a0·×–—‘’‚“”„•…←↑→↓`;
  const rest = `${range(0xa1, 0xb6)}${range(0xb8, 0xd6)}${range(0xd8, 0xff)}ıŒœˆ˚˜€™−`;
  const latin = readFileSync(`node_modules/${FONT}/inter-latin-wght-normal.woff2`);
  const options = { targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 800 } }, noLayoutClosure: true };
  for (const [name, letters] of [['basic', basic], ['latin', rest]])
    writeFileSync(`vendor/inter-${name}.woff2`, await subsetFont(latin, letters, options));
}
