// Pictures that somebody has chosen, before they are sent.

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
  if (!KINDS.test(file.type) && !KINDS.test(file.name)) return `“${file.name}” is not a picture. Choose a JPEG, PNG, WebP, GIF, HEIC or AVIF.`;
  if (file.size > LIMIT) return `“${file.name}” has ${Math.ceil(file.size / 1e6)} MB; pictures may have up to 20 MB.`;
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
