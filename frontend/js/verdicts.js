// What I have said of bots' answers to pictures. Others never see it; the server remembers it.
import * as api from './api.js';
import { verdicts } from './state.js';

/** @typedef {import('./types.js').Message} Message */

/** The rooms that have been asked about. @type {Set<string>} */
const asked = new Set();

/** Once a room, when the first answer is drawn. @param {string} room */
export async function loadVerdicts(room) {
  if (asked.has(room)) return;
  asked.add(room);
  try {
    const { verdicts: said } = await api.get(`/api/rooms/${room}/verdicts`);
    verdicts.value = new Map([...Object.entries(said), ...verdicts.value]);
  } catch {
    asked.delete(room); // asked again with the next answer; not knowing only means to ask twice
  }
}

/** @param {Message} answer @param {'right' | 'wrong'} verdict @param {string} [label] what it is instead */
export async function judge(answer, verdict, label) {
  await api.put(`/api/messages/${answer.id}/verdict`, label ? { verdict, label } : { verdict });
  verdicts.value = new Map(verdicts.value).set(String(answer.reply_to), { verdict, label: label ?? null });
}

/** The next person is another one. */
export function forgetVerdicts() {
  asked.clear();
  verdicts.value = new Map();
}
