"""The table bot_work: which message a bot is working on, how often it has tried, and whether it is done.

Redis hands a message to one worker or to several; who works on it is decided here. `take` counts the attempt and
holds the message for `HOLD` milliseconds, in one statement, before anything is done with it: a picture that kills the
process has been counted. A worker that is merely slow holds on by `keep`; one that is dead lets go by being silent.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chat.db import Database, insert, now
from chat.schema import bot_work, messages

# Silence after which a worker counts as dead. It calls `keep` every second, so its machine may be busy, or its clock
# go wrong, by four seconds; beyond, a message is worked on twice, and its first answer stands.
HOLD = 5_000
KEPT = 2 * 86_400_000  # milliseconds; the sweep looks back one day


@dataclass(frozen=True)
class Standing:
    """How far a bot is with a message."""

    attempts: int
    done: bool
    held: bool


class Ledger:
    """One bot's rows. Every call is one read or one transaction."""

    def __init__(self, db: Database, bot: str):
        self._db = db
        self._bot = bot

    def look(self, ids: list[int]) -> dict[int, Standing]:
        """Of those messages that have been tried."""
        return self._db.read(_look, self._bot, ids)

    def take(self, ids: list[int]) -> dict[int, int]:
        """Begin an attempt; {message: which attempt this is}, without those that are done or held by somebody."""
        return self._db.write(_take, self._bot, ids) if ids else {}

    def keep(self, ids: list[int]) -> None:
        """Hold on to what was taken: still at work."""
        self._db.write(_update, self._bot, ids, {"updated_at": now()})

    def put_back(self, ids: list[int], pause: int, counts: bool) -> None:
        """Let go of what was taken, to be taken again in `pause` milliseconds; `counts`: it was a fair attempt."""
        attempts = bot_work.c.attempts - (0 if counts else 1)
        self._db.write(_update, self._bot, ids, {"attempts": attempts, "updated_at": now() - HOLD + pause})

    def finish(self, ids: list[int]) -> None:
        """The answer is stored, or there is none to give."""
        if ids:
            self._db.write(_update, self._bot, ids, {"done": True, "updated_at": now()})

    def forget(self) -> None:
        """Drop the rows of messages that no sweep looks at any more."""
        self._db.write(_forget, self._bot)


def _look(conn: sa.Connection, bot: str, ids: list[int]) -> dict[int, Standing]:
    rows = conn.execute(sa.select(bot_work).where(_rows(bot, ids)))
    return {row.message_id: Standing(row.attempts, row.done, row.updated_at > now() - HOLD) for row in rows}


def _take(conn: sa.Connection, bot: str, ids: list[int]) -> dict[int, int]:
    at = now()
    row = {"bot": bot, "attempts": 1, "done": False, "updated_at": at}
    rows = [
        {**row, "message_id": id_} for id_ in sorted(ids)
    ]  # in order: two workers must not wait in a ring
    free = ~bot_work.c.done & (bot_work.c.updated_at <= at - HOLD)
    again = {"attempts": bot_work.c.attempts + 1, "updated_at": at}
    put = insert(conn, bot_work).values(rows)
    put = put.on_conflict_do_update(index_elements=["bot", "message_id"], set_=again, where=free)
    taken = conn.execute(put.returning(bot_work.c.message_id, bot_work.c.attempts))
    return {row.message_id: row.attempts for row in taken}


def _update(conn: sa.Connection, bot: str, ids: list[int], values: dict[str, Any]) -> None:
    conn.execute(bot_work.update().where(_rows(bot, ids), ~bot_work.c.done).values(values))


def _rows(bot: str, ids: list[int]) -> sa.ColumnElement[bool]:
    return (bot_work.c.bot == bot) & bot_work.c.message_id.in_(ids)


def _forget(conn: sa.Connection, bot: str) -> None:
    """By the primary key: ids and times grow together."""
    young = sa.select(messages.c.id).where(
        sa.text("messages.addressed"), messages.c.created_at > now() - KEPT
    )
    oldest = conn.execute(young.order_by(messages.c.created_at).limit(1)).scalar()
    if oldest is not None:
        conn.execute(bot_work.delete().where(bot_work.c.bot == bot, bot_work.c.message_id < oldest))
