"""Limits on rates and counts: every number in one place. `LIMITS=off` lifts them, for load tests; limits on sizes
stand with what they limit.

What is rare and costly is counted for all replicas together (`Counters`); what comes by the hundred a second is
counted by each replica for itself (`Buckets`), because asking Redis would cost more than what it limits.
"""

import collections
import contextlib
import hashlib
import math
import random
import time
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from chat.counters import Counters
from chat.errors import Refused

# For all replicas together, by person or address as it is said where they are taken.
SIGN_IN = RateLimitItemPerMinute(10, namespace="sign-in")  # failures for one name from one address
SLOWLY = RateLimitItemPerMinute(2, namespace="sign-in-slowly")  # … where that name is being guessed at
OF_NAME = RateLimitItemPerHour(100, namespace="sign-in-of-name")  # failures: then it is being guessed at
OF_ADDRESS = RateLimitItemPerHour(60, namespace="sign-in-of-address")  # failures: then each try is delayed
REGISTRATIONS = RateLimitItemPerHour(60, namespace="registrations")  # a class behind one address has 30
PICTURES = RateLimitItemPerMinute(30, namespace="pictures")
JOINS = RateLimitItemPerMinute(60, namespace="joins")
EXPORTS = RateLimitItemPerHour(5, namespace="exports")
ROOMS_MADE = RateLimitItemPerHour(60, namespace="rooms")
TOKENS_MADE = RateLimitItemPerHour(60, namespace="tokens")
RESETS = RateLimitItemPerHour(60, namespace="resets")  # tries, from one address
FIRST_CODES = RateLimitItemPerMinute(10, namespace="codes")  # tries to switch a second factor on
CODES = RateLimitItemPerHour(10, namespace="wrong-codes")  # of an app, for one person
SEARCHES = RateLimitItemPerMinute(120, namespace="searches")

HOLD = 1.0  # seconds until who asks too much by HTTP is told so: else they ask again at once, and that costs, too
HOLD_EVENT = 0.5  # … on a socket, whose next events wait meanwhile
HELD = 500  # such answers that are held back at once
DELAY = 2.0  # seconds that a try to sign in waits, where many have failed
WAITING = 50  # such tries that wait at once; beyond, they are told to come back
WAITING_THERE = 4  # … from one address: two a second are hashed then, a fifth of a processor


class Rate(NamedTuple):
    """So many a second, and so many at once."""

    a_second: float
    at_once: int


# By each replica for itself.
EVENTS = Rate(100, 500)  # of one socket: a page sends a few
MESSAGES = Rate(5, 100)  # of one person: nobody types faster, but a phone that was away sends all it has kept
OF_ROOM = Rate(20, 200)  # messages of all in one room: nobody reads faster. Beyond, each person has …
PICTURE = (
    10  # messages, as much as one with a picture counts for its room: it has to be decoded and made anew
)
IN_FLOOD = Rate(0.1, 1)  # … this, so that a flood silences none of the others
REQUESTS = Rate(50, 500)  # of one person
OF_STRANGERS = Rate(200, 5000)  # requests of those who have not signed in, from one address: a school is one

ROOMS = 1000  # that one socket follows
SOCKETS = 100  # of one person at one replica: a few devices with a few tabs each, and their programs


class Allowance:
    """A token bucket."""

    __slots__ = ("_at", "_left", "_rate")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left, self._at = float(rate.at_once), time.monotonic()

    def take(self, many: int = 1) -> bool:
        """Whether there may be so many more."""
        if self.wait(many) > 0:
            return False
        self._left -= many
        return True

    def give_back(self, many: int = 1) -> None:
        """What was taken has not been needed."""
        self._left += many  # what is too much goes when it is filled next

    def wait(self, many: int = 1) -> float:
        """Seconds until there may be so many more."""
        self._refill()
        return max(0.0, (many - self._left) / self._rate.a_second)

    def _refill(self) -> None:
        at = time.monotonic()
        self._left = min(float(self._rate.at_once), self._left + (at - self._at) * self._rate.a_second)
        self._at = at


class Buckets:
    """Allowances by person or address; those that nobody has used for long are full, and forgotten."""

    MOST = 20_000

    def __init__(self, rate: Rate, what: str):
        self._rate, self._what = rate, what
        self._by_key: collections.OrderedDict[object, Allowance] = collections.OrderedDict()

    def take(self, key: object) -> None:
        """Raises Refused `too_many_requests`."""
        allowance = self.of(key)
        if not allowance.take():
            raise too_many(f"That were too many {self._what}.", allowance.wait())

    def of(self, key: object) -> Allowance:
        allowance = self._by_key.get(key)
        if allowance is None:
            allowance = self._by_key[key] = Allowance(self._rate)
            if len(self._by_key) > self.MOST:
                self._by_key.popitem(last=False)
        else:
            self._by_key.move_to_end(key)
        return allowance


class Limits:
    """What one process allows.

    Parameters
    ----------
    on : whether anything is limited.
    redis_url : where replicas count together; None: each for itself.
    """

    def __init__(self, on: bool, redis_url: str | None = None):
        self.on = on
        self.counters = Counters(redis_url if on else None)
        self._messages = Buckets(MESSAGES, "messages")
        self._of_rooms = Buckets(OF_ROOM, "messages")
        self._in_floods = Buckets(IN_FLOOD, "messages for a room in which so much is written just now")
        self._requests = Buckets(REQUESTS, "requests")
        self._held = 0
        self._of_strangers = Buckets(OF_STRANGERS, "requests")

    def take(self, rate: RateLimitItem, of: object) -> None:
        """One more of what `rate` limits, of this person or address; raises Refused `too_many_requests`."""
        if self.on and not self.counters.hit(rate, str(of)):
            what = rate.namespace.replace("-", " ")
            raise too_many(
                f"No more than {rate.amount} {what} a {rate.GRANULARITY.name} are allowed.",
                self.counters.seconds_until_free(rate, str(of)),
            )

    def check(self, rate: RateLimitItem, of: object) -> None:
        """As `take`, and counts nothing: what is limited are failures (`note`)."""
        if self.on and self.counters.is_full(rate, str(of)):
            raise too_many(
                f"There were {rate.amount} {rate.namespace.replace('-', ' ')} within a {rate.GRANULARITY.name}.",
                self.counters.seconds_until_free(rate, str(of)),
            )

    def note(self, rate: RateLimitItem, of: object) -> None:
        if self.on:
            self.counters.hit(rate, str(of))

    @contextlib.contextmanager
    def message(self, person_id: int, room_id: int, weight: int = 1) -> Iterator[None]:
        """Around the storing of a message; raises Refused `too_many_requests`. What is refused counts for its author
        and not for the room: strangers to it use up nothing there.
        """
        if not self.on:
            yield
            return
        self._messages.take(person_id)
        room = self._of_rooms.of(room_id)
        if not room.take(weight):
            self._in_floods.take((room_id, person_id))
            yield
            return
        try:
            yield
        except Refused:
            room.give_back(weight)
            raise

    def request(self, person_id: int | None, address: str) -> None:
        """Any request to HTTP, before it costs more than this."""
        if self.on and person_id is not None:
            self._requests.take(person_id)
        elif self.on:
            self._of_strangers.take(network(address))

    def hold(self, seconds: float) -> None:
        """Before somebody is told that they ask too much."""
        if self._held < HELD:
            self._held += 1
            try:
                # Those who came together shall not come back together.
                time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311
            finally:
                self._held -= 1

    def close(self) -> None:
        self.counters.close()


class Attempts:
    """Failed tries to show who one is: a password, or a code. Nobody locks out another by failing in their name:

    - Failures are counted by name *and* address; from elsewhere the name can be used.
    - A name that is being guessed at from many addresses (OF_NAME) is slowed down: fewer tries from each, and each
      waits. Its owner still has theirs.
    - An address from which many names fail (OF_ADDRESS) may try on, but each try waits, and few at once: else guessing costs
      the server a processor, and people the time.
    """

    def __init__(self, limits: Limits):
        self._limits = limits
        self._waiting: collections.Counter[str] = collections.Counter()  # by address

    def check(self, name: str, address: str) -> None:
        """Raises Refused `too_many_requests` while there have been too many failures; may wait DELAY."""
        if not self._limits.on:
            return
        key, of = _short(name), network(address)
        counters = self._limits.counters
        crowded = counters.is_full(OF_ADDRESS, of)
        if crowded:
            self._check_line(of)  # costs nothing
        slowly = counters.is_full(OF_NAME, key)
        rate = SLOWLY if slowly else SIGN_IN
        if counters.is_full(rate, key, of):
            raise too_many(
                f"There were {rate.amount} failed sign-ins within a minute.",
                counters.seconds_until_free(rate, key, of),
            )
        if slowly or crowded:
            self._delay(of)

    def failed(self, name: str, address: str) -> None:
        if self._limits.on:
            key, of = _short(name), network(address)
            for rate, by in (
                (SIGN_IN, (key, of)),
                (SLOWLY, (key, of)),
                (OF_NAME, (key,)),
                (OF_ADDRESS, (of,)),
            ):
                self._limits.counters.hit(rate, *by)

    def _check_line(self, of: str) -> None:
        if self._waiting[of] >= WAITING_THERE or self._waiting.total() >= WAITING:
            raise too_many("Many try to sign in just now.", DELAY)

    def _delay(self, of: str) -> None:
        self._check_line(of)
        self._waiting[of] += 1
        try:
            time.sleep(DELAY)
        finally:
            self._waiting -= collections.Counter([of])  # and who waits no more is forgotten


def network(address: str) -> str:
    """Whoever has one address of IPv6 has all of its /64."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))
    return str(ip)


def too_many(why: str, seconds: float) -> Refused:
    wait = max(1, math.ceil(seconds))
    after = "a second" if wait == 1 else f"{wait} seconds"
    return Refused("too_many_requests", f"{why} Try again in {after}.", retry_after=wait)


def _short(name: str) -> str:
    """Names of any length come from strangers; the counter's key stays short."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
