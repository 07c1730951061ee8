// Pictures as pixels, in the browser: decoded, turned, cut, made smaller. Decoding turns them upright, as EXIF says;
// what is written anew holds no metadata.

/** @typedef {{x: number, y: number, width: number, height: number}} Part of a picture, as shares of its turned sides
 * @typedef {{turns: number, part: Part}} Edit quarter turns to the right, and what stays then */

/** @type {Part} */
export const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const MOST = 16_000_000; // pixels of a canvas: telephones have no larger ones

/** @param {string} url @returns {Promise<HTMLImageElement | null>} null: this browser cannot draw it */
export async function decode(url) {
  const image = new Image();
  image.src = url;
  return image.decode().then(() => image, () => null);
}

/**
 * @param {HTMLImageElement} image
 * @param {Edit} edit
 * @param {number} [longest] pixels of the longer side, at most
 * @returns {HTMLCanvasElement}
 */
export function draw(image, { turns, part }, longest = Infinity) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const [across, down] = turns % 2 ? [height, width] : [width, height];
  const [cutWidth, cutHeight] = [part.width * across, part.height * down];
  const scale = Math.min(1, longest / Math.max(cutWidth, cutHeight), Math.sqrt(MOST / (cutWidth * cutHeight)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(cutWidth * scale));
  canvas.height = Math.max(1, Math.round(cutHeight * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.imageSmoothingQuality = 'high';
  pen.scale(canvas.width / cutWidth, canvas.height / cutHeight);
  pen.translate(across / 2 - part.x * across, down / 2 - part.y * down);
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(image, -width / 2, -height / 2);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {string} name @param {string} type @param {number} quality @returns {Promise<File>} */
export function write(canvas, name, type, quality) {
  return new Promise((resolve, reject) => {
    const keep = (/** @type {Blob | null} */ blob) => (blob ? resolve(new File([blob], name, { type: blob.type })) : reject(new Error(name)));
    canvas.toBlob(keep, type, quality);
  });
}

/** The part that stays, after one more turn. @param {Part} part @param {boolean} toTheRight @returns {Part} */
export function turned({ x, y, width, height }, toTheRight) {
  const [left, top] = toTheRight ? [1 - y - height, x] : [y, 1 - x - width];
  return { x: left, y: top, width: height, height: width };
}
