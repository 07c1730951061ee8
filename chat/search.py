"""Search by substring, in any language, behind the log.

The index is filled a fraction of a second after the messages, outside their transaction, and remembers for each room
how far it has come: whatever dies, it goes on from there. One column, normalised alike for both databases, has a
trigram index in each one's own words. What pictures show is indexed beside it (`chat/depictions.py`).
"""

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from chat import depictions, rooms, trail
from chat.db import among, execute_rows, table_of
from chat.errors import Refused
from chat.folding import normalise
from chat.hub import start_thread
from chat.schema import members, messages, search, search_progress
from chat.schema import rooms as room_rows
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

TRIGRAM = 3
MOST_WORDS = 10
SCANNED = 20_000  # messages that one search for short words looks through
STEP = 100  # events in one transaction of the indexer: 10 ms of the writer at most
LABELS = 200  # that a person is offered
LONGEST = 0.1  # seconds of indexing that a pause is made for: a message is found within about a second

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wish:
    """What is searched for: messages for which all of this holds.

    Parameters
    ----------
    text : words, each of which is in the message, be it as a part of a word.
    room_id, author_id : where, by whom.
    picture : with a picture.
    label : what the picture shows.
    before : a message's id; older ones than that.
    """

    text: str = ""
    room_id: int | None = None
    author_id: int | None = None
    picture: bool = False
    label: str | None = None
    before: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether there is anything beside words."""
        return self.picture or any(value is not None for value in (self.room_id, self.author_id, self.label))


class Found(NamedTuple):
    """Ids of messages, newest first, and the id before which the search goes on; None if that was all."""

    ids: list[int]
    next: int | None


def find(conn: sa.Connection, person: Person, wish: Wish, limit: int) -> Found:
    """Messages as wished, from rooms that this person may read.

    Words of one or two characters have no trigram. Without a longer one, one search looks through the newest `SCANNED`
    messages, and `next` goes on behind them.

    Raises
    ------
    Refused : `not_found` for the room, `invalid`.
    """
    words = normalise(wish.text).split()
    if len(words) > MOST_WORDS or not (words or wish.narrows):
        raise Refused("invalid", f"q: {len(words)} words; 1 to {MOST_WORDS} are accepted.")
    if wish.room_id is not None:
        rooms.for_user(conn, person, wish.room_id)
    conditions = _conditions(conn, person, wish)
    long = [word for word in words if len(word) >= TRIGRAM]
    if words and not long:
        return _scan(conn, words, conditions, _newest(wish), limit)
    select, newest = _with_trigrams(conn, long) if long else (sa.select(messages.c.id), _newest(wish))
    short = [_contains(conn, word) for word in words if len(word) < TRIGRAM]
    ids = list(conn.execute(select.where(*conditions, *short).order_by(newest).limit(limit + 1)).scalars())
    return Found(ids[:limit], ids[limit - 1] if len(ids) > limit else None)


def labels(conn: sa.Connection, person: Person) -> list[dict[str, Any]]:
    """What the newest pictures show that this person may see, the most frequent first."""
    found = depictions.common(conn, _readable_by(person), LABELS)
    return [{"label": label, "pictures": count} for label, count in found]


def forget(conn: sa.Connection, message_id: int) -> None:
    """In the transaction that deletes the message."""
    conn.execute(search.delete().where(search.c.message_id == message_id))
    depictions.forget(conn, message_id)


class Indexer:
    """Fills the index of one process's rooms; several processes may, and do not do it twice.

    Parameters
    ----------
    backend : what it reads from and writes to.
    pause : seconds between a message and its indexing, in which others gather; longer where indexing takes long: a tenth of
        the time is for it, up to `LONGEST`.
    """

    def __init__(self, backend: "Backend", pause: float = 0.15):
        self._backend = backend
        self._pause = pause
        self._spent = 0.0  # seconds, for the last time
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
            self._closed.wait(max(self._pause, 9 * self._spent))
            self._wanted.clear()
            begun = time.monotonic()
            try:
                self._fill()
            except Exception:
                logger.exception("The search index could not be filled; it goes on where it was.")
            self._spent = min(time.monotonic() - begun, LONGEST)

    def _fill(self) -> None:
        """While there are whole steps to take; the log has the writer for three quarters of the time at least."""
        for take, step in ((index, STEP), (depictions.index, depictions.STEP)):
            taken = step
            while taken >= step and not self._closed.is_set():
                begun = time.monotonic()
                taken = self._backend.db.write(take)
                if taken >= step:
                    self._closed.wait(3 * (time.monotonic() - begun))
            if taken:
                self._wanted.set()  # a little may have come, or be left in other rooms: it can gather for a moment


def index(conn: sa.Connection) -> int:
    """Index the texts of the next events of the rooms that are behind; returns how many events."""
    spans = trail.next_spans(conn, search_progress, STEP)
    if spans:
        texts = f"SELECT DISTINCT event.message_id AS id FROM {trail.events_of(conn)} WHERE event.type <> 'reaction'"
        _index_messages(conn, [row._asdict() for row in execute_rows(conn, texts, trail.rows(spans))])
        trail.note(conn, search_progress, spans)
    return trail.length(spans)


def _readable_by(person: Person) -> sa.Select[Any]:
    mine = sa.select(members.c.room_id).where(members.c.user_id == person.id)
    return sa.select(room_rows.c.id).where(~room_rows.c.private | room_rows.c.id.in_(mine))


def _conditions(conn: sa.Connection, person: Person, wish: Wish) -> list[Any]:
    """What must hold for a message, beside its words."""
    conditions: list[Any] = [messages.c.deleted_at.is_(None)]
    if wish.room_id is None:
        room_id: Any = messages.c.room_id
        if conn.dialect.name == "sqlite":
            room_id = (
                room_id + 0
            )  # else, knowing nothing of the rooms' sizes, it goes by room and sorts all there is
        conditions.append(room_id.in_(_readable_by(person)))
    else:
        conditions.append(messages.c.room_id == wish.room_id)
    if wish.author_id is not None:
        conditions.append(messages.c.author_id == wish.author_id)
    if wish.picture or wish.label is not None:
        conditions.append(messages.c.image_id.is_not(None))
    if wish.label is not None:
        conditions.append(depictions.showing(wish.label))
    if wish.before is not None:
        conditions.append(messages.c.id < wish.before)
    return conditions


def _newest(wish: Wish) -> Any:
    """The order. In one room, numbers are in the order of ids, and there is an index by them."""
    return (messages.c.id if wish.room_id is None else messages.c.seq).desc()


def _with_trigrams(conn: sa.Connection, words: list[str]) -> tuple[sa.Select[Any], Any]:
    select = sa.select(messages.c.id).join(search, search.c.message_id == messages.c.id)
    if conn.dialect.name == "postgresql":
        held = (search.c.body.contains(word, autoescape=True) for word in words)
        return select.where(*held), messages.c.id.desc()
    match = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    trigrams = sa.table("search_trigrams", sa.column("rowid", sa.Integer))
    matching = sa.text("search_trigrams MATCH :match").bindparams(match=match)
    return select.join(trigrams, trigrams.c.rowid == messages.c.id).where(matching), trigrams.c.rowid.desc()


def _scan(conn: sa.Connection, words: list[str], conditions: list[Any], newest: Any, limit: int) -> Found:
    """Look through the newest messages."""
    select = sa.select(messages.c.id, search.c.body).join(search, search.c.message_id == messages.c.id)
    window = select.where(*conditions).order_by(newest).limit(SCANNED).subquery()
    held = (_contains(conn, word, window.c.body) for word in words)
    hits = sa.select(window.c.id).where(*held).order_by(window.c.id.desc()).limit(limit + 1)
    ids = list(conn.execute(hits).scalars())
    if len(ids) > limit:
        return Found(ids[:limit], ids[limit - 1])
    seen, last = conn.execute(sa.select(sa.func.count(), sa.func.min(window.c.id))).one()
    return Found(ids, last if seen == SCANNED else None)


def _contains(conn: sa.Connection, word: str, body: Any = search.c.body) -> Any:
    position = sa.func.strpos if conn.dialect.name == "postgresql" else sa.func.instr
    return position(body, word) > 0


def _index_messages(conn: sa.Connection, ids: list[dict[str, Any]]) -> None:
    # a deletion waits, and then finds its row here
    share = " FOR SHARE" if conn.dialect.name == "postgresql" else ""
    texts = execute_rows(conn, f"SELECT id, room_id, text FROM messages WHERE id {among(conn)}{share}", ids)
    execute_rows(conn, f"DELETE FROM search WHERE message_id {among(conn)}", ids)
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
