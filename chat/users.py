"""People and bots: their accounts, and the credentials by which a door knows them.

A password is stored as a scrypt hash. A session and a token are random secrets of which the database keeps only the
SHA-256: who reads the database cannot sign in with what they find.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from chat.db import Row, now, sanctions, sessions, tokens, users
from chat.errors import Refused

if TYPE_CHECKING:
    from chat.backend import Backend

ROLES = ("member", "moderator", "admin")
PASSWORD_LENGTH = (
    8,
    256,
)  # NIST SP 800-63B: at least 8, no composition rules; the upper bound spares the hash
NAME_LENGTH = 32
FOR_GOOD = 9_000_000_000_000_000  # milliseconds since 1970: beyond any time, for a sanction without an end
# By kinds of characters: words of many scripts want marks on their letters (आशा), three at most on each.
NAME = re.compile(r"lm{0,3}(?:p*lm{0,3})*")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes: a person or a bot."""

    id: int
    username: str
    display_name: str
    role: str
    bot: bool

    @property
    def moderates(self) -> bool:
        return self.role in ("moderator", "admin")

    def json(self) -> dict[str, Any]:
        """The User of docs/protocol.md."""
        return {
            "id": str(self.id),
            "username": self.username,
            "display_name": self.display_name,
            "role": self.role,
            "bot": self.bot,
        }


@dataclass(frozen=True, slots=True)
class Credential:
    """By what somebody is known: a session or a token, and its row. It ends when the row does.

    Parameters
    ----------
    banned_until : when the ban from everywhere ends that this person is under; milliseconds since 1970.
    """

    kind: str
    id: int
    banned_until: int | None = field(default=None, compare=False)

    @property
    def is_banned(self) -> bool:
        return self.banned_until is not None and self.banned_until > now()


PERSON_COLUMNS = (users.c.id, users.c.username, users.c.display_name, users.c.role, users.c.bot)


def register(backend: "Backend", username: str, password: str) -> Person:
    """A new account.

    Where only this machine can reach the chat, the first person is its admin; bots and seeded people don't count.

    Raises
    ------
    Refused : `invalid` for a name or password that cannot be, `username_taken`.
    """
    check_name(username)
    check_password(password)
    password_hash = backend.hashing.run(generate_password_hash, password, backend.config.password_hash)
    return backend.db.write(_register, username, password_hash, backend.config.is_loopback)


def sign_in(backend: "Backend", username: str, password: str, address: str) -> Person:
    """The person with that name and password.

    Parameters
    ----------
    address : from where they come; failures are counted by name and address.

    Raises
    ------
    Refused : `bad_credentials`, alike for an unknown name and a wrong password; `too_many_requests`.
    """
    key = name_key(username)
    backend.attempts.check(key, address)
    row = backend.db.read(_with_password, key)
    password_hash = row.password_hash if row and row.password_hash else backend.nobodys_hash
    right = len(password) <= PASSWORD_LENGTH[1] and backend.hashing.run(
        check_password_hash, password_hash, password
    )
    if not (row and row.password_hash and right):
        backend.attempts.failed(key, address)
        raise Refused("bad_credentials", "There is no account with this name and password. Check both.")
    return Person(*row[:5])


def language(conn: sa.Connection, user_id: int) -> str | None:
    """What to speak to a person in, one of `chat.words.LANGUAGES`: as they chose, else as their browser asked."""
    spoken = sa.func.coalesce(users.c.language, users.c.browser_language)
    return conn.execute(sa.select(spoken).where(users.c.id == user_id)).scalar()


def chosen_language(conn: sa.Connection, person: Person) -> str | None:
    return conn.execute(sa.select(users.c.language).where(users.c.id == person.id)).scalar()


def choose_language(conn: sa.Connection, person: Person, wanted: str) -> None:
    conn.execute(users.update().where(users.c.id == person.id).values(language=wanted))


def note_browser(conn: sa.Connection, person: Person, asks_for: str | None) -> None:
    """The language that a person's browser asks for, one of ours or None."""
    conn.execute(users.update().where(users.c.id == person.id).values(browser_language=asks_for))


def create(
    conn: sa.Connection, username: str, password_hash: str | None = None, role: str = "member", **columns: Any
) -> Person:
    """Insert an account; `username_taken` if somebody has the name, in whatever case."""
    row = {
        "username": username,
        "username_key": name_key(username),
        "display_name": username,
        "password_hash": password_hash,
        "role": role,
        "created_at": now(),
        **columns,
    }
    try:
        with conn.begin_nested():
            return Person(*conn.execute(users.insert().values(row).returning(*PERSON_COLUMNS)).one())
    except IntegrityError:
        raise Refused(
            "username_taken", f"Somebody is called {username!r} already. Choose another name."
        ) from None


def ensure_bot(backend: "Backend", name: str, about: str) -> Person:
    """The account of the bot `name`, made or refreshed.

    Raises
    ------
    Refused : `username_taken` if a person has the name.
    """
    try:
        return backend.db.write(_ensure_bot, name, about)
    except Refused:  # another worker has just made it, or a person has the name: the second look tells which
        return backend.db.write(_ensure_bot, name, about)


def bot(conn: sa.Connection, name: str) -> Person:
    """The account of a bot that has run here."""
    return Person(
        *conn.execute(sa.select(*PERSON_COLUMNS).where(users.c.username == name, users.c.bot)).one()
    )


def bots(conn: sa.Connection) -> list[tuple[str, str]]:
    """Name and description of every bot that has ever run here."""
    select = sa.select(users.c.username, users.c.about).where(users.c.bot).order_by(users.c.username)
    return [(row.username, row.about) for row in conn.execute(select)]


def existing(conn: sa.Connection, user_ids: list[int]) -> set[int]:
    """Those of these ids that somebody has."""
    return set(conn.execute(sa.select(users.c.id).where(users.c.id.in_(user_ids))).scalars())


def find(conn: sa.Connection, words: str, most: int) -> list[Person]:
    """People and bots whose name holds `words`; those whose name begins so come first."""
    key = name_key(words)
    begins = users.c.username_key.startswith(key, autoescape=True)
    holds = users.c.username_key.contains(key, autoescape=True) | users.c.display_name.icontains(
        words, autoescape=True
    )
    select = sa.select(*PERSON_COLUMNS).where(holds).order_by(~begins, users.c.username_key).limit(most)
    return [Person(*row) for row in conn.execute(select)]


def open_session(conn: sa.Connection, person: Person) -> str:
    """A new session's secret, for the cookie."""
    return _open(conn, sessions, person, {})


def open_token(conn: sa.Connection, person: Person, name: str) -> str:
    """A new bearer token, shown once."""
    return _open(conn, tokens, person, {"name": name})


def by_session(conn: sa.Connection, secret: str) -> tuple[Person, Credential] | None:
    return _by_secret(conn, "session", secret)


def by_token(conn: sa.Connection, secret: str) -> tuple[Person, Credential] | None:
    return _by_secret(conn, "token", secret)


def end(conn: sa.Connection, credential: Credential) -> None:
    """Sign out, or revoke: whoever holds the secret is a stranger from here on."""
    table = sessions if credential.kind == "session" else tokens
    conn.execute(table.delete().where(table.c.id == credential.id))


def alive(conn: sa.Connection, credentials: set[Credential]) -> set[Credential]:
    """Those of `credentials` that have not been ended, and whose people are not banned from everywhere."""
    found = set()
    for kind, table in (("session", sessions), ("token", tokens)):
        ids = [credential.id for credential in credentials if credential.kind == kind]
        for start in range(0, len(ids), 500):
            select = sa.select(table.c.id).where(table.c.id.in_(ids[start : start + 500]))
            rows = conn.execute(select.where(sa.func.coalesce(_banned_until(table.c.user_id), 0) <= now()))
            found |= {Credential(kind, row.id) for row in rows}
    return found


def check_name(username: str) -> None:
    kinds = "".join(map(kind, username[: NAME_LENGTH + 1]))
    if len(kinds) > NAME_LENGTH or not NAME.fullmatch(kinds):
        raise Refused(
            "invalid",
            f"username: {username[:40]!r} is not a name; 1 to 32 letters, digits, '_', '.' and '-' are, "
            "beginning and ending with a letter, digit or '_'.",
        )


def check_password(password: str) -> None:
    low, high = PASSWORD_LENGTH
    if not low <= len(password) <= high:
        raise Refused("invalid", f"password: {len(password)} characters; {low} to {high} are accepted.")


def name_key(username: str) -> str:
    """What makes two names the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def kind(character: str) -> str:
    """Of a name's character: letter or digit, mark, punctuation that may be within, or none of these."""
    if character.isalnum() or character == "_":
        return "l"
    if character in ".-":
        return "p"
    return "m" if unicodedata.category(character).startswith("M") else "?"


def _register(conn: sa.Connection, username: str, password_hash: str, loopback: bool) -> Person:
    if loopback and conn.dialect.name == "postgresql":
        conn.execute(
            sa.text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
        )  # two firsts must not both be admin
    people = sa.select(users.c.id).where(~users.c.bot, ~users.c.seeded).limit(1)
    first = loopback and conn.execute(people).first() is None
    return create(conn, username, password_hash, "admin" if first else "member")


def _with_password(conn: sa.Connection, key: str) -> Row | None:
    select = sa.select(*PERSON_COLUMNS, users.c.password_hash).where(users.c.username_key == key)
    return conn.execute(select).first()


def _ensure_bot(conn: sa.Connection, name: str, about: str) -> Person:
    row = conn.execute(sa.select(*PERSON_COLUMNS).where(users.c.username_key == name_key(name))).first()
    if row is None:
        return create(conn, name, bot=True, about=about)
    if not row.bot:
        raise Refused("username_taken", f"A person is called {name!r}; the bot of that name cannot start.")
    conn.execute(users.update().where(users.c.id == row.id).values(about=about))
    return Person(*row)


def _open(conn: sa.Connection, table: sa.Table, person: Person, columns: dict[str, str]) -> str:
    secret = secrets.token_urlsafe(32)
    row = {"secret_hash": secret_hash(secret), "user_id": person.id, "created_at": now(), **columns}
    conn.execute(table.insert().values(row))
    return secret


def _by_secret(conn: sa.Connection, kind: str, secret: str) -> tuple[Person, Credential] | None:
    row = conn.execute(_BY_SECRET[kind], {"secret_hash": secret_hash(secret)}).first()
    return row and (Person(*row[:5]), Credential(kind, row.credential, row.banned_until))


def _banned_until(user_id: sa.Column[int]) -> sa.ScalarSelect[Any]:
    """When somebody's ban from everywhere ends, of those that have not been lifted."""
    everywhere = (sanctions.c.kind == "ban") & sanctions.c.room_id.is_(None) & sanctions.c.lifted_at.is_(None)
    select = sa.select(sa.func.max(sa.func.coalesce(sanctions.c.ends_at, FOR_GOOD)))
    return (
        select.where(sanctions.c.user_id == user_id, everywhere).correlate_except(sanctions).scalar_subquery()
    )


def _select_by_secret(table: sa.Table) -> sa.Select[Any]:
    banned_until = _banned_until(table.c.user_id).label("banned_until")
    select = sa.select(*PERSON_COLUMNS, table.c.id.label("credential"), banned_until)
    of_person = select.join(users, users.c.id == table.c.user_id)
    return of_person.where(table.c.secret_hash == sa.bindparam("secret_hash"))


# Made once: it is asked at each request.
_BY_SECRET = {"session": _select_by_secret(sessions), "token": _select_by_secret(tokens)}


def secret_hash(secret: str) -> str:
    """Unsalted and fast is right for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
