// The shapes of docs/protocol.md, and the page's own, for the type checker. Nothing here runs.

/**
 * @typedef {{id: string, username: string, display_name: string, role: 'member' | 'moderator' | 'admin',
 *   bot: boolean}} User
 * @typedef {User & {online: boolean}} Member
 * @typedef {{id: string, name: string, topic: string, private: boolean, direct: boolean,
 *   people: Member[] | null, creator: string | null, moderates: boolean, locked: boolean, slow_mode: number,
 *   unwanted_words: string[] | null, member: boolean, last_seq: number, unread: number, mentions: number,
 *   notify: 'all' | 'mentions' | 'nothing', muted: boolean, blur_labels: string[],
 *   hold_labels: string[], refuse_labels: string[], picture_sure: number, read_seq?: number, log?: string}} Room
 * @typedef {{url: string, thumbnail_url: string, width: number, height: number, bytes: number,
 *   blur?: string | null, seen?: boolean, held?: 'waiting' | 'held' | null}} Picture
 * @typedef {{label: string, probability: number, room?: boolean}} Label
 * @typedef {{verdict: 'right' | 'wrong' | 'taught', label: string | null}} Said What somebody said of a picture.
 * @typedef {{id: string, room: string, seq: number, author: User, text: string | null, image: Picture | null,
 *   labels: Label[] | null, reply_to: string | null, client_id: string, reactions: Record<string, string[]>,
 *   created_at: string, edited_at: string | null, deleted_at: string | null}} Message
 * @typedef {{room: string, seq: number, type: 'message' | 'edit' | 'delete' | 'reaction', message: Message,
 *   at: string}} RoomEvent
 *
 * @typedef {{file: File, url: string, width: number, height: number}} Shot A picture that can be sent, and an address
 *   of the browser's own to show it by.
 * @typedef {{file: File, edit: import('./photo.js').Edit | null, full: Shot, small: Shot | null, wantsFull: boolean}}
 *   Attachment A file that was chosen, what was cut and turned of it, and that as large as it is and made smaller.
 * @typedef {{clientId: string, room: string, text: string, replyTo: string | null, attachment: Shot | null,
 *   status: 'waiting' | 'sending' | 'failed', progress: number, error: string, createdAt: string, order: number,
 *   attempts: number, holds?: boolean}} Pending A message that the server has not acknowledged; `holds`: it has failed in a way
 *   that holds back those after it.
 *
 * @typedef {{messages: Message[], loaded: boolean, older: boolean, newer: boolean, error: string}} Window The part of
 *   a room's messages that is at hand, without gaps; `older` and `newer` say that there is more.
 *
 * @typedef {{id: string, name: string}} Named
 * @typedef {{message: Message, room: Named, label: string | null, probability: number | null, created_at: string}} HeldPicture
 * @typedef {{segment: Named | null, reasons: string[], room: (Named & {member: boolean}) | null,
 *   offer: {room: Named, state: string, made_at: string, message: string | null} | null}} Mine My segment.
 * @typedef {{room: string | null, name: string, above: number}} Feature
 * @typedef {{id: string | null, name: string, size: number, room: Named | null, auto_join: boolean,
 *   top_features: Feature[]}} Segment
 * @typedef {{rows: {name: string, room?: string | null, hour?: number}[], columns: {segment: string | null, name: string}[],
 *   matrix: number[][], counts: number[][]}} Heat
 * @typedef {{id: string, kind: 'kick' | 'mute' | 'ban' | 'refuse', user: Somebody, room: Named | null, reason: string, created_at: string,
 *   ends_at: string | null, lifted_at: string | null, appeal: string | null, appealed_at: string | null, upheld: boolean | null,
 *   answer: string | null, by?: Somebody | null, may?: ('lift' | 'decide')[]}} Sanction
 * @typedef {{id: string, username: string}} Somebody
 * @typedef {{id: string, room: Named | null, message: Message | null, author: Somebody, by: Somebody | null, reason: string,
 *   state: string, created_at: string, assigned_to: Somebody | null, decided_by: Somebody | null, decided_at: string | null,
 *   note: string | null, before: {agreed_reports: number, sanctions: number}}} Report
 * @typedef {{id: string, at: string, act: string, actor: {id: string, username: string | null},
 *   user: {id: string, username: string | null} | null, room: Named | null, message: string | null,
 *   detail: Record<string, any>}} Act
 * @typedef {{from: string | null, to: string | null, people: number}} Flow
 * @typedef {{run: string, state: string, k: number, silhouette: number, users: number, moved: number,
 *   segments: {id: string | null, name: string, size: number, before: number | null}[], flows: Flow[]}} Run
 * @typedef {{run: string, fitted_at: string, k: number, silhouette: number, users: number, moved: number,
 *   sizes: {segment: string | null, name: string, size: number}[], flows: Flow[]}} PastRun
 * @typedef {{run: string, k: number, silhouette: number, fitted_at: string, users: number, segments: Segment[], heat: Heat,
 *   hours: Heat, history: PastRun[], offers: {segment: string | null, name: string, made: number, open: number,
 *   accepted: number, later: number, never: number, joined: number}[], waiting: Run | null, days: number,
 *   counted_at: string | null, fitting: boolean, bots_online: boolean}} Statistics
 * @typedef {{segment: string | null, name: string, messages: number, images: number, replies: number, reactions: number,
 *   people: number}} Group
 * @typedef {{total: Group, segments: Group[], by_day: {day: string, messages: number, images: number, people: number,
 *   segments: {segment: string | null, name: string, messages: number}[]}[],
 *   by_hour: {hour: number, messages: number, images: number}[], days: number}} RoomStatistics
 */

export {};
