"""One Socket.IO connection on a thread of its caller's: Engine.IO 4 by websocket, the default namespace."""

import json
import socket
from typing import Any

import websocket

PATIENCE = 4.0  # seconds that connecting, or one write, may take


class Gone(Exception):
    """The line is dead, or nobody answers on it."""


class Line:
    """One Socket.IO connection: an Engine.IO 4 websocket and the default namespace, as docs/protocol.md has it."""

    def __init__(self, door: str, token: str):
        address = door.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        nodelay = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        self._ws = websocket.create_connection(address, timeout=PATIENCE, sockopt=nodelay)
        self._numbers = 0
        try:
            self._ws.recv()
            self._ws.send("40" + json.dumps({"token": token}))
            if not str(welcome := self._ws.recv()).startswith("40"):
                raise Gone(welcome)
        except BaseException:
            self.close()
            raise

    def ask(self, event: str, data: Any) -> int:
        """Send an event; returns the number that its answer will carry."""
        self._numbers += 1
        self._ws.settimeout(PATIENCE)
        self._ws.send(f"42{self._numbers}{json.dumps([event, data])}")
        return self._numbers

    def read(self, seconds: float) -> tuple[Any, ...] | None:
        """`("answer", number, data)`, `("event", name, data)`, or None: nothing came for so long."""
        self._ws.settimeout(seconds)
        try:
            packet = str(self._ws.recv())
        except websocket.WebSocketTimeoutException:
            return None
        if packet == "2":
            self._ws.send("3")
        elif packet.startswith("43"):
            number, _, data = packet[2:].partition("[")
            return "answer", int(number), json.loads("[" + data)[0]
        elif packet.startswith("42"):
            return ("event", *json.loads(packet[2:]))
        else:
            raise Gone(packet)
        return ("event", "ping", None)

    def close(self) -> None:
        self._ws.shutdown()
