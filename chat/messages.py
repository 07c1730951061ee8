"""Messages: the one door by which people and bots write, and the one rendering by which all are read.

`post`, `edit`, `delete` and `react` store first, then ring; a ring that fails never fails the sender.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, blurs, holds, images, log, rooms, rules, search, users, versions
from chat.db import Row, insert, now
from chat.errors import Refused, not_found
from chat.log import Draft, Event
from chat.schema import holds as hold_rows
from chat.schema import images as image_rows
from chat.schema import lessons, looks, messages, pins, reactions
from chat.schema import rooms as room_rows
from chat.schema import users as user_rows
from chat.times import rfc3339
from chat.users import PERSON_COLUMNS, Person

if TYPE_CHECKING:
    from chat.backend import Backend

TEXT_LIMIT = 10_000  # characters: a long letter; a frame of it stays far under the frame limit
PAGE_LIMIT = 200
BULK = 10_000  # messages that one act deletes: each is an event to everybody in the room
DELETED_AT_ONCE = 50  # of these in one transaction, so that others get a word in
ERASED_AT_ONCE = 100  # messages of somebody who has left

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


def delete(backend: "Backend", person: Person, message_id: int) -> None:
    """Delete one's own message; a moderator deletes any that they can read. Its picture goes with it, and so do
    answers with a picture that was made from it.
    """
    deleted, trash = backend.db.write(_delete, person, message_id)
    for message, event in deleted:
        ring(backend, event, message)
    images.empty(backend, trash)


def delete_of(backend: "Backend", person: Person, room_id: int, authors: list[int], since: int) -> None:
    """Delete what these people have written in a room since then (milliseconds since 1970), newest first, at most
    `BULK` messages; for who moderates it.
    """
    for _ in range(0, BULK, DELETED_AT_ONCE):
        found = backend.db.read(_written_by, person, room_id, authors, since)
        if not found:
            return
        deleted, trash = backend.db.write(_delete_all, person, found)
        for message, event in deleted:
            ring(backend, event, message)
        images.empty(backend, trash)


def erase(backend: "Backend", author_id: int) -> bool:
    """Delete the next messages and reactions of somebody who has left, wherever they are; False when none are left."""
    message_ids, reacted = backend.db.read(_left_behind, author_id)
    for message_id in message_ids:
        deleted, trash = backend.db.write(_erase, message_id)
        for message, event in deleted:
            ring(backend, event, message)
        images.empty(backend, trash)
    for message_id, emoji in reacted:
        message, reaction = backend.db.write(_erase_reaction, author_id, message_id, emoji)
        ring(backend, reaction, message)
    return bool(message_ids or reacted)


def react(backend: "Backend", person: Person, message_id: int, emoji: str, put: bool) -> None:
    """Add or take back one's reaction. What changes nothing makes no event."""
    message, event = backend.db.write(_react, person, message_id, emoji, put)
    ring(backend, event, message)


# Reading


def load(backend: "Backend", ids: list[int]) -> list[Json]:
    """The Messages with these ids, in this order; those that are gone are left out. Authorises nobody."""
    found = backend.db.read(by_ids, ids)
    return [found[id_] for id_ in ids if id_ in found]


def by_ids(conn: sa.Connection, ids: list[int]) -> dict[int, Json]:
    """Messages as they stand, by id. What is deleted has neither text nor picture."""
    if not ids:
        return {}
    rows = conn.execute(_selection().where(messages.c.id.in_(set(ids)))).all()
    return _render(conn, rows)


def page(
    conn: sa.Connection, person: Person, room_id: int, before: int | None, after: int | None, limit: int
) -> Json:
    """Messages of a room by the number of their creation, oldest first: behind `after`, else before `before`, else
    the newest."""
    room = rooms.for_user(conn, person, room_id)
    # Nothing beyond `last_seq`: what comes while this is read, its reader will hear.
    select = _selection().where(messages.c.room_id == room_id, messages.c.seq <= room.last_seq).limit(limit)
    if after is not None:
        rows = list(conn.execute(select.where(messages.c.seq > after).order_by(messages.c.seq)))
    else:
        older = select.where(messages.c.seq < before) if before is not None else select
        rows = list(conn.execute(older.order_by(messages.c.seq.desc())))[::-1]
    return {"messages": list(_render(conn, rows).values()), "last_seq": room.last_seq}


def one(conn: sa.Connection, person: Person, message_id: int) -> Json:
    """A Message that this person may read."""
    for_user(conn, person, message_id)
    return by_ids(conn, [message_id])[message_id]


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
    current = by_ids(conn, [event.message_id for event in found])
    return [event_json(event, current[event.message_id]) for event in found]


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
        backend.bus.ring(event.room_id, event.seq, event_json(event, message))


def ring_drafts(backend: "Backend", drafts: list[Draft]) -> None:
    """After the commit of a batch: ring for each message, and put on the bots' list what a bot may want to answer."""
    for draft in drafts:
        if draft.event:
            draft.message = draft_json(draft)
            ring(backend, draft.event, draft.message)
    addressed = [draft.event.message_id for draft in drafts if draft.event and draft.addressed]
    if addressed:
        backend.bus.todo(addressed)


def event_json(event: Event, message: Json) -> Json:
    """The Event of docs/protocol.md."""
    return {
        "room": str(event.room_id),
        "seq": event.seq,
        "type": event.type,
        "message": message,
        "at": rfc3339(event.at),
    }


def draft_json(draft: Draft) -> Json:
    """The Message that a stored draft has become, without reading it again."""
    assert draft.event
    at_first = blurs.at_first(draft.author.bot, draft.picture_of)
    return _json(
        id_=draft.event.message_id,
        room_id=draft.room_id,
        seq=draft.event.seq,
        author=draft.author.json(),
        text=draft.text,
        image=draft.image
        and image_json(
            draft.event.message_id, draft.image, at_first, holds.WAITING if draft.covered else None
        ),
        labels=draft.labels,
        reply_to=draft.reply_to,
        client_id=draft.client_id,
        reactions={},
        created_at=draft.event.at,
    )


def image_json(message_id: int, image: Any, verdict: blurs.Verdict, held: str | None) -> Json:
    """A picture belongs to its message: so does its address. `blur`: the label for which it is shown blurred; `seen`:
    a bot has said what it shows; `held`: why it is covered, of `chat/holds.py`."""
    return {
        "url": f"/images/{message_id}",
        "thumbnail_url": f"/images/{message_id}/thumbnail",
        "width": image.width,
        "height": image.height,
        "bytes": image.bytes,
        "blur": verdict.label,
        "seen": verdict.seen,
        "held": held,
    }


def _append(backend: "Backend", draft: Draft) -> tuple[Json, bool]:
    backend.log.append(draft)
    return _message_of(backend, draft), draft.stored_before is None


def _message_of(backend: "Backend", draft: Draft) -> Json:
    """The Message that a draft has become, or the one that was stored before it."""
    if draft.stored_before is not None:
        return load(backend, [draft.stored_before])[0]
    return draft.message or draft_json(draft)


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
    return by_ids(conn, [message_id])[message_id], event


def _delete(
    conn: sa.Connection, person: Person, message_id: int
) -> tuple[list[tuple[Json, Event]], list[str]]:
    """The messages that are gone now, each with its event, and what to throw away; nothing if it was gone before."""
    row = for_user(conn, person, message_id, lock=True)
    if row.author_id != person.id and not rooms.for_user(conn, person, row.room_id).is_moderated_by(person):
        raise Refused("forbidden", "Only its author or a moderator deletes a message.")
    if row.author_id != person.id and not row.deleted_at:
        audit.record(conn, person, "delete_message", row.room_id, row.author_id, message_id)
    return take_away(conn, row)


def _delete_all(
    conn: sa.Connection, person: Person, message_ids: list[int]
) -> tuple[list[tuple[Json, Event]], list[str]]:
    """As `_delete`, of many. All are locked before the first takes its room's lock: whoever changes one locks in this order."""
    for message_id in sorted(message_ids):
        find(conn, message_id, lock=True)
    deleted, trash = [], []
    for message_id in message_ids:
        gone, useless = _delete(conn, person, message_id)
        deleted += gone
        trash += useless
    return deleted, trash


def take_away(conn: sa.Connection, row: Row) -> tuple[list[tuple[Json, Event]], list[str]]:
    """The message, and what was made from its picture."""
    if row.deleted_at:
        return [], []
    message_id = row.id
    made = sa.select(messages).where(messages.c.picture_of == message_id, messages.c.deleted_at.is_(None))
    made = made.order_by(messages.c.id)
    conn.execute(made.with_for_update())  # messages before their room, as everywhere: nobody waits in a ring
    event, trash = _remove(conn, row)
    events = [event]
    for copy in conn.execute(made).all():  # once more: the room is locked now, and no further one can come
        event, its_trash = _remove(conn, copy)
        events.append(event)
        trash += its_trash
    found = by_ids(conn, [event.message_id for event in events])
    return [(found[event.message_id], event) for event in events], trash


def _written_by(
    conn: sa.Connection, person: Person, room_id: int, authors: list[int], since: int
) -> list[int]:
    rooms.for_user(conn, person, room_id).check_moderator(person)
    m = messages.c
    theirs = (
        (m.room_id == room_id) & m.author_id.in_(authors) & (m.created_at >= since) & m.deleted_at.is_(None)
    )
    return list(
        conn.execute(sa.select(m.id).where(theirs).order_by(m.seq.desc()).limit(DELETED_AT_ONCE)).scalars()
    )


def _remove(conn: sa.Connection, row: Row) -> tuple[Event, list[str]]:
    event = log.record(conn, row.room_id, "delete", row.id)
    gone = {"text": None, "image_id": None, "labels": None, "deleted_at": event.at}
    conn.execute(messages.update().where(messages.c.id == row.id).values(gone))
    for table in (reactions, lessons, looks, pins, hold_rows):
        conn.execute(table.delete().where(table.c.message_id == row.id))
    versions.forget(conn, row.id)
    search.forget(conn, row.id)
    return event, images.release(conn, row.image_id)


def _left_behind(conn: sa.Connection, author_id: int) -> tuple[list[int], list[tuple[int, str]]]:
    """Some messages of theirs, room by room, for which there is an index, and some reactions."""
    found: list[int] = []
    for room_id in conn.scalars(sa.select(room_rows.c.id)):
        theirs = (messages.c.room_id == room_id) & (messages.c.author_id == author_id)
        select = sa.select(messages.c.id).where(theirs, messages.c.deleted_at.is_(None))
        found += conn.scalars(select.limit(ERASED_AT_ONCE))
        if len(found) >= ERASED_AT_ONCE:
            break
    of_them = sa.select(reactions.c.message_id, reactions.c.emoji).where(reactions.c.user_id == author_id)
    return found, [(row.message_id, row.emoji) for row in conn.execute(of_them.limit(ERASED_AT_ONCE))]


def _erase(conn: sa.Connection, message_id: int) -> tuple[list[tuple[Json, Event]], list[str]]:
    row = find(conn, message_id, lock=True)
    return take_away(conn, row) if row else ([], [])


def _erase_reaction(
    conn: sa.Connection, user_id: int, message_id: int, emoji: str
) -> tuple[Json, Event | None]:
    row = find(conn, message_id, lock=True)
    key = {"message_id": message_id, "emoji": emoji, "user_id": user_id}
    gone = reactions.delete().where(*(reactions.c[name] == value for name, value in key.items()))
    changed = conn.execute(gone).rowcount and row
    event = log.record(conn, row.room_id, "reaction", message_id) if changed and row else None
    return by_ids(conn, [message_id])[message_id], event


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
    return by_ids(conn, [message_id])[message_id], event


def _own(conn: sa.Connection, person: Person, message_id: int, text: str = "") -> Row:
    """A message in a room where this person may write, and may write this."""
    row = for_user(conn, person, message_id, lock=True)
    rooms.for_user(conn, person, row.room_id).check_member()
    rules.check(conn, person, row.room_id, text)
    return row


def _selection() -> sa.Select[Any]:
    author = [column.label(f"author_{column.name}") for column in PERSON_COLUMNS]
    picture = [image_rows.c.width, image_rows.c.height, image_rows.c.bytes]
    tables = messages.join(user_rows, user_rows.c.id == messages.c.author_id).outerjoin(
        image_rows, image_rows.c.id == messages.c.image_id
    )
    own = [column for column in messages.c if column.name != "author_id"]
    return sa.select(*own, *author, *picture).select_from(tables)


def _render(conn: sa.Connection, rows: list[Any] | Any) -> dict[int, Json]:
    given = _reactions(conn, [row.id for row in rows])
    pictures = {row.id: row.picture_of or row.id for row in rows if row.image_id}
    verdicts, covered = blurs.among(conn, pictures), holds.among(conn, pictures)
    return {
        row.id: _json(
            id_=row.id,
            room_id=row.room_id,
            seq=row.seq,
            author=_author(row).json(),
            text=row.text,
            image=image_json(
                row.id,
                row,
                verdicts.get(row.id) or blurs.at_first(row.author_bot, row.picture_of),
                covered.get(row.id),
            )
            if row.image_id
            else None,
            labels=row.labels,
            reply_to=row.reply_to,
            client_id=row.client_id,
            reactions=given.get(row.id, {}),
            created_at=row.created_at,
            edited_at=row.edited_at,
            deleted_at=row.deleted_at,
        )
        for row in rows
    }


def _author(row: Any) -> users.Person:
    return Person(
        row.author_id, row.author_username, row.author_display_name, row.author_role, row.author_bot
    )


def _reactions(conn: sa.Connection, ids: list[int]) -> dict[int, dict[str, list[str]]]:
    """{message: {emoji: [user, …]}}, in the order in which they were given."""
    found: dict[int, dict[str, list[str]]] = {}
    if ids:
        select = sa.select(reactions.c.message_id, reactions.c.emoji, reactions.c.user_id)
        order = (reactions.c.created_at, reactions.c.user_id)
        for row in conn.execute(select.where(reactions.c.message_id.in_(ids)).order_by(*order)):
            found.setdefault(row.message_id, {}).setdefault(row.emoji, []).append(str(row.user_id))
    return found


def _json(
    *,
    id_: int,
    room_id: int,
    seq: int,
    author: Json,
    text: str | None,
    image: Json | None,
    labels: list[Json] | None,
    reply_to: int | None,
    client_id: str,
    reactions: dict[str, list[str]],
    created_at: int,
    edited_at: int | None = None,
    deleted_at: int | None = None,
) -> Json:
    """The Message of docs/protocol.md."""
    return {
        "id": str(id_),
        "room": str(room_id),
        "seq": seq,
        "author": author,
        "text": text,
        "image": image,
        "labels": labels,
        "reply_to": str(reply_to) if reply_to else None,
        "client_id": client_id,
        "reactions": reactions,
        "created_at": rfc3339(created_at),
        "edited_at": edited_at and rfc3339(edited_at),
        "deleted_at": deleted_at and rfc3339(deleted_at),
    }
