"""One web replica: `python wsgi.py`. Run as many as you like on one PostgreSQL and one Redis.

Without DATABASE_URL and REDIS_URL it brings its own database, Redis-protocol server and bot worker.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # docs/decisions says why

eventlet.monkey_patch()

import contextlib
import dataclasses
import errno
import gc
import logging
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

import flask
from eventlet import hubs, wsgi

from chat import embedded, journal
from chat.app import create_app, start_rounds
from chat.backend import Backend
from chat.children import Supervisor
from chat.config import Config

BACKLOG = 1024  # connections that the kernel may hold before we accept them
IDLE = 75  # seconds that a connection is kept for its next request
HEADERS = 20  # seconds in which a request's headers must have come
SILENCE = 60  # seconds that one read or write of a client may take
GRACE = 2.5  # seconds that requests in flight get at a stop
LAST_MOMENT = 4.7  # seconds after which a stop is no longer graceful
OUT_OF_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

logger = logging.getLogger("roomful")


def main() -> None:
    os.umask(0o077)  # the database, the logs and the pictures are for this account only
    config = Config.from_environment()
    journal.write(config.data_dir / "roomful.log" if config.embedded else None)
    say = _say_to_people if config.embedded else logger.info
    stop = StopSignal()
    listener = Listener(config.host, config.port)
    supervisor = Supervisor(config.data_dir / "run", say)
    try:
        if config.redis_url is None:
            url = embedded.start_server(supervisor, config.data_dir)
            config = dataclasses.replace(config, redis_url=url)
        with Replica(config, listener) as replica:
            embedded.start_bots(supervisor, config)
            _greet(config, listener, say)
            stop.wait()
            replica.drain()
    finally:
        supervisor.stop()


class Replica:
    """Serves until it is drained.

    Parameters
    ----------
    config : with the address of a Redis-protocol server.
    listener : from which connections come; closed at the end.
    """

    def __init__(self, config: Config, listener: "Listener"):
        self._listener = listener
        self._backend = Backend.open(config)
        app = create_app(self._backend)
        self._connections = app.extensions["roomful"]
        self._rounds = start_rounds(self._backend, self._connections)
        gc.collect()
        gc.freeze()  # what lives as long as the process need not be looked through; garbage is found sooner
        self._serving = eventlet.spawn(_serve, listener, app)
        self._serving.link(self._note_end)

    def __enter__(self) -> "Replica":
        return self

    def __exit__(self, *_error: object) -> None:
        self._rounds.close()
        self._backend.close()

    def drain(self) -> None:
        """Stop accepting, send the sockets elsewhere, and let requests in flight finish."""
        self._backend.draining.set()
        self._listener.close()
        self._connections.drain()
        with eventlet.Timeout(GRACE, False):
            self._serving.wait()

    def _note_end(self, _serving: object) -> None:
        """A replica that has stopped serving of itself must not look alive: `drain` raises what ended it."""
        if not self._backend.draining.is_set():
            signal.raise_signal(signal.SIGTERM)


def _serve(listener: "Listener", app: flask.Flask) -> None:
    wsgi.server(
        listener,
        app,
        protocol=Protocol,
        max_size=1_000_000,  # the default stops accepting at 1,024 clients
        keepalive=IDLE,
        socket_timeout=SILENCE,
        log_output=False,  # the application writes a line for each request itself
        debug=False,
    )


class Protocol(wsgi.HttpProtocol):
    """Does not wait for ever for a client that sends its headers byte by byte, and keeps its words to the journal."""

    def _read_request_line(self) -> bytes:
        with eventlet.Timeout(IDLE, TimeoutError()):
            return super()._read_request_line()

    def parse_request(self) -> bool:
        with eventlet.Timeout(HEADERS, TimeoutError()):
            if not super().parse_request():
                return False
        if self._ends_in_one_way():
            return True
        self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self.close_connection = True
        return False

    def _ends_in_one_way(self) -> bool:
        """Else a proxy may see another end of the body than we do, and a request can hide in it (RFC 9112, 6.3)."""
        lengths = self.headers.get_all("content-length", [])
        codings = self.headers.get_all("transfer-encoding", [])
        unread = self.headers.get_payload()  # from the first line on that is no header
        if unread or len(lengths) + len(codings) > 1:
            return False
        is_number = all(length.isascii() and length.isdigit() for length in lengths)
        return is_number and all(coding.lower() == "chunked" for coding in codings)

    def get_environ(self) -> dict[str, Any]:
        """A body in chunks has no length; eventlet knows its end but does not say so, and it would pass for empty."""
        environ: dict[str, Any] = super().get_environ()
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
        return environ

    def finish(self) -> None:
        """The environment refers to this object: two buffers of each connection would wait for the collector."""
        super().finish()
        self.environ = None

    def log_message(self, format: str, *args: object) -> None:
        """What no application sees: a request that is not HTTP."""
        logger.info(format, *args, extra={"client": self.client_address[0]})


class Listener:
    """The listening socket, as `eventlet.wsgi` wants it.

    Raises
    ------
    SystemExit : with one line, where it cannot listen.
    """

    def __init__(self, host: str, port: int):
        try:
            family, _type, _protocol, _name, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            self._socket = socket.create_server(address[:2], family=family, backlog=BACKLOG)
        except OSError as error:
            raise SystemExit(_refusal(host, port, error)) from None
        # Accepted sockets inherit it. Without it each small frame after another waits for an acknowledgement: 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._closed = False

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def accept(self) -> Any:
        """Wait for a client. Out of file descriptors is no reason to end: some will come back."""
        while True:
            try:
                return self._socket.accept()
            except OSError as error:
                if self._closed:
                    raise OSError(errno.ESHUTDOWN, "No longer accepting") from None  # ends wsgi.server
                if error.errno not in OUT_OF_FILES:
                    raise
                logger.error("Cannot accept clients: %s", error.strerror)
                eventlet.sleep(0.5)

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the greenlet that waits in accept


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT={port} is in use on {host}: stop what listens there, or choose another PORT"
    if error.errno == errno.EACCES:
        return f"PORT={port} is not ours to use: choose one from 1024 to 65535"
    return f"HOST={host!r} is not accepted: an address of this machine, such as 127.0.0.1 or 0.0.0.0 ({error.strerror})"


class StopSignal:
    """SIGTERM or Ctrl-C. The second one, or a stop that takes too long, ends the process at once."""

    def __init__(self) -> None:
        # Python runs a handler between two steps of its own, but the hub may sleep in the kernel for seconds: a
        # byte in a pipe wakes it.
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._came = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)
        signal.signal(signal.SIGALRM, lambda *_: os._exit(1))

    def wait(self) -> None:
        while not self._came:
            hubs.trampoline(self._reading, read=True)
            os.read(self._reading, 100)

    def _note(self, *_signal: object) -> None:
        if self._came:
            os._exit(1)  # the children are told by the kernel
        self._came = True
        signal.setitimer(signal.ITIMER_REAL, LAST_MOMENT)


def _greet(config: Config, listener: Listener, say: Callable[[str], None]) -> None:
    everywhere = config.host in ("0.0.0.0", "::")
    host = "127.0.0.1" if everywhere else f"[{config.host}]" if ":" in config.host else config.host
    address = config.public_url or f"http://{host}:{listener.port}"
    if not config.limits:
        say("LIMITS=off: rates and counts are not limited. This is for load tests only.")
    say(f"Roomful is at {address}" + (", and at this machine's other addresses" if everywhere else ""))
    if config.embedded:
        say(f"Its data are in {config.data_dir}")


def _say_to_people(line: str) -> None:
    with contextlib.suppress(OSError):  # whoever read our output may be gone
        print(line, flush=True)
    logger.info(line)


def _allow_many_files() -> None:
    """A socket is a file, and the usual limit of 1,024 is for people's shells."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    _allow_many_files()
    main()
