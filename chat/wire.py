"""The fast websocket path: what is told to thousands is encoded once and written by one thread without waiting.

Flask-SocketIO and its libraries keep the protocol. What they do for each client (a greenlet that reads, one that
writes, one that waits to ping, a queue) is replaced for clients that come by websocket:

- A frame is encoded once, and the same bytes are put on each socket's list.
- All lists are written once per turn of the hub, so several messages leave in one `send`.
- `send` never waits. What the kernel does not take is kept, up to a bound; past it the client is dropped, and catches
  up when it returns.
- The connection is taken from `eventlet.wsgi`: an idle client is a descriptor in the hub, a few small objects, and no
  greenlet. A greenlet lives while a client's own events are handled, one after the other.
- One sweep sends everybody's pings.

A client that begins by polling stays with the stock code. Internals that this depends on: `socketio.Server.eio`,
`engineio.Server._handle_connect`, `engineio.socket.Socket`, `eventlet.websocket.WebSocketWSGI`, and the hub's listeners.
The versions are pinned; tests/system tries it with real clients.
"""

import collections
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from engineio import exceptions, packet
from engineio import server as engineio_server
from engineio import socket as engineio_socket
from eventlet import hubs, patcher, spawn_n
from eventlet.websocket import WebSocketWSGI

from chat import frames, metrics
from chat.frames import Reader, Violation

CHUNK = 65_536  # bytes read at once
BACKLOG = 1_000_000  # bytes that may wait for a client that does not read
INBOX = 64  # events of one client that wait for it; more stay in the kernel, and then with the client
TURN = 16  # events of one client in one turn: then others have theirs
LINGER = 5.0  # seconds in which the last words must have gone out

MESSAGE = str(packet.MESSAGE)
ENGINE_PING, ENGINE_CLOSE = frames.frame(b"2"), frames.frame(b"1")
KEPT = (  # of a handshake's environment: what Flask needs to tell who it is
    "HTTP_COOKIE",
    "HTTP_HOST",
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "SERVER_NAME",
    "SERVER_PORT",
    "REMOTE_ADDR",
    "wsgi.url_scheme",
    "flask.app",
)

native_socket: Any = patcher.original("socket")
logger = logging.getLogger(__name__)


class Wire:
    """Parameters
    ----------
    server : the `socketio.Server` of Flask-SocketIO; from here on its websockets are ours.
    """

    def __init__(self, server: Any):
        self._manager = server.manager
        self._engine = server.eio
        self._engine.__class__ = (
            Engine  # Flask-SocketIO makes the server itself and asks nobody for its class
        )
        self._engine.wire = self
        self._to_flush: list[Socket] = []
        self._committed: list[int] = []  # when what is on the lists was committed
        self._pings: collections.deque[tuple[float, Socket]] = collections.deque()

    def send(self, sids: Iterable[str], frame: bytes, committed: int | None = None) -> None:
        """Put one Engine.IO frame on the sockets with these ids; those that are gone are passed over.

        Parameters
        ----------
        committed : when what it tells of was, in milliseconds; how long it took until it was written is noted.
        """
        ready = frames.frame(frame)
        sockets = self._engine.sockets
        for sid in sids:
            socket = sockets.get(sid)
            if type(socket) is Socket:
                socket.put(ready)
            elif socket is not None:
                self._engine.send_packet(sid, packet.Packet(packet.MESSAGE, frame[1:].decode()))
        if committed is not None and self._to_flush:
            self._committed.append(committed)

    def answer(self, sid: str, frame: bytes) -> None:
        """Put an Engine.IO frame on the socket that asked for it."""
        socket = self._engine.sockets.get(sid)
        if type(socket) is Socket:
            socket.answer(frames.frame(frame))
        else:
            self.send([sid], frame)

    def close(self, sid: str) -> None:
        """End the connection as a lost network would: the client comes back by itself."""
        if (socket := self._engine.sockets.get(sid)) is not None:
            socket.close(wait=False)

    def sweep(self) -> None:
        """Every second: ping those whose turn it is; end those who have been silent, or strangers, since their last."""
        now = time.monotonic()
        while self._pings and self._pings[0][0] <= now:
            _due, socket = self._pings.popleft()
            if not socket.closed:
                self._check(socket)
        for other in [s for s in self._engine.sockets.values() if type(s) is not Socket and not s.closed]:
            other.check_ping_timeout()

    def watch(self, socket: "Socket") -> None:
        """Ping this socket from time to time."""
        self._pings.append((time.monotonic() + self._engine.ping_interval, socket))

    def flush_soon(self, socket: "Socket") -> None:
        """Write what is on the socket's list when this turn of the hub is over."""
        if not self._to_flush:
            hubs.get_hub().schedule_call_global(0, self._flush)
        self._to_flush.append(socket)

    def _flush(self) -> None:
        sockets, self._to_flush = self._to_flush, []
        for socket in sockets:
            socket.flush()
        committed, self._committed = self._committed, []
        for at in committed:
            metrics.note_delivery(at)

    def _check(self, socket: "Socket") -> None:
        greeted = self._manager.sid_from_eio_sid(socket.sid, "/")
        if socket.heard and greeted:
            socket.heard = False
            socket.put(ENGINE_PING)
            self.watch(socket)
        else:
            spawn_n(socket.close, False, True, socket.server.reason.PING_TIMEOUT)


class Engine(engineio_server.Server):
    """Engine.IO, whose websockets belong to the wire."""

    wire: Wire

    def _handle_connect(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        transport: str,
        jsonp_index: Any = None,
    ) -> Any:
        if transport != "websocket":
            return super()._handle_connect(environ, start_response, transport, jsonp_index)
        if environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in environ:
            return self._bad_request("No body was expected.")
        environ.pop(
            "HTTP_SEC_WEBSOCKET_EXTENSIONS", None
        )  # compressing for each client costs more than it saves
        handshake = WebSocketWSGI(lambda websocket: self._adopt(websocket, environ))
        handshake.support_legacy_versions = False
        return handshake(environ, start_response)

    def _adopt(self, websocket: Any, environ: dict[str, Any]) -> None:
        """The handshake is done: take the connection away from `eventlet.wsgi`, which then ends its request."""
        websocket.websocket_closed = True  # the closing frame is ours to send
        descriptor = websocket.socket.fd.detach()
        socket = Socket(self, self.generate_id(), native_socket.socket(fileno=descriptor))
        self.sockets[socket.sid] = socket
        slim = {name: environ[name] for name in KEPT if name in environ}
        self._trigger_event("connect", socket.sid, slim, run_async=False)
        socket.send(packet.Packet(packet.OPEN, self._welcome(socket.sid)))
        self.wire.watch(socket)
        socket.open(_read_ahead(environ))

    def _welcome(self, sid: str) -> dict[str, Any]:
        return {
            "sid": sid,
            "upgrades": [],
            "pingTimeout": int(self.ping_timeout * 1000),
            "pingInterval": int(self.ping_interval * 1000),
            "maxPayload": self.max_http_buffer_size,
        }


class Socket(engineio_socket.Socket):
    """One client's websocket. `engineio` calls `send`, `close` and `check_ping_timeout`; the hub calls the rest."""

    def __init__(self, server: Engine, sid: str, connection: Any):
        # not super().__init__(): it makes a queue for a writer, and there is none
        self.server, self.sid = server, sid
        self.connected = self.upgraded = True
        self.upgrading = self.closing = self.closed = False
        self.session: dict[str, Any] = {}
        self.heard = True  # something came since the last ping
        self._connection = connection
        connection.setblocking(False)
        self._descriptor = connection.fileno()
        self._hub = hubs.get_hub()
        self._reader = Reader(server.max_http_buffer_size)
        self._reading: Any = None  # the hub's listener, unless reading pauses
        self._writing: Any = None  # the hub's listener, while the kernel takes nothing
        self._out: list[bytes] = []
        self._backlog = b""
        self._allowed = BACKLOG
        self._inbox: list[str | bytes | None] = []  # None: no more will come. A deque takes 0.7 KB, empty
        self._handling = False
        self._ended = False

    # Out

    def put(self, ready: bytes) -> None:
        """Have a finished websocket frame sent."""
        if not self._out:
            self.server.wire.flush_soon(self)
        self._out.append(ready)

    def answer(self, ready: bytes) -> None:
        """Something for this client alone. It may be long, which is no reason to drop the client that asked for it."""
        self._allowed += len(ready)
        self.put(ready)

    def send(self, pkt: packet.Packet) -> None:
        """What the libraries have to say, hand-shakes for example."""
        if self.closed:
            raise exceptions.SocketIsClosedError()
        encoded = pkt.encode()
        self.answer(frames.frame(encoded.encode() if isinstance(encoded, str) else encoded))

    def flush(self) -> None:
        """Write what waits, as far as the kernel takes it."""
        if self._ended:
            return
        data = self._out[0] if len(self._out) == 1 else b"".join(self._out)
        self._out.clear()
        if self._writing is None:
            self._write(data)
        elif len(self._backlog) + len(data) <= self._allowed:
            self._backlog += data
        else:
            logger.info("A client that does not read has been dropped.", extra={"socket": self.sid})
            self._lose()

    def check_ping_timeout(self) -> bool:
        """The wire's sweep sees to it."""
        return True

    def _write(self, data: bytes) -> None:
        try:
            sent = self._connection.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lose()
            return
        if sent == len(data) and self._writing is None and self._allowed == BACKLOG and not self.closed:
            return  # nothing waited for this: the case that must be fast
        self._backlog = data[sent:] if sent < len(data) else b""
        if self._backlog and self._writing is None:
            self._writing = self._listen(self._hub.WRITE, self._on_writable)
        elif not self._backlog:
            self._allowed = BACKLOG
            if self._writing is not None:
                self._hub.remove(self._writing)
                self._writing = None
            if self.closed:
                self._end()
            else:
                self._handle_soon()

    def _on_writable(self, _descriptor: int) -> None:
        self._write(self._backlog)

    # In

    def open(self, already_read: bytes) -> None:
        """Begin to listen."""
        self._reading = self._listen(self._hub.READ, self._on_readable)
        if already_read:
            self._take(already_read)

    def _on_readable(self, _descriptor: int) -> None:
        try:
            data = self._connection.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(data)
        else:
            self._lose()

    def _take(self, data: bytes) -> None:
        self.heard = True
        try:
            for opcode, payload in self._reader.feed(data):
                if opcode == frames.TEXT:
                    self._inbox.append(payload.decode())
                elif opcode == frames.PING:
                    self.put(frames.frame(payload, frames.PONG))
                elif opcode == frames.CLOSE:
                    raise Violation(1000, "it said goodbye")
                else:
                    self._inbox.append(payload)
        except (Violation, UnicodeDecodeError) as error:
            self.put(frames.closing(getattr(error, "status", 1007)))
            self._lose()
        if len(self._inbox) > INBOX and self._reading is not None:
            self._hub.remove(self._reading)
            self._reading = None
        self._handle_soon()

    def _lose(self) -> None:
        """There will be nothing more from this client; what it has sent is handled, then the connection ends."""
        if self._reading is not None:
            self._hub.remove(self._reading)
            self._reading = None
        if not self._inbox or self._inbox[-1] is not None:
            self._inbox.append(None)
        self._handle_soon()

    def _handle_soon(self) -> None:
        if self._inbox and not self._handling:
            self._handling = True
            spawn_n(self._handle)

    def _handle(self) -> None:
        """The client's events, in their order, a few in one turn."""
        try:
            for _ in range(TURN):
                if not self._may_go_on():
                    break
                data = self._inbox.pop(0)
                if data is None:
                    self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
                else:
                    self._handle_one(data)
        finally:
            self._handling = False
        if self._may_go_on():
            self._handle_soon()
        elif self._reading is None and not self._inbox and not self.closed:
            self._reading = self._listen(self._hub.READ, self._on_readable)

    def _may_go_on(self) -> bool:
        """Nobody is given more answers than they read; but who has gone is seen off."""
        if self.closed or not self._inbox:
            return False
        return self._inbox[-1] is None or (self._writing is None and self._allowed < 2 * BACKLOG)

    def _handle_one(self, data: str | bytes) -> None:
        try:
            if isinstance(data, str) and data.startswith(MESSAGE):
                self.server.handlers["message"](self.sid, data[1:])
                return
            pkt = packet.Packet(encoded_packet=data)
            if pkt.packet_type == packet.MESSAGE:
                self.server.handlers["message"](self.sid, pkt.data)
            elif pkt.packet_type == packet.CLOSE:
                self.close(wait=False, abort=True, reason=self.server.reason.CLIENT_DISCONNECT)
        except exceptions.SocketIsClosedError:
            pass
        except Exception as error:
            logger.info("A client's frame made no sense: %r", error, extra={"socket": self.sid})
            self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_ERROR)

    # The end

    def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        """Say goodbye, unless `abort`, and end the connection. Never waits."""
        if self.closing:
            return
        self.closing = True
        if not abort:
            self.put(ENGINE_CLOSE)
            self.put(frames.closing(1000))
        self.server.sockets.pop(self.sid, None)
        why = reason or self.server.reason.SERVER_DISCONNECT
        self.server._trigger_event("disconnect", self.sid, why, run_async=False)
        self.closed = True
        if self._out:
            self.flush()
        if not self._ended:
            if self._backlog and not abort:
                self._hub.schedule_call_global(LINGER, self._end)
            else:
                self._end()

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        for listener in (self._reading, self._writing):
            if listener is not None:
                self._hub.remove(listener)
        self._reading = self._writing = None
        self._out.clear()
        self._inbox.clear()
        self._backlog = b""
        self._connection.close()

    def _listen(self, direction: str, callback: Callable[[int], None]) -> Any:
        def call(descriptor: int) -> None:
            try:
                callback(descriptor)
            except Exception:
                logger.exception("A socket failed", extra={"socket": self.sid})
                self._lose()

        listener = self._hub.add(direction, self._descriptor, call, _ignore, None)
        listener.greenlet = self._hub.greenlet  # or it keeps the greenlet in which it was made
        return listener


def _ignore(*_error: Any) -> None:
    """The hub's way to throw into a greenlet that waits; here none does."""


def _read_ahead(environ: dict[str, Any]) -> bytes:
    """What the client sent right behind its request: it lies in the buffer from which the headers were read."""
    try:
        return bytes(environ["wsgi.input"].rfile.peek())
    except (OSError, ValueError):  # nothing: the buffer asked the descriptor, which is not its own any more
        return b""
