"""Counts of what happens within a time, for all replicas together in Redis; in this process while Redis is away.

A dead Redis delays nobody: whoever finds it away counts in memory and so do all after them, until it answers a
greenlet that asks once a second. What was counted meanwhile is forgotten then: limits are no ledger.

Nor is it asked again and again about who has used up theirs: a flood would be refused at the price of what it asks for.
"""

import collections
import logging
import threading
import time
from typing import Any, NamedTuple

import redis
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from chat.hub import start_thread

TIMEOUT = 0.2  # seconds that Redis has for an answer
PATIENCE = 1.0  # seconds between two looks at a Redis that is away
REMEMBERED = 10  # seconds at most for which a full window is taken to be full without asking …
MOST = 20_000  # … and so many windows

logger = logging.getLogger(__name__)


class _Full(NamedTuple):
    """A window without room, as it was seen; in seconds since 1970."""

    free_at: float
    ask_at: float  # earlier, where Redis may have forgotten it


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
        self._full: collections.OrderedDict[str, _Full] = collections.OrderedDict()
        self._closed = threading.Event()

    def hit(self, rate: RateLimitItem, *of: str) -> bool:
        """Count one more; False, and nothing counted, where the window is full."""
        return self._has_room("hit", rate, *of)

    def is_full(self, rate: RateLimitItem, *of: str) -> bool:
        return not self._has_room("test", rate, *of)

    def seconds_until_free(self, rate: RateLimitItem, *of: str) -> float:
        """How long until the window, which was full just now, has room again."""
        known = self._full.get(rate.key_for(*of))
        free_at = known.free_at if known else self._ask("get_window_stats", rate, *of).reset_time
        return max(0.0, float(free_at) - time.time())

    def close(self) -> None:
        self._closed.set()

    def _has_room(self, question: str, rate: RateLimitItem, *of: str) -> bool:
        key = rate.key_for(*of)
        known = self._full.get(key)
        if known and time.time() < known.ask_at:
            return False
        if self._ask(question, rate, *of):
            self._full.pop(key, None)
            return True
        window = self._ask("get_window_stats", rate, *of)
        if window.remaining <= 0:  # it has not moved on meanwhile
            self._full[key] = _Full(window.reset_time, min(window.reset_time, time.time() + REMEMBERED))
        if len(self._full) > MOST:
            self._full.popitem(last=False)
        return False

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
