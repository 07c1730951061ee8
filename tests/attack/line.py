"""A Socket.IO connection with nothing around it: what it sends is sent, and what comes is given to whoever asks."""

import json
import threading
from collections.abc import Callable
from typing import Any

import websocket


class Line:
    """Parameters
    ----------
    hear : called with each event's name and data, on a thread of the line's own.
    answer : called with the number and the answer of each event that was sent.
    """

    def __init__(
        self, url: str, token: str, hear: Callable[[str, Any], None], answer: Callable[[int, Any], None]
    ):
        self._hear, self._answer = hear, answer
        self._numbers = 0
        address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._socket = websocket.create_connection(address, timeout=60)
        self._socket.recv()
        self._socket.send("40" + json.dumps({"token": token}))
        said = self._socket.recv()
        if not said.startswith("40"):
            raise ConnectionError(said)
        threading.Thread(target=self._listen, daemon=True).start()

    def send(self, event: str, data: Any) -> int:
        """The number under which the answer will come."""
        self._numbers += 1
        self._socket.send(f"42{self._numbers}" + json.dumps([event, data]))
        return self._numbers

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        try:
            while packet := self._socket.recv():
                if packet == "2":
                    self._socket.send("3")
                elif packet.startswith("43"):
                    number, _, rest = packet[2:].partition("[")
                    self._answer(int(number), json.loads("[" + rest)[0])
                elif packet.startswith("42"):
                    self._hear(*json.loads(packet[2:]))
        except (OSError, websocket.WebSocketException):
            pass  # it was closed, by either
