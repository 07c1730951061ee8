"""Who is in which room, how far they have read, and what they want to hear of it."""

from typing import Any

import sqlalchemy as sa

from chat import audit, rooms
from chat.db import insert, now
from chat.errors import Refused, not_found
from chat.schema import members, room_links, sanctions, users
from chat.schema import rooms as room_rows
from chat.users import PERSON_COLUMNS, Person

SMALL = 200  # members of a room in which who comes and goes is told


def join(conn: sa.Connection, person: Person, room_id: int) -> bool:
    """Become a member. Reading begins at the end of the log. Returns whether they were none before."""
    return not rooms.for_user(conn, person, room_id).member and let_in(conn, room_id, person.id)


def leave(conn: sa.Connection, person: Person, room_id: int) -> bool:
    """Out of a direct room of two nobody goes: it would be no room any more; it can be muted. Returns whether they were in."""
    rooms.for_user(conn, person, room_id)
    key = conn.execute(sa.select(room_rows.c.direct_key).where(room_rows.c.id == room_id)).scalar()
    if key and key.count("-") == 1:
        raise Refused("forbidden", "A direct room of two is not left; mute it to hear nothing of it.")
    return let_go(conn, room_id, person.id)


def change(conn: sa.Connection, person: Person, room_id: int, changes: dict[str, Any]) -> None:
    """What I want to hear of a room."""
    rooms.for_user(conn, person, room_id).check_member()
    mine = (members.c.room_id == room_id) & (members.c.user_id == person.id)
    if changes:
        conn.execute(members.update().where(mine).values(changes))


def mark_read(conn: sa.Connection, person: Person, room_id: int, seq: int, back: bool) -> int:
    """Move the reading position, forward only unless `back`; returns where it is."""
    room = rooms.for_user(conn, person, room_id)
    room.check_member()
    target = min(seq, room.last_seq)
    mine = (members.c.room_id == room_id) & (members.c.user_id == person.id)
    moves = members.c.read_seq != target if back else members.c.read_seq < target
    conn.execute(members.update().where(mine, moves).values(read_seq=target))
    position = conn.execute(sa.select(members.c.read_seq).where(mine)).scalar()
    return target if position is None else position


def add(conn: sa.Connection, person: Person, room_id: int, user_id: int) -> bool:
    """A member adds someone to a private room; into a public one people go by themselves. Returns whether that one is new."""
    room = rooms.for_user(conn, person, room_id)
    room.check_member()
    room.check_open()
    if not room.private and user_id != person.id:
        raise Refused("forbidden", f"{room.name!r} is public: people join it by themselves.")
    if conn.execute(sa.select(users.c.id).where(users.c.id == user_id)).first() is None:
        raise not_found("person", user_id)
    if rooms.is_banned(conn, room_id, user_id):
        raise Refused("forbidden", f"A moderator has banned this person from {room.name!r}.")
    return let_in(conn, room_id, user_id)


def remove(conn: sa.Connection, person: Person, room_id: int, user_id: int) -> bool:
    """The room's creator or a moderator removes somebody; everybody may remove themselves. Returns whether they were in."""
    room = rooms.for_user(conn, person, room_id)
    if user_id == person.id:
        return leave(conn, person, room_id)
    room.check_moderator(person)
    room.check_open()
    was_in = let_go(conn, room_id, user_id)
    conn.execute(room_links.delete().where(room_links.c.room_id == room_id))  # they may know it
    audit.record(conn, person, "kick", room_id, user_id)
    return was_in


def let_in(conn: sa.Connection, room_id: int, user_id: int) -> bool:
    """Make somebody a member, for whoever has authorised already. Returns whether they were none before.

    A ban that is made at the same time comes before or after, never in between: both lock the person.

    Raises
    ------
    Refused : `banned`.
    """
    conn.execute(sa.select(users.c.id).where(users.c.id == user_id).with_for_update(read=True))
    if rooms.is_banned(conn, room_id, user_id):
        raise Refused("banned", "A moderator has banned you from this room. Your notices say why.")
    end = sa.select(room_rows.c.last_seq).where(room_rows.c.id == room_id).scalar_subquery()
    row = {"room_id": room_id, "user_id": user_id, "read_seq": end, "joined_at": now()}
    return bool(conn.execute(insert(conn, members).values(row).on_conflict_do_nothing()).rowcount)


def let_go(conn: sa.Connection, room_id: int, user_id: int) -> bool:
    """Make somebody a member no longer, for whoever has authorised already. Returns whether they were one."""
    theirs = (members.c.room_id == room_id) & (members.c.user_id == user_id)
    return bool(conn.execute(members.delete().where(theirs)).rowcount)


def enter_first(conn: sa.Connection, person: Person) -> int | None:
    """A newcomer is in the first room at once, and can say hello. Returns it where it is small enough for all to be told."""
    room_id = rooms.first(conn)
    if room_id is None:
        return None
    let_in(conn, room_id, person.id)
    size = sa.select(sa.func.count()).where(members.c.room_id == room_id)
    return room_id if conn.execute(size).scalar_one() <= SMALL else None


def people_in(conn: sa.Connection, person: Person, room_id: int) -> list[Person]:
    """The members, by name."""
    rooms.for_user(conn, person, room_id)
    select = (
        sa.select(*PERSON_COLUMNS)
        .join(members, members.c.user_id == users.c.id)
        .where(members.c.room_id == room_id)
        .order_by(users.c.username_key)
    )
    return [Person(*row) for row in conn.execute(select)]


def is_moderator(conn: sa.Connection, user_id: int, room: rooms.Room) -> bool:
    """Whether somebody moderates this room of its own."""
    theirs = (members.c.room_id == room.id) & (members.c.user_id == user_id)
    return room.creator_id == user_id or bool(
        conn.execute(sa.select(members.c.moderates).where(theirs)).scalar()
    )


def memberships(conn: sa.Connection, user_ids: set[int]) -> set[tuple[int, int]]:
    """(room, user) of every membership that these people have."""
    found: set[tuple[int, int]] = set()
    ids = sorted(user_ids)
    for start in range(0, len(ids), 500):
        select = sa.select(members.c.room_id, members.c.user_id).where(
            members.c.user_id.in_(ids[start : start + 500])
        )
        found |= {(row.room_id, row.user_id) for row in conn.execute(select)}
    return found


def small_rooms_of(conn: sa.Connection, user_ids: list[int], most: int) -> list[tuple[int, int]]:
    """(user, room) of these people's rooms that have at most `most` members."""
    theirs = sa.select(members.c.room_id).where(members.c.user_id.in_(user_ids))
    small = sa.select(members.c.room_id).where(members.c.room_id.in_(theirs)).group_by(members.c.room_id)
    select = sa.select(members.c.user_id, members.c.room_id).where(members.c.user_id.in_(user_ids))
    rows = conn.execute(select.where(members.c.room_id.in_(small.having(sa.func.count() <= most))))
    return [(row.user_id, row.room_id) for row in rows]


def banned_among(conn: sa.Connection, user_ids: set[int]) -> set[tuple[int, int]]:
    """(room, user) of every ban from a room that these people are under."""
    lasts = sanctions.c.ends_at.is_(None) | (sanctions.c.ends_at > now())
    bans = (
        (sanctions.c.kind == "ban")
        & sanctions.c.room_id.is_not(None)
        & sanctions.c.lifted_at.is_(None)
        & lasts
    )
    found: set[tuple[int, int]] = set()
    ids = sorted(user_ids)
    for start in range(0, len(ids), 500):
        theirs = sanctions.c.user_id.in_(ids[start : start + 500])
        rows = conn.execute(sa.select(sanctions.c.room_id, sanctions.c.user_id).where(theirs, bans))
        found |= {(row.room_id, row.user_id) for row in rows}
    return found
