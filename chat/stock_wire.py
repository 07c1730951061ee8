"""Frames onto the websockets of this replica by Flask-SocketIO's stock path: `WIRE=stock`.

A frame is encoded once (`bus.frame`) and handed to every socket's queue. Besides `flask_socketio`'s public API this
uses `eio.send_packet` and `eio.sockets`; the versions are pinned.
"""

from collections.abc import Iterable
from typing import Any

from engineio.packet import MESSAGE, Packet

from chat import metrics


class StockWire:
    """Parameters
    ----------
    server : the `socketio.Server` of Flask-SocketIO.
    """

    def __init__(self, server: Any):
        self._server = server

    def send(self, sids: Iterable[str], frame: bytes, committed: int | None = None) -> None:
        """Put one frame on the sockets with these Engine.IO ids; those that are gone are passed over.

        `committed` is when what it tells of was, in milliseconds. Each socket's writer then takes its turn, unseen.
        """
        packet = Packet(MESSAGE, frame[1:].decode())  # without Engine.IO's own "4", which the packet adds
        for sid in sids:
            self._server.eio.send_packet(sid, packet)
        if committed is not None:
            metrics.note_delivery(committed)

    def answer(self, sid: str, frame: bytes) -> None:
        """Put an answer on the socket that asked."""
        self.send([sid], frame)

    def close(self, sid: str) -> None:
        """End the connection as a lost network would: the client comes back by itself."""
        if (socket := self._server.eio.sockets.get(sid)) is not None:
            socket.close(
                wait=False
            )  # what is queued still goes out; nobody waits for a client that has stopped

    def sweep(self) -> None:
        """The stock server pings each client by a greenlet of its own."""
