"""A link that lets people into a private room: one at a time, for a week, and while who made it is a member."""

import secrets

import sqlalchemy as sa

from chat import membership, rooms
from chat.db import insert, now
from chat.errors import Refused
from chat.schema import members, room_links
from chat.users import Person, secret_hash

VALID = 7 * 86_400_000  # milliseconds


def make(conn: sa.Connection, person: Person, room_id: int) -> tuple[str, int]:
    """A new link's secret, and until when it is good; an older one of this room is so no more."""
    _check(conn, person, room_id)
    secret, until = secrets.token_urlsafe(32), now() + VALID
    row = {
        "room_id": room_id,
        "secret_hash": secret_hash(secret),
        "maker_id": person.id,
        "expires_at": until,
    }
    statement = insert(conn, room_links).values(row)
    conn.execute(statement.on_conflict_do_update(index_elements=["room_id"], set_=row))
    return secret, until


def end(conn: sa.Connection, person: Person, room_id: int) -> None:
    """Nobody comes in by the room's link any more."""
    _check(conn, person, room_id)
    conn.execute(room_links.delete().where(room_links.c.room_id == room_id))


def follow(conn: sa.Connection, person: Person, secret: str) -> int:
    """Become a member of the room that the link is of; its id.

    Raises
    ------
    Refused : `not_found`, the same for a link that never was and one that is no more; `banned`.
    """
    made = (members.c.room_id == room_links.c.room_id) & (members.c.user_id == room_links.c.maker_id)
    select = sa.select(room_links.c.room_id).join(members, made)
    good = (room_links.c.secret_hash == secret_hash(secret)) & (room_links.c.expires_at > now())
    room_id = conn.execute(select.where(good)).scalar()
    if room_id is None:
        raise Refused("not_found", "This link leads nowhere, or not any more; ask a member for a new one.")
    membership.let_in(conn, room_id, person.id)
    return int(room_id)


def _check(conn: sa.Connection, person: Person, room_id: int) -> None:
    """Who may add people makes links."""
    room = rooms.for_user(conn, person, room_id)
    room.check_member()
    room.check_open()
    if not room.private:
        raise Refused("forbidden", f"{room.name!r} is public: people join it by themselves.")
