"""Following the log from behind: what comes next, and how far one has come in each room.

Several processes may follow; each room's next events are taken by one of them, in a transaction that also notes how far
it has come. Whatever dies, the next one goes on from there.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from chat.db import Row, insert
from chat.schema import events, rooms

ROOMS = 50  # in one transaction


class Span(NamedTuple):
    """Events of a room: those behind number `behind`, up to `until`."""

    room_id: int
    behind: int
    until: int


def next_spans(conn: sa.Connection, progress: sa.Table, most: int) -> list[Span]:
    """The next events, `most` in all, of rooms that are behind and that no other process is at.

    Parameters
    ----------
    progress : a table of (room_id, seq).
    """
    behind = _rooms_behind(conn, progress)
    _begin(conn, progress, [room.id for room in behind if room.seq is None])
    spans: list[Span] = []
    for room in _lock(conn, progress, [room.id for room in behind]):
        until = min(room.last_seq, room.seq + most)
        if until > room.seq:
            spans.append(Span(room.room_id, room.seq, until))
            most -= until - room.seq
    return spans


def within(spans: list[Span]) -> Any:
    """The condition on events."""
    of_room = (events.c.room_id == span.room_id for span in spans)
    numbers = (events.c.seq.between(span.behind + 1, span.until) for span in spans)
    return sa.or_(*(room & number for room, number in zip(of_room, numbers, strict=True)))


def length(spans: list[Span]) -> int:
    """How many events."""
    return sum(span.until - span.behind for span in spans)


def note(conn: sa.Connection, progress: sa.Table, spans: list[Span]) -> None:
    """In the transaction of `next_spans`: these have been dealt with."""
    ours = progress.c.room_id == sa.bindparam("room")
    reached = [{"room": span.room_id, "until": span.until} for span in spans]
    conn.execute(progress.update().where(ours).values(seq=sa.bindparam("until")), reached)


def _rooms_behind(conn: sa.Connection, progress: sa.Table) -> list[Row]:
    """Rooms with events that have not been taken; seq is how far they are, None for those that have not begun."""
    reached = sa.func.coalesce(progress.c.seq, 0)
    select = sa.select(rooms.c.id, progress.c.seq).outerjoin(progress, progress.c.room_id == rooms.c.id)
    return list(conn.execute(select.where(rooms.c.last_seq > reached).limit(ROOMS)))


def _begin(conn: sa.Connection, progress: sa.Table, room_ids: list[int]) -> None:
    if room_ids:
        rows = [{"room_id": room_id, "seq": 0} for room_id in room_ids]
        conn.execute(insert(conn, progress).on_conflict_do_nothing(), rows)


def _lock(conn: sa.Connection, progress: sa.Table, room_ids: list[int]) -> list[Any]:
    """Those of these rooms that no other process is at."""
    if not room_ids:
        return []
    select = sa.select(progress.c.room_id, progress.c.seq, rooms.c.last_seq)
    ours = select.join(rooms, rooms.c.id == progress.c.room_id).where(progress.c.room_id.in_(room_ids))
    return list(conn.execute(ours.with_for_update(skip_locked=True, of=progress)))
