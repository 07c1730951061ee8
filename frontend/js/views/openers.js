// Opens what is loaded when it is wanted first: cards of people, and the dialogs about rooms.
import { withPart } from './later.js';

/** @typedef {import('../types.js').Room} Room */

/** @param {import('../types.js').User} user */
export const showPerson = (user) => withPart(() => import('./person.js'), (part) => part.showPerson(user));

/** @param {Room} room */
export const showRoomSettings = (room) => withPart(() => import('./room-settings.js'), (part) => part.showRoomSettings(room));

/** @param {Room} room */
export const askToLeave = (room) => withPart(() => import('./room-settings.js'), (part) => part.askToLeave(room));

export const browse = () => withPart(() => import('./browse.js'), (part) => part.browse());

export const newDirect = () => withPart(() => import('./new-direct.js'), (part) => part.newDirect());

/** @param {Room} room */
export const addPeople = (room) => withPart(() => import('./new-direct.js'), (part) => part.addPeople(room));
