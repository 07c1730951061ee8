"""Raw connections: requests one behind the other on one of HTTP, packets on a websocket, and bytes that are neither."""

import base64
import re
import select
import socket
import struct
import time
from typing import NamedTuple

PATIENCE = 30.0  # seconds without a byte, after which nothing more will come
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
KIND = re.compile(rb"\r\ncontent-type: *([^\r;]*)", re.IGNORECASE)
TEXT, BINARY, CLOSE = 1, 2, 8


class Silent(Exception):
    """Nothing came, where something had to."""


class Answer(NamedTuple):
    status: int
    kind: str
    body: bytes


class Line:
    """A connection on which requests follow each other without waiting, and answers come in their order."""

    def __init__(self, port: int):
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, requests: list[tuple[str, bytes]]) -> list[Answer]:
        """The answers to these (method, bytes), up to where the server has closed the connection.

        Raises
        ------
        Silent : the server says nothing, and does not close.
        """
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
        answers: list[Answer] = []
        to_send, heard, closed = b"".join(data for _method, data in requests), b"", False
        self._socket.setblocking(False)
        while len(answers) < len(requests) and not closed:
            readable, writable, _ = select.select(
                [self._socket], [self._socket] if to_send else [], [], PATIENCE
            )
            if not readable and not writable:
                self.close()
                raise Silent(f"{len(answers)} of {len(requests)} requests were answered")
            try:
                if writable:
                    to_send = to_send[self._socket.send(to_send) :]
                if readable:
                    data = self._socket.recv(262_144)
                    heard, closed = heard + data, not data
            except ConnectionError:
                closed = True
            while len(answers) < len(requests) and (
                found := _answer(heard, requests[len(answers)][0], closed)
            ):
                answer, heard = found
                if answer.status >= 200:
                    answers.append(answer)
        if closed:
            self.close()
        return answers

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None


def _answer(heard: bytes, method: str, closed: bool) -> tuple[Answer, bytes] | None:
    """The first answer in these bytes and what follows it, if it is whole."""
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = heard[:end]
    status = int(head[9:12])
    kind = match[1].decode() if (match := KIND.search(head)) else ""
    if method == "HEAD" or status < 200 or status in (204, 304):
        return Answer(status, kind, b""), heard[end + 4 :]
    if match := LENGTH.search(head):
        size = end + 4 + int(match[1])
        return (Answer(status, kind, heard[end + 4 : size]), heard[size:]) if len(heard) >= size else None
    if b"chunked" in head.lower():
        last = heard.find(b"0\r\n\r\n", end)
        return (Answer(status, kind, heard[end + 4 : last]), heard[last + 5 :]) if last >= 0 else None
    return (Answer(status, kind, heard[end + 4 :]), b"") if closed else None


def shout(port: int, data: bytes, seconds: float = 2.0, hang_up: bool = True) -> bytes:
    """Send these very bytes on a connection of their own; what came back until it was closed or `seconds` were over."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        heard, end = b"", time.monotonic() + seconds
        try:
            connection.sendall(data)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            while time.monotonic() < end and (part := connection.recv(65_536)):
                heard += part
        except OSError:  # closed before it had read all, or silent
            pass
        return heard


class Webs:
    """A person's websocket, as bytes.

    Raises
    ------
    ConnectionError : it was not let in, or has ended.
    """

    def __init__(self, port: int, token: str):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(b"0123456789abcdef").decode()
        self._socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._heard = b""
        while b"\r\n\r\n" not in self._heard:
            self._read()
        head, _, self._heard = self._heard.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise ConnectionError(head[:100])
        self.send(frame(b'40{"token":"%s"}' % token.encode()))
        told = b""
        while not told.startswith(b"40{"):
            told = self.hear()
            if told.startswith(b"44"):
                raise ConnectionError(told)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def hear(self) -> bytes:
        """The next packet of Engine.IO; pings are answered."""
        while True:
            while (found := _frame(self._heard)) is None:
                self._read()
            opcode, payload, self._heard = found
            if opcode == CLOSE:
                raise ConnectionError("it said goodbye")
            if payload == b"2":
                self.send(frame(b"3"))
            elif opcode in (TEXT, BINARY):
                return payload

    def _read(self) -> None:
        try:
            data = self._socket.recv(262_144)
        except TimeoutError:
            raise Silent("a websocket") from None
        if not data:
            raise ConnectionError("it ended")
        self._heard += data

    def close(self) -> None:
        self._socket.close()


def frame(payload: bytes, opcode: int = TEXT, last: bool = True, mask: bytes | None = b"\0\0\0\0") -> bytes:
    """As a client sends it. A mask of zeros changes nothing, which is quick; None: unmasked."""
    size, first, masked = len(payload), opcode | (0x80 if last else 0), 0 if mask is None else 0x80
    if size < 126:
        head = bytes((first, masked | size))
    elif size < 65_536:
        head = struct.pack("!BBH", first, masked | 126, size)
    else:
        head = struct.pack("!BBQ", first, masked | 127, size)
    if mask and any(mask):
        payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
    return head + (mask or b"") + payload


def _frame(heard: bytes) -> tuple[int, bytes, bytes] | None:
    """The first of a server's frames: (opcode, payload, what follows)."""
    if len(heard) < 2:
        return None
    size, start = heard[1] & 127, 2
    if size >= 126:
        start = 4 if size == 126 else 10
        if len(heard) < start:
            return None
        size = int.from_bytes(heard[2:start], "big")
    if len(heard) < start + size:
        return None
    return heard[0] & 15, heard[start : start + size], heard[start + size :]
