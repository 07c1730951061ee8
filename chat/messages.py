"""Messages: the one door by which people and bots write, and what of them somebody may read.

`post`, `edit` and `react` store first, then ring; a ring that fails never fails the sender. Deleting is in
`chat/deletions.py`, what a message looks like to those who read it in `chat/rendering.py`.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, holds, images, log, rendering, rooms, rules, versions
from chat.db import Row, insert, now
from chat.errors import Refused, not_found
from chat.log import Draft, Event
from chat.schema import messages, reactions
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

TEXT_LIMIT = 10_000  # characters: a long letter; a frame of it stays far under the frame limit
PAGE_LIMIT = 200

Json = dict[str, Any]


# Writing


def post(
    backend: "Backend",
    author: Person,
    room_id: int,
    text: str,
    client_id: str,
    reply_to: int | None = None,
    picture: "images.Pinned | None" = None,
) -> tuple[Json, bool]:
    """Store a message; it is durable when this returns.

    Returns
    -------
    The Message, and whether it is new: the same author, room and `client_id` give the first one again.

    Raises
    ------
    Refused : `not_found`, `not_a_member`, `invalid`.
    """
    draft = Draft(room_id, author, client_id, text, reply_to=reply_to)
    draft.addressed = bool(picture) or "@" in text or text.startswith("/")
    if picture:
        draft.image, draft.pin_id = picture.image, picture.pin_id
    return _append(backend, draft)


@dataclass(frozen=True)
class Reply:
    """What a bot answers.

    Parameters
    ----------
    question_id : the message that it answers.
    picture : a file's bytes.
    picture_of : the message whose picture it was made from; with that one, this answer is deleted too.
    """

    question_id: int
    text: str
    labels: list[Json] | None = None
    picture: bytes | None = None
    picture_of: int | None = None


def answer(
    backend: "Backend",
    bot: Person,
    question_id: int,
    text: str,
    labels: list[Json] | None = None,
    picture: bytes | None = None,
    picture_of: int | None = None,
) -> Json | None:
    """One `Reply`, as `answer_all` gives several."""
    return answer_all(backend, bot, [Reply(question_id, text, labels, picture, picture_of)])[0]


def answer_all(backend: "Backend", bot: Person, replies: list[Reply]) -> list[Json | None]:
    """A bot's one answer to each message, however often it is given; in one transaction, in this order.

    Returns
    -------
    The answers that stand; None where the question has been deleted.
    """
    questions = backend.db.read(_standing, [reply.question_id for reply in replies])
    drafts: dict[int, Draft] = {}
    try:
        for reply in replies:
            if room_id := questions.get(reply.question_id):
                drafts[reply.question_id] = _draft_of(backend, bot, reply, room_id)
        if drafts:
            backend.log.append_all(list(drafts.values()))
    finally:
        for draft in drafts.values():
            if draft.image and draft.pin_id and not draft.event:
                images.let_go(backend, images.Pinned(draft.image, draft.pin_id))
    return [_outcome(backend, drafts.get(reply.question_id)) for reply in replies]


def _standing(conn: sa.Connection, ids: list[int]) -> dict[int, int]:
    """{message: room} of those that have not been deleted."""
    standing = messages.c.id.in_(set(ids)) & messages.c.deleted_at.is_(None)
    return {
        row.id: row.room_id
        for row in conn.execute(sa.select(messages.c.id, messages.c.room_id).where(standing))
    }


def _draft_of(backend: "Backend", bot: Person, reply: Reply, room_id: int) -> Draft:
    client_id = f"bot:{bot.username}:{reply.question_id}"
    draft = Draft(room_id, bot, client_id, reply.text, labels=reply.labels, reply_to=reply.question_id)
    draft.picture_of = reply.picture_of
    if reply.picture:
        pinned = images.keep(backend, io.BytesIO(reply.picture))
        draft.image, draft.pin_id = pinned.image, pinned.pin_id
    return draft


def _outcome(backend: "Backend", draft: Draft | None) -> Json | None:
    if draft is None or (isinstance(draft.refusal, Refused) and draft.refusal.code == "not_found"):
        return None
    if draft.refusal:
        raise draft.refusal
    return _message_of(backend, draft)


def edit(backend: "Backend", person: Person, message_id: int, text: str) -> Json:
    """Change one's own message."""
    message, event = backend.db.write(_edit, person, message_id, text)
    ring(backend, event, message)
    return message


def react(backend: "Backend", person: Person, message_id: int, emoji: str, put: bool) -> None:
    """Add or take back one's reaction. What changes nothing makes no event."""
    message, event = backend.db.write(_react, person, message_id, emoji, put)
    ring(backend, event, message)


# Reading


def load(backend: "Backend", ids: list[int]) -> list[Json]:
    """The Messages with these ids, in this order; those that are gone are left out. Authorises nobody."""
    found = backend.db.read(rendering.by_ids, ids)
    return [found[id_] for id_ in ids if id_ in found]


def page(
    conn: sa.Connection, person: Person, room_id: int, before: int | None, after: int | None, limit: int
) -> Json:
    """Messages of a room by the number of their creation, oldest first: behind `after`, else before `before`, else
    the newest."""
    room = rooms.for_user(conn, person, room_id)
    # Nothing beyond `last_seq`: what comes while this is read, its reader will hear.
    select = (
        rendering.select().where(messages.c.room_id == room_id, messages.c.seq <= room.last_seq).limit(limit)
    )
    if after is not None:
        rows = list(conn.execute(select.where(messages.c.seq > after).order_by(messages.c.seq)))
    else:
        older = select.where(messages.c.seq < before) if before is not None else select
        rows = list(conn.execute(older.order_by(messages.c.seq.desc())))[::-1]
    return {"messages": list(rendering.render(conn, rows).values()), "last_seq": room.last_seq}


def one(conn: sa.Connection, person: Person, message_id: int) -> Json:
    """A Message that this person may read."""
    for_user(conn, person, message_id)
    return rendering.by_ids(conn, [message_id])[message_id]


def picture(conn: sa.Connection, person: Person, message_id: int) -> Row:
    """The image of a message that this person may read; while it is covered, only its sender and moderators."""
    row = for_user(conn, person, message_id)
    if holds.is_from(conn, row, person.id) is False and not rooms.for_user(
        conn, person, row.room_id
    ).is_moderated_by(person):
        raise not_found("picture of the message", message_id)
    image = images.of_message(conn, message_id)
    if image is None:
        raise not_found("picture of the message", message_id)
    return image


def events_after(conn: sa.Connection, room_id: int, seq: int, limit: int) -> list[Json]:
    """Events of a room behind number `seq`, each with its message as it stands."""
    found = log.after(conn, room_id, seq, limit) if limit else []
    current = rendering.by_ids(conn, [event.message_id for event in found])
    return [rendering.event_json(event, current[event.message_id]) for event in found]


def for_user(conn: sa.Connection, person: Person, message_id: int, lock: bool = False) -> Row:
    """The message's row, if this person may read its room; else `not_found`."""
    row = find(conn, message_id, lock)
    if row is None:
        raise not_found("message", message_id)
    try:
        rooms.for_user(conn, person, row.room_id)
    except Refused as refused:
        if refused.code != "not_found":
            raise
        raise not_found("message", message_id) from None
    return row


def find(conn: sa.Connection, message_id: int, lock: bool = False) -> Row | None:
    """The message's row, for whoever has authorised already."""
    select = sa.select(messages).where(messages.c.id == message_id)
    return conn.execute(select.with_for_update() if lock else select).first()


def history(conn: sa.Connection, person: Person, message_id: int) -> list[Json]:
    """All texts that a message has had, oldest first, the last one being that of now; none once it is deleted."""
    row = for_user(conn, person, message_id)
    if row.deleted_at:
        return []
    texts = [(old.text, old.written_at) for old in versions.of(conn, message_id)]
    texts.append((row.text, row.edited_at or row.created_at))
    return [{"text": text, "at": rfc3339(at)} for text, at in texts]


def forget_history(conn: sa.Connection, person: Person, message_id: int) -> None:
    """Its author, or a moderator, has what an edit replaced forgotten: it may have been a password."""
    row = for_user(conn, person, message_id, lock=True)
    if row.author_id != person.id and not rooms.for_user(conn, person, row.room_id).is_moderated_by(person):
        raise Refused("forbidden", "Only its author or a moderator has earlier versions forgotten.")
    forgotten = versions.forget(conn, message_id)
    if forgotten and row.author_id != person.id:
        audit.record(conn, person, "forget_history", row.room_id, row.author_id, message_id)


# Telling


def ring(backend: "Backend", event: Event | None, message: Json) -> None:
    """After the commit: tell this replica and the others."""
    if event:
        backend.bus.ring(event.room_id, event.seq, rendering.event_json(event, message))


def ring_drafts(backend: "Backend", drafts: list[Draft]) -> None:
    """After the commit of a batch: ring for each message, and put on the bots' list what a bot may want to answer."""
    for draft in drafts:
        if draft.event:
            draft.message = rendering.draft_json(draft)
            ring(backend, draft.event, draft.message)
    addressed = [draft.event.message_id for draft in drafts if draft.event and draft.addressed]
    if addressed:
        backend.bus.todo(addressed)


def _append(backend: "Backend", draft: Draft) -> tuple[Json, bool]:
    backend.log.append(draft)
    return _message_of(backend, draft), draft.stored_before is None


def _message_of(backend: "Backend", draft: Draft) -> Json:
    """The Message that a draft has become, or the one that was stored before it."""
    if draft.stored_before is not None:
        return load(backend, [draft.stored_before])[0]
    return draft.message or rendering.draft_json(draft)


def _edit(conn: sa.Connection, person: Person, message_id: int, text: str) -> tuple[Json, Event | None]:
    row = _own(conn, person, message_id, text)
    event = None
    if row.author_id != person.id:
        raise Refused("forbidden", "Only its author edits a message.")
    if row.deleted_at:
        raise not_found("message", message_id)
    if row.text != text:
        event = log.record(conn, row.room_id, "edit", message_id)
        versions.keep(conn, row, event.seq)
        changes = {"text": text, "edited_at": event.at}
        conn.execute(messages.update().where(messages.c.id == message_id).values(changes))
    return rendering.by_ids(conn, [message_id])[message_id], event


def _react(
    conn: sa.Connection, person: Person, message_id: int, emoji: str, put: bool
) -> tuple[Json, Event | None]:
    row = _own(conn, person, message_id)
    if row.deleted_at:
        raise not_found("message", message_id)
    key = {"message_id": message_id, "emoji": emoji, "user_id": person.id}
    mine = sa.and_(*(reactions.c[name] == value for name, value in key.items()))
    if put:
        change: Any = insert(conn, reactions).values(**key, created_at=now()).on_conflict_do_nothing()
    else:
        change = reactions.delete().where(mine)
    event = log.record(conn, row.room_id, "reaction", message_id) if conn.execute(change).rowcount else None
    if put and event:
        conn.execute(reactions.update().where(mine).values(seq=event.seq))
    return rendering.by_ids(conn, [message_id])[message_id], event


def _own(conn: sa.Connection, person: Person, message_id: int, text: str = "") -> Row:
    """A message in a room where this person may write, and may write this."""
    row = for_user(conn, person, message_id, lock=True)
    rooms.for_user(conn, person, row.room_id).check_member()
    rules.check(conn, person, row.room_id, text)
    return row
