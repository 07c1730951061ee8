"""Child processes, kept alive. Of the replicas that share a folder one supervises; the next takes over when it ends.

Whoever holds the lock of `FOLDER/supervisor.lock` supervises. Each child holds a lock of its own for as long as it
lives, so that a supervisor knows of a child which outlived the one before, and ends it first.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from chat import tether

LOOK = 0.2  # seconds between two looks at the children
LONGEST_PAUSE = 30.0  # seconds between two starts of a child that keeps dying
LONG_LIFE = 60.0  # seconds after which a child's earlier deaths are forgotten
PATIENCE = 1.0  # seconds from SIGTERM to SIGKILL
LOG_LIMIT = 10_000_000  # bytes; a larger log is set aside when the child starts


@dataclass
class Child:
    """A program to keep alive.

    Parameters
    ----------
    name : one word, of its lock file.
    title : begins the sentences about it, such as "The bot worker".
    command : the program's path and its arguments.
    environment : its whole environment.
    stdin : what it reads from standard input, at most what a pipe holds (64 KiB).
    log : where its output goes; None: where ours goes.
    with_parent : the signal it gets when its supervisor is killed.
    """

    name: str
    title: str
    command: list[str]
    environment: Mapping[str, str]
    stdin: bytes = b""
    log: Path | None = None
    with_parent: signal.Signals = signal.SIGKILL
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    _started: float = field(default=0.0, init=False)
    _next_start: float = field(default=0.0, init=False)

    def tend(self, folder: Path, say: Callable[[str], None]) -> None:
        """Start it when it does not run and its time has come; say when it has ended."""
        if self.process is not None and self.process.poll() is not None:
            self._note_death(self.process.returncode, say)
            self.process = None
        if self.process is None and time.monotonic() >= self._next_start:
            self._start(folder / f"{self.name}.lock")

    def stop(self) -> None:
        """SIGTERM, and SIGKILL to its whole session when that was not enough."""
        if self.process is None:
            return
        self.process.terminate()
        if not _wait_until(lambda: self.process.poll() is not None, PATIENCE):  # type: ignore[union-attr]
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def _note_death(self, status: int, say: Callable[[str], None]) -> None:
        now = time.monotonic()
        self.deaths = 1 if now - self._started > LONG_LIFE else self.deaths + 1
        pause = 0.0 if self.deaths == 1 else min(2.0 ** (self.deaths - 2), LONGEST_PAUSE)
        self._next_start = now + pause
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        when = f" in {pause:g} s" if pause else ""
        say(f"{self.title} ended ({how}); starting it again{when}")

    def _start(self, lock_path: Path) -> None:
        lock = _lock_of_child(lock_path)
        try:
            self.process = self._spawn(lock)
            os.pwrite(lock, b"%-20d" % self.process.pid, 0)
        finally:
            os.close(lock)  # the child holds it from here on
        self._started = time.monotonic()

    def _spawn(self, lock: int) -> "subprocess.Popen[bytes]":
        wrapper = [sys.executable, "-IS", tether.__file__, str(os.getpid()), str(int(self.with_parent))]
        with _pipe_holding(self.stdin) as stdin, _opened_log(self.log) as output:
            return subprocess.Popen(
                wrapper + self.command,
                env=dict(self.environment),
                stdin=stdin,
                stdout=output,
                stderr=output,
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends its children in order
            )


class Supervisor:
    """Keeps children alive, in a thread, if no other process does so for this folder; else waits for its turn.

    Parameters
    ----------
    folder : holds the locks; made when missing.
    say : takes one line for people.
    """

    def __init__(self, folder: Path, say: Callable[[str], None]):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._say = say
        self._children: list[Child] = []
        self._lock = os.open(folder / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self.leads = False

    def keep(self, child: Child) -> None:
        """Keep `child` alive from here on, after those named before it."""
        with self._turn:
            self._children.append(child)
            self._look()
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="children", daemon=True)
            self._watcher.start()

    def stop(self) -> None:
        """End the children, the last first, and let another process supervise. Safe to repeat."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        with self._turn:
            for child in reversed(self._children):
                child.stop()
            os.close(self._lock)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK):
            with self._turn:
                if not self._stopping.is_set():
                    self._look()

    def _look(self) -> None:
        self.leads = self.leads or _try_lock(self._lock)
        if self.leads:
            for child in self._children:
                child.tend(self._folder, self._say)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_of_child(path: Path) -> int:
    """The child's lock, locked. Whoever still holds it was left behind by a supervisor that was killed."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    for order in (signal.SIGTERM, signal.SIGKILL):
        if _try_lock(lock):
            return lock
        with contextlib.suppress(ValueError, ProcessLookupError):
            os.kill(int(os.pread(lock, 20, 0)), order)
        _wait_until(lambda: _try_lock(lock), PATIENCE)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def _wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether it happened within so many seconds. (`Popen.wait` looks a hundred times a second under eventlet.)"""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def _pipe_holding(content: bytes) -> Iterator[int]:
    reading, writing = os.pipe()
    try:
        os.write(writing, content)
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


@contextlib.contextmanager
def _opened_log(path: Path | None) -> Iterator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(path.name + ".1"))
    with path.open("ab") as file:
        yield file
