// Copies what the browser needs of node_modules into vendor/, which the server serves. There is no bundler:
// index.html's import map names these files.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';

const SCRIPTS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'];
const FONT = '@fontsource-variable/inter/files';

const FILES = {
  'preact.js': 'preact/dist/preact.mjs',
  'preact-hooks.js': 'preact/hooks/dist/hooks.mjs',
  'signals.js': '@preact/signals/dist/signals.mjs',
  'signals-core.js': '@preact/signals-core/dist/signals-core.mjs',
  'htm.js': 'htm/dist/htm.mjs',
  'socket.io.js': 'socket.io-client/dist/socket.io.esm.min.js',
  'marked.js': 'marked/lib/marked.esm.js',
  'purify.js': 'dompurify/dist/purify.es.mjs',
  'uplot.js': 'uplot/dist/uPlot.esm.js',
  'uplot.css': 'uplot/dist/uPlot.min.css',
  ...Object.fromEntries(SCRIPTS.map((name) => [`inter-${name}.woff2`, `${FONT}/inter-${name}-wght-normal.woff2`])),
};

process.chdir(import.meta.dirname ?? new URL('.', import.meta.url).pathname);
rmSync('vendor', { recursive: true, force: true });
mkdirSync('vendor');
for (const [name, source] of Object.entries(FILES)) copyFileSync(`node_modules/${source}`, `vendor/${name}`);
