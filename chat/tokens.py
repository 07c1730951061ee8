"""Bearer tokens by which programs act for a person."""

from typing import Any

import sqlalchemy as sa

from chat import users
from chat.db import tokens
from chat.errors import not_found
from chat.times import rfc3339
from chat.users import Person


def make(conn: sa.Connection, person: Person, name: str) -> dict[str, str]:
    """A new token. Its secret is in this answer and nowhere else."""
    secret = users.open_token(conn, person, name)
    found = users.by_token(conn, secret)
    assert found
    return {"token": secret, "id": str(found[1].id), "name": name}


def all_of(conn: sa.Connection, person: Person) -> list[dict[str, Any]]:
    """This person's tokens, without their secrets."""
    select = sa.select(tokens).where(tokens.c.user_id == person.id).order_by(tokens.c.id)
    return [
        {"id": str(row.id), "name": row.name, "created_at": rfc3339(row.created_at)}
        for row in conn.execute(select)
    ]


def revoke(conn: sa.Connection, person: Person, token_id: int) -> None:
    """One's own token; it ends at once."""
    mine = (tokens.c.id == token_id) & (tokens.c.user_id == person.id)
    if not conn.execute(tokens.delete().where(mine)).rowcount:
        raise not_found("token", token_id)
