"""Which fault hits what, when and for how long. The same seed gives the same schedule."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

EVERY = 2.0  # seconds between two faults, on average
REST = 2.0  # seconds that something is left alone after a fault

# Each is dealt once before any is dealt again. The targets are processes, `link` is any way through the proxy.
DECK = [
    ("kill", "replica"),
    ("kill", "replica"),
    ("kill", "redis"),
    ("kill", "postgres"),
    ("kill", "worker"),
    ("crash", "postgres"),
    ("kill a session", "postgres"),
    ("stop", "replica"),
    ("stop", "redis"),
    ("stop", "postgres"),
    ("stop", "worker"),
    ("freeze", "replica"),
    ("restart", "replica"),
    ("partition", "replica"),
    ("clock", "replica"),
    ("slow disk", "postgres"),
    ("cut", "link"),
    ("delay", "link"),
    ("half-close", "link"),
    ("refuse", "link"),
    ("swallow", "link"),
]
SECONDS = {  # how long, at least and at most; others 0.2 to 4
    "freeze": (12.0, 15.0),  # longer than PostgreSQL lets a transaction idle
    "clock": (2.0, 6.0),
    "swallow": (1.0, 6.0),
    "partition": (1.0, 8.0),
    "stop worker": (1.0, 9.0),  # the ledger counts it as dead after 5
    "cut": (0.0, 0.0),
    "half-close": (0.0, 0.0),
    "kill a session": (0.0, 0.0),
}
AMOUNT = {"delay": (0.01, 0.3), "clock": (3.0, 45.0)}  # seconds late; seconds wrong, either way


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    at : seconds after the beginning.
    kind : the first words of `DECK`.
    target : a process of the stage, or one of its links.
    seconds : how long it lasts.
    amount : seconds by which a link is late or a clock is wrong.
    """

    at: float
    kind: str
    target: str
    seconds: float
    amount: float = 0.0

    @property
    def touches(self) -> list[str]:
        """What no other fault may hit meanwhile."""
        if self.kind == "freeze":
            return [self.target, f"{self.target}>postgres", "postgres"]
        if self.kind == "partition":
            return ways_from(self.target)
        return [self.target]

    def __str__(self) -> str:
        amount = f" by {self.amount:+.2f} s" if self.amount else ""
        return f"{self.at:6.1f} s  {self.kind} {self.target}{amount} for {self.seconds:.1f} s"


def ways_from(name: str) -> list[str]:
    return [f"{name}>postgres", f"{name}>redis"]


def plan(seed: int, faults: int, replicas: int, workers: int, kinds: set[str] | None = None) -> list[Fault]:
    """A schedule.

    Parameters
    ----------
    seed : of the chance.
    faults : how many.
    replicas, workers : how many of each there are to be hit.
    kinds : those faults and no others.
    """
    chance = random.Random(seed)
    targets = _targets(replicas, workers)
    busy: dict[str, float] = {}
    schedule: list[Fault] = []
    at = 1.0
    for kind, group in itertools.islice(_deal(chance, kinds), faults):
        fault = _draw(chance, at, kind, chance.choice(targets[group]))
        while any(busy.get(name, 0.0) > fault.at for name in fault.touches):
            at += 0.25
            fault = _draw(chance, at, kind, chance.choice(targets[group]))
        busy |= dict.fromkeys(fault.touches, fault.at + fault.seconds + REST)
        schedule.append(fault)
        at += chance.expovariate(1 / EVERY)
    return schedule


def _targets(replicas: int, workers: int) -> dict[str, list[str]]:
    webs = [f"replica-{n + 1}" for n in range(replicas)]
    hands = [f"worker-{n + 1}" for n in range(workers)]
    links = [f"people>{name}" for name in webs] + [way for name in webs + hands for way in ways_from(name)]
    return {
        "replica": webs,
        "worker": hands,
        "redis": ["redis"],
        "postgres": ["postgres"],
        "link": links,
    }


def _deal(chance: random.Random, kinds: set[str] | None) -> Iterator[tuple[str, str]]:
    cards = [card for card in DECK if kinds is None or card[0] in kinds]
    while True:
        yield from chance.sample(cards, len(cards))


def _draw(chance: random.Random, at: float, kind: str, target: str) -> Fault:
    group = target.split("-")[0]
    low, high = SECONDS.get(f"{kind} {group}") or SECONDS.get(kind, (0.2, 4.0))
    seconds = round(chance.uniform(low, high), 1)
    amount = round(chance.uniform(*AMOUNT.get(kind, (0.0, 0.0))), 2)
    if kind == "clock" and chance.random() < 0.5:
        amount = -amount
    return Fault(round(at, 1), kind, target, seconds, amount)
