"""Messages that a room keeps in sight."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, messages, rendering, rooms
from chat.db import insert, now
from chat.errors import Refused, not_found
from chat.schema import pins
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

MOST = 50  # in one room: more are a room of their own


def pin(backend: "Backend", person: Person, message_id: int, put: bool) -> None:
    """Pin a message, or take its pin off; for who moderates the room. Members are told that the room has changed.

    Raises
    ------
    Refused : `forbidden`, `not_found`, `invalid` where there are too many.
    """
    room_id = backend.db.write(_pin, person, message_id, put)
    rooms.tell_changed(backend, room_id)


def of_room(conn: sa.Connection, person: Person, room_id: int) -> list[dict[str, Any]]:
    """The pinned Messages, newest pin first."""
    rooms.for_user(conn, person, room_id)
    select = sa.select(pins.c.message_id).where(pins.c.room_id == room_id).order_by(pins.c.created_at.desc())
    ids = list(conn.execute(select).scalars())
    found = rendering.by_ids(conn, ids)
    return [found[id_] for id_ in ids if not found[id_]["deleted_at"]]


def _pin(conn: sa.Connection, person: Person, message_id: int, put: bool) -> int:
    row = messages.for_user(conn, person, message_id, lock=True)
    room_id = int(row.room_id)
    rooms.for_user(conn, person, room_id).check_moderator(person)
    if row.deleted_at:
        raise not_found("message", message_id)
    if put:
        count = sa.select(sa.func.count()).where(pins.c.room_id == room_id, pins.c.message_id != message_id)
        if conn.execute(count).scalar_one() >= MOST:
            raise Refused("invalid", f"{MOST} messages are pinned here; take a pin off first.")
        new = {"message_id": message_id, "room_id": room_id, "by_id": person.id, "created_at": now()}
        done = conn.execute(insert(conn, pins).values(new).on_conflict_do_nothing()).rowcount
    else:
        done = conn.execute(pins.delete().where(pins.c.message_id == message_id)).rowcount
    if done:
        audit.record(conn, person, "pin" if put else "unpin", room_id, row.author_id, message_id)
    return room_id
