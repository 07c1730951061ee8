"""The proxy misbehaves as it is told to, and only then."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.chaos.proxy import Proxy
from tests.servers import free_port


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    process = Proxy()
    yield process
    process.close()


@pytest.fixture
def link(proxy: Proxy) -> Iterator[tuple[str, int]]:
    """A link to a server that says everything back; its name and port."""
    server = socket.create_server(("127.0.0.1", free_port()))
    threading.Thread(target=accept, args=(server,), daemon=True).start()
    port = free_port()
    proxy.open(f"echo-{port}", port, server.getsockname()[1])
    yield f"echo-{port}", port
    server.close()


def accept(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=echo, args=(server.accept()[0],), daemon=True).start()


def echo(connection: socket.socket) -> None:
    """At the client's end it still says goodbye: half a connection is open."""
    with connection, contextlib.suppress(OSError):
        while piece := connection.recv(1000):
            connection.sendall(piece)
        connection.sendall(b"goodbye")


def connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=2)
    connection.settimeout(2)
    return connection


def ask(connection: socket.socket, words: bytes = b"hello") -> bytes:
    connection.sendall(words)
    return connection.recv(1000)


def test_what_comes_goes(link) -> None:
    with connect(link[1]) as connection:
        assert ask(connection) == b"hello"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b"goodbye"
        assert connection.recv(1000) == b""


def test_a_delay_is_late_both_ways(proxy, link) -> None:
    with connect(link[1]) as connection:
        proxy.set(link[0], "delay", 0.2)
        began = time.monotonic()
        assert ask(connection) == b"hello"
        assert 0.4 <= time.monotonic() - began < 1.5
        proxy.set(link[0], "pass")
        assert ask(connection) == b"hello"


def test_a_cut_resets_what_is_there_and_takes_what_comes(proxy, link) -> None:
    with connect(link[1]) as connection:
        ask(connection)
        proxy.set(link[0], "cut")
        with pytest.raises(ConnectionError):
            connection.recv(1000)
    with connect(link[1]) as connection:
        assert ask(connection) == b"hello"


def test_half_a_connection_still_speaks(proxy, link) -> None:
    with connect(link[1]) as connection:
        ask(connection)
        proxy.set(link[0], "half-close")
        assert connection.recv(1000) == b"goodbye"


def test_a_refusing_link_lets_nobody_in(proxy, link) -> None:
    with connect(link[1]) as connection:
        ask(connection)
        proxy.set(link[0], "refuse")
        with pytest.raises(ConnectionError):
            connection.recv(1000)
    with pytest.raises(ConnectionRefusedError):
        connect(link[1])
    proxy.set(link[0], "pass")
    with connect(link[1]) as connection:
        assert ask(connection) == b"hello"


def test_a_black_hole_says_nothing_until_it_is_over(proxy, link) -> None:
    old = connect(link[1])
    ask(old)
    proxy.set(link[0], "swallow")
    new = connect(link[1])
    for connection in (old, new):
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            ask(connection)
    proxy.set(link[0], "pass")
    for connection in (old, new):
        with pytest.raises(ConnectionError):
            connection.recv(1000)
        connection.close()
    with connect(link[1]) as connection:
        assert ask(connection) == b"hello"
