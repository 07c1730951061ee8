"""Bearer tokens by which programs act for a person, and what each may.

`read` reads what the person may read; `write` writes, edits, reacts and joins as well; `full` may all that the person may.
The first two carry no powers of a moderator or admin, and open no door of the account itself.
"""

from typing import Any

import sqlalchemy as sa

from chat import users
from chat.errors import Refused, not_found
from chat.schema import tokens
from chat.times import rfc3339
from chat.users import Person

READERS_EVENTS = ("join", "leave")  # of Socket.IO, that a token of scope `read` may send
WRITABLE = (
    "rooms",
    "messages",
    "pictures",
)  # groups of HTTP doors by which a token of scope `write` may change things
ACCOUNT = (
    "accounts",
    "links",
    "second_factor",
    "identity",
    "leaving",
)  # … that want a session, or scope `full`
ALWAYS = ("accounts.me", "accounts.logout")


def check_scope(scope: str, door: str, group: str | None, unsafe: bool) -> None:
    """Whether a credential of this scope opens an HTTP door; raises Refused `forbidden`."""
    if scope == "full" or door in ALWAYS:
        return
    if group in ACCOUNT or (unsafe and (scope == "read" or group not in WRITABLE)):
        raise Refused("forbidden", f"This token's scope is {scope!r}, which does not allow that.")


def make(conn: sa.Connection, person: Person, name: str, scope: str = "full") -> dict[str, str]:
    """A new token. Its secret is in this answer and nowhere else."""
    secret = users.open_token(conn, person, name, scope)
    found = users.by_token(conn, secret)
    assert found
    return {"token": secret, "id": str(found[1].id), "name": name, "scope": scope}


def all_of(conn: sa.Connection, person: Person) -> list[dict[str, Any]]:
    """This person's tokens, without their secrets."""
    select = sa.select(tokens).where(tokens.c.user_id == person.id).order_by(tokens.c.id)
    return [
        {
            "id": str(row.id),
            "name": row.name,
            "scope": row.scope,
            "created_at": rfc3339(row.created_at),
            "seen_at": rfc3339(row.seen_at) if row.seen_at else None,
        }
        for row in conn.execute(select)
    ]


def revoke(conn: sa.Connection, person: Person, token_id: int) -> None:
    """One's own token; it ends at once."""
    mine = (tokens.c.id == token_id) & (tokens.c.user_id == person.id)
    if not conn.execute(tokens.delete().where(mine)).rowcount:
        raise not_found("token", token_id)
