// Holds a scrolling box at its place: at its end while one is there, else at the row that one reads.

const NEAR = 48; // pixels from the end that count as being there

export class Place {
  /**
   * @param {HTMLElement} box that scrolls; its only child holds the rows, each with data-key
   * @param {() => void} onMove it is elsewhere, by whatever reason
   */
  constructor(box, onMove) {
    this.box = box;
    this.rows = /** @type {HTMLElement} */ (box.firstElementChild);
    this.isAtEnd = true;
    this.onMove = onMove;
    this.hasNewer = false;
    this.follows = true; // what comes is looked at as it comes
    this.isWanted = false; // the end, as soon as it is at hand
    this.lastKey = '';
    /** @type {{element: HTMLElement, top: number} | null} */
    this.anchor = null;
    this.isSettled = false;
    this.top = 0; // where the box was scrolled to when I last looked
    // Observers run after layout and before paint: what moved is moved back before anybody sees it.
    this.observer = new ResizeObserver(() => this.hold());
    this.observer.observe(this.rows);
    this.observer.observe(box);
    // What is heard of may be my own scrolling, after which rows have come: nobody has left the end by that.
    this.hearScroll = () => box.scrollTop !== this.top && this.note();
    box.addEventListener('scroll', this.hearScroll, { passive: true });
  }

  /** Pixels of rows above the box. */
  get above() {
    return this.box.scrollTop;
  }

  /** Pixels of rows below the box. */
  get below() {
    return this.box.scrollHeight - this.box.clientHeight - this.box.scrollTop;
  }

  end() {
    this.observer.disconnect();
    this.box.removeEventListener('scroll', this.hearScroll);
  }

  /**
   * The rows have changed.
   *
   * @param {boolean} hasNewer the box ends before the room does: its end is no place to stay at
   * @param {string} lastKey of the last row
   * @param {boolean} isMine I have written the last row: I want to see it
   * @param {boolean} follows whether somebody looks at what comes; else the end is followed only as far as what is new
   *   stays on the screen
   */
  settle(hasNewer, lastKey, isMine, follows) {
    const wasAtEnd = this.isAtEnd;
    this.hasNewer = hasNewer;
    this.follows = follows;
    if (hasNewer) this.isAtEnd = false;
    else if (this.isWanted || (isMine && lastKey !== this.lastKey)) this.isAtEnd = true;
    if (this.isAtEnd) this.isWanted = false;
    this.lastKey = lastKey;
    if (!this.isSettled) this.#begin();
    if (wasAtEnd && hasNewer && !follows) this.#toNew();
    this.hold();
  }

  /** Put everything where it was. */
  hold() {
    if (!this.isSettled) return;
    if (this.#wasLeft()) this.isAtEnd = false;
    else if (this.isAtEnd) this.box.scrollTop = Math.min(this.box.scrollHeight, this.follows ? Infinity : this.#new());
    else if (this.anchor?.element.isConnected) this.box.scrollTop += this.#topOf(this.anchor.element) - this.anchor.top;
    this.note();
  }

  toEnd() {
    this.isAtEnd = !this.hasNewer;
    this.isWanted = this.hasNewer;
    this.hold();
  }

  /** The lowest row that is on the screen to its end. */
  get lowest() {
    const rows = /** @type {HTMLElement[]} */ ([...this.rows.children]);
    const edge = this.box.getBoundingClientRect().bottom + 1; // heights have fractions
    for (let at = firstBelow(rows, edge); at >= 0; at -= 1) {
      if (rows[at].dataset.id && rows[at].getBoundingClientRect().bottom <= edge) return rows[at];
    }
    return null;
  }

  /** Bring a message into the middle, and show which it is. @param {string} id */
  point(id) {
    const row = /** @type {HTMLElement | null} */ (this.rows.querySelector(`[data-id="${CSS.escape(id)}"]`));
    if (!row || row.classList.contains('is-target')) return;
    for (const other of this.rows.querySelectorAll('.is-target')) other.classList.remove('is-target');
    row.classList.add('is-target');
    row.scrollIntoView({ block: 'center' });
    row.focus({ preventScroll: true });
    this.isAtEnd = false;
    this.note();
  }

  /** Where am I? */
  note() {
    this.top = this.box.scrollTop;
    this.isAtEnd = this.isSettled && !this.hasNewer && this.below < NEAR;
    const edge = this.box.getBoundingClientRect().top;
    const rows = /** @type {HTMLElement[]} */ ([...this.rows.children]);
    const element = rows[firstBelow(rows, edge)];
    this.anchor = element ? { element, top: this.#topOf(element) } : null;
    this.onMove();
  }

  /** Whether somebody has scrolled up from the end, of which the browser will tell a moment later. */
  #wasLeft() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    return this.isAtEnd && scrollTop < Math.min(this.top, scrollHeight - clientHeight) - NEAR;
  }

  /** Open at what is new; else at the end. */
  #begin() {
    this.isSettled = true;
    this.#toNew();
  }

  #toNew() {
    const top = this.#new();
    if (top === Infinity) return;
    this.box.scrollTop = top;
    this.note();
  }

  /** Where what is new begins in the upper part of the box. */
  #new() {
    const line = /** @type {HTMLElement | null} */ (this.rows.querySelector('.new-line'));
    return line ? line.offsetTop - this.box.clientHeight / 4 : Infinity;
  }

  /** @param {HTMLElement} element */
  #topOf(element) {
    return element.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
  }
}

/** Index of the first row that reaches below `edge`, found by halving. @param {HTMLElement[]} rows @param {number} edge */
function firstBelow(rows, edge) {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom > edge) high = middle;
    else low = middle + 1;
  }
  return low;
}
