"""Who moderates: admins and moderators all rooms that they may read, creators and whom they appoint their own room."""

from typing import Any

import sqlalchemy as sa

from chat import audit, rooms
from chat.db import Row
from chat.errors import Refused, not_found
from chat.schema import audit as entries
from chat.schema import members, users
from chat.schema import rooms as room_rows
from chat.times import rfc3339
from chat.users import Person

Json = dict[str, Any]


def appoint(conn: sa.Connection, person: Person, room_id: int, user_id: int, put: bool) -> None:
    """A room's creator, or an admin, lets one of its members moderate it, or not any more.

    Raises
    ------
    Refused : `forbidden`, `not_found`.
    """
    room = rooms.for_user(conn, person, room_id)
    room.check_open()
    if room.creator_id != person.id and person.role != "admin":
        raise Refused("forbidden", "Only the room's creator or an admin says who moderates it.")
    theirs = (members.c.room_id == room_id) & (members.c.user_id == user_id)
    moderates = conn.execute(sa.select(members.c.moderates).where(theirs)).scalar()
    if moderates is None:
        raise not_found("member", user_id)
    if moderates != put:
        conn.execute(members.update().where(theirs).values(moderates=put))
        audit.record(conn, person, "appoint" if put else "dismiss", room_id, user_id)


def acts(
    conn: sa.Connection,
    person: Person,
    room: int | None = None,
    actor: int | None = None,
    user: int | None = None,
    act: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Json]:
    """What moderators did, newest first: in all rooms that a moderator may read, or in one, for those who moderate it.

    Raises
    ------
    Refused : `forbidden`, `not_found` for the room.
    """
    if room is not None:
        rooms.for_user(conn, person, room).check_moderator(person)
    elif not person.moderates:
        raise Refused("forbidden", "Only moderators read what moderators did; name a room that you moderate.")
    wanted = {"room_id": room, "actor_id": actor, "user_id": user, "act": act}
    given = [entries.c[name] == value for name, value in wanted.items() if value is not None]
    select = _selection(person).where(*given)
    if before is not None:
        select = select.where(entries.c.id < before)
    return [_json(row) for row in conn.execute(select.order_by(entries.c.id.desc()).limit(limit))]


def check_moderates_something(conn: sa.Connection, person: Person) -> None:
    if person.moderates:
        return
    mine = sa.select(members.c.room_id).where(members.c.user_id == person.id, members.c.moderates)
    made = sa.select(room_rows.c.id).where(
        room_rows.c.creator_id == person.id, room_rows.c.direct_key.is_(None)
    )
    if conn.execute(mine.union_all(made).limit(1)).first() is None:
        raise Refused("forbidden", "Only moderators see that.")


def moderated_by(person: Person, room_id: Any) -> Any:
    """A condition on a column of rooms' ids: a moderator may read the room; who is none is in it and moderates it.

    None stands for everywhere, which is for moderators.
    """
    if person.moderates:
        return rooms.may_be_named(person, room_id)
    theirs = members.join(room_rows, room_rows.c.id == members.c.room_id)
    mine = (members.c.user_id == person.id) & room_rows.c.direct_key.is_(None)
    leads = members.c.moderates | (room_rows.c.creator_id == person.id)
    return room_id.in_(sa.select(members.c.room_id).select_from(theirs).where(mine, leads))


def _selection(person: Person) -> sa.Select[Any]:
    """With names; what was done in a private room of others is left out."""
    actors, targets = users.alias("actors"), users.alias("targets")
    tables = entries.outerjoin(actors, actors.c.id == entries.c.actor_id)
    tables = tables.outerjoin(targets, targets.c.id == entries.c.user_id)
    tables = tables.outerjoin(room_rows, room_rows.c.id == entries.c.room_id)
    names = [
        actors.c.username.label("actor"),
        targets.c.username.label("target"),
        room_rows.c.name.label("room"),
    ]
    return sa.select(entries, *names).select_from(tables).where(rooms.may_be_named(person, entries.c.room_id))


def _json(row: Row) -> Json:
    """The Act of docs/protocol.md. Who has no account any more has no name."""
    return {
        "id": str(row.id),
        "at": rfc3339(row.at),
        "act": row.act,
        "actor": {"id": str(row.actor_id), "username": row.actor},
        "user": {"id": str(row.user_id), "username": row.target} if row.user_id else None,
        "room": {"id": str(row.room_id), "name": row.room} if row.room_id else None,
        "message": str(row.message_id) if row.message_id else None,
        "detail": row.detail or {},
    }
