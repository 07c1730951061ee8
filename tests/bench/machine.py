"""The machine on which it is measured: its cores, what else they did meanwhile, and how fast its disk flushes."""

import contextlib
import os
import platform
import re
import time
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
SERVER = {CORES[0]}
LOAD = {CORES[-1]}
OTHERS = set(CORES[1:]) or SERVER  # Redis and PostgreSQL; with two cores, they share the load's


@contextlib.contextmanager
def pinned(cores: set[int]) -> Iterator[None]:
    """What is started meanwhile stays on these cores, with all its threads."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Foreign:
    """How much CPU others took.

    Parameters
    ----------
    roots : processes that are ours, with all their descendants; this one is.
    """

    def __init__(self, roots: list[int]):
        self._roots = {os.getpid(), *roots}
        self._busy, self._own, self._at = _busy(), _own(self._roots), time.monotonic()

    def cores(self) -> float:
        """Since this was made, on average: 0.1 is a tenth of one core."""
        took = (_busy() - self._busy) - (_own(self._roots) - self._own)
        return max(0.0, took / (time.monotonic() - self._at))


def resident_kb(pids: list[int]) -> int:
    """The memory that these processes have in RAM."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return sum(int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[1]) for status in statuses)


def flush_ms(folder: Path) -> float:
    """How long the disk under `folder` takes to write 8 KB durably: the median of 30."""
    path, took = folder / "flush", []
    with path.open("wb", buffering=0) as file:
        for _ in range(30):
            begin = time.perf_counter()
            file.write(bytes(8192))
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begin)
    path.unlink()
    return sorted(took)[15] * 1000


def description() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{len(CORES)} cores ({found[1] if found else platform.machine()}), Linux {platform.release()}"


def _busy() -> float:
    """CPU seconds of all cores together, of everybody, also what the host took from us (steal)."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = _numbers(Path("/proc/stat"), 1, 9)
    return (user + nice + system + irq + softirq + steal) / TICK


def _own(roots: set[int]) -> float:
    """CPU seconds of these processes and their descendants, those that have ended included."""
    stats = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            stats[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    ours = set(roots)
    while more := {pid for pid, (parent, _) in stats.items() if parent in ours} - ours:
        ours |= more
    return sum(stats[pid][1] for pid in ours if pid in stats) / TICK


def _numbers(path: Path, start: int, end: int) -> list[int]:
    return [int(word) for word in path.read_text().split()[start:end]]
