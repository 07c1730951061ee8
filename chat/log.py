"""The room's log: events numbered 1, 2, 3, … in each room, with no hole.

The number is taken inside the transaction that stores the event, by updating the room's row. The row's lock makes
the order of commits equal the order of numbers, so whoever has read up to N has missed nothing below it. First
load, reconnect, gap and outage are one operation: `after(N)`.

An event is stored without text: what is read later is the message as it stands then, and nothing deleted returns.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chat import holds, rules
from chat.db import BRIEFLY, Database, Frame, Row, execute_rows, now, table_of
from chat.errors import Refused, not_found
from chat.hub import Signal
from chat.schema import events, image_pins, rooms
from chat.users import FOR_GOOD, Person

WITHIN = Frame()  # a transaction of the caller's
LANES = BRIEFLY  # transactions of one process at once
BATCH = 256  # messages in one transaction: enough to share a flush, few enough to stay within milliseconds
MESSAGE_COLUMNS = {  # of the table messages, with their types in PostgreSQL
    "id": "bigint",  # where it is null, SQLite takes the next
    "room_id": "bigint",
    "seq": "bigint",
    "author_id": "bigint",
    "client_id": "text",
    "text": "text",
    "image_id": "bigint",
    "labels": "json",
    "reply_to": "bigint",
    "picture_of": "bigint",
    "addressed": "boolean",
    "created_at": "bigint",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that lasts happened in a room."""

    room_id: int
    seq: int
    type: str  # message, edit, delete or reaction
    message_id: int
    at: int  # milliseconds since 1970, UTC


@dataclass(slots=True)
class Draft:
    """A message on its way into the log, and then what became of it."""

    room_id: int
    author: Person
    client_id: str
    text: str
    image: Row | None = None  # of the table images
    pin_id: int | None = None  # what has held the image so far
    covered: bool = False  # nobody but its sender and moderators see the image yet
    labels: list[dict[str, Any]] | None = None
    reply_to: int | None = None
    picture_of: int | None = None  # the message whose picture this one's was made from
    addressed: bool = False
    # what became of it
    event: Event | None = None  # stored
    message: dict[str, Any] | None = None  # as it was told to others
    stored_before: int | None = None  # the id of the message that its author sent under this client_id before
    refusal: Exception | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        """What makes a repeat a repeat."""
        return (self.room_id, self.author.id, self.client_id)


class _Batch:
    """Messages that will share a transaction. Whoever comes first commits for all."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.settled = Signal()  # each draft says what became of it


class Log:
    """Appends messages, many in one transaction under load, at once when idle.

    Rooms share `LANES`, each of which commits one batch at a time: a room that is flooded holds up few others. (SQLite
    writes one transaction at a time.)

    Parameters
    ----------
    db : where to.
    ring : called with the drafts of each committed batch.
    """

    def __init__(self, db: Database, ring: Callable[[list[Draft]], None]):
        self._lanes = [_Lane(db, ring) for _ in range(1 if db.is_sqlite else LANES)]

    def append(self, draft: Draft) -> Draft:
        """Store the message and return once that is durable.

        Raises
        ------
        Refused : `not_found`, `not_a_member`, or `invalid` for a `reply_to` that is not in the room.
        """
        self.append_all([draft])
        if draft.refusal:
            raise draft.refusal
        return draft

    def append_all(self, drafts: list[Draft]) -> None:
        """Store several in their order, in one transaction; each says what became of it. Returns once that is durable."""
        self._lanes[drafts[0].room_id % len(self._lanes)].append(drafts)

    def waiting(self) -> int:
        return sum(lane.waiting() for lane in self._lanes)


class _Lane:
    """While one batch is committed, the next one gathers."""

    def __init__(self, db: Database, ring: Callable[[list[Draft]], None]):
        self._db = db
        self._ring = ring
        self._gathering = _Batch()
        self._changing = threading.Lock()  # held while `_gathering` changes
        self._committing = threading.Lock()

    def append(self, drafts: list[Draft]) -> None:
        with self._changing:
            if len(self._gathering.drafts) + len(drafts) > BATCH:
                self._gathering = _Batch()
            batch = self._gathering
            first = not batch.drafts
            batch.drafts += drafts
        if first:
            self.lead(batch)
        else:
            batch.settled.wait()

    def waiting(self) -> int:
        return len(self._gathering.drafts)

    def lead(self, batch: _Batch) -> None:
        """Commit for all who have come when it is this batch's turn."""
        try:
            with self._committing:
                self._close(batch)
                self._commit(batch.drafts)
                # before the bell: under eventlet the answers then leave in the same write as what the bell tells
                batch.settled.set()
                self._ring([draft for draft in batch.drafts if draft.event])
        except BaseException as error:
            if not batch.settled.is_set():  # this greenlet is being killed; the others must not wait for ever
                self._close(batch)
                for draft in batch.drafts:
                    draft.event, draft.refusal = None, RuntimeError(f"the commit was cut off by {error!r}")
                batch.settled.set()
            raise

    def _close(self, batch: _Batch) -> None:
        """Who comes from now on, comes for the next batch."""
        with self._changing:
            if self._gathering is batch:
                self._gathering = _Batch()

    def _commit(self, batch: list[Draft]) -> None:
        try:
            self._db.write_briefly(store, batch)
        except Exception as error:
            self._commit_one_by_one(batch, error)

    def _commit_one_by_one(self, batch: list[Draft], error: Exception) -> None:
        """One message that cannot be stored must not harm the others. A database that is away harms all alike."""
        away = isinstance(error, DBAPIError) and error.connection_invalidated
        for draft in batch:
            draft.event, draft.stored_before, draft.refusal = None, None, error
            if not away and len(batch) > 1:
                try:
                    draft.refusal = None
                    self._db.write_briefly(store, [draft])
                except Exception as its_error:
                    draft.event, draft.stored_before, draft.refusal = None, None, its_error


def store(conn: sa.Connection, drafts: list[Draft], frame: Frame = WITHIN) -> None:
    """Store `drafts`, of whatever rooms, in as few statements as for one; each draft says what became of it.

    With a frame of its own it waits for PostgreSQL twice: to look, and to write.
    """
    for draft in drafts:  # a transaction that is tried again begins afresh
        draft.event, draft.stored_before, draft.refusal = None, None, None
    looked_up = list(zip(drafts, _look_up(conn, drafts, frame.begin), strict=True))
    for draft, found in looked_up:
        draft.stored_before = found.stored_before
        draft.refusal = _refusal(conn, draft, found)
    fresh = _leave_out_twins(pair for pair in looked_up if not (pair[0].refusal or pair[0].stored_before))
    for draft, found in fresh.values():
        draft.refusal = rules.refusal(conn, found, draft.author, draft.text, found.muted_until)
    if allowed := [(draft, found) for draft, found in fresh.values() if not draft.refusal]:
        _insert(conn, allowed, frame.commit)
    _point_twins(drafts, {key: draft for key, (draft, _) in fresh.items()})


def record(conn: sa.Connection, room_id: int, type_: str, message_id: int) -> Event:
    """Store one event of another kind, in the caller's transaction. Locks the room until that ends."""
    next_seq = rooms.update().where(rooms.c.id == room_id).values(last_seq=rooms.c.last_seq + 1)
    seq = conn.execute(next_seq.returning(rooms.c.last_seq)).scalar_one()
    event = Event(room_id, seq, type_, message_id, now())
    row = {"room_id": room_id, "seq": seq, "type": type_, "message_id": message_id, "at": event.at}
    conn.execute(events.insert().values(row))
    return event


def after(conn: sa.Connection, room_id: int, seq: int, limit: int) -> list[Event]:
    """The first `limit` events behind number `seq`, in order."""
    behind = (events.c.room_id == room_id) & (events.c.seq > seq)
    select = sa.select(events).where(behind).order_by(events.c.seq).limit(limit)
    return [Event(*row) for row in conn.execute(select)]


def last_seqs(conn: sa.Connection, room_ids: list[int]) -> dict[int, int]:
    """The number of each room's last event."""
    found: dict[int, int] = {}
    for start in range(0, len(room_ids), 500):
        select = sa.select(rooms.c.id, rooms.c.last_seq).where(rooms.c.id.in_(room_ids[start : start + 500]))
        found |= {row.id: row.last_seq for row in conn.execute(select)}
    return found


def _look_up(conn: sa.Connection, drafts: list[Draft], begin: str) -> list[Row]:
    """Each draft's room, locked, and what must hold for the draft, looked up where it cannot change any more: under the lock.

    The row's columns `id` to `screens` are the room's; `id` is null where there is no such room.
    """
    columns = {
        "n": "int",
        "room_id": "bigint",
        "author_id": "bigint",
        "client_id": "text",
        "reply_to": "bigint",
        "picture_of": "bigint",
    }
    drafted = table_of(conn, **columns)
    room = "SELECT * FROM rooms WHERE rooms.id = draft.room_id"
    lock, joined, next_id = "", "rooms ON rooms.id = draft.room_id", "NULL"
    if conn.dialect.name == "postgresql":
        # In the order of their ids, so that two replicas do not wait for each other in a ring. Not FOR UPDATE: whoever refers
        # to a room, as the search index does, would wait for us and we for them. What is read comes in a statement of its
        # own, which sees what was committed while the first one waited.
        lock = f"""
            SELECT FROM rooms WHERE rooms.id = ANY (ARRAY(SELECT draft.room_id FROM {drafted}))
            ORDER BY rooms.id FOR NO KEY UPDATE;"""
        joined, next_id = f"LATERAL ({room} LIMIT 1) AS rooms ON true", "nextval('messages_id_seq')"
    # one by one, each by an index: joined, PostgreSQL reads whole tables, because it cannot see how few rows JSON holds
    target = "FROM messages WHERE messages.id = draft.reply_to"
    select = f"""{begin}{lock}
        SELECT rooms.id, rooms.last_seq, rooms.private, rooms.name, rooms.creator_id,
            rooms.locked, rooms.slow_mode, rooms.unwanted_words,
            rooms.hold_labels IS NOT NULL OR rooms.refuse_labels IS NOT NULL AS screens,
            {next_id} AS message_id,
            (SELECT user_id FROM members
                WHERE members.room_id = draft.room_id AND members.user_id = draft.author_id) AS member,
            (SELECT id FROM messages WHERE messages.room_id = draft.room_id
                AND messages.author_id = draft.author_id AND messages.client_id = draft.client_id) AS stored_before,
            (SELECT room_id {target}) AS target_room,
            (SELECT deleted_at {target}) AS target_deleted,
            (SELECT deleted_at FROM messages WHERE messages.id = draft.picture_of) AS picture_deleted,
            (SELECT max(coalesce(ends_at, {FOR_GOOD})) FROM sanctions WHERE sanctions.user_id = draft.author_id
                AND kind = 'mute' AND lifted_at IS NULL
                AND (sanctions.room_id IS NULL OR sanctions.room_id = draft.room_id)) AS muted_until
        FROM {drafted} LEFT JOIN {joined} ORDER BY draft.n"""
    rows = [
        {
            "n": n,
            "room_id": d.room_id,
            "author_id": d.author.id,
            "client_id": d.client_id,
            "reply_to": d.reply_to,
            "picture_of": d.picture_of,
        }
        for n, d in enumerate(drafts)
    ]
    return list(execute_rows(conn, select, rows))


def _refusal(conn: sa.Connection, draft: Draft, found: Row) -> Refused | None:
    """Why the draft must not be stored, if so."""
    writes = draft.author.bot or found.member is not None
    if found.id is None or (found.private and not writes):
        return not_found("room", draft.room_id)
    if not writes:
        return rules.outsider(conn, found, draft.author)
    if draft.reply_to is not None and found.target_room != draft.room_id:
        return Refused("invalid", f"reply_to: there is no message '{draft.reply_to}' in this room.")
    if draft.author.bot and (found.target_deleted or found.picture_deleted):
        return not_found("message", draft.reply_to)  # nobody asks any more
    return None


def _leave_out_twins(pairs: Iterable[tuple[Draft, Row]]) -> dict[tuple[int, int, str], tuple[Draft, Row]]:
    """By their keys. What its author sent twice in this very batch is stored once."""
    fresh: dict[tuple[int, int, str], tuple[Draft, Row]] = {}
    for draft, found in pairs:
        fresh.setdefault(draft.key, (draft, found))
    return fresh


def _insert(conn: sa.Connection, allowed: list[tuple[Draft, Row]], commit: str) -> None:
    at = now()
    last_seqs = {found.id: found.last_seq for _, found in allowed}
    rows = [_message_row(draft, found, _next(last_seqs, draft.room_id), at) for draft, found in allowed]
    for draft, found in allowed:
        draft.covered = _is_covered(conn, draft, found)
    pins = [draft.pin_id for draft, _ in allowed if draft.pin_id]
    more = pins or any(draft.covered for draft, _ in allowed)
    ids = _insert_rows(conn, rows, "" if more else commit)
    for (draft, _), row, id_ in zip(allowed, rows, ids, strict=True):
        draft.event = Event(draft.room_id, row["seq"], "message", id_, at)
    if pins:
        conn.execute(image_pins.delete().where(image_pins.c.id.in_(pins)))
    holds.begin(conn, [(d.event.message_id, d.room_id) for d, _ in allowed if d.covered and d.event])


def _insert_rows(conn: sa.Connection, rows: list[dict[str, Any]], commit: str) -> list[int]:
    """Insert messages and their events and move the rooms' numbers; returns the messages' ids."""
    log = "INSERT INTO events (room_id, seq, type, message_id, at) SELECT room_id, seq, 'message', id, created_at FROM "
    number = """
        UPDATE rooms SET last_seq = reached.seq
        FROM (SELECT room_id, max(seq) AS seq FROM {} GROUP BY room_id) AS reached WHERE rooms.id = reached.room_id"""
    columns = ", ".join(MESSAGE_COLUMNS)
    insert = f"""
        INSERT INTO messages ({columns}) SELECT {columns} FROM {table_of(conn, **MESSAGE_COLUMNS)} WHERE true
        RETURNING id, room_id, seq, created_at"""
    if conn.dialect.name == "postgresql":  # one round trip
        together = f"WITH stored AS ({insert}), logged AS ({log} stored) {number.format('stored')}{commit}"
        execute_rows(conn, together, rows)
        return [row["id"] for row in rows]
    stored = [row._asdict() for row in execute_rows(conn, insert, rows)]
    table = table_of(conn, id="", room_id="", seq="", created_at="")
    execute_rows(conn, log + table, stored)
    execute_rows(conn, number.format(table), stored)
    ids = {(row["room_id"], row["seq"]): row["id"] for row in stored}
    return [ids[row["room_id"], row["seq"]] for row in rows]


def _is_covered(conn: sa.Connection, draft: Draft, room: Row) -> bool:
    """A picture that its room wants to have looked at first."""
    looked_at = draft.image and room.screens and not draft.author.bot
    return bool(looked_at and not rules.moderates(conn, room, draft.author))


def _next(last_seqs: dict[int, int], room_id: int) -> int:
    last_seqs[room_id] += 1
    return last_seqs[room_id]


def _message_row(draft: Draft, found: Row, seq: int, at: int) -> dict[str, Any]:
    return {
        "id": found.message_id,
        "room_id": draft.room_id,
        "seq": seq,
        "author_id": draft.author.id,
        "client_id": draft.client_id,
        "text": draft.text,
        "image_id": draft.image and draft.image.id,
        "labels": draft.labels,
        "reply_to": draft.reply_to,
        "picture_of": draft.picture_of,
        "addressed": draft.addressed,
        "created_at": at,
    }


def _point_twins(drafts: list[Draft], fresh: dict[tuple[int, int, str], Draft]) -> None:
    """A repeat within the batch is answered as the first one."""
    for draft in drafts:
        if not draft.event and not draft.refusal and draft.stored_before is None:
            first = fresh[draft.key]
            draft.refusal = first.refusal
            draft.stored_before = first.event.message_id if first.event else None
