// My account, at the server: its password, where I am signed in, tokens, second factor; invitations and resets.
import * as api from './api.js';
import { t } from './i18n.js';

/** @typedef {{id: string, agent: string, created_at: string, seen_at: string, current: boolean}} Session */
/** @typedef {{id: string, name: string, scope: string, created_at: string, seen_at: string | null}} Token */
/** @typedef {{id: string, made_by: string, uses_left: number, created_at: string, expires_at: string}} Invitation */

const sessionsOf = (/** @type {string} */ whose) => (whose ? `/api/users/${whose}/sessions` : '/api/sessions');
/** Mine, or an admin asks for those of somebody's. @param {string} whose an id, or empty @returns {Promise<Session[]>} */
export const sessions = async (whose) => (await api.get(sessionsOf(whose))).sessions;
/** @param {string} whose @param {string} id */
export const endSession = (whose, id) => api.remove(`${sessionsOf(whose)}/${id}`);
/** All but the one in use. @param {string} whose */
export const endSessions = (whose) => api.remove(sessionsOf(whose));

/** @param {string} old @param {string} wanted @param {boolean} endOthers */
export const changePassword = (old, wanted, endOthers) =>
  api.put('/api/me/password', { old, new: wanted, end_others: endOthers });

/** @returns {Promise<Token[]>} */
export const tokens = async () => (await api.get('/api/tokens')).tokens;
/** @param {string} name @param {string} scope @returns {Promise<{token: string}>} */
export const makeToken = (name, scope) => api.post('/api/tokens', { name, scope });
/** @param {string} id */
export const revokeToken = (id) => api.remove(`/api/tokens/${id}`);

const FACTOR = '/api/me/second-factor';
/** @returns {Promise<{on: boolean, recovery_codes_left: number}>} */
export const secondFactor = () => api.get(FACTOR);
/** @param {string} password @returns {Promise<{secret: string, qr: string}>} */
export const beginFactor = (password) => api.post(FACTOR, { password });
/** @param {string} code @returns {Promise<string[]>} */
export const confirmFactor = async (code) => (await api.put(FACTOR, { code })).recovery_codes;
/** @param {string} password */
export const dropFactor = (password) => api.remove(FACTOR, { password });
/** @param {string} password @returns {Promise<string[]>} */
export const renewCodes = async (password) => (await api.post(`${FACTOR}/recovery-codes`, { password })).recovery_codes;

/** @param {string} password @param {'keep' | 'remove'} messages */
export const deleteAccount = (password, messages) => api.remove('/api/me', { password, messages });

/** @returns {Promise<Invitation[]>} */
export const invitations = async () => (await api.get('/api/invitations')).invitations;
/** @param {number} uses @param {number} days @returns {Promise<{url: string}>} */
export const invite = (uses, days) => api.post('/api/invitations', { uses, days });
/** @param {string} id */
export const revokeInvitation = (id) => api.remove(`/api/invitations/${id}`);
/** @param {string} username @param {boolean} dropsFactor @returns {Promise<{url: string, username: string}>} */
export const makeReset = (username, dropsFactor) => api.post('/api/resets', { username, second_factor: dropsFactor });
/** The browser and the system that it names, as far as that can be read. @param {string} agent */
export function readAgent(agent) {
  const found = [/Edg|OPR|Firefox|Chrome|Safari/, /Android|iPhone|iPad|Windows|Mac OS|CrOS|Linux/].map((names) => agent.match(names)?.[0]);
  return found.filter((name) => name !== undefined).map((name) => t('sign-ins-agent', { name })).join(t('comma')) || agent.slice(0, 60);
}
