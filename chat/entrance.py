"""The way in: making an account, and signing in with a password and perhaps a code."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from chat import limits, links, membership, passwords, rooms, second_factor, users
from chat.db import Row
from chat.errors import Refused
from chat.schema import users as people
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.config import Config

journal = logging.getLogger("roomful.entrance")


def register(backend: "Backend", username: str, password: str, invitation: str | None = None) -> Person:
    """A new account.

    Where only this machine can reach the chat, the first person is its admin; bots and seeded people don't count.

    Parameters
    ----------
    invitation : the secret of a link, which REGISTRATION=invited wants.

    Raises
    ------
    Refused : `invalid` for a name or password that cannot be, `username_taken`, `registration_closed`, `bad_link`.
    """
    users.check_name(username)
    passwords.check(password, username, backend.config.public_url)
    backend.db.read(
        _check_door, backend.config, invitation, links.check
    )  # before anything is hashed for a stranger
    password_hash = passwords.make_hash(backend, password)
    person: Person
    person, entered = backend.db.write(_register, username, password_hash, backend.config, invitation)
    if entered:
        rooms.tell_changed(backend, entered)
    return person


def registration(conn: sa.Connection, config: "Config") -> str:
    """Who may make an account: `open`, `invited` or `closed`. The first one on this machine may in any case."""
    return "open" if config.is_loopback and _is_first(conn) else config.registration


def sign_in(
    backend: "Backend", username: str, password: str, address: str, code: str | None = None
) -> Person:
    """The person with that name and password, and with that code where they have a second factor.

    Parameters
    ----------
    address : from where they come; failures are counted by name and address.

    Raises
    ------
    Refused : `bad_credentials`, alike for an unknown name and a wrong password; `second_factor_required`, `bad_code`;
        `too_many_requests`.
    """
    key = users.name_key(username)
    backend.attempts.check(key, address)
    row = backend.db.read(_with_password, key)
    if not passwords.matches(backend, row.password_hash if row else None, password):
        backend.attempts.failed(key, address)
        journal.warning("sign-in failed", extra={"person": row.id if row else None, "client": address})
        raise Refused("bad_credentials", "There is no account with this name and password. Check both.")
    if backend.db.read(second_factor.is_on, row.id):
        _check_code(backend, row.id, code, key, address)
    passwords.renew(backend, row.id, row.password_hash, password)
    journal.info("sign-in", extra={"person": row.id, "client": address, "second_factor": bool(code)})
    return Person(*row[:5])


def _check_code(backend: "Backend", user_id: int, code: str | None, key: str, address: str) -> None:
    """Codes of the app can be guessed, so few may be wrong in an hour, from wherever; recovery codes cannot."""
    if not code:
        raise Refused("second_factor_required", "Give the code that your app shows, or a recovery code.")
    guessable = second_factor.looks_like_app(code)
    if guessable:
        backend.limits.check(limits.CODES, user_id)
    if not backend.db.write(second_factor.take, user_id, code, backend.config.secret_key):
        backend.attempts.failed(key, address)
        journal.warning("wrong code", extra={"person": user_id, "client": address})
        if guessable:
            backend.limits.note(limits.CODES, user_id)
        raise Refused(
            "bad_code", "The code is not right, or it has been used. Wait for the next one, then try again."
        )


def _register(
    conn: sa.Connection, username: str, password_hash: str, config: "Config", invitation: str | None
) -> tuple[Person, int | None]:
    if config.is_loopback and conn.dialect.name == "postgresql":
        conn.execute(
            sa.text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
        )  # two firsts must not both be admin
    first = config.is_loopback and _is_first(conn)
    _check_door(conn, config, invitation, links.use)
    person = users.create(conn, username, password_hash, "admin" if first else "member")
    return person, membership.enter_first(conn, person)


def _is_first(conn: sa.Connection) -> bool:
    somebody = sa.select(people.c.id).where(~people.c.bot, ~people.c.seeded).limit(1)
    return conn.execute(somebody).first() is None


def _check_door(
    conn: sa.Connection, config: "Config", invitation: str | None, take: Callable[..., object]
) -> None:
    door = registration(conn, config)
    if door == "closed" or (door == "invited" and not invitation):
        how = "by an invitation; ask an admin for one" if door == "invited" else "by an admin"
        raise Refused("registration_closed", f"Accounts are made here {how}.")
    if door == "invited":
        take(conn, "invitation", invitation)


def _with_password(conn: sa.Connection, key: str) -> Row | None:
    select = sa.select(*users.PERSON_COLUMNS, people.c.password_hash).where(people.c.username_key == key)
    return conn.execute(select).first()
