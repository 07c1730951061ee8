"""Messages that go: one, a flood of them, or all of somebody who has left.

What stays is the row without its text, so that the log has no hole.
"""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, images, log, rooms, search, versions
from chat.db import Row
from chat.errors import Refused
from chat.log import Event
from chat.messages import find, for_user, ring
from chat.rendering import by_ids
from chat.schema import holds as hold_rows
from chat.schema import lessons, looks, messages, pins, reactions
from chat.schema import rooms as room_rows
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

BULK = 10_000  # messages that one act deletes: each is an event to everybody in the room
DELETED_AT_ONCE = 10  # of these in one transaction, so that others get a word in
ERASED_AT_ONCE = 100  # messages of somebody who has left

Json = dict[str, Any]


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
