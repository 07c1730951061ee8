"""A worker's numbers for Prometheus, at BOTS_METRICS_PORT if that is set."""

import os

import redis
from prometheus_client import Counter, Gauge, Histogram, start_http_server

from chat.bus import Bus
from chat.config import Config, WrongSetting

ANSWERS = Counter("roomful_bot_answers", "Messages that a bot has answered", ["bot"])
FAILURES = Counter("roomful_bot_failures", "Attempts to answer that failed", ["bot"])
APOLOGIES = Counter("roomful_bot_apologies", "Messages that a bot gave up", ["bot"])
DELAY = Histogram(
    "roomful_bot_answer_delay_seconds",
    "From a message to its stored answer",
    ["bot"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
QUEUE = Gauge("roomful_bot_queue_length", "Messages that wait for a bot; -1 while Redis is away", ["bot"])


def serve(config: Config) -> None:
    """Serve the numbers on HOST, if BOTS_METRICS_PORT says where.

    Raises
    ------
    WrongSetting : it is no port, or it is taken.
    """
    value = os.environ.get("BOTS_METRICS_PORT", "").strip()
    if not value:
        return
    try:
        start_http_server(int(value), addr=config.host)
    except (ValueError, OverflowError, OSError) as error:
        raise WrongSetting("BOTS_METRICS_PORT", value, f"a free port from 1 to 65535 ({error})") from None


def watch_queue(bus: Bus, bot: str) -> None:
    QUEUE.labels(bot).set_function(lambda: _length(bus, bot))


def _length(bus: Bus, bot: str) -> int:
    try:
        return bus.todo_length(f"bot:{bot}")
    except redis.RedisError:
        return -1
