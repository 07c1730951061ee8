"""The sockets of this replica: who is behind each, in which rooms it is, and whether it still may be.

Every bell for this replica arrives here and goes on to the rooms (`Follower`) or to a person's devices.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from chat import bus, limits, membership, rooms, users
from chat.errors import Refused
from chat.follower import Follower, Joined
from chat.presence import Presence
from chat.stock_wire import StockWire
from chat.users import Credential, Person
from chat.wire import Wire

if TYPE_CHECKING:
    from chat.backend import Backend
    from chat.config import Config

TOGETHER = 0.1  # seconds in which others may join a look at people's rights

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Connection:
    """One open socket."""

    sid: str  # Engine.IO's id
    person: Person
    credential: Credential
    rooms: dict[int, bool] = field(default_factory=dict)  # joined room → whether as a member
    allowance: limits.Allowance | None = None  # None: as many events as it likes


class Connections:
    """Parameters
    ----------
    backend : where people, rooms and bells are.
    wire : puts frames on sockets.
    """

    def __init__(self, backend: "Backend", wire: Wire | StockWire):
        self._backend = backend
        self._limited = backend.config.limits
        self.wire = wire
        self._by_sid: dict[str, Connection] = {}
        self._by_user: dict[int, set[Connection]] = {}
        self._doubtful: set[int] = set()  # people whose bells may have been missed
        self.follower = Follower(backend, wire.send)
        self.presence = Presence(backend, self)
        backend.bus.hear = self._hear
        backend.bus.fresh = self._fresh

    def __len__(self) -> int:
        return len(self._by_sid)

    def open(self, sid: str, person: Person, credential: Credential) -> Connection:
        """A person's new socket; raises Refused `too_many_requests`."""
        if self._limited and len(self.of_user(person.id)) >= limits.SOCKETS:
            raise Refused(
                "too_many_requests", f"{limits.SOCKETS} connections of yours are open here; close some."
            )
        connection = self._by_sid[sid] = Connection(sid, person, credential)
        connection.allowance = limits.Allowance(limits.EVENTS) if self._limited else None
        if person.id not in self._by_user:
            self._by_user[person.id] = set()
            self._backend.bus.subscribe(bus.user_channel(person.id))
            self.presence.changed(person)
        self._by_user[person.id].add(connection)
        return connection

    def close(self, connection: Connection) -> None:
        """The socket is gone. Costs what its own rooms cost."""
        if self._by_sid.pop(connection.sid, None) is None:
            return
        for room_id in connection.rooms:
            self.follower.leave(connection.sid, room_id)
        connection.rooms.clear()
        mine = self._by_user[connection.person.id]
        mine.discard(connection)
        if not mine:
            del self._by_user[connection.person.id]
            self._backend.bus.unsubscribe(bus.user_channel(connection.person.id))
            self.presence.changed(connection.person)

    def join(self, connection: Connection, room_id: int, after: int | None, log_id: str | None) -> Joined:
        """Let the socket follow a room; raises Refused `not_found`, or `too_many_requests` for too many rooms."""
        if self._limited and len(connection.rooms) >= limits.ROOMS and room_id not in connection.rooms:
            raise Refused("too_many_requests", f"This connection follows {limits.ROOMS} rooms; leave some.")
        connection.rooms.pop(room_id, None)
        joined = self.follower.join(connection.sid, connection.person, room_id, after, log_id)
        if connection.sid in self._by_sid:
            connection.rooms[room_id] = joined.room.member
        else:
            self.follower.leave(connection.sid, room_id)
        return joined

    def leave(self, connection: Connection, room_id: int) -> None:
        connection.rooms.pop(room_id, None)
        self.follower.leave(connection.sid, room_id)

    def of_user(self, user_id: int) -> set[Connection]:
        return self._by_user.get(user_id, set())

    def user_ids(self) -> list[int]:
        return list(self._by_user)

    def recheck_all(self) -> None:
        """The periodic look: a revocation rides on a bell and must not depend on it."""
        self._recheck(list(self._by_sid.values()))

    def drain(self) -> None:
        """Tell every client to go elsewhere, and close."""
        sids = list(self._by_sid)
        self.wire.send(sids, bus.frame("draining", {}))
        for sid in sids:
            self.wire.close(sid)

    def _hear(self, channel: str, kind: bytes, seq: int, at: int, body: bytes) -> None:
        _roomful, scope, name = channel.split(":")
        if scope == "user":
            self._hear_of_user(int(name), kind, body)
        elif kind == b"event":
            self.follower.hear(int(name), seq, at, body)
            self._backend.indexer.wake()
        else:
            self.follower.pass_on(int(name), body)

    def _hear_of_user(self, user_id: int, kind: bytes, body: bytes) -> None:
        connections = list(self.of_user(user_id))
        if connections and kind == b"recheck":
            self._backend.spawn(self._recheck, connections)
        else:
            self.wire.send([connection.sid for connection in connections], body)

    def _fresh(self, channel: str) -> None:
        """What was rung before this subscription began has been missed."""
        _roomful, scope, *name = channel.split(":")
        if scope == "room":
            self.follower.look(int(name[0]))
        elif scope == "user":
            if not self._doubtful:
                self._backend.spawn(self._recheck_doubtful)
            self._doubtful.add(int(name[0]))

    def _recheck_doubtful(self) -> None:
        """Those whose subscription has begun; when many arrive, all at once."""
        time.sleep(TOGETHER)
        users, self._doubtful = self._doubtful, set()
        self._recheck([connection for user_id in users for connection in self.of_user(user_id)])

    def _recheck(self, connections: list[Connection]) -> None:
        """Close the sockets whose session or token has ended; take out of a room those who may not be there."""
        if not connections:
            return
        rights = self._backend.db.read(_read_rights, connections, self._backend.config)
        for connection in connections:
            if connection.credential not in rights.alive:
                self.wire.close(connection.sid)
                self.close(connection)
                continue
            for room_id, as_member in list(connection.rooms.items()):
                member = (room_id, connection.person.id) in rights.memberships
                if member:
                    connection.rooms[room_id] = True
                elif (
                    as_member or room_id in rights.private or (room_id, connection.person.id) in rights.banned
                ):
                    self.leave(connection, room_id)


@dataclass(frozen=True, slots=True)
class _Rights:
    alive: set[Credential]
    memberships: set[tuple[int, int]]
    banned: set[tuple[int, int]]
    private: set[int]


def _read_rights(conn: sa.Connection, connections: Iterable[Connection], config: "Config") -> _Rights:
    connections = list(connections)
    joined = {room_id for connection in connections for room_id in connection.rooms}
    people = {connection.person.id for connection in connections}
    return _Rights(
        users.alive(conn, {connection.credential for connection in connections}, config),
        membership.memberships(conn, people),
        membership.banned_among(conn, people),
        rooms.private_among(conn, sorted(joined)),
    )
