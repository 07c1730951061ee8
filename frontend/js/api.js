// HTTP: JSON in and out, the CSRF token, errors as RFC 9457 problems.
import { hasText, t } from './i18n.js';

/** What a door refused, or that there is no way to it. */
export class Problem extends Error {
  /**
   * @param {string} code the server's stable word, or `offline`, or `cancelled`
   * @param {string} detail for people
   * @param {string} [reason] the server's word for which fault of this code it is
   */
  constructor(code, detail, reason = '') {
    const id = [`problem-${code}-${reason}`, `problem-${code}`].find(hasText);
    super(id ? t(id, { detail }) : detail);
    this.code = code;
  }
}

let csrfToken = '';

const STALLED = 60_000; // milliseconds in which nothing of an upload moved: longer than the server takes to look at a picture

/** @param {string} token given by the sign-in answers and GET /api/me */
export function useCsrfToken(token) {
  csrfToken = token;
}

/** @param {string} path */
export const get = (path) => call('GET', path);
/** @param {string} path @param {unknown} [body] */
export const post = (path, body) => call('POST', path, body);
/** @param {string} path @param {unknown} [body] */
export const put = (path, body) => call('PUT', path, body);
/** @param {string} path @param {unknown} [body] */
export const patch = (path, body) => call('PATCH', path, body);
/** @param {string} path @param {unknown} [body] */
export const remove = (path, body) => call('DELETE', path, body);

/**
 * Upload a form, with progress.
 *
 * @param {string} path
 * @param {FormData} form
 * @param {(share: number) => void} onProgress is told how much has gone, 0 to 1
 * @param {AbortSignal} signal cancels
 * @returns {Promise<any>} the answer
 * @throws {Problem}
 */
export function upload(path, form, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
    const cancel = () => request.abort();
    const giveUp = () => {
      reject(offline());
      request.abort();
    };
    let stalled = setTimeout(giveUp, STALLED);
    request.open('POST', path);
    request.setRequestHeader('X-CSRF-Token', csrfToken);
    request.upload.onprogress = (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(giveUp, STALLED);
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problemOf(request.status, request.responseText));
    };
    request.onerror = () => reject(offline());
    request.onabort = () => reject(new Problem('cancelled', t('api-cancelled')));
    request.onloadend = () => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', cancel);
    };
    signal.addEventListener('abort', cancel);
    request.send(form);
  });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function call(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = method === 'GET' ? {} : { 'X-CSRF-Token': csrfToken };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) }).catch(
    () => null,
  );
  if (!answer) throw offline();
  if (!answer.ok) throw problemOf(answer.status, await answer.text());
  return answer.status === 204 ? null : answer.json();
}

function offline() {
  return new Problem('offline', t('api-offline'));
}

/** @param {number} status @param {string} text */
function problemOf(status, text) {
  try {
    const { code, detail, reason } = JSON.parse(text);
    return new Problem(code, detail, reason);
  } catch {
    return new Problem('internal', t('api-internal', { status }));
  }
}
