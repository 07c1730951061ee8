// The shapes of docs/protocol.md, and the page's own, for the type checker. Nothing here runs.

/**
 * @typedef {{id: string, username: string, display_name: string, role: 'member' | 'moderator' | 'admin',
 *   bot: boolean}} User
 * @typedef {User & {online: boolean}} Member
 * @typedef {{id: string, name: string, topic: string, private: boolean, member: boolean, last_seq: number,
 *   unread: number, read_seq?: number, log?: string}} Room
 * @typedef {{url: string, thumbnail_url: string, width: number, height: number, bytes: number}} Picture
 * @typedef {{label: string, probability: number, room?: boolean}} Label
 * @typedef {{id: string, room: string, seq: number, author: User, text: string | null, image: Picture | null,
 *   labels: Label[] | null, reply_to: string | null, client_id: string, reactions: Record<string, string[]>,
 *   created_at: string, edited_at: string | null, deleted_at: string | null}} Message
 * @typedef {{room: string, seq: number, type: 'message' | 'edit' | 'delete' | 'reaction', message: Message,
 *   at: string}} RoomEvent
 *
 * @typedef {{file: File, url: string, width: number, height: number}} Attachment A picture that was chosen, and an
 *   address of the browser's own to show it by.
 * @typedef {{clientId: string, room: string, text: string, replyTo: string | null, attachment: Attachment | null,
 *   status: 'waiting' | 'sending' | 'failed', progress: number, error: string, createdAt: string,
 *   attempts: number}} Pending A message that the server has not acknowledged.
 *
 * @typedef {{messages: Message[], loaded: boolean, older: boolean, newer: boolean, error: string}} Window The part of
 *   a room's messages that is at hand, without gaps; `older` and `newer` say that there is more.
 */

export {};
