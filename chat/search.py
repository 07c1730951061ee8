"""Search by substring, in any language, behind the log.

The index is filled a fraction of a second after the messages, outside their transaction, and remembers for each room
how far it has come: whatever dies, it goes on from there. One column, normalised alike for both databases, has a
trigram index in each one's own words. Words of one or two characters have no trigram; they are looked for in the
newest messages only.
"""

import logging
import threading
import time
import unicodedata
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import rooms
from chat.db import Row, events, execute_rows, insert, members, messages, search, search_progress, table_of
from chat.db import rooms as room_rows
from chat.errors import Refused
from chat.hub import start_thread
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

TRIGRAM = 3
MOST_WORDS = 10
SCANNED = 20_000  # newest messages in which short words are looked for
ROOMS = 50  # rooms in one transaction of the indexer
STEP = 100  # events in one transaction of the indexer: 10 ms of the writer at most

logger = logging.getLogger(__name__)


def find(conn: sa.Connection, person: Person, query: str, room_id: int | None, limit: int) -> list[int]:
    """Ids of messages that hold every word of `query`, newest first, from rooms that this person may read."""
    words = normalise(query).split()
    if not 0 < len(words) <= MOST_WORDS:
        raise Refused("invalid", f"q: {len(words)} words; 1 to {MOST_WORDS} are accepted.")
    if room_id is not None:
        rooms.for_user(conn, person, room_id)
        readable = search.c.room_id == room_id
    else:
        readable = search.c.room_id.in_(_readable_by(person))
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    rows = _with_trigrams(conn, long, readable) if long else _newest(readable)
    select = sa.select(rows.c.message_id).where(*(_contains(conn, rows.c.body, word) for word in short))
    return list(conn.execute(select.order_by(rows.c.message_id.desc()).limit(limit)).scalars())


def forget(conn: sa.Connection, message_id: int) -> None:
    """In the transaction that deletes the message."""
    conn.execute(search.delete().where(search.c.message_id == message_id))


def normalise(text: str) -> str:
    """NFKC and case-folded: what looks the same is found by either."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class Indexer:
    """Fills the index of one process's rooms; several processes may, and do not do it twice.

    Parameters
    ----------
    backend : what it reads from and writes to.
    pause : seconds between a message and its indexing, in which others gather.
    """

    def __init__(self, backend: "Backend", pause: float = 0.15):
        self._backend = backend
        self._pause = pause
        self._wanted = threading.Event()
        self._closed = threading.Event()

    def start(self) -> None:
        start_thread("indexer", self._run)

    def wake(self) -> None:
        """Something was written."""
        self._wanted.set()

    def close(self) -> None:
        self._closed.set()
        self._wanted.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wanted.wait(timeout=2)  # others write too, and not all of it is heard here
            self._closed.wait(self._pause)
            self._wanted.clear()
            try:
                self._fill()
            except Exception:
                logger.exception("The search index could not be filled; it goes on where it was.")

    def _fill(self) -> None:
        """While there are whole steps to take; the log has the writer for three quarters of the time at least."""
        indexed = 0
        while not self._closed.is_set():
            begun = time.monotonic()
            indexed = self._backend.db.write(index)
            if indexed < STEP:
                break
            self._closed.wait(3 * (time.monotonic() - begun))
        if indexed:
            self._wanted.set()  # a little may have come, or be left in other rooms: it can gather for a moment


def index(conn: sa.Connection) -> int:
    """Index the next events of the rooms that are behind; returns how many."""
    behind = _rooms_behind(conn)
    _begin(conn, [room.id for room in behind if room.seq is None])
    events = _next_events(conn, _lock_progress(conn, [room.id for room in behind]))
    if events:
        _index_messages(conn, {event.message_id for event in events if event.type != "reaction"})
        _note_progress(conn, {event.room_id: event.seq for event in events})
    return len(events)


def _readable_by(person: Person) -> sa.Select[Any]:
    mine = sa.select(members.c.room_id).where(members.c.user_id == person.id)
    return sa.select(room_rows.c.id).where(~room_rows.c.private | room_rows.c.id.in_(mine))


def _with_trigrams(conn: sa.Connection, words: list[str], readable: Any) -> sa.Subquery:
    select = sa.select(search.c.message_id, search.c.body).where(readable)
    if conn.dialect.name == "postgresql":
        return select.where(*(search.c.body.contains(word, autoescape=True) for word in words)).subquery()
    match = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    trigrams = sa.table("search_trigrams", sa.column("rowid", sa.Integer))
    matching = sa.text("search_trigrams MATCH :match").bindparams(match=match)
    return select.join(trigrams, trigrams.c.rowid == search.c.message_id).where(matching).subquery()


def _newest(readable: Any) -> sa.Subquery:
    select = sa.select(search.c.message_id, search.c.body).where(readable)
    return select.order_by(search.c.message_id.desc()).limit(SCANNED).subquery()


def _contains(conn: sa.Connection, body: Any, word: str) -> Any:
    position = sa.func.strpos if conn.dialect.name == "postgresql" else sa.func.instr
    return position(body, word) > 0


def _rooms_behind(conn: sa.Connection) -> list[Row]:
    """Rooms with events that are not indexed; seq is how far they are, None for those that have not begun."""
    progress = sa.func.coalesce(search_progress.c.seq, 0)
    select = sa.select(room_rows.c.id, search_progress.c.seq)
    behind = select.outerjoin(search_progress, search_progress.c.room_id == room_rows.c.id)
    return list(conn.execute(behind.where(room_rows.c.last_seq > progress).limit(ROOMS)))


def _begin(conn: sa.Connection, room_ids: list[int]) -> None:
    if room_ids:
        rows = [{"room_id": room_id, "seq": 0} for room_id in room_ids]
        conn.execute(insert(conn, search_progress).on_conflict_do_nothing(), rows)


def _lock_progress(conn: sa.Connection, room_ids: list[int]) -> list[int]:
    """Those of these rooms that no other process is indexing."""
    if not room_ids:
        return []
    select = sa.select(search_progress.c.room_id).where(search_progress.c.room_id.in_(room_ids))
    return list(conn.execute(select.with_for_update(skip_locked=True)).scalars())


def _next_events(conn: sa.Connection, room_ids: list[int]) -> list[Any]:
    """The first events that are not indexed, each room's in their order."""
    next_ones = events.c.seq.between(
        search_progress.c.seq + 1, search_progress.c.seq + STEP
    )  # by the index, whatever lies before
    behind = (search_progress.c.room_id == events.c.room_id) & next_ones
    select = sa.select(events.c.room_id, events.c.seq, events.c.type, events.c.message_id)
    order = (events.c.room_id, events.c.seq)
    of_rooms = events.c.room_id.in_(room_ids)
    return list(
        conn.execute(select.join(search_progress, behind).where(of_rooms).order_by(*order).limit(STEP))
    )


def _note_progress(conn: sa.Connection, reached: dict[int, int]) -> None:
    update = f"""
        UPDATE search_progress SET seq = draft.seq FROM {table_of(conn, room_id="bigint", seq="bigint")}
        WHERE search_progress.room_id = draft.room_id"""
    execute_rows(conn, update, [{"room_id": room_id, "seq": seq} for room_id, seq in reached.items()])


def _index_messages(conn: sa.Connection, ids: set[int]) -> None:
    select = sa.select(messages.c.id, messages.c.room_id, messages.c.text).where(messages.c.id.in_(ids))
    texts = conn.execute(
        select.with_for_update(read=True)
    ).all()  # a deletion waits, and then finds its row here
    conn.execute(search.delete().where(search.c.message_id.in_(ids)))
    rows = [
        {"message_id": row.id, "room_id": row.room_id, "body": normalise(row.text)}
        for row in texts
        if row.text
    ]
    if rows:
        columns = table_of(conn, message_id="bigint", room_id="bigint", body="text")
        fill = (
            f"INSERT INTO search (message_id, room_id, body) SELECT message_id, room_id, body FROM {columns}"
        )
        execute_rows(conn, fill, rows)
