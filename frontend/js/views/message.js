// One message: who, when, what, and what can be done with it.
import { useLayoutEffect, useRef } from 'preact/hooks';

import { html, memo } from '../html.js';
import { t } from '../i18n.js';
import { BOT } from '../mine.js';
import { discard, isHeld, retry } from '../outbox.js';
import { me, online } from '../state.js';
import { render } from '../text.js';
import { clock, exact } from '../times.js';
import { Actions } from './actions.js';
import { Avatar, BotBadge } from './avatar.js';
import { editing, isTouch, touched } from './layout.js';
import { Labels } from './labels.js';
import { InDialog, InLine, later, withPart } from './later.js';
import { showPerson } from './openers.js';
import { Picture } from './picture.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';

const Editor = later(() => import('./editor.js'), 'Editor', InDialog);
const OfferButtons = later(() => import('./my-segment.js'), 'OfferButtons', InLine);
const Verdict = later(() => import('./verdict.js'), 'Verdict', InLine);

/** @typedef {import('../types.js').Message} MessageOf */

/** @param {{id: string, message: MessageOf, head: boolean, attached: boolean, member: boolean,
 *   item?: import('../types.js').Pending}} props */
export const Message = memo(({ id, message, head, attached, member, item }) => {
  const { author, text, image, labels, reply_to: replyTo } = message;
  if (message.deleted_at) return html`<${Deleted} id=${id} message=${message} />`;
  const states = [head && 'is-head', attached && 'is-attached', item && `is-${item.status}`, touched.value === id && 'is-touched'];
  const touch = (/** @type {Event} */ event) => {
    if (!isTouch() || /** @type {Element} */ (event.target).closest('a, button, textarea')) return;
    touched.value = touched.value === id ? '' : id;
  };
  const showAuthor = (/** @type {Event} */ event) => {
    event.stopPropagation();
    showPerson(author);
  };
  return html`
    <article class="message ${states.filter(Boolean).join(' ')}" data-key=${id} data-id=${message.id} tabindex="-1"
      aria-label="${author.display_name}, ${clock(message.created_at)}" onClick=${touch}>
      ${head ? html`<span class="avatar-link" onClick=${showAuthor}><${Avatar} user=${author} small=${attached} /></span>` : html`<${Time} message=${message} aside />`}
      <div class="message-body">
        ${head && html`<p class="message-head">
          <button type="button" class="author" aria-haspopup="dialog" onClick=${showAuthor}>${author.display_name}</button><${BotBadge} user=${author} /><${Time} message=${message} />
        </p>`}
        ${replyTo && !attached && html`<${Quote} room=${message.room} id=${replyTo} />`}
        ${message.id && editing.value === message.id
          ? html`<${Editor} message=${message} onClose=${() => (editing.value = '')} />`
          : text && html`<${Text} text=${text} />${message.edited_at && html`<${Edited} message=${message} at=${message.edited_at} />`}`}
        ${image && html`<${Picture} message=${message} image=${image} item=${item} />`}
        ${labels && html`<${Labels} labels=${labels} />`}
        ${labels && member && html`<${Verdict} message=${message} />`}
        ${author.bot && author.username === BOT && html`<${OfferButtons} message=${message} />`}
        <${Reactions} message=${message} member=${member} />
        ${item && html`<${Delivery} item=${item} />`}
      </div>
      ${message.id && html`<${Actions} message=${message} member=${member} isMine=${author.id === me.value?.id} />`}
    </article>
  `;
});

/** @param {{text: string}} props */
const Text = memo(({ text }) => {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const rendered = render(text);
    box.current?.replaceChildren(rendered);
    if (box.current?.querySelector('pre')) import('./code.js').then(({ furnishCode }) => box.current && furnishCode(box.current), () => undefined);
  }, [text]);
  return html`<div class="text" ref=${box}></div>`;
});

/** Leads to what it said before. @param {{message: MessageOf, at: string}} props */
const Edited = ({ message, at }) => html`
  <button type="button" class="edited" title=${t('message-edited-at', { time: exact(at) })} aria-haspopup="dialog"
    onClick=${() => withPart(() => import('./versions.js'), ({ showVersions }) => showVersions(message))}>${t('message-edited')}<span class="for-screen-readers">${t('message-edited-show')}</span></button>
`;

/** @param {{message: MessageOf, aside?: boolean}} props */
const Time = ({ message, aside }) => html`
  <time class=${aside ? 'time-aside' : 'time'} datetime=${message.created_at} title=${exact(message.created_at)}>${clock(message.created_at)}</time>
`;

/** @param {{id: string, message: MessageOf}} props */
const Deleted = ({ id, message }) => html`
  <article class="message is-deleted" data-key=${id} data-id=${message.id} tabindex="-1">
    <${Time} message=${message} aside />
    <p class="message-body">${t('message-deleted', { name: message.author.display_name })}</p>
  </article>
`;

/** How far a message of mine has come. @param {{item: import('../types.js').Pending}} props */
function Delivery({ item }) {
  const remove = html`<button type="button" class="link" onClick=${() => discard(item.clientId)}>${t('delete')}</button>`;
  if (item.status === 'failed') {
    return html`<p class="delivery" role="alert">
      <span>${t('message-failed', { reason: item.error })}</span>
      <button type="button" class="link" onClick=${() => retry(item.clientId)}>${t('try-again')}</button>${remove}
    </p>`;
  }
  const state = !online.value ? 'message-waiting' : isHeld(item) ? 'message-held' : item.attempts > 0 && 'message-trying';
  return state && html`<p class="delivery is-late"><span>${t(state)}</span>${remove}</p>`;
}
