"""Finds in the database what the stream has lost: the last day's messages that a bot has not settled.

A round goes through them oldest first, in batches. What a round has seen settled, or unwanted, the next one does not
look at again, so that a round costs what has come in since; only what was left for later is looked at once more.
"""

import time

import sqlalchemy as sa

from chat.db import Database, Row, now
from chat.schema import bot_work, messages, users
from chat.users import Person

DAY = 86_400_000  # milliseconds
SETTLING = 3_000  # milliseconds; younger messages are the stream's
PAGE = 200  # messages found by one query
OVERLAP = 60_000  # milliseconds; looked at twice: commits come late, and clocks go wrong
EVERY = 15.0  # seconds between two rounds
EVERY_WHILE_AWAY = 3.0  # seconds, while Redis is away and answers come by the sweep alone


class Sweep:
    """One bot's rounds through the database.

    Parameters
    ----------
    bot : whose answers are looked for.
    batch : ids that `next_batch` returns at most.
    """

    def __init__(self, db: Database, bot: Person, batch: int):
        self._db = db
        self._bot = bot
        self._batch = batch
        self._settled_until = now() - DAY
        self._next_round = 0.0
        self._until: int | None = None  # of the round that is under way
        self._at = (0, 0)  # time and id of the last message returned
        self._page: list[Row] = []
        self._left: dict[int, int] = {}  # {message: its time}, of what was returned and nobody has settled
        self._reset()

    @property
    def is_due(self) -> bool:
        """Whether a round is under way, or it is time for one."""
        return self._until is not None or time.monotonic() >= self._next_round

    def hurry(self, seconds: float = 0.0) -> None:
        """Begin the next round within so many seconds."""
        self._next_round = min(self._next_round, time.monotonic() + seconds)

    def next_batch(self) -> list[int]:
        """Ids of messages to look at, oldest first; none when the round is over."""
        if self._until is None:
            self._until = now() - SETTLING
        if not self._page:
            self._page = self._db.read(_unanswered, self._bot, self._at, self._until)
        if not self._page:
            self._finish(self._until)
            return []
        batch, self._page = self._page[: self._batch], self._page[self._batch :]
        self._at = (batch[-1].created_at, batch[-1].id)
        self._left |= {row.id: row.created_at for row in batch}
        return [row.id for row in batch]

    def settle(self, ids: list[int]) -> None:
        """These need not be looked at again."""
        for id_ in ids:
            self._left.pop(id_, None)

    def break_off(self) -> None:
        """Something went wrong: the round begins again from where it began."""
        self._reset()

    def _finish(self, until: int) -> None:
        self._settled_until = max(now() - DAY, min([until - OVERLAP, *self._left.values()]))
        self._next_round = time.monotonic() + EVERY
        self._reset()

    def _reset(self) -> None:
        self._until, self._at, self._page, self._left = None, (self._settled_until, 0), [], {}


def _unanswered(conn: sa.Connection, bot: Person, after: tuple[int, int], until: int) -> list[Row]:
    answers = messages.alias("answers")
    client_id = sa.literal(f"bot:{bot.username}:") + sa.cast(messages.c.id, sa.Text)
    answered = sa.exists().where(
        answers.c.room_id == messages.c.room_id,
        answers.c.author_id == bot.id,
        answers.c.client_id == client_id,
    )
    done = sa.exists().where(
        bot_work.c.bot == bot.username, bot_work.c.message_id == messages.c.id, bot_work.c.done
    )
    addressed = sa.text("messages.addressed")  # as the index says it, without "= 1"
    select = (
        sa.select(messages.c.id, messages.c.created_at)
        .join(users, users.c.id == messages.c.author_id)
        .where(addressed, messages.c.deleted_at.is_(None), ~users.c.bot, ~done, ~answered)
        .where(messages.c.created_at >= after[0], messages.c.created_at < until)
        .where(sa.tuple_(messages.c.created_at, messages.c.id) > sa.tuple_(*map(sa.literal, after)))
        .order_by(messages.c.created_at, messages.c.id)
        .limit(PAGE)
    )
    return list(conn.execute(select))
