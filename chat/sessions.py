"""Where somebody is signed in: their sessions, seen and ended one by one, by themselves or by an admin."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, users
from chat.db import now
from chat.errors import Refused, not_found
from chat.schema import sessions, tokens
from chat.times import rfc3339
from chat.users import LASTING, Credential, Person, lasting_since

if TYPE_CHECKING:
    from chat.config import Config

SELDOM = 10 * 60 * 1000  # milliseconds within which it is not written again that somebody was here


def all_of(conn: sa.Connection, config: "Config", user_id: int, current: Credential) -> list[dict[str, Any]]:
    """This person's sessions, the last used first. `current` is by what the asker is known."""
    seen = sa.func.coalesce(sessions.c.seen_at, sessions.c.created_at)
    theirs = sa.select(sessions).where(sessions.c.user_id == user_id, LASTING).order_by(seen.desc())
    return [
        {
            "id": str(row.id),
            "agent": row.agent,
            "created_at": rfc3339(row.created_at),
            "seen_at": rfc3339(row.seen_at or row.created_at),
            "current": current.kind == "session" and current.id == row.id,
        }
        for row in conn.execute(theirs, lasting_since(config))
    ]


def end_one(conn: sa.Connection, person: Person, session_id: int) -> None:
    """One's own session."""
    mine = (sessions.c.id == session_id) & (sessions.c.user_id == person.id)
    if not conn.execute(sessions.delete().where(mine)).rowcount:
        raise not_found("session", session_id)


def end_others(conn: sa.Connection, person: Person, current: Credential) -> None:
    """All but the one in use."""
    kept = current.id if current.kind == "session" else -1
    conn.execute(sessions.delete().where(sessions.c.user_id == person.id, sessions.c.id != kept))


def of_other(
    conn: sa.Connection, config: "Config", admin: Person, user_id: int, current: Credential
) -> list[dict[str, Any]]:
    """Anybody's sessions, for an admin; raises Refused `forbidden`, `not_found`."""
    _check_admin(conn, admin, user_id)
    return all_of(conn, config, user_id, current)


def end_of_other(conn: sa.Connection, admin: Person, user_id: int, session_id: int | None = None) -> None:
    """An admin ends one of somebody's sessions, or all of them; raises Refused `forbidden`, `not_found`."""
    _check_admin(conn, admin, user_id)
    theirs = sessions.c.user_id == user_id
    if session_id is not None:
        theirs &= sessions.c.id == session_id
    ended = conn.execute(sessions.delete().where(theirs)).rowcount
    if session_id is not None and not ended:
        raise not_found("session", session_id)
    audit.record(conn, admin, "end_sessions", user=user_id, sessions=ended)


def is_stale(credential: Credential) -> bool:
    """Whether it is worth writing that it was used just now."""
    return credential.seen_at < now() - SELDOM


def note(conn: sa.Connection, credential: Credential) -> None:
    table = sessions if credential.kind == "session" else tokens
    conn.execute(table.update().where(table.c.id == credential.id).values(seen_at=now()))


def sweep(conn: sa.Connection, config: "Config") -> None:
    """What has expired need not be kept."""
    conn.execute(sessions.delete().where(~LASTING), lasting_since(config))


def _check_admin(conn: sa.Connection, admin: Person, user_id: int) -> None:
    if admin.role != "admin":
        raise Refused("forbidden", "Only an admin sees and ends other people's sessions.")
    if not users.existing(conn, [user_id]):
        raise not_found("person", user_id)
