"""Passwords by NIST SP 800-63B (revision 4): long enough, not common, not the name; no rules of composition, no expiry."""

import functools
import importlib.util
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import sqlalchemy as sa
from werkzeug.security import check_password_hash, generate_password_hash

from chat.db import now
from chat.errors import Refused
from chat.schema import sessions, users

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.users import Credential, Person

LENGTH = (8, 256)  # the upper bound spares the hash
OWN = 5  # characters that must be left when what everybody can guess is taken out
FRESH = 10 * 60 * 1000  # milliseconds in which a sign-in counts as proof of who is there


def check(password: str, username: str, public_url: str | None = None) -> None:
    """Whether `username` may have this password; raises Refused `invalid` with the reason."""
    low, high = LENGTH
    if not low <= len(password) <= high:
        raise Refused(
            "invalid",
            f"password: {len(password)} characters; {low} to {high} are accepted.",
            reason="password_length",
        )
    if password.casefold() in common():
        raise Refused(
            "invalid",
            "password: it is one of the most common ones, which are tried first. Choose another.",
            reason="password_common",
        )
    left = password.casefold()
    for word in ("roomful", username.casefold(), *_words_of(public_url)):
        left = left.replace(word, "") if len(word) > 2 else left
    if len(left) < OWN:
        raise Refused(
            "invalid",
            "password: it is little more than your name or this place's. Choose one that nobody guesses.",
            reason="password_personal",
        )


def make_hash(backend: "Backend", password: str) -> str:
    return str(backend.hashing.run(generate_password_hash, password, backend.config.password_hash))


def matches(backend: "Backend", password_hash: str | None, password: str) -> bool:
    """Takes as long where there is none as where there is one."""
    right = len(password) <= LENGTH[1] and backend.hashing.run(
        check_password_hash, password_hash or backend.nobodys_hash, password
    )
    return bool(right and password_hash)


def confirm(
    backend: "Backend", person: "Person", credential: "Credential", password: str, address: str
) -> None:
    """Before what cannot be undone: is it really them? Whoever has no password has signed in a moment ago.

    Raises
    ------
    Refused : `wrong_password`, `too_many_requests`.
    """
    key = f"confirm {person.id}"  # apart from sign-in: somebody at an open screen must not lock its owner out
    backend.attempts.check(key, address)
    password_hash, session_began = backend.db.read(_known_of, person.id, credential)
    if password_hash is None:
        if session_began is None or session_began < now() - FRESH:
            raise Refused(
                "wrong_password", "You have no password here: sign in anew, then do this within ten minutes."
            )
        return
    if not matches(backend, password_hash, password):
        backend.attempts.failed(key, address)
        raise Refused("wrong_password", "password: this is not your present password.")


def change(backend: "Backend", person: "Person", new: str) -> None:
    """A new password, once it is confirmed that it is they who ask."""
    check(new, person.username, backend.config.public_url)
    backend.db.write(store, person.id, make_hash(backend, new))


def renew(backend: "Backend", user_id: int, password_hash: str, password: str) -> None:
    """After a sign-in: a hash of an earlier PASSWORD_HASH becomes one of today's, while the password is at hand."""
    if _method(password_hash) != _method(backend.nobodys_hash):
        backend.db.write(_replace, user_id, password_hash, make_hash(backend, password))


def store(conn: sa.Connection, user_id: int, password_hash: str) -> None:
    conn.execute(users.update().where(users.c.id == user_id).values(password_hash=password_hash))


def _method(password_hash: str) -> str:
    return password_hash.partition("$")[0]


def _replace(conn: sa.Connection, user_id: int, old: str, new: str) -> None:
    """Unless the password has been changed meanwhile."""
    still = (users.c.id == user_id) & (users.c.password_hash == old)
    conn.execute(users.update().where(still).values(password_hash=new))


@functools.cache
def common() -> frozenset[str]:
    """The common passwords that are long enough to be tried here, in lower case.

    The list is a file of zxcvbn's, read without the library, which would keep six more in memory.
    """
    package = importlib.util.find_spec("zxcvbn")
    assert package and package.origin
    lists = runpy.run_path(str(Path(package.origin).with_name("frequency_lists.py")))["FREQUENCY_LISTS"]
    return frozenset(word for word in lists["passwords"] if len(word) >= LENGTH[0])


def _words_of(public_url: str | None) -> list[str]:
    return re.split(r"[.-]", urlsplit(public_url or "").hostname or "")


def _known_of(conn: sa.Connection, user_id: int, credential: "Credential") -> tuple[str | None, int | None]:
    password_hash = conn.scalar(sa.select(users.c.password_hash).where(users.c.id == user_id))
    began = sa.select(sessions.c.created_at).where(sessions.c.id == credential.id)
    return password_hash, conn.scalar(began) if credential.kind == "session" else None
