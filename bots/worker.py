"""One bot at work in this process: loads it once, and lets as many consumers share it as it has hands."""

import contextlib
import logging
import os
import threading
import time

import redis

from bots.catalogue import Entry
from bots.consumer import Consumer, insist
from bots.contract import Message
from bots.ledger import Ledger
from chat import images, lessons, messages, rooms, users
from chat.backend import Backend
from chat.desk import Desk

SILENT = 3_600_000  # milliseconds after which a consumer without entries is over
ALIVE = 15  # seconds that a bot counts as online without a sign of life
STUCK = 60.0  # seconds with one batch after which a worker is beyond hope

logger = logging.getLogger(__name__)


class RealChat:
    """What `bots.contract.Chat` asks for, from the chat itself."""

    def __init__(self, backend: Backend):
        self._backend = backend
        self.image_model = backend.config.image_model
        self.image_threads = backend.config.image_threads
        self.models_dir = backend.config.data_dir / "models"
        self.lessons = lessons.Lessons(backend)
        self.desk = Desk(backend)

    def message(self, id_: str) -> Message | None:
        found = messages.load(self._backend, [int(id_)])
        return found[0] if found else None

    def picture(self, id_: str) -> bytes | None:
        return images.read(self._backend, int(id_))

    def language(self, person_id: str) -> str | None:
        return self._backend.db.read(users.language, int(person_id))


class Worker:
    """Runs one bot in the calling thread, and in one more for each further hand, until `stopping` is set.

    Parameters
    ----------
    entry : which bot.
    stopping : set from elsewhere; the batches in hand are finished.
    """

    def __init__(self, backend: Backend, entry: Entry, stopping: threading.Event):
        self.name = entry.name
        self._description = entry.description
        self._backend = backend
        self._bot = entry.bot(RealChat(backend))
        self._stopping = stopping
        self._ledger = Ledger(backend.db, entry.name)
        self._consumers: list[Consumer] = []

    def run(self) -> None:
        if not insist(self.name, self._get_ready, self._stopping):
            return
        logger.info("%s is ready", self.name)
        with contextlib.suppress(redis.RedisError):
            self.beat()
        first, *others = self._consumers
        beside = [one.run for one in others] + ([self._look_round] if self._bot.every else [])
        threads = [threading.Thread(target=one, name=self.name, daemon=True) for one in beside]
        for thread in threads:
            thread.start()
        first.run()
        for thread in threads:
            thread.join()

    def _get_ready(self) -> None:
        account = users.ensure_bot(self._backend, self.name, self._description)
        self._bot.warm_up()
        self._introduce(account)
        of_all = self._backend, self._bot, account, self._ledger, self._stopping
        self._consumers = [Consumer(*of_all) for _ in range(self._bot.hands)]

    def _introduce(self, account: users.Person) -> None:
        """In a chat that is new: nobody but bots has written in its first room."""
        room, said = self._backend.db.read(rooms.first), self._bot.introduction()
        if said and room and self._backend.db.read(rooms.is_untouched, room):
            client_id = f"bot:{self.name}:introduction"  # the same from every worker: it is said once
            messages.post(self._backend, account, room, said, client_id)

    def _look_round(self) -> None:
        while not self._stopping.wait(self._bot.every):
            insist(self.name, self._bot.look_round, self._stopping)

    def keep(self) -> None:
        """Called every second from another thread, so that a slow answer is not taken for a dead worker.

        A bot that is stuck cannot be helped from within: the process ends, another takes over, and after three
        attempts the message gets its apology like one that kills.
        """
        for consumer in self._consumers:
            ids, since = consumer.in_hand
            seconds = time.monotonic() - since
            if ids and seconds > STUCK:
                logger.critical("%s is stuck with messages %s for %d s; leaving", self.name, ids, seconds)
                os._exit(70)
            if ids and seconds > 1:
                self._ledger.keep(ids)

    def beat(self) -> None:
        """A sign of life, from the time when its messages are read."""
        if self._consumers:
            self._backend.bus.bot_alive(self.name, ALIVE)

    def forget(self) -> None:
        """Called every hour: what is over, in the ledger and in the stream."""
        self._ledger.forget()
        with contextlib.suppress(redis.RedisError):
            self._backend.bus.todo_forget(f"bot:{self.name}", SILENT)
