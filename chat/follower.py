"""Follows the logs of the rooms that this replica's sockets have joined, and hands each socket its events in order.

For each room it knows the number up to which it has delivered. The next number: deliver. A gap, a fresh
subscription, a periodic look at the last numbers: read what is missing from the database, then go on. So a lost
bell, a restarted Redis and a deaf subscription heal by themselves, and no client has to do anything.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from chat import bus, log, messages, rooms
from chat.hub import start_thread
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

REACH = 1000  # events that a join goes back at most; further, it starts anew
RESET = 50  # events that a fresh start is given
PAGE = 200  # events read at once while healing
FRESH = 2000  # milliseconds: an older bell may tell of what has been deleted since

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Following:
    """One room. A socket is in one of three places."""

    room_id: int
    at: int | None = None  # the number of the last event delivered; None until somebody has joined
    joining: dict[str, list[tuple[int, bytes]]] = field(
        default_factory=dict
    )  # reading the past; these wait for it
    ahead: dict[str, int] = field(default_factory=dict)  # has read beyond `at`, up to this number
    live: set[str] = field(default_factory=set)
    healing: bool = False
    look_again: bool = False

    def is_empty(self) -> bool:
        return not (self.live or self.ahead or self.joining)


@dataclass(frozen=True, slots=True)
class Joined:
    """What a socket is told when it has joined."""

    room: rooms.Room
    last_seq: int
    events: list[Any]
    reset: bool


class Follower:
    """Parameters
    ----------
    backend : where the logs are.
    send : puts a frame on sockets, `Wire.send`.
    """

    def __init__(self, backend: "Backend", send: Callable[..., None]):
        self._backend = backend
        self._send = send
        self._rooms: dict[int, Following] = {}
        self.delivered = 0
        self.healed = 0

    def join(self, sid: str, person: Person, room_id: int, after: int | None, log_id: str | None) -> Joined:
        """Catch the socket up with a room's log and let it follow from there, with neither gap nor repeat.

        The live events follow only after the caller has answered with what this returns, if the hub is not given
        a turn in between.

        Raises
        ------
        Refused : `not_found`.
        """
        self.leave(sid, room_id)
        room = self._follow(room_id)
        waiting = room.joining[sid] = []
        try:
            joined = self._backend.db.read(_catch_up, person, room_id, after, log_id)
            while sid in room.joining and not _reaches(room, joined, waiting):
                joined = self._backend.db.read(_catch_up, person, room_id, after, log_id)
        except BaseException:
            room.joining.pop(sid, None)
            self._forget_if_empty(room)
            raise
        if room.joining.pop(sid, None) is None:  # it went away meanwhile
            self._forget_if_empty(room)
            return joined
        return self._enter(room, sid, joined, waiting)

    def leave(self, sid: str, room_id: int) -> None:
        """Nothing more of the room goes to the socket."""
        if room := self._rooms.get(room_id):
            room.joining.pop(sid, None)
            room.ahead.pop(sid, None)
            room.live.discard(sid)
            self._forget_if_empty(room)

    def hear(self, room_id: int, seq: int, at: int, frame: bytes) -> None:
        """A bell: deliver the next event, or read what is missing."""
        room = self._rooms.get(room_id)
        if room is None or room.at is None or seq <= room.at:
            return
        age = abs(time.time_ns() // 1_000_000 - at)
        if seq == room.at + 1 and age < FRESH:
            self._deliver(room, seq, at, frame)
        else:
            self.look(room_id)

    def pass_on(self, room_id: int, frame: bytes) -> None:
        """Passing news for everybody in the room."""
        if room := self._rooms.get(room_id):
            self._send([*room.live, *room.ahead], frame)

    def look(self, room_id: int) -> None:
        """Read from the database what this room's sockets have missed."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        room.look_again = True
        if not room.healing:
            room.healing = True
            start_thread(f"heal-{room_id}", self._heal, room)

    def look_at_all(self) -> None:
        """The periodic look: which rooms have gone on without our hearing it?"""
        last = self._backend.db.read(log.last_seqs, list(self._rooms))
        for room_id, seq in last.items():
            room = self._rooms.get(room_id)
            if room and room.at is not None and room.at < seq:
                self.look(room_id)

    def rooms(self) -> int:
        return len(self._rooms)

    def _follow(self, room_id: int) -> Following:
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = Following(room_id)
            self._backend.bus.subscribe(bus.room_channel(room_id))
        return room

    def _forget_if_empty(self, room: Following) -> None:
        if room.is_empty() and self._rooms.get(room.room_id) is room:
            del self._rooms[room.room_id]
            self._backend.bus.unsubscribe(bus.room_channel(room.room_id))

    def _enter(self, room: Following, sid: str, joined: Joined, waiting: list[tuple[int, bytes]]) -> Joined:
        late = [msgspec.json.decode(frame[2:])[1] for seq, frame in waiting if seq > joined.last_seq]
        last_seq = joined.last_seq + len(late)
        first = room.at is None
        if room.at is None:
            room.at = last_seq
        if room.at < last_seq:
            room.ahead[sid] = last_seq
        else:
            room.live.add(sid)
        if first:
            self.look(room.room_id)  # what was rung while we read was not ours to deliver yet
        return Joined(joined.room, last_seq, joined.events + late, joined.reset)

    def _deliver(self, room: Following, seq: int, at: int, frame: bytes) -> None:
        room.at = seq
        if room.live:
            self._send(list(room.live), frame, at)
        self.delivered += len(room.live)
        for waiting in room.joining.values():
            waiting.append((seq, frame))
        for sid in [sid for sid, reached in room.ahead.items() if reached <= seq]:
            del room.ahead[sid]
            room.live.add(sid)

    def _heal(self, room: Following) -> None:
        """Until nothing is missing; a look that is asked for meanwhile is taken here."""
        try:
            while room.look_again and self._follows(room) and room.at is not None:
                room.look_again = False
                self._heal_once(room)
        except Exception:
            logger.exception("Room %d could not be healed; the next look tries again.", room.room_id)
        finally:
            room.healing = False

    def _follows(self, room: Following) -> bool:
        """Until its last socket has gone; whoever comes next has a new one."""
        return self._rooms.get(room.room_id) is room

    def _heal_once(self, room: Following) -> None:
        while self._follows(room) and (
            events := self._backend.db.read(messages.events_after, room.room_id, room.at, PAGE)
        ):
            for event in events:
                if event["seq"] == (room.at or 0) + 1:
                    self._deliver(room, event["seq"], _milliseconds(event["at"]), bus.frame("event", event))
                    self.healed += 1


def _milliseconds(rfc3339: str) -> int:
    """Of an event that is read: the time under which it was stored, a flush before its commit was over."""
    return round(datetime.fromisoformat(rfc3339).timestamp() * 1000)


def _reaches(room: Following, joined: Joined, waiting: list[tuple[int, bytes]]) -> bool:
    """Whether what was read, and what came while it was read, goes up to what the others have been given."""
    late = [seq for seq, _frame in waiting if seq > joined.last_seq]
    return room.at is None or joined.last_seq + len(late) >= room.at


def _catch_up(
    conn: sa.Connection, person: Person, room_id: int, after: int | None, log_id: str | None
) -> Joined:
    room = rooms.for_user(conn, person, room_id)
    reset = after is None or not room.last_seq - REACH <= after <= room.last_seq
    reset = reset or (log_id is not None and log_id != room.log)
    start = max(0, room.last_seq - RESET) if reset or after is None else after
    events = messages.events_after(conn, room_id, start, max(0, room.last_seq - start))
    return Joined(room, room.last_seq, events, reset)
