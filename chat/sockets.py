"""The Socket.IO doors: parse, call, answer. Every event is acknowledged, whatever becomes of it."""

import functools
import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import flask
from flask_login import current_user
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError

from chat import bus, inputs, messages, rooms, users
from chat.connections import Connection, Connections
from chat.db import AWAY
from chat.errors import Refused
from chat.http import origins
from chat.stock_wire import StockWire
from chat.wire import Wire

if TYPE_CHECKING:
    from chat.backend import Backend

FRAME_LIMIT = (
    150_000  # bytes of one message from a client: the longest text, each character escaped twice over
)

# Each part is kept until the last has come. Nothing here takes binary data; a few are read to be refused politely.
MANY_PARTS = re.compile(r"[56]\d{2,}-")

logger = logging.getLogger(__name__)


def open_sockets(app: flask.Flask, backend: "Backend") -> Connections:
    """Serve Socket.IO beside `app`'s HTTP."""
    fast = backend.config.wire == "fast"
    socketio = SocketIO(
        app,
        async_mode="eventlet",
        async_handlers=False,  # one client's events are handled in the order in which they came
        cors_allowed_origins=functools.partial(origins.allows, backend.config),
        max_http_buffer_size=FRAME_LIMIT,
        http_compression=False,
        ping_interval=25,
        ping_timeout=20,
        monitor_clients=not fast,
        manage_session=False,
    )
    connections = Connections(backend, (Wire if fast else StockWire)(socketio.server))
    _Doors(app, backend, connections).open(socketio.server)
    return connections


class _Doors:
    def __init__(self, app: flask.Flask, backend: "Backend", connections: Connections):
        self._app = app
        self._backend = backend
        self._connections = connections
        self._by_sid: dict[str, Connection] = {}

    def open(self, server: Any) -> None:
        self._server = server
        server.on("connect", handler=self.connect)
        server.on("disconnect", handler=self.disconnect)
        for door in (self.join, self.leave, self.send, self.typing, self.read):
            server.on(door.__name__, handler=self._acknowledged(door))
        server.on("*", handler=self.unknown)
        self._understand = server.eio.handlers["message"]
        server.eio.on("message", self._hear)

    def connect(self, sid: str, environ: Any = None, auth: Any = None, *_data: Any) -> dict[str, Any] | None:
        """By the session's cookie, or by `auth: {"token": TOKEN}`."""
        if sid in self._by_sid:  # an event of the client's that it calls so: `environ` is its invention
            return self.unknown("connect", sid)
        try:
            found = self._who(environ, auth)
        except AWAY:
            raise ConnectionRefusedError("unavailable") from None
        except Exception:
            logger.exception("connect failed", extra={"socket": sid})
            raise ConnectionRefusedError("internal") from None
        if found is None:
            raise ConnectionRefusedError("unauthenticated")
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        self._by_sid[sid] = self._connections.open(eio_sid, *found)
        return None

    def disconnect(self, sid: str, *_data: Any) -> dict[str, Any] | None:
        if self._server.manager.is_connected(sid, "/"):  # likewise an event of the client's
            return self.unknown("disconnect", sid)
        if connection := self._by_sid.pop(sid, None):
            self._connections.close(connection)
        return None

    def join(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.Join, data)
        room_id = inputs.id_of("room", wish.room)
        joined = self._connections.join(connection, room_id, wish.after, wish.log)
        return {
            "room": str(room_id),
            "log": joined.room.log,
            "last_seq": joined.last_seq,
            "events": joined.events,
            "reset": joined.reset,
        }

    def leave(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.InRoom, data)
        self._connections.leave(connection, inputs.id_of("room", wish.room))
        return {}

    def send(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.Send, data)
        message, _new = messages.post(
            self._backend,
            connection.person,
            inputs.id_of("room", wish.room),
            wish.text,
            wish.client_id,
            inputs.reply_id(wish.reply_to),
        )
        return {"message": message}

    def typing(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.InRoom, data)
        room_id = inputs.id_of("room", wish.room)
        if not connection.rooms.get(room_id):  # a member who has joined need not be looked up
            self._backend.db.read(rooms.for_user, connection.person, room_id).check_member()
        news = {"room": wish.room, "user": connection.person.json()}
        self._backend.bus.tell(bus.room_channel(room_id), "typing", news)
        return {}

    def read(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.Read, data)
        room_id = inputs.id_of("room", wish.room)
        seq = self._backend.db.write(rooms.mark_read, connection.person, room_id, wish.seq, wish.back)
        news = {"room": wish.room, "seq": seq}
        self._backend.bus.tell(bus.user_channel(connection.person.id), "read", news)
        return {}

    def unknown(self, event: Any, *_sid_and_data: Any) -> dict[str, Any]:
        return _error(
            "unknown_event", f"There is no event {str(event)[:40]!r}; docs/protocol.md lists those that are."
        )

    def _hear(self, eio_sid: str, data: Any) -> None:
        """One packet, before Socket.IO reads it. What is not Socket.IO ends the connection, and is no error of ours."""
        try:
            if isinstance(data, str) and MANY_PARTS.match(data):
                raise ValueError("too many binary parts")
            self._understand(eio_sid, data)
        except Exception as error:  # each door answers for its own errors: they don't come here
            logger.info("A packet could not be read: %r", error, extra={"socket": eio_sid})
            if socket := self._server.eio.sockets.get(eio_sid):
                socket.close(wait=False)

    def _acknowledged(
        self, door: Callable[[Connection, Any], dict[str, Any]]
    ) -> Callable[..., dict[str, Any]]:
        def handle(sid: str, data: Any = None, *more: Any) -> dict[str, Any]:
            connection = self._by_sid.get(sid)
            try:
                if connection is None:
                    raise Refused("unauthenticated", "This connection has ended; connect again.")
                if more:
                    raise Refused("invalid", "One object was expected beside the event's name.")
                return {"ok": True, **door(connection, data)}
            except Refused as refused:
                return _error(refused.code, refused.detail)
            except AWAY as error:
                logger.error("The database is away: %s", error)
                return _error(
                    "unavailable", "The database is away; nothing was changed. Try again in a moment."
                )
            except Exception:
                logger.exception("%s failed", door.__name__, extra={"socket": sid})
                return _error("internal", "Something broke on the server; it has been logged.")

        return handle

    def _who(self, environ: dict[str, Any], auth: Any) -> tuple[users.Person, users.Credential] | None:
        if isinstance(auth, dict) and "token" in auth:
            token = auth["token"]
            return self._backend.db.read(users.by_token, token) if isinstance(token, str) else None
        with self._app.request_context(environ):
            return (current_user.person, current_user.credential) if current_user.is_authenticated else None


def _error(code: str, detail: str) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "detail": detail}}
