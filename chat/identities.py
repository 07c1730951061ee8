"""People whom a provider of OpenID Connect vouches for, by its issuer and its own name for them.

Never by user name or e-mail address: whoever could choose theirs at the provider would get somebody's account here.
Who has no account yet gets one, whatever REGISTRATION says: the provider is the door then.
"""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from chat import membership, users
from chat.errors import Refused
from chat.schema import users as people
from chat.users import NAME_LENGTH, PERSON_COLUMNS, Person

WORDS = (
    "preferred_username",
    "nickname",
    "name",
    "email",
    "sub",
)  # claims that may name them, the best first
TRIES = 50


def person_of(conn: sa.Connection, claims: Mapping[str, Any]) -> tuple[Person, int | None]:
    """The person behind a verified ID token's claims, made if it is the first time; then also the room that is to be told."""
    identity = f"{claims['iss']} {claims['sub']}"
    row = conn.execute(sa.select(*PERSON_COLUMNS).where(people.c.identity == identity)).first()
    return (Person(*row), None) if row else _create(conn, identity, _name(claims))


def _create(conn: sa.Connection, identity: str, name: str) -> tuple[Person, int | None]:
    for number in range(1, TRIES):
        ending = f"-{number}" if number > 1 else ""
        try:
            person = users.create(conn, name[: NAME_LENGTH - len(ending)] + ending, identity=identity)
        except Refused:
            continue
        return person, membership.enter_first(conn, person)
    raise Refused(
        "username_taken", f"{TRIES} people are called {name!r} already; ask an admin for an account."
    )


def _name(claims: Mapping[str, Any]) -> str:
    """A name that may be one here, made of what the provider says."""
    for word in WORDS:
        text = str(claims.get(word) or "").partition("@")[0]
        name = re.sub(r"[^\w.-]+", ".", text).strip(".-")[: NAME_LENGTH - 3].strip(".-")
        try:
            users.check_name(name)
        except Refused:
            continue
        return name
    return "somebody"
