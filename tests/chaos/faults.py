"""What each kind of fault does to the stage, and how it is undone."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from tests.chaos.schedule import Fault, ways_from
from tests.chaos.stage import Stage

TRIES = 60  # stops until one has hit a transaction in the middle
STRETCH = (
    0.03  # seconds by which each answer of the database is late meanwhile, so that transactions are long
)
SLOW_FLUSH = 100_000  # microseconds that PostgreSQL waits before each flush; it allows no more

IN_TRANSACTION = "SELECT 1 FROM pg_stat_activity WHERE usename = %s AND state = 'idle in transaction' AND backend_xid IS NOT NULL"
SESSIONS = (
    "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'replica%' OR usename LIKE 'worker%' ORDER BY pid"
)


@dataclass
class Report:
    """What became of a schedule.

    Attributes
    ----------
    done : the faults that hit.
    failed : those that could not be done or undone, and why.
    frozen : when (monotonic, seconds) a replica was stopped in the middle of a transaction.
    """

    done: list[Fault] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    frozen: list[float] = field(default_factory=list)


def play(stage: Stage, schedule: list[Fault], say: Callable[[str], None]) -> Report:
    """Do all of it; returns when everything has been undone."""
    report = Report()
    locks = {name: threading.Lock() for name in [*stage.actors, *stage.links]}
    began, threads = time.monotonic(), []
    for fault in schedule:
        time.sleep(max(0.0, began + fault.at - time.monotonic()))
        say(str(fault))
        threads.append(threading.Thread(target=_hit, args=(stage, fault, locks, report)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return report


def _hit(stage: Stage, fault: Fault, locks: dict[str, threading.Lock], report: Report) -> None:
    with contextlib.ExitStack() as held:
        for name in sorted(fault.touches):
            held.enter_context(locks[name])
        try:
            with KINDS.get(fault.kind, _on_link)(stage, fault, report):
                time.sleep(fault.seconds)
            report.done.append(fault)
        except Exception as error:
            report.failed.append(f"{fault}: {error!r}")


@contextlib.contextmanager
def _kill(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    stage.actors[fault.target].kill()
    yield
    stage.actors[fault.target].start()


@contextlib.contextmanager
def _restart(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    """By SIGTERM, as for a new version."""
    replica: Any = stage.actors[fault.target]
    replica.stop()
    yield
    replica.start()


@contextlib.contextmanager
def _crash(stage: Stage, _fault: Fault, _report: Report) -> Iterator[None]:
    stage.postgres.crash()
    yield
    stage.postgres.start()


@contextlib.contextmanager
def _stop(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    stage.actors[fault.target].signal(signal.SIGSTOP)
    try:
        yield
    finally:
        stage.actors[fault.target].signal(signal.SIGCONT)


@contextlib.contextmanager
def _freeze(stage: Stage, fault: Fault, report: Report) -> Iterator[None]:
    """Stopped in the middle of a transaction, holding the locks of its rooms."""
    replica, way = stage.actors[fault.target], f"{fault.target}>postgres"
    stage.proxy.set(way, "delay", STRETCH)
    try:
        if _stop_in_transaction(stage, fault.target):
            report.frozen.append(time.monotonic())
        stage.proxy.set(way, "pass")
        yield
    finally:
        stage.proxy.set(way, "pass")
        replica.signal(signal.SIGCONT)


def _stop_in_transaction(stage: Stage, name: str) -> bool:
    chance = random.Random(name)
    for _ in range(TRIES):
        time.sleep(chance.uniform(0.02, 0.1))
        stage.actors[name].signal(signal.SIGSTOP)
        time.sleep(2 * STRETCH)  # what was under way has arrived
        with contextlib.suppress(psycopg2.Error):
            if stage.ask(IN_TRANSACTION, name):
                return True
        stage.actors[name].signal(signal.SIGCONT)
    stage.actors[name].signal(signal.SIGSTOP)
    return False


@contextlib.contextmanager
def _partition(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    """People reach the replica, and it reaches nobody."""
    for way in ways_from(fault.target):
        stage.proxy.set(way, "swallow")
    try:
        yield
    finally:
        for way in ways_from(fault.target):
            stage.proxy.set(way, "pass")


@contextlib.contextmanager
def _clock(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    stage.set_clock(fault.target, fault.amount)
    try:
        yield
    finally:
        stage.set_clock(fault.target, 0)


@contextlib.contextmanager
def _slow_disk(stage: Stage, _fault: Fault, _report: Report) -> Iterator[None]:
    _set_flush(stage, SLOW_FLUSH)
    try:
        yield
    finally:
        _set_flush(stage, 0)


def _set_flush(stage: Stage, microseconds: int) -> None:
    for setting in (f"commit_delay = {microseconds}", "commit_siblings = 0"):
        stage.ask(f"ALTER SYSTEM SET {setting}")
    stage.ask("SELECT pg_reload_conf()")


@contextlib.contextmanager
def _kill_session(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    """kill -9 of one of PostgreSQL's processes: it ends the others too, and recovers."""
    sessions = stage.ask(SESSIONS)
    if sessions:
        os.kill(sessions[int(fault.at * 10) % len(sessions)][0], signal.SIGKILL)
    yield


@contextlib.contextmanager
def _on_link(stage: Stage, fault: Fault, _report: Report) -> Iterator[None]:
    stage.proxy.set(fault.target, fault.kind, fault.amount)
    try:
        yield
    finally:
        stage.proxy.set(fault.target, "pass")


KINDS = {
    "kill": _kill,
    "restart": _restart,
    "crash": _crash,
    "stop": _stop,
    "freeze": _freeze,
    "partition": _partition,
    "clock": _clock,
    "slow disk": _slow_disk,
    "kill a session": _kill_session,
}
