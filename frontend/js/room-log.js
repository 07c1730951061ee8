// One room as this page knows it: how far its log of events has been heard, and a window of its messages.
import { signal } from '@preact/signals';

/** @typedef {import('./types.js').Message} Message */

const EMPTY = { messages: [], loaded: false, older: true, newer: false, error: '' };
export const BOUND = 300; // messages kept in the document; the far end is let go
const SLACK = 30; // beyond it, so that what comes one by one does not have the document cut each time

export class RoomLog {
  /**
   * @param {string} room its id
   * @param {number} seq number of the last event that counts as heard
   * @param {string} [log] the log's own id, which is another after a restore
   */
  constructor(room, seq, log) {
    this.room = room;
    this.seq = seq;
    this.log = log;
    /** @type {import('@preact/signals').Signal<import('./types.js').Window>} */
    this.window = signal(EMPTY);
    /** Which event each message reflects: an answer to an old question must not undo what was heard since.
     * @type {Map<string, number>} */
    this.reflects = new Map();
    this.stale = false; // what is shown is of a log that is no more, until it is read again
    this.isReadAbove = false; // somebody reads above the end: what comes below must not push that out
  }

  /**
   * Apply an event.
   *
   * @param {import('./types.js').RoomEvent} event
   * @returns {'applied' | 'known' | 'hole'} `hole`: events before it are missing; ask for them
   */
  take(event) {
    if (event.seq <= this.seq) return 'known';
    if (event.seq > this.seq + 1) return 'hole';
    this.seq = event.seq;
    this.put(event.message, event.seq);
    return 'applied';
  }

  /**
   * Replace a message of the window by what it is by now, or add it at its place.
   *
   * @param {Message} message
   * @param {number} seq number of the event that it reflects
   */
  put(message, seq) {
    if ((this.reflects.get(message.id) ?? 0) > seq) return;
    const { messages, loaded, newer } = this.window.value;
    const at = messages.findLastIndex((other) => other.seq <= message.seq);
    const known = at >= 0 && messages[at].id === message.id;
    if (!known && (!loaded || newer || (at < 0 && messages.length))) return; // outside the window
    this.reflects.set(message.id, seq);
    const all = messages.toSpliced(known ? at : at + 1, known ? 1 : 0, message);
    if (all.length <= BOUND + SLACK) this.#change({ messages: all });
    else if (this.isReadAbove) this.#change({ messages: all.slice(0, BOUND), newer: true });
    else this.#change({ messages: all.slice(-BOUND), older: true });
  }

  /**
   * Show these messages instead.
   *
   * @param {Message[]} messages oldest first
   * @param {number} lastSeq the room's last event when they were read
   * @param {{older: boolean, newer: boolean}} more
   */
  show(messages, lastSeq, more) {
    const end = Math.max(lastSeq, messages.at(-1)?.seq ?? 0); // two pages may have been read at two times
    const late = more.newer || this.stale ? [] : this.window.value.messages.filter(({ seq }) => seq > end);
    const current = [...messages.map((message) => this.#newest(message, lastSeq)), ...late];
    this.stale = false;
    this.#change({ messages: current, loaded: true, error: '', ...more });
  }

  /** @param {Message[]} messages that come before the window @param {number} lastSeq @param {boolean} older */
  prepend(messages, lastSeq, older) {
    const read = messages.map((message) => this.#newest(message, lastSeq));
    const all = [...read, ...this.window.value.messages];
    const newer = this.window.value.newer || all.length > BOUND;
    this.#change({ messages: all.slice(0, BOUND), older, newer });
  }

  /** @param {Message[]} messages that come behind the window @param {number} lastSeq @param {boolean} newer */
  append(messages, lastSeq, newer) {
    const read = messages.map((message) => this.#newest(message, lastSeq));
    const all = [...this.window.value.messages, ...read];
    const older = this.window.value.older || all.length > BOUND;
    this.#change({ messages: all.slice(-BOUND), older, newer });
  }

  /** Nothing of what is known holds any more. */
  reset(/** @type {number} */ seq, /** @type {string} */ log) {
    this.seq = seq;
    this.log = log;
    this.stale = true;
    this.reflects.clear();
  }

  /** Nobody looks at it: it is read when somebody does. */
  forget() {
    this.window.value = EMPTY;
  }

  /** @param {string} error why the window, or more at its edges, could not be loaded; empty: it may be tried again */
  fail(error) {
    this.#change({ error });
  }

  /** Whether what follows number `seq` is at hand, from its first message on. @param {number} seq */
  holdsFrom(seq) {
    const { messages, loaded, older, newer } = this.window.value;
    if (!loaded || (older && !(messages[0]?.seq <= seq))) return false;
    return !newer || /** @type {Message} */ (messages.at(-1)).seq > seq;
  }

  /** @param {string} id */
  find(id) {
    return this.window.value.messages.find((message) => message.id === id);
  }

  /** @param {Message} message @param {number} lastSeq */
  #newest(message, lastSeq) {
    if ((this.reflects.get(message.id) ?? 0) > lastSeq) return this.find(message.id) ?? message;
    this.reflects.set(message.id, lastSeq);
    return message;
  }

  /** @param {Partial<import('./types.js').Window>} changes */
  #change(changes) {
    this.window.value = { ...this.window.value, ...changes };
  }
}
