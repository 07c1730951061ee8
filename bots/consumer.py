"""One reader of the to-do stream: asks the bot, stores its answers. One answer to a message, whatever dies.

The stream says that there is something to do, and loses it at times; the database says what. A message is settled
when its answer is stored, or when there is none to give; only then is it done in the ledger, and after that
acknowledged in the stream. Whatever dies in between, somebody finds the message again: in the stream as an entry that
a dead consumer left, or in the database by the sweep. An answer that is given twice is stored once (`messages.answer`).
"""

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime

import redis
from sqlalchemy import exc

from bots import metrics
from bots.contract import Answer, Bot, Message
from bots.ledger import Ledger
from bots.sweep import EVERY_WHILE_AWAY, Sweep
from chat import messages, screening
from chat.backend import Backend
from chat.storage import StoreError
from chat.users import Person

BATCH = 16  # messages at once: shares the ledger's writes, and nobody waits long for fifteen others
BLOCK = 500  # milliseconds that the stream is listened to in one go: how late a stop is noticed
CLAIM_EVERY = 1.0  # seconds between two looks for what others have left
CLAIM_IDLE = 2_000  # milliseconds; the ledger decides whether they are dead
ATTEMPTS = 3
RETRY = 2_000  # milliseconds until a failed message is tried again
LONGEST_PAUSE = 30.0  # seconds
AWAY = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, redis.RedisError, StoreError)

logger = logging.getLogger(__name__)


class Consumer:
    """Goes round in the calling thread until `stopping` is set; the batch in hand is finished.

    Parameters
    ----------
    bot : shared with the other consumers of this process.
    account : the bot's, as the author of its answers.
    """

    def __init__(
        self, backend: Backend, bot: Bot, account: Person, ledger: Ledger, stopping: threading.Event
    ):
        self._backend = backend
        self._bot = bot
        self._account = account
        self._name = account.username
        self._ledger = ledger
        self._stopping = stopping
        self._sweep = Sweep(backend.db, account, BATCH)
        self._group = f"bot:{self._name}"
        self._consumer = f"{os.uname().nodename}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._next_claim = 0.0
        self._redis_away = False
        self.in_hand: tuple[list[int], float] = ([], 0.0)  # messages, and since when

    def run(self) -> None:
        while insist(self._name, self._go_round, self._stopping):
            pass

    def _go_round(self) -> None:
        """What the stream has, then one batch of the sweep: who asks now does not wait for the lost of a day."""
        try:
            entries = self._read()
            settled = set(self._settle([message_id for _entry, message_id in entries]))
            self._acknowledge([entry for entry, message_id in entries if message_id in settled])
            if self._sweep.is_due and not self._stopping.is_set():
                ids = self._sweep.next_batch()
                self._sweep.settle(self._settle(ids))
        except BaseException:
            self._sweep.break_off()
            raise

    # The stream

    def _read(self) -> list[tuple[str, int]]:
        """Entries for this bot. While Redis is away there are none, and the sweep answers alone."""
        if self._redis_away and not self._backend.bus.ping():  # half a second if it hangs, not fifteen
            self._sweep.hurry(EVERY_WHILE_AWAY)
            self._stopping.wait(0.0 if self._sweep.is_due else 1.0)
            return []
        try:
            entries = self._claim() or self._backend.bus.todo_read(
                self._group, self._consumer, BATCH, 1 if self._sweep.is_due else BLOCK
            )
        except redis.RedisError as error:
            self._note_away(error)
            return []
        if self._redis_away:
            logger.info("%s hears Redis again", self._name)
            self._redis_away = False
            self._sweep.hurry()
        return entries

    def _claim(self) -> list[tuple[str, int]]:
        """Entries that somebody was given a while ago: a dead worker, or this one, in vain."""
        if time.monotonic() < self._next_claim:
            return []
        self._next_claim = time.monotonic() + CLAIM_EVERY
        return self._backend.bus.todo_claim(self._group, self._consumer, CLAIM_IDLE, BATCH)

    def _note_away(self, error: redis.RedisError) -> None:
        if not self._redis_away:
            logger.warning("%s does not hear Redis and sweeps the database instead: %s", self._name, error)
        self._redis_away = True

    def _acknowledge(self, entries: list[str]) -> None:
        try:
            self._backend.bus.todo_done(self._group, entries)
        except redis.RedisError as error:
            self._note_away(error)  # they come again, and are found done

    # Messages

    def _settle(self, ids: list[int]) -> list[int]:
        """Answer those messages that want it and that nobody else has in hand; returns those that are settled."""
        found = {int(message["id"]): message for message in messages.load(self._backend, ids)} if ids else {}
        wanted = [id_ for id_, message in found.items() if self._wants(message)]
        standings = self._ledger.look(wanted) if wanted else {}
        settled = [id_ for id_ in ids if id_ not in wanted or (id_ in standings and standings[id_].done)]
        fresh = [id_ for id_ in wanted if id_ not in standings]
        settled += self._attempt(fresh, found)
        # One of those tried before may be what killed a worker: each by itself, the most suspicious last.
        for id_ in sorted(standings, key=lambda id_: standings[id_].attempts):
            if not (standings[id_].done or standings[id_].held or self._stopping.is_set()):
                settled += self._attempt([id_], found)
        return settled

    def _wants(self, message: Message) -> bool:
        if message["author"]["bot"] or message["deleted_at"]:
            return False
        try:
            return self._bot.wants(message)
        except Exception:
            logger.exception("%s cannot say whether it wants message %s, so no", self._name, message["id"])
            return False

    def _attempt(self, ids: list[int], found: dict[int, Message]) -> list[int]:
        """Take these messages and answer them; returns those that are settled."""
        attempts = self._ledger.take(ids)
        self.in_hand = (list(attempts), time.monotonic())
        try:
            hopeless = [id_ for id_, attempt in attempts.items() if attempt > ATTEMPTS]
            for id_ in hopeless:
                self._apologise(found[id_])
            hopeful = [found[id_] for id_ in attempts if id_ not in hopeless]
            return hopeless + (self._answer(hopeful, attempts) if hopeful else [])
        finally:
            self.in_hand = ([], 0.0)

    def _answer(self, batch: list[Message], attempts: dict[int, int]) -> list[int]:
        try:
            self._store(batch, self._ask(batch))
        except Exception as error:
            return self._recover(batch, attempts, error)
        ids = [int(message["id"]) for message in batch]
        self._ledger.finish(ids)
        return ids

    def _ask(self, batch: list[Message]) -> list[Answer | None]:
        answers = self._bot.answer(batch)
        if len(answers) != len(batch):
            raise ValueError(
                f"{len(answers)} answers to {len(batch)} messages; one each is wanted, None for silence"
            )
        return answers

    def _store(self, batch: list[Message], answers: list[Answer | None]) -> None:
        given = [(message, answer) for message, answer in zip(batch, answers, strict=True) if answer]
        screening.answer_all(self._backend, self._account, [_reply(*one) for one in given])
        for message, _ in given:
            metrics.ANSWERS.labels(self._name).inc()
            sent = datetime.fromisoformat(message["created_at"]).timestamp()
            metrics.DELAY.labels(self._name).observe(max(0.0, time.time() - sent))

    def _recover(self, batch: list[Message], attempts: dict[int, int], error: Exception) -> list[int]:
        """What is away harms all alike, and is nobody's fault. Else one message of the batch is to blame."""
        ids = [int(message["id"]) for message in batch]
        if _is_away(error):
            self._ledger.put_back(ids, 0, counts=False)
            raise error
        metrics.FAILURES.labels(self._name).inc()
        logger.warning("%s failed with messages %s", self._name, ids, exc_info=error)
        if len(batch) > 1:
            self._ledger.put_back(ids, 0, counts=True)
            return [
                id_
                for message in batch
                for id_ in self._attempt([int(message["id"])], {int(message["id"]): message})
            ]
        if attempts[ids[0]] < ATTEMPTS:
            self._ledger.put_back(ids, RETRY, counts=True)
            return []
        self._apologise(batch[0])
        return ids

    def _apologise(self, message: Message) -> None:
        metrics.APOLOGIES.labels(self._name).inc()
        id_ = int(message["id"])
        messages.answer(self._backend, self._account, id_, self._bot.apologise(message))
        self._ledger.finish([id_])


def insist(name: str, work: Callable[[], None], stopping: threading.Event) -> bool:
    """Try until it works, with growing pauses; False if it is time to stop."""
    pause = 0.5
    while not stopping.is_set():
        try:
            work()
            return True
        except Exception as error:
            logger.warning(
                "%s waits %g s, then goes on: %s", name, pause, error, exc_info=not _is_away(error)
            )
            stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
    return False


def _reply(message: Message, answer: Answer) -> messages.Reply:
    text, most = answer.text, messages.TEXT_LIMIT
    return messages.Reply(
        int(message["id"]),
        text if len(text) <= most else text[: most - 1] + "…",
        answer.labels,
        answer.picture,
        int(answer.picture_of) if answer.picture_of else None,
    )


def _is_away(error: Exception) -> bool:
    return isinstance(error, AWAY)
