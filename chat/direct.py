"""Direct rooms: private ones between two people or a few, one for each set of them."""

import secrets

import sqlalchemy as sa

from chat import membership, users
from chat.db import insert, now
from chat.errors import Refused, not_found
from chat.schema import members
from chat.schema import rooms as room_rows
from chat.users import Person

MOST = 8  # people in one


def find(conn: sa.Connection, person: Person, others: list[int]) -> int | None:
    """The room that these people have already, if this person is still in it."""
    mine = (members.c.room_id == room_rows.c.id) & (members.c.user_id == person.id)
    select = sa.select(room_rows.c.id).join(members, mine)
    return conn.execute(select.where(room_rows.c.direct_key == _key(person, others))).scalar()


def open(conn: sa.Connection, person: Person, others: list[int]) -> tuple[int, bool]:
    """The room of this person and these others, and whether it is new.

    Who has left a room of several is not brought back by the others, only by asking for it themselves.

    Raises
    ------
    Refused : `not_found` for somebody who does not exist, `invalid` where nobody else is named.
    """
    people = sorted({person.id, *others})
    if people == [person.id]:
        raise Refused("invalid", "users: only yourself was received; name at least one other person.")
    known = users.existing(conn, people)
    for user_id in people:
        if user_id not in known:
            raise not_found("person", user_id)
    key = _key(person, others)
    made = _make(conn, person, key)
    if made is None:
        found = sa.select(room_rows.c.id).where(room_rows.c.direct_key == key)
        room_id = int(conn.execute(found).scalar_one())
        membership.let_in(conn, room_id, person.id)
        return room_id, False
    for user_id in people:
        membership.let_in(conn, made, user_id)
    return made, True


def _key(person: Person, others: list[int]) -> str:
    return "-".join(map(str, sorted({person.id, *others})))


def _make(conn: sa.Connection, person: Person, key: str) -> int | None:
    """None if these people have one: the index sees to it that of two who ask at once only one makes it."""
    row = {
        "log": secrets.token_hex(8),
        "name": "",
        "private": True,
        "direct_key": key,
        "creator_id": person.id,
        "created_at": now(),
    }
    statement = insert(conn, room_rows).values(row).on_conflict_do_nothing()
    made = conn.execute(statement.returning(room_rows.c.id)).scalar()
    return None if made is None else int(made)
