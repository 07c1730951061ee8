// Looking closer at a picture: by wheel, by two fingers, by double click, by keys. One image pixel is never shown larger
// than four of the screen's, or four times what fits.

const CLOSER = 1.4; // for one press of a key
const DOUBLE = 2.5; // for a double click
const STROKE = 60; // pixels that make a swipe

export class Zoom {
  /**
   * @param {HTMLElement} box with one image in its middle, which fits it
   * @param {{onChange: (isZoomed: boolean) => void, onSwipe: (by: number) => void}} ears
   */
  constructor(box, ears) {
    this.box = box;
    this.ears = ears;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    /** @type {Map<number, {x: number, y: number}>} */
    this.pointers = new Map();
    this.stroke = { x: 0, y: 0 };
    this.listening = new AbortController();
    const { signal } = this.listening;
    box.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    box.addEventListener('dblclick', (event) => this.#double(event), { signal });
    box.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    box.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) box.addEventListener(end, (event) => this.#up(event), { signal });
  }

  end() {
    this.listening.abort();
  }

  get isZoomed() {
    return this.scale > 1.01;
  }

  get image() {
    return /** @type {HTMLImageElement} */ (this.box.querySelector('img'));
  }

  /** The scale at which a pixel of the picture is one of the page. */
  get actual() {
    return Number(this.image.getAttribute('width')) / this.image.offsetWidth;
  }

  /** @param {string} key @returns {boolean} whether it was for the zoom */
  press(key) {
    const pan = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] })[key];
    if (key === '+' || key === '=') this.to(this.scale * CLOSER);
    else if (key === '-') this.to(this.scale / CLOSER);
    else if (key === '0') this.to(1);
    else if (pan && this.isZoomed) this.#place(this.x + pan[0], this.y + pan[1]);
    else return false;
    return true;
  }

  /** @param {number} scale @param {{x: number, y: number}} [at] a point of the page that stays where it is */
  to(scale, at) {
    const box = this.box.getBoundingClientRect();
    const dx = at ? at.x - box.left - box.width / 2 : 0;
    const dy = at ? at.y - box.top - box.height / 2 : 0;
    const next = Math.max(1, Math.min(scale, Math.max(4, 4 * this.actual)));
    const ratio = next / this.scale;
    this.scale = next;
    this.#place(dx - (dx - this.x) * ratio, dy - (dy - this.y) * ratio);
    this.ears.onChange(this.isZoomed);
  }

  /** The picture never leaves the box. @param {number} x @param {number} y */
  #place(x, y) {
    const { image, box } = this;
    const [acrossLeft, downLeft] = [(image.offsetWidth * this.scale - box.clientWidth) / 2, (image.offsetHeight * this.scale - box.clientHeight) / 2];
    this.x = bounded(x, Math.max(0, acrossLeft));
    this.y = bounded(y, Math.max(0, downLeft));
    image.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.to(this.scale * Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), pointOf(event)); // with Ctrl: a touchpad's pinch
  }

  /** @param {MouseEvent} event */
  #double(event) {
    this.to(this.isZoomed ? 1 : Math.max(DOUBLE, this.actual), pointOf(event));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.box.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, pointOf(event));
    this.stroke = { x: 0, y: 0 };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = [...this.pointers.values()];
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    this.pointers.set(event.pointerId, pointOf(event));
    const now = [...this.pointers.values()];
    if (now.length === 2) {
      const [from, to] = [middle(before), middle(now)];
      this.to((this.scale * distance(now)) / Math.max(1, distance(before)), to);
      this.#place(this.x + to.x - from.x, this.y + to.y - from.y);
    } else if (this.isZoomed) {
      this.#place(this.x + event.clientX - last.x, this.y + event.clientY - last.y);
    } else {
      this.stroke = { x: this.stroke.x + event.clientX - last.x, y: this.stroke.y + event.clientY - last.y };
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const wasOne = this.pointers.delete(event.pointerId) && this.pointers.size === 0;
    const { x, y } = this.stroke;
    this.stroke = { x: 0, y: 0 };
    const isSwipe = event.type === 'pointerup' && event.pointerType === 'touch' && Math.abs(x) > STROKE && Math.abs(x) > 2 * Math.abs(y);
    if (wasOne && !this.isZoomed && isSwipe) this.ears.onSwipe(x < 0 ? 1 : -1);
  }
}

/** @param {MouseEvent} event */
const pointOf = ({ clientX, clientY }) => ({ x: clientX, y: clientY });
/** @param {{x: number, y: number}[]} points */
const middle = ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
/** @param {{x: number, y: number}[]} points */
const distance = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
/** @param {number} value @param {number} most */
const bounded = (value, most) => Math.max(-most, Math.min(most, value));
