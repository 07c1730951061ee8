"""One process's bots, each on a thread of its own: started, kept, and stopped on SIGTERM."""

import dataclasses
import logging
import queue
import signal
import threading
import time

from bots import metrics
from bots.catalogue import Entry
from bots.worker import Worker
from chat import embedded
from chat.backend import Backend
from chat.bus import Bus
from chat.config import Config, WrongSetting
from chat.hub import Rounds

BEAT = 5.0  # seconds between two signs of life
KEEP = 1.0  # seconds
FORGET = 3600.0  # seconds
GRACE = 4.0  # seconds that a batch in hand gets at a stop

logger = logging.getLogger(__name__)


def run(config: Config, entries: list[Entry]) -> None:
    """Run these bots until SIGTERM or Ctrl-C.

    Raises
    ------
    WrongSetting : there is no Redis to listen to, or no port for the numbers.
    """
    signals: queue.SimpleQueue[int] = (
        queue.SimpleQueue()
    )  # the one queue that a signal's handler may put into
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: signals.put(number))
    config = with_redis(config)
    metrics.serve(config)
    crew = Crew(Backend.open(config), entries)
    crew.start()
    signals.get()
    crew.stop()


class Crew:
    """The workers of `entries`, and what is done for them again and again."""

    def __init__(self, backend: Backend, entries: list[Entry]):
        self._backend = backend
        self._stopping = threading.Event()
        self._workers = [Worker(backend, entry, self._stopping) for entry in entries]
        self._threads = [
            threading.Thread(target=worker.run, name=worker.name, daemon=True) for worker in self._workers
        ]
        self._rounds = Rounds()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self._rounds.every(KEEP, self._keep)
        self._rounds.every(BEAT, self._beat)
        self._rounds.every(FORGET, self._forget)
        for worker in self._workers:
            metrics.watch_queue(self._backend.bus, worker.name)

    def stop(self) -> None:
        """Let the batches in hand be finished, for a moment; what is not is found again by the next worker."""
        self._stopping.set()
        self._rounds.close()
        end = time.monotonic() + GRACE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        if not any(thread.is_alive() for thread in self._threads):
            self._backend.close()
        logger.info("The bots have stopped")

    def _keep(self) -> None:
        for worker in self._workers:
            worker.keep()

    def _beat(self) -> None:
        for worker in self._workers:
            worker.beat()

    def _forget(self) -> None:
        for worker in self._workers:
            worker.forget()


def with_redis(config: Config) -> Config:
    """Without REDIS_URL the one that the chat of DATA_DIR has started."""
    if config.redis_url:
        return config
    try:
        url = embedded.server_url(config.data_dir)
        bus = Bus(url)
        found = bus.ping()
        bus.close()
    except OSError:
        found = False
    if not found:
        raise WrongSetting(
            "REDIS_URL",
            "",
            f"no chat with an embedded server runs on DATA_DIR={config.data_dir}; start it, or name a server",
        )
    return dataclasses.replace(config, redis_url=url)
