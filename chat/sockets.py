"""The Socket.IO doors: parse, call, answer. Every event is acknowledged, whatever becomes of it."""

import functools
import json
import logging
import math
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import flask
import msgspec
import sqlalchemy as sa
from flask_login import current_user
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError

from chat import bus, inputs, limits, membership, messages, rooms, rules, sessions, tokens, users
from chat.connections import Connection, Connections
from chat.db import AWAY, now
from chat.errors import Refused
from chat.http import origins
from chat.metrics import ACKNOWLEDGEMENT
from chat.stock_wire import StockWire
from chat.wire import Wire

if TYPE_CHECKING:
    from chat.backend import Backend

FRAME_LIMIT = (
    150_000  # bytes of one message from a client: the longest text, each character escaped twice over
)

# An event in the default namespace, with the number under which its answer is awaited. The library reads all else
# (hand-shakes, other namespaces, binary parts); for events, its way takes longer than ours to the database.
EVENT = re.compile(r"2(\d{0,15})\[")

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
        self._by_sid: dict[str, Connection] = {}  # by Engine.IO's id
        self._doors = {
            door.__name__: door for door in (self.join, self.leave, self.send, self.typing, self.read)
        }

    def open(self, server: Any) -> None:
        self._server = server
        server.on("connect", handler=self.connect)
        server.on("disconnect", handler=self.disconnect)
        server.on("*", handler=lambda *_event: _error("invalid", "No event takes binary data."))
        self._understand = server.eio.handlers["message"]
        server.eio.on("message", self._hear)

    def connect(self, sid: str, environ: Any, auth: Any = None) -> None:
        """By the session's cookie, or by `auth: {"token": TOKEN}`."""
        try:
            found = self._who(environ, auth)
        except AWAY:
            raise ConnectionRefusedError("unavailable") from None
        except Exception:
            logger.exception("connect failed", extra={"socket": sid})
            raise ConnectionRefusedError("internal") from None
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        try:
            self._backend.limits.request(found[0].id if found else None, environ.get("REMOTE_ADDR", ""))
            if found is None:
                raise Refused("unauthenticated", "")
            if found[1].is_banned:
                raise Refused("banned", "")
            self._by_sid[eio_sid] = self._connections.open(eio_sid, *found)
        except Refused as refused:
            raise ConnectionRefusedError(refused.code) from None

    def disconnect(self, sid: str, _reason: Any = None) -> None:
        if connection := self._by_sid.pop(self._server.manager.eio_sid_from_sid(sid, "/"), None):
            self._connections.close(connection)

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
        began = time.monotonic()
        wish = inputs.from_data(inputs.Send, data)
        room_id = inputs.id_of("room", wish.room)
        reply_to = inputs.reply_id(wish.reply_to)
        with self._backend.limits.message(connection.person.id, room_id):
            message, _new = messages.post(
                self._backend, connection.person, room_id, wish.text, wish.client_id, reply_to
            )
        ACKNOWLEDGEMENT.observe(time.monotonic() - began)
        return {"message": message}

    def typing(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.InRoom, data)
        room_id = inputs.id_of("room", wish.room)
        self._backend.db.read(_check_may_begin, connection, room_id)
        news = {"room": wish.room, "user": connection.person.json()}
        self._backend.bus.tell(bus.room_channel(room_id), "typing", news)
        return {}

    def read(self, connection: Connection, data: Any) -> dict[str, Any]:
        wish = inputs.from_data(inputs.Read, data)
        room_id = inputs.id_of("room", wish.room)
        seq = self._backend.db.write(membership.mark_read, connection.person, room_id, wish.seq, wish.back)
        news = {"room": wish.room, "seq": seq}
        self._backend.bus.tell(bus.user_channel(connection.person.id), "read", news)
        return {}

    def _hear(self, sid: str, data: Any) -> None:
        """One packet. What is not Socket.IO ends the connection, and is no error of ours."""
        try:
            connection = self._by_sid.get(sid)
            if connection and isinstance(data, str) and (event := EVENT.match(data)):
                allowed = (
                    connection.allowance is None or connection.allowance.take()
                )  # before anything is parsed
                answer = self._answer(connection, *_decode(data[event.end() - 1 :])) if allowed else TOO_MANY
                if event[1]:
                    self._connections.wire.answer(
                        sid, b"43%s[%s]" % (event[1].encode(), msgspec.json.encode(answer))
                    )
            elif isinstance(data, str) and MANY_PARTS.match(data):
                raise ValueError("too many binary parts")
            else:
                self._understand(sid, data)
        except Exception as error:  # each door answers for its own errors: they don't come here
            logger.info("A packet could not be read: %r", error, extra={"socket": sid})
            if socket := self._server.eio.sockets.get(sid):
                socket.close(wait=False)

    def _answer(self, connection: Connection, name: Any, data: Any = None, *more: Any) -> dict[str, Any]:
        try:
            door = self._doors.get(name) if isinstance(name, str) else None
            if door is None:
                known = "docs/protocol.md lists those that are"
                raise Refused("unknown_event", f"There is no event {str(name)[:40]!r}; {known}.")
            if connection.credential.scope == "read" and name not in tokens.READERS_EVENTS:
                raise Refused("forbidden", f"This token's scope is 'read', which does not allow {name!r}.")
            self._note_use(connection)
            if more:
                raise Refused("invalid", "One object was expected beside the event's name.")
            return {"ok": True, **door(connection, data)}
        except Refused as refused:
            if refused.code == "too_many_requests":
                self._backend.limits.hold(limits.HOLD_EVENT)
            return _error(refused.code, refused.detail, refused.retry_after)
        except AWAY as error:
            logger.error("The database is away: %s", error)
            return _error("unavailable", "The database is away; nothing was changed. Try again in a moment.")
        except Exception:
            logger.exception("%s failed", name, extra={"socket": connection.sid})
            return _error("internal", "Something broke on the server; it has been logged.")

    def _note_use(self, connection: Connection) -> None:
        """Else who only talks here, and asks for nothing over HTTP, would be taken for gone."""
        if sessions.is_stale(connection.credential):
            connection.credential = replace(connection.credential, seen_at=now())
            self._backend.spawn(self._backend.db.write, sessions.note, connection.credential)

    def _who(self, environ: dict[str, Any], auth: Any) -> tuple[users.Person, users.Credential] | None:
        if isinstance(auth, dict) and "token" in auth:
            token = auth["token"]
            return self._backend.db.read(users.by_token, token) if isinstance(token, str) else None
        with self._app.request_context(environ):
            return (current_user.person, current_user.credential) if current_user.is_authenticated else None


def _check_may_begin(conn: sa.Connection, connection: Connection, room_id: int) -> None:
    """Who may not write here is not shown as writing either."""
    if not connection.rooms.get(room_id):  # a member who has joined need not be looked up
        rooms.for_user(conn, connection.person, room_id).check_member()
    rules.check(conn, connection.person, room_id)


def _error(code: str, detail: str, retry_after: float | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "detail": detail}
    if retry_after is not None:
        error["retry_after"] = math.ceil(retry_after)
    return {"ok": False, "error": error}


TOO_MANY = _error(
    "too_many_requests",
    f"More than {limits.EVENTS.a_second} events a second; wait a moment, then try again.",
    1,
)


def _decode(text: str) -> list[Any]:
    """Quickly, or as the library does: half of a character, which browsers do send, is for the door to refuse."""
    try:
        return list(msgspec.json.decode(text))
    except msgspec.DecodeError:
        return list(json.loads(text))
