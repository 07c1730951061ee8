"""Segments: who does alike, what they are called, and which room suits them."""

from typing import Any

import sqlalchemy as sa

from chat import rooms
from chat.activity import room_names
from chat.db import Row
from chat.errors import Refused, not_found
from chat.fits import check_moderator, top_features
from chat.schema import rooms as room_rows
from chat.schema import segment_people, segments
from chat.users import Person

Json = dict[str, Any]


def current(conn: sa.Connection) -> list[Row]:
    """The segments in use, each with its `size` and its `room_name`, largest first."""
    size = (
        sa.select(sa.func.count())
        .where(segment_people.c.segment_id == segments.c.id)
        .correlate(segments)
        .scalar_subquery()
        .label("size")
    )
    room_name = sa.case((~room_rows.c.private, room_rows.c.name)).label("room_name")
    select = sa.select(segments, size, room_name)
    select = select.outerjoin(room_rows, room_rows.c.id == segments.c.room_id)
    return list(conn.execute(select.where(segments.c.current).order_by(size.desc(), segments.c.id)))


def json(row: Row, names: dict[str, str]) -> Json:
    """The segment of docs/protocol.md, from a row of `current`."""
    return {
        "id": str(row.id),
        "name": row.name,
        "size": row.size,
        "room": {"id": str(row.room_id), "name": row.room_name} if row.room_name else None,
        "auto_join": row.auto_join,
        "top_features": top_features(row.telling, names),
    }


def change(conn: sa.Connection, person: Person, segment_id: int, wish: Json) -> Json:
    """A moderator names a segment, or says which room suits it; an admin whether its people join by themselves.

    Parameters
    ----------
    wish : `name`, `room` (a room's id, or None for no room), `auto_join`; what is not there stays as it is.

    Raises
    ------
    Refused : `forbidden`, `not_found`, `invalid`.
    """
    check_moderator(person)
    if "auto_join" in wish and person.role != "admin":
        raise Refused("forbidden", "Only admins let people join a room by themselves.")
    _find(conn, segment_id)
    changes: Json = {name: wish[name] for name in ("name", "auto_join") if name in wish}
    if "name" in wish:
        same = (segments.c.name == wish["name"]) & (segments.c.id != segment_id) & segments.c.current
        if conn.execute(sa.select(segments.c.id).where(same)).first():
            raise Refused("invalid", f"name: another segment is called {wish['name']!r}.")
    if "room" in wish:
        changes |= {"room_id": _public(conn, person, wish["room"]), "room_chosen": True}
    if changes:
        conn.execute(segments.update().where(segments.c.id == segment_id).values(changes))
    return json(_find(conn, segment_id), room_names(conn))


def _find(conn: sa.Connection, segment_id: int) -> Row:
    for row in current(conn):
        if row.id == segment_id:
            return row
    raise not_found("segment", segment_id)


def _public(conn: sa.Connection, person: Person, room_id: int | None) -> int | None:
    if room_id is None:
        return None
    room = rooms.for_user(conn, person, room_id)
    if room.private:
        raise Refused("invalid", "room: it is private; a segment's room is one that everybody may join.")
    return room.id
