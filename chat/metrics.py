"""Numbers for Prometheus. What can be asked for is asked for when it is scraped.

But nothing that may hang: whether database and Redis answer is found out in between (`Pulse`), so that a replica
whose database is away can still say so.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import Histogram
from prometheus_client.core import REGISTRY, CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    import sqlalchemy as sa

    from chat.backend import Backend
    from chat.connections import Connections

REQUESTS = Histogram("roomful_http_request_seconds", "HTTP requests", ["endpoint", "status"])
DELIVERY = Histogram(
    "roomful_delivery_delay_seconds",
    "From an event's commit, on whatever replica, until it is written to this replica's sockets",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
ACKNOWLEDGEMENT = Histogram(
    "roomful_acknowledgement_seconds",
    "From a message that came by a socket to its acknowledgement, which is after the commit",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
BELIEF = 15.0  # seconds that something counts as up after it has answered


class Pulse:
    """Whether something answers, by what it last did.

    Parameters
    ----------
    ask : returns whether it answers, or raises.
    """

    def __init__(self, ask: Callable[[], object]):
        self._ask = ask
        self._answered = time.monotonic()  # a replica starts only once it has its database

    def feel(self) -> None:
        """Called again and again; may take as long as it likes."""
        try:
            if self._ask():
                self._answered = time.monotonic()
        except Exception:  # whatever it was, it was no answer, and the doors write down why
            return

    @property
    def is_up(self) -> bool:
        return time.monotonic() - self._answered < BELIEF


def note_delivery(at: int) -> None:
    """An event that was committed at this time, in milliseconds, has been written to sockets."""
    DELIVERY.observe(max(0, time.time_ns() // 1_000_000 - at) / 1000)


class _Replica(Collector):
    """What this replica knows of itself."""

    def __init__(self, backend: "Backend", connections: "Connections"):
        self._backend = backend
        self._connections = connections
        self.database = Pulse(lambda: backend.db.read(_one))
        self.redis = Pulse(backend.bus.ping)

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        backend, follower = self._backend, self._connections.follower
        yield _gauge("connections", "Open sockets", len(self._connections))
        yield _gauge("rooms_followed", "Rooms that sockets of this replica have joined", follower.rooms())
        yield _count("events_delivered", "Events handed to sockets", follower.delivered)
        yield _count(
            "events_healed", "Events read from the database because no bell brought them", follower.healed
        )
        yield _count("bells_lost", "Bells that could not be rung", backend.bus.lost)
        queues = GaugeMetricFamily("roomful_queue_length", "What waits, by queue", labels=["queue"])
        for name, length in _queues(backend):
            queues.add_metric([name], length)
        yield queues
        yield _gauge("database_up", "Whether the database answers", self.database.is_up)
        yield _gauge("redis_up", "Whether Redis answers", self.redis.is_up)
        free, size = _disks(backend)
        yield free
        yield size


def watch(backend: "Backend", connections: "Connections") -> None:
    """Show this replica's numbers at /metrics; the latest one's, where a test makes several."""
    global _watched
    if _watched:
        REGISTRY.unregister(_watched)
    _watched = _Replica(backend, connections)
    REGISTRY.register(_watched)


def pulses() -> list[Pulse]:
    """Of the replica that is watched; each wants to be felt every few seconds."""
    return [_watched.database, _watched.redis] if _watched else []


_watched: _Replica | None = None


def _one(conn: "sa.Connection") -> object:
    return conn.exec_driver_sql("SELECT 1").scalar()


def _queues(backend: "Backend") -> list[tuple[str, int]]:
    return [
        ("log", backend.log.waiting()),
        ("bells", backend.bus.waiting()),
        ("hashing", backend.hashing.waiting),
        ("pictures", backend.darkroom.waiting),
        ("storage", backend.storage.waiting),
    ]


def _disks(backend: "Backend") -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    """Of the folders that this replica writes to."""
    free = GaugeMetricFamily("roomful_disk_free_bytes", "Free where a folder lies", labels=["folder"])
    size = GaugeMetricFamily(
        "roomful_disk_size_bytes", "Size of the disk where a folder lies", labels=["folder"]
    )
    folders = {"data": backend.config.data_dir}
    if "://" not in backend.config.images_url:
        folders["images"] = Path(backend.config.images_url)
    for name, folder in folders.items():
        if folder.is_dir():
            usage = shutil.disk_usage(folder)
            free.add_metric([name], usage.free)
            size.add_metric([name], usage.total)
    return free, size


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"roomful_{name}", about, value=value)


def _count(name: str, about: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"roomful_{name}", about, value=value)
