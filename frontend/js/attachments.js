// Pictures that somebody has chosen, before they are sent.
import { t } from './i18n.js';

const LIMIT = 20_000_000; // bytes, as on the server
const KINDS = /^image\/|\.(heic|heif|avif)$/i;

/**
 * @param {Iterable<File>} files
 * @returns {Promise<{pictures: import('./types.js').Attachment[], problems: string[]}>} one bad file does not keep
 *   the others back
 */
export async function chosenPictures(files) {
  const pictures = [];
  const problems = [];
  for (const file of files) {
    const problem = problemOf(file);
    if (problem) problems.push(problem);
    else pictures.push(await measured(file));
  }
  return { pictures, problems };
}

/** @param {File} file */
function problemOf(file) {
  if (!KINDS.test(file.type) && !KINDS.test(file.name)) return t('attachments-kind', { name: file.name });
  if (file.size > LIMIT) return t('attachments-large', { name: file.name, size: Math.ceil(file.size / 1e6) });
  return '';
}

/** The room that a picture takes is known before it is drawn. Not every browser can draw every kind: then 0 × 0.
 * @param {File} file */
async function measured(file) {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  await image.decode().catch(() => undefined);
  return { file, url, width: image.naturalWidth, height: image.naturalHeight };
}
