// Copies what the browser needs of node_modules into vendor/, which the server serves. There is no bundler:
// index.html's import map names these files.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const SCRIPTS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'];
const FLUENT = ['index', 'bundle', 'resource', 'resolver', 'scope', 'types', 'builtins', 'memoizer', 'ast'];
const FONT = '@fontsource-variable/inter/files';

const FILES = {
  'preact.js': 'preact/dist/preact.mjs',
  'preact-hooks.js': 'preact/hooks/dist/hooks.mjs',
  'signals.js': '@preact/signals/dist/signals.mjs',
  'signals-core.js': '@preact/signals-core/dist/signals-core.mjs',
  'htm.js': 'htm/dist/htm.mjs',
  ...Object.fromEntries(FLUENT.map((name) => [`fluent/${name}.js`, `@fluent/bundle/esm/${name}.js`])),
  'socket.io.js': 'socket.io-client/dist/socket.io.esm.min.js',
  'marked.js': 'marked/lib/marked.esm.js',
  'purify.js': 'dompurify/dist/purify.es.mjs',
  'highlight.js': '@highlightjs/cdn-assets/es/highlight.min.js',
  'uplot.js': 'uplot/dist/uPlot.esm.js',
  'uplot.css': 'uplot/dist/uPlot.min.css',
  ...Object.fromEntries(SCRIPTS.map((name) => [`inter-${name}.woff2`, `${FONT}/inter-${name}-wght-normal.woff2`])),
};

process.chdir(import.meta.dirname ?? new URL('.', import.meta.url).pathname);
rmSync('vendor', { recursive: true, force: true });
mkdirSync('vendor/fluent', { recursive: true });
for (const [name, source] of Object.entries(FILES)) copyFileSync(`node_modules/${source}`, `vendor/${name}`);
for (const [ours, theirs] of [['en', 'en'], ['zh-CN', 'zh']]) writeFileSync(`vendor/emoji.${ours}.json`, JSON.stringify(emoji(theirs)));

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
