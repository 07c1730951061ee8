"""Native threads beside eventlet's hub.

A web replica runs in one thread: every client is a greenlet, and whatever blocks that thread stops everybody.
SQLite, Pillow and password hashing do block, so they run on native threads, each kind in a `Lane` of its own: forty
sign-ins must not delay the log's writer.

wsgi.py patches before anything else is imported. In a process that does not (a bot worker, a command) a lane simply
calls the function, and eventlet is never loaded.
"""

import collections
import contextlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

PATIENCE = 10  # by how much nicer threads are whose work can wait

logger = logging.getLogger(__name__)


def is_green() -> bool:
    """Whether this process serves by greenlets."""
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("thread"))


if is_green():
    from eventlet import event, hubs, patcher, spawn

    native_os: Any = patcher.original("os")
    native_queue: Any = patcher.original("queue")
    native_socket: Any = patcher.original("socket")
    native_threading: Any = patcher.original("threading")
else:
    import os as native_os
    import queue as native_queue

    native_socket = socket
    native_threading = threading


class Signal:
    """Set once; those who wait for it go on together. Under eventlet in the next turn of the hub, all in one."""

    def __init__(self) -> None:
        self._event: Any = event.Event() if is_green() else threading.Event()

    def set(self) -> None:
        """Once."""
        self._event.send() if is_green() else self._event.set()

    def is_set(self) -> bool:
        return bool(self._event.ready() if is_green() else self._event.is_set())

    def wait(self) -> None:
        self._event.wait()


class Lane:
    """At most `threads` calls at once, on native threads; the caller's greenlet waits, the hub goes on.

    Parameters
    ----------
    name : of the threads, seen in a debugger.
    threads : how many run side by side.
    patient : the work is long and nobody waits for it but who asked: where there is too much to do, everybody else comes
        first. (A flood of sign-ins would else take the processors from the replica's own thread.)
    """

    def __init__(self, name: str, threads: int = 1, patient: bool = False):
        self._name = name
        self._threads = threads
        self._patient = patient
        self._calls: Any = native_queue.SimpleQueue()
        self._started = False
        self.waiting = 0

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call `function` and return what it returns, or raise what it raises."""
        if not is_green():
            return function(*args, **kwargs)
        self._start()
        outcome = event.Event()
        self.waiting += 1
        self._calls.put((function, args, kwargs, outcome))
        try:
            return outcome.wait()
        finally:
            self.waiting -= 1

    def close(self) -> None:
        """End the threads, after the calls that wait."""
        if self._started:
            for _ in range(self._threads):
                self._calls.put(None)

    def _start(self) -> None:
        if not self._started:
            self._started = True
            completions.listen()
            for number in range(self._threads):
                name = f"{self._name}-{number}"
                native_threading.Thread(target=self._serve, name=name, daemon=True).start()

    def _serve(self) -> None:
        if self._patient:
            _step_back()
        while (call := self._calls.get()) is not None:
            function, args, kwargs, outcome = call
            try:
                completions.add(outcome, function(*args, **kwargs), None)
            except BaseException as error:
                completions.add(outcome, None, error)


def _step_back() -> None:
    """Of this thread alone, which only Linux can: elsewhere the number may be that of another process."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            me = native_threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, me, os.getpriority(os.PRIO_PROCESS, me) + PATIENCE)


class _Completions:
    """What native threads have finished, handed to the greenlets that wait, through a pipe that wakes the hub."""

    def __init__(self) -> None:
        self._done: collections.deque[tuple[Any, Any, BaseException | None]] = collections.deque()
        self._reading, self._writing = -1, -1

    def add(self, outcome: Any, value: Any, error: BaseException | None) -> None:
        self._done.append((outcome, value, error))
        native_os.write(self._writing, b"!")

    def listen(self) -> None:
        """Called once, on the hub's thread, before the first lane is used."""
        if self._reading < 0:
            self._reading, self._writing = native_os.pipe()
            native_os.set_blocking(self._reading, False)
            spawn(self._hand_over)

    def _hand_over(self) -> None:
        while True:
            hubs.trampoline(self._reading, read=True)
            native_os.read(self._reading, 4096)
            while self._done:
                outcome, value, error = self._done.popleft()
                if error is None:
                    outcome.send(value)
                else:
                    outcome.send_exception(error)


completions = _Completions()


def start_thread(name: str, function: Callable[..., None], *args: Any) -> None:
    """Run beside the caller: on a greenlet in a web replica, on a daemon thread elsewhere.

    The caller keeps its turn: the hub is not given one. (`threading.Thread.start` waits until the thread has begun,
    and what the caller had half done would be seen by others.)
    """
    if is_green():
        spawn(_log_failure, name, function, *args)
    else:
        threading.Thread(target=_log_failure, args=(name, function, *args), name=name, daemon=True).start()


def _log_failure(name: str, function: Callable[..., None], *args: Any) -> None:
    try:
        function(*args)
    except Exception:
        logger.exception("%s failed", name)


class Rounds:
    """What is done again and again, each on a thread of its own, until the process ends."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def every(self, seconds: float, function: Callable[[], None]) -> None:
        """Call `function` every so many seconds; what it raises is logged, and the rounds go on."""
        start_thread(function.__qualname__, self._go_round, seconds, function)

    def close(self) -> None:
        self._closed.set()

    def _go_round(self, seconds: float, function: Callable[[], None]) -> None:
        while not self._closed.wait(seconds):
            try:
                function()
            except Exception as error:
                logger.warning(
                    "%s failed, and is tried again in %g s: %r", function.__qualname__, seconds, error
                )
