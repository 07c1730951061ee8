"""Counts of what happens within a time, for all replicas together in Redis; in this process while Redis is away.

A dead Redis delays nobody: whoever finds it away counts in memory and so do all after them, until it answers a
greenlet that asks once a second. What was counted meanwhile is forgotten then: limits are no ledger.
"""

import logging
import threading
import time
from typing import Any

import redis
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from chat.hub import start_thread

TIMEOUT = 0.2  # seconds that Redis has for an answer
PATIENCE = 1.0  # seconds between two looks at a Redis that is away

logger = logging.getLogger(__name__)


class Counters:
    """Moving windows.

    Parameters
    ----------
    redis_url : None counts in memory alone.
    """

    def __init__(self, redis_url: str | None = None):
        self._here = MovingWindowRateLimiter(MemoryStorage())
        self._there = _in_redis(redis_url) if redis_url else None
        self._away = redis_url is None
        self._closed = threading.Event()

    def hit(self, rate: RateLimitItem, *of: str) -> bool:
        """Count one more; False, and nothing counted, where the window is full."""
        return bool(self._ask("hit", rate, *of))

    def is_full(self, rate: RateLimitItem, *of: str) -> bool:
        return not self._ask("test", rate, *of)

    def seconds_until_free(self, rate: RateLimitItem, *of: str) -> float:
        """How long until the window has room again."""
        return max(0.0, float(self._ask("get_window_stats", rate, *of).reset_time) - time.time())

    def forget(self, rate: RateLimitItem, *of: str) -> None:
        """Begin anew."""
        self._ask("clear", rate, *of)

    def close(self) -> None:
        self._closed.set()

    def _ask(self, question: str, *args: Any) -> Any:
        if self._there is not None and not self._away:
            try:
                return getattr(self._there, question)(*args)
            except (redis.RedisError, OSError) as error:
                if not self._away:
                    self._away = True
                    logger.warning("Redis is away; limits are counted by each replica for itself: %s", error)
                    start_thread("counters-return", self._wait_for_redis)
        return getattr(self._here, question)(*args)

    def _wait_for_redis(self) -> None:
        assert self._there
        while not self._closed.wait(PATIENCE):
            try:
                if self._there.storage.check():
                    self._away = False
                    return
            except (redis.RedisError, OSError):
                continue


def _in_redis(url: str) -> MovingWindowRateLimiter:
    pool = redis.ConnectionPool.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return MovingWindowRateLimiter(
        RedisStorage("redis://", connection_pool=pool, key_prefix="roomful:limits")
    )
