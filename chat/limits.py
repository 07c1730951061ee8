"""Limits on rates. `LIMITS=off` lifts them, for load tests; limits on sizes stand with what they limit.

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
