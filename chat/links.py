"""Links by which somebody comes in who has no account, or no password: made by an admin, kept as a hash, and they expire.

The secret stands behind the `#` of the address: it reaches neither a server's log nor another site.
"""

import secrets
from typing import Any

import sqlalchemy as sa

from chat.db import Row, now
from chat.errors import Refused
from chat.schema import links
from chat.users import Person, secret_hash

DAY = 24 * 3600 * 1000


def make(
    conn: sa.Connection, kind: str, maker: Person, days: int, uses: int = 1, **columns: Any
) -> tuple[str, Row]:
    """A new link's secret, and its row."""
    secret = secrets.token_urlsafe(32)
    row = {
        "kind": kind,
        "secret_hash": secret_hash(secret),
        "maker_id": maker.id,
        "uses_left": uses,
        "created_at": now(),
        "expires_at": now() + days * DAY,
        **columns,
    }
    return secret, conn.execute(links.insert().values(row).returning(links)).one()


def use(conn: sa.Connection, kind: str, secret: str) -> Row:
    """Take one use of it; raises Refused `bad_link`. Two who come at once don't share the last use."""
    taken = links.update().where(*_that_open(kind, secret)).values(uses_left=links.c.uses_left - 1)
    row = conn.execute(taken.returning(links)).first()
    if row is None:
        raise Refused("bad_link", "This link is used up, too old or was never made. Ask for a new one.")
    return row


def check(conn: sa.Connection, kind: str, secret: str) -> Row:
    """As `use`, and leaves it as it was."""
    row = conn.execute(sa.select(links).where(*_that_open(kind, secret))).first()
    if row is None:
        raise Refused("bad_link", "This link is used up, too old or was never made. Ask for a new one.")
    return row


def sweep(conn: sa.Connection) -> None:
    conn.execute(links.delete().where((links.c.expires_at < now()) | (links.c.uses_left < 1)))


def _that_open(kind: str, secret: str) -> tuple[Any, ...]:
    return (
        links.c.secret_hash == secret_hash(secret),
        links.c.kind == kind,
        links.c.uses_left > 0,
        links.c.expires_at > now(),
    )
