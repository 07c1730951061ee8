"""Leaving for good: the account is deleted. What was said stays, as by nobody, or goes, as its author chose.

The row in `users` stays, without name and password, because messages refer to it. All rows that belong to a person go:
those whose reference to `users` says ON DELETE CASCADE. So a new table is covered by how it is declared.
"""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from chat import deletions, rooms
from chat.db import now
from chat.errors import Refused
from chat.schema import members, reactions, tables, users
from chat.users import GONE, Person, name_key

if TYPE_CHECKING:
    from chat.backend import Backend


def leave(backend: "Backend", person: Person, erase: bool) -> None:
    """Delete the account. With `erase` its messages and reactions go as well, soon after.

    Raises
    ------
    Refused : `last_admin`, who names another before.
    """
    for room_id in backend.db.write(_leave, person, erase):
        rooms.tell(backend, room_id, person.id)
    backend.bus.recheck(person.id)
    if erase:
        backend.spawn(sweep, backend)


def sweep(backend: "Backend") -> None:
    """Go on deleting what those who have left wanted deleted; whoever dies in the middle is followed by another."""
    for user_id in backend.db.read(_erasing):
        while deletions.erase(backend, user_id):
            pass
        backend.db.write(_erased, user_id)


def _leave(conn: sa.Connection, person: Person, erase: bool) -> list[int]:
    """The rooms that they were in."""
    _check_not_last_admin(conn, person)
    left = list(conn.scalars(sa.select(members.c.room_id).where(members.c.user_id == person.id)))
    for table in reversed(tables.sorted_tables):
        for key in table.foreign_keys:
            if key.column.table is not users or table is reactions:
                continue
            if key.ondelete == "CASCADE":
                conn.execute(table.delete().where(key.parent == person.id))
            elif key.ondelete == "SET NULL":
                conn.execute(table.update().where(key.parent == person.id).values({key.parent: None}))
    name = f"deleted-{person.id}"
    nobody = {
        "username": name,
        "username_key": f"{name_key(GONE)} {person.id}",  # with a blank, which no name has
        "display_name": GONE,
        "password_hash": None,
        "identity": None,
        "role": "member",
        "deleted_at": now(),
        "erase": erase,
    }
    conn.execute(users.update().where(users.c.id == person.id).values(nobody))
    return left


def _check_not_last_admin(conn: sa.Connection, person: Person) -> None:
    """Admins are locked, so that the last two cannot both leave at once."""
    admins = sa.select(users.c.id).where(users.c.role == "admin", ~users.c.bot).with_for_update()
    if set(conn.scalars(admins)) == {person.id}:
        raise Refused(
            "last_admin", "You are the only admin: make somebody else one, then delete your account."
        )


def _erasing(conn: sa.Connection) -> list[int]:
    return list(conn.scalars(sa.select(users.c.id).where(users.c.erase)))


def _erased(conn: sa.Connection, user_id: int) -> None:
    conn.execute(users.update().where(users.c.id == user_id).values(erase=False))
