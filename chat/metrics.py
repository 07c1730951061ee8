"""Numbers for Prometheus. What can be asked for is asked for when it is scraped."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import Histogram
from prometheus_client.core import REGISTRY, CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.connections import Connections

REQUESTS = Histogram("roomful_http_request_seconds", "HTTP requests", ["endpoint", "status"])
DELIVERY = Histogram(
    "roomful_delivery_delay_seconds",
    "From an event's bell to its delivery to this replica's sockets",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class _Replica(Collector):
    """What this replica knows of itself."""

    def __init__(self, backend: "Backend", connections: "Connections"):
        self._backend = backend
        self._connections = connections

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


def watch(backend: "Backend", connections: "Connections") -> None:
    """Show this replica's numbers at /metrics; the latest one's, where a test makes several."""
    global _watched
    if _watched:
        REGISTRY.unregister(_watched)
    _watched = _Replica(backend, connections)
    REGISTRY.register(_watched)


_watched: _Replica | None = None


def _queues(backend: "Backend") -> list[tuple[str, int]]:
    return [
        ("log", backend.log.waiting()),
        ("bells", backend.bus.waiting()),
        ("hashing", backend.hashing.waiting),
        ("pictures", backend.pictures.waiting),
        ("storage", backend.storage.waiting),
    ]


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"roomful_{name}", about, value=value)


def _count(name: str, about: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"roomful_{name}", about, value=value)
