"""Following the log from behind: what comes next, and how far one has come in each room.

Several processes may follow; each room's next events are taken by one of them, in a transaction that also notes how far
it has come. Whatever dies, the next one goes on from there. It is done several times a second on the replica's own thread, so
its statements are written out: to make them anew each time took more than PostgreSQL does.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from chat.db import Row, among, execute_rows, insert, table_of

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


def events_of(conn: sa.Connection) -> str:
    """For a FROM: the `event`s of the spans that are the parameter `rows`. Each span is looked up by the index; joined,
    PostgreSQL would read whole tables, because it cannot see how few spans there are.
    """
    table = table_of(conn, room_id="bigint", behind="bigint", until="bigint")
    theirs = "events.room_id = draft.room_id AND events.seq > draft.behind AND events.seq <= draft.until"
    if conn.dialect.name == "postgresql":
        return f"{table} CROSS JOIN LATERAL (SELECT * FROM events WHERE {theirs} OFFSET 0) AS event"
    return f"{table} JOIN events AS event ON {theirs.replace('events.', 'event.')}"


def length(spans: list[Span]) -> int:
    """How many events."""
    return sum(span.until - span.behind for span in spans)


def note(conn: sa.Connection, progress: sa.Table, spans: list[Span]) -> None:
    """In the transaction of `next_spans`: these have been dealt with."""
    name, table = progress.name, table_of(conn, room_id="bigint", until="bigint")
    reached = f"UPDATE {name} SET seq = draft.until FROM {table} WHERE {name}.room_id = draft.room_id"
    execute_rows(conn, reached, rows(spans))


def rows(spans: list[Span]) -> list[dict[str, Any]]:
    """As a parameter."""
    return [span._asdict() for span in spans]


def _rooms_behind(conn: sa.Connection, progress: sa.Table) -> list[Row]:
    """Rooms with events that have not been taken; seq is how far they are, None for those that have not begun."""
    behind = f"""
        SELECT rooms.id, reached.seq FROM rooms LEFT JOIN {progress.name} AS reached ON reached.room_id = rooms.id
        WHERE rooms.last_seq > coalesce(reached.seq, 0) LIMIT {ROOMS}"""
    return execute_rows(conn, behind, [])


def _begin(conn: sa.Connection, progress: sa.Table, room_ids: list[int]) -> None:
    if room_ids:
        rows = [{"room_id": room_id, "seq": 0} for room_id in room_ids]
        conn.execute(insert(conn, progress).on_conflict_do_nothing(), rows)


def _lock(conn: sa.Connection, progress: sa.Table, room_ids: list[int]) -> list[Row]:
    """Those of these rooms that no other process is at."""
    if not room_ids:
        return []
    lock = " FOR UPDATE OF reached SKIP LOCKED" if conn.dialect.name == "postgresql" else ""
    ours = f"""
        SELECT reached.room_id, reached.seq, rooms.last_seq FROM {progress.name} AS reached
        JOIN rooms ON rooms.id = reached.room_id WHERE reached.room_id {among(conn)}{lock}"""
    return execute_rows(conn, ours, [{"id": room_id} for room_id in room_ids])
