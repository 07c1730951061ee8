"""Limits on rates and counts. `LIMITS=off` lifts them, for load tests; limits on sizes stand with what they limit.

Each replica counts for itself, in memory.
"""

import hashlib
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from chat.errors import Refused

SIGN_IN = parse(
    "10 per minute"
)  # failures for one name from one address: guessing stops, and nobody locks out another

EVENTS, BURST = 100, 500  # events a second of one socket, and how many at once: a page sends a few
ROOMS = 1000  # that one socket follows
SOCKETS = 100  # of one person at one replica: a few devices with a few tabs each, and their programs


class Allowance:
    """A socket's events: so many a second, and a burst (a token bucket)."""

    __slots__ = ("_at", "_left")

    def __init__(self) -> None:
        self._left, self._at = float(BURST), time.monotonic()

    def take(self) -> bool:
        """Whether there may be one more event."""
        at = time.monotonic()
        self._left = min(float(BURST), self._left + (at - self._at) * EVENTS)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Attempts:
    """Failed sign-ins, by name and address.

    Parameters
    ----------
    on : whether anything is limited.
    """

    def __init__(self, on: bool):
        self._on = on
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)

    def check(self, name: str, address: str) -> None:
        """Raises Refused `too_many_requests` while there have been too many failures."""
        if self._on and not self._window.test(SIGN_IN, _key(name), address):
            stats = self._window.get_window_stats(SIGN_IN, _key(name), address)
            raise Refused(
                "too_many_requests",
                f"There were {SIGN_IN.amount} failed sign-ins within a minute. Wait, then try again.",
                retry_after=max(1.0, stats.reset_time - time.time()),
            )

    def failed(self, name: str, address: str) -> None:
        if self._on:
            self._window.hit(SIGN_IN, _key(name), address)


def _key(name: str) -> str:
    """Names of any length come from strangers; the counter's key stays short."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
