// A message's text as elements. Two walls: the Markdown parser takes no HTML, and DOMPurify lets through only what
// stands in the lists below.
import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const TAGS = ['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'span'];
const ADDRESSES = /^(?:https?:|mailto:)/i;
const LANGUAGE = /^[a-z][a-z0-9+#-]{0,20}$/i;
const CLASSES = /^(?:mention|language-[a-z][a-z0-9+#-]{0,20}|hljs-[a-z_-]+(?: [a-z_]+)*)$/i;
const MENTION = /^@[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_])?/u;

const mention = {
  name: 'mention',
  level: /** @type {const} */ ('inline'),
  start: (/** @type {string} */ source) => source.match(/(?<![\p{L}\p{N}_.])@/u)?.index,
  tokenizer(/** @type {string} */ source) {
    const found = MENTION.exec(source);
    return found ? { type: 'mention', raw: found[0], text: found[0] } : undefined;
  },
  renderer: (/** @type {any} */ token) => `<span class="mention">${escape(token.text)}</span>`,
};

const markdown = new Marked({
  gfm: true,
  breaks: true,
  extensions: [mention],
  renderer: {
    html: ({ text }) => escape(text),
    image: ({ href, text }) => escape(text ? `${text} (${href})` : href), // nothing is fetched from elsewhere
    code: ({ text, lang }) => `<pre><code${LANGUAGE.test(lang ?? '') ? ` class="language-${lang}"` : ''}>${escape(text)}</code></pre>`,
    link({ href, tokens, raw }) {
      return ADDRESSES.test(href) ? `<a href="${escape(href)}">${this.parser.parseInline(tokens)}</a>` : escape(raw);
    },
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
    hr: () => '<p>———</p>',
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    table: ({ raw }) => `<pre><code>${escape(raw)}</code></pre>`,
  },
});

const purifier = DOMPurify(window);
purifier.addHook('afterSanitizeAttributes', (element) => {
  if (element.tagName === 'PRE') element.setAttribute('tabindex', '0'); // it may scroll, so keys must reach it
  if (element.tagName !== 'A') return;
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer');
});
purifier.addHook('uponSanitizeAttribute', (_element, data) => {
  if (data.attrName === 'class') data.keepAttr = CLASSES.test(data.attrValue);
});

/** @param {string} text what somebody wrote @returns {DocumentFragment} */
export function render(text) {
  return purified(parse(text));
}

/** What is nested so deeply that the parser gives up is shown as it was typed. @param {string} text @returns {string} */
function parse(text) {
  try {
    return /** @type {string} */ (markdown.parse(text));
  } catch {
    return `<p>${escape(text)}</p>`;
  }
}

/** @param {string} source @returns {DocumentFragment} */
export function purified(source) {
  return purifier.sanitize(source, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['href', 'class', 'start'],
    ALLOWED_URI_REGEXP: ADDRESSES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

/** @param {string} text what somebody wrote @returns {string} its words alone, on one line */
export const plain = (text) => (render(text).textContent ?? '').replace(/\s+/g, ' ').trim();

/** @param {string} text */
function escape(text) {
  const names = /** @type {Record<string, string>} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' });
  return text.replace(/[&<>"]/g, (character) => names[character]);
}
