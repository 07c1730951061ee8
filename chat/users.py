"""People and bots: their accounts, and the credentials by which a door knows them.

A password is stored as a scrypt hash. A session and a token are random secrets of which the database keeps only the
SHA-256: who reads the database cannot sign in with what they find.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from chat.db import now
from chat.errors import Refused
from chat.schema import sanctions, sessions, tokens, users

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.config import Config

ROLES = ("member", "moderator", "admin")
DAY = 24 * 3600 * 1000  # milliseconds
SESSIONS = 100  # of one person; one more ends the one that was not used for longest
AGENT_LENGTH = 300  # characters of what a browser says of itself that are kept
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
NAME_LENGTH = 32
GONE = "deleted account"  # what somebody is called who has left for good
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
    scope: str = field(default="full", compare=False)  # chat/tokens.py says what each may
    seen_at: int = field(default=0, compare=False)  # when it was last written that it is used
    banned_until: int | None = field(default=None, compare=False)

    @property
    def is_banned(self) -> bool:
        return self.banned_until is not None and self.banned_until > now()


PERSON_COLUMNS = (users.c.id, users.c.username, users.c.display_name, users.c.role, users.c.bot)

# Of a session: it has neither lasted for too long nor been unused for too long. `lasting_since` has its parameters.
LASTING = (sessions.c.created_at > sa.bindparam("began")) & (
    sa.func.coalesce(sessions.c.seen_at, sessions.c.created_at) > sa.bindparam("used")
)


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
    """Those of these ids that somebody has, and has not left for good."""
    there = users.c.id.in_(user_ids) & users.c.deleted_at.is_(None)
    return set(conn.execute(sa.select(users.c.id).where(there)).scalars())


def find(conn: sa.Connection, words: str, most: int) -> list[Person]:
    """People and bots whose name holds `words`; those whose name begins so come first."""
    key = name_key(words)
    begins = users.c.username_key.startswith(key, autoescape=True)
    holds = users.c.username_key.contains(key, autoescape=True) | users.c.display_name.icontains(
        words, autoescape=True
    )
    there = sa.select(*PERSON_COLUMNS).where(holds, users.c.deleted_at.is_(None))
    rows = conn.execute(there.order_by(~begins, users.c.username_key).limit(most))
    return [Person(*row) for row in rows]


def open_session(conn: sa.Connection, person: Person, agent: str = "") -> str:
    """A new session's secret, for the cookie. `agent` is what the browser says of itself."""
    secret = _open(conn, sessions, person, {"agent": UNSTORABLE.sub("", agent)[:AGENT_LENGTH]})
    theirs = sessions.c.user_id == person.id
    seen = sa.func.coalesce(sessions.c.seen_at, sessions.c.created_at)
    kept = sa.select(sessions.c.id).where(theirs).order_by(seen.desc(), sessions.c.id.desc()).limit(SESSIONS)
    conn.execute(sessions.delete().where(theirs, sessions.c.id.not_in(kept)))
    return secret


def open_token(conn: sa.Connection, person: Person, name: str, scope: str = "full") -> str:
    """A new bearer token, shown once."""
    return _open(conn, tokens, person, {"name": name, "scope": scope})


def by_session(conn: sa.Connection, secret: str, config: "Config") -> tuple[Person, Credential] | None:
    return _by_secret(conn, "session", secret, lasting_since(config))


def by_token(conn: sa.Connection, secret: str) -> tuple[Person, Credential] | None:
    return _by_secret(conn, "token", secret)


def end(conn: sa.Connection, credential: Credential) -> None:
    """Sign out, or revoke: whoever holds the secret is a stranger from here on."""
    table = sessions if credential.kind == "session" else tokens
    conn.execute(table.delete().where(table.c.id == credential.id))


def lasting_since(config: "Config") -> dict[str, int]:
    """The parameters of `LASTING`, as of now."""
    at = now()
    return {"began": at - config.session_days * DAY, "used": at - config.session_idle_days * DAY}


def alive(conn: sa.Connection, credentials: set[Credential], config: "Config") -> set[Credential]:
    """Those of `credentials` that have neither ended nor expired, and whose people are not banned from everywhere."""
    found, since = set(), lasting_since(config)
    for kind, table in (("session", sessions), ("token", tokens)):
        ids = [credential.id for credential in credentials if credential.kind == kind]
        for start in range(0, len(ids), 500):
            select = sa.select(table.c.id).where(table.c.id.in_(ids[start : start + 500]))
            if table is sessions:
                select = select.where(LASTING).params(since)
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
            reason="username_malformed",
        )


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


def _by_secret(
    conn: sa.Connection, kind: str, secret: str, since: dict[str, int] | None = None
) -> tuple[Person, Credential] | None:
    row = conn.execute(_BY_SECRET[kind], {"secret_hash": secret_hash(secret), **(since or {})}).first()
    if row is None:
        return None
    person = Person(*row[:5])
    if row.scope != "full":
        person = replace(person, role="member")  # a limited token carries no powers over others
    return person, Credential(kind, row.credential, row.scope, row.seen, row.banned_until)


def _banned_until(user_id: sa.Column[int]) -> sa.ScalarSelect[Any]:
    """When somebody's ban from everywhere ends, of those that have not been lifted."""
    everywhere = (sanctions.c.kind == "ban") & sanctions.c.room_id.is_(None) & sanctions.c.lifted_at.is_(None)
    select = sa.select(sa.func.max(sa.func.coalesce(sanctions.c.ends_at, FOR_GOOD)))
    return (
        select.where(sanctions.c.user_id == user_id, everywhere).correlate_except(sanctions).scalar_subquery()
    )


def _select_by_secret(table: sa.Table) -> sa.Select[Any]:
    select = sa.select(
        *PERSON_COLUMNS,
        table.c.id.label("credential"),
        (table.c.scope if table is tokens else sa.literal("full")).label("scope"),
        sa.func.coalesce(table.c.seen_at, table.c.created_at).label("seen"),
        _banned_until(table.c.user_id).label("banned_until"),
    ).join(users, users.c.id == table.c.user_id)
    select = select.where(table.c.secret_hash == sa.bindparam("secret_hash"))
    return select if table is tokens else select.where(LASTING)


# Made once: it is asked at each request.
_BY_SECRET = {"session": _select_by_secret(sessions), "token": _select_by_secret(tokens)}


def secret_hash(secret: str) -> str:
    """Unsalted and fast is right for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
