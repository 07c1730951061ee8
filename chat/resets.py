"""A new password for somebody who has lost theirs, by a link that an admin makes and hands to them."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import links as links_
from chat import passwords, second_factor
from chat.errors import Refused, not_found
from chat.schema import links, sessions, tokens, users
from chat.times import rfc3339
from chat.users import Person, name_key

if TYPE_CHECKING:
    from chat.backend import Backend

DAYS = 1  # that a link is good for


def make(conn: sa.Connection, admin: Person, username: str, drops_factor: bool) -> dict[str, Any]:
    """A link for `username`; an older one of theirs ends. With `drops_factor` it ends their second factor as well."""
    if admin.role != "admin":
        raise Refused("forbidden", "Only an admin makes links by which passwords are reset.")
    of = (users.c.username_key == name_key(username)) & ~users.c.bot & users.c.deleted_at.is_(None)
    person = conn.execute(sa.select(users.c.id, users.c.username).where(of)).first()
    if person is None:
        raise not_found("person", username)
    conn.execute(links.delete().where(links.c.kind == "reset", links.c.user_id == person.id))
    secret, row = links_.make(conn, "reset", admin, DAYS, user_id=person.id, drops_factor=drops_factor)
    return {"secret": secret, "username": person.username, "expires_at": rfc3339(row.expires_at)}


def use(backend: "Backend", secret: str, password: str) -> int:
    """Set the password; all sessions and tokens end, and the link with them. Whose it was.

    Raises
    ------
    Refused : `bad_link`; `invalid` for a password that cannot be, and then the link is still good.
    """
    link = backend.db.read(links_.check, "reset", secret)
    passwords.check(password, backend.db.read(_name_of, link.user_id), backend.config.public_url)
    return int(backend.db.write(_use, secret, passwords.make_hash(backend, password)))


def _name_of(conn: sa.Connection, user_id: int) -> str:
    return str(conn.scalar(sa.select(users.c.username).where(users.c.id == user_id)))


def _use(conn: sa.Connection, secret: str, password_hash: str) -> int:
    link = links_.use(conn, "reset", secret)
    passwords.store(conn, link.user_id, password_hash)
    for table in (sessions, tokens):
        conn.execute(table.delete().where(table.c.user_id == link.user_id))
    if link.drops_factor:
        second_factor.drop(conn, link.user_id)
    return int(link.user_id)
