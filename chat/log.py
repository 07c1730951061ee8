"""The room's log: events numbered 1, 2, 3, … in each room, with no hole.

The number is taken inside the transaction that stores the event, by updating the room's row. The row's lock makes
the order of commits equal the order of numbers, so whoever has read up to N has missed nothing below it. First
load, reconnect, gap and outage are one operation: `after(N)`.

An event is stored without text: what is read later is the message as it stands then, and nothing deleted returns.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chat.db import Database, Row, events, image_pins, members, messages, now, rooms
from chat.errors import Refused, not_found
from chat.users import Person

BATCH = 256  # messages in one transaction: enough to share a flush, few enough to stay within milliseconds


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
    labels: list[dict[str, Any]] | None = None
    reply_to: int | None = None
    addressed: bool = False
    # what became of it
    event: Event | None = None  # stored
    stored_before: int | None = None  # the id of the message that its author sent under this client_id before
    refusal: Exception | None = None
    done: bool = field(default=False)

    @property
    def key(self) -> tuple[int, int, str]:
        """What makes a repeat a repeat."""
        return (self.room_id, self.author.id, self.client_id)


class Log:
    """Appends messages, many in one transaction under load, at once when idle.

    Whoever comes first commits for all who wait by then; meanwhile the next ones gather.

    Parameters
    ----------
    db : where to.
    ring : called with the drafts of each committed batch, before any of their senders hears of it.
    """

    def __init__(self, db: Database, ring: Callable[[list[Draft]], None]):
        self._db = db
        self._ring = ring
        self._waiting: list[Draft] = []
        self._committing = threading.Lock()

    def append(self, draft: Draft) -> Draft:
        """Store the message and return once that is durable.

        Raises
        ------
        Refused : `not_found`, `not_a_member`, or `invalid` for a `reply_to` that is not in the room.
        """
        self._waiting.append(draft)
        with self._committing:
            while not draft.done:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                self._commit(batch)
        if draft.refusal:
            raise draft.refusal
        return draft

    def waiting(self) -> int:
        return len(self._waiting)

    def _commit(self, batch: list[Draft]) -> None:
        try:
            self._db.write(store, batch)
        except Exception as error:
            self._commit_one_by_one(batch, error)
        except BaseException as error:  # this greenlet is being killed; the others must not wait for ever
            for draft in batch:
                draft.event, draft.refusal = None, RuntimeError(f"the commit was cut off by {error!r}")
            raise
        finally:
            for draft in batch:
                draft.done = True
        self._ring([draft for draft in batch if draft.event])

    def _commit_one_by_one(self, batch: list[Draft], error: Exception) -> None:
        """One message that cannot be stored must not harm the others. A database that is away harms all alike."""
        away = isinstance(error, DBAPIError) and error.connection_invalidated
        for draft in batch:
            draft.event, draft.stored_before, draft.refusal = None, None, error
            if not away and len(batch) > 1:
                try:
                    draft.refusal = None
                    self._db.write(store, [draft])
                except Exception as its_error:
                    draft.event, draft.stored_before, draft.refusal = None, None, its_error


def store(conn: sa.Connection, drafts: list[Draft]) -> None:
    """Store `drafts`, of whatever rooms, in as few statements as for one; each draft says what became of it."""
    for draft in drafts:  # a transaction that is tried again begins afresh
        draft.event, draft.stored_before, draft.refusal = None, None, None
    locked = _lock_rooms(conn, {draft.room_id for draft in drafts})
    _refuse(conn, drafts, locked)
    fresh = _leave_out_repeats(conn, [draft for draft in drafts if not draft.refusal])
    if fresh:
        _insert(conn, fresh, {room.id: room.last_seq for room in locked.values()})
    _point_twins(drafts)


def record(conn: sa.Connection, room_id: int, type_: str, message_id: int) -> Event:
    """Store one event of another kind, in the caller's transaction. Locks the room until that ends."""
    next_seq = rooms.update().where(rooms.c.id == room_id).values(last_seq=rooms.c.last_seq + 1)
    seq = conn.execute(next_seq.returning(rooms.c.last_seq)).scalar_one()
    event = Event(room_id, seq, type_, message_id, now())
    conn.execute(events.insert().values(_row(event)))
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


def _lock_rooms(conn: sa.Connection, room_ids: set[int]) -> dict[int, Row]:
    """In the order of their ids, so that two replicas do not wait for each other in a ring."""
    select = sa.select(rooms.c.id, rooms.c.last_seq, rooms.c.private, rooms.c.name).where(
        rooms.c.id.in_(room_ids)
    )
    return {row.id: row for row in conn.execute(select.order_by(rooms.c.id).with_for_update())}


def _refuse(conn: sa.Connection, drafts: list[Draft], locked: dict[int, Row]) -> None:
    """Membership and the message replied to are checked where they cannot change any more: under the lock."""
    writers = _writers(conn, drafts)
    targets = _reply_targets(conn, drafts)
    for draft in drafts:
        target = targets.get(draft.reply_to or 0)
        room = locked.get(draft.room_id)
        writes = draft.author.bot or (draft.room_id, draft.author.id) in writers
        if room is None or (room.private and not writes):
            draft.refusal = not_found("room", draft.room_id)
        elif not writes:
            draft.refusal = Refused(
                "not_a_member", f"You are not a member of {room.name!r}; join it to write there."
            )
        elif draft.reply_to is not None and (target is None or target.room_id != draft.room_id):
            draft.refusal = Refused(
                "invalid", f"reply_to: there is no message '{draft.reply_to}' in this room."
            )
        elif draft.author.bot and target and target.deleted_at:
            draft.refusal = not_found("message", draft.reply_to)  # nobody asks any more


def _writers(conn: sa.Connection, drafts: list[Draft]) -> set[tuple[int, int]]:
    rooms_ = {draft.room_id for draft in drafts}
    people = {draft.author.id for draft in drafts if not draft.author.bot}
    if not people:
        return set()
    select = sa.select(members.c.room_id, members.c.user_id)
    return {
        tuple(row)
        for row in conn.execute(select.where(members.c.room_id.in_(rooms_), members.c.user_id.in_(people)))
    }


def _reply_targets(conn: sa.Connection, drafts: list[Draft]) -> dict[int, Row]:
    ids = {draft.reply_to for draft in drafts if draft.reply_to}
    if not ids:
        return {}
    select = sa.select(messages.c.id, messages.c.room_id, messages.c.deleted_at).where(messages.c.id.in_(ids))
    return {row.id: row for row in conn.execute(select)}


def _leave_out_repeats(conn: sa.Connection, drafts: list[Draft]) -> list[Draft]:
    """What its author sent before, or twice in this very batch, is not stored again."""
    before = _stored_before(conn, drafts)
    fresh: dict[tuple[int, int, str], Draft] = {}
    for draft in drafts:
        draft.stored_before = before.get(draft.key)
        if draft.stored_before is None:
            fresh.setdefault(draft.key, draft)
    return list(fresh.values())


def _stored_before(conn: sa.Connection, drafts: list[Draft]) -> dict[tuple[int, int, str], int]:
    if not drafts:
        return {}
    key = sa.tuple_(messages.c.room_id, messages.c.author_id, messages.c.client_id)
    select = sa.select(messages.c.id, messages.c.room_id, messages.c.author_id, messages.c.client_id)
    rows = conn.execute(select.where(key.in_([draft.key for draft in drafts])))
    return {(row.room_id, row.author_id, row.client_id): row.id for row in rows}


def _insert(conn: sa.Connection, drafts: list[Draft], last_seqs: dict[int, int]) -> None:
    at = now()
    rows = [_message_row(draft, _next(last_seqs, draft.room_id), at) for draft in drafts]
    returning = messages.insert().returning(messages.c.id, messages.c.room_id, messages.c.seq)
    ids = {(row.room_id, row.seq): row.id for row in conn.execute(returning, rows)}
    for draft, row in zip(drafts, rows, strict=True):
        message_id = ids[row["room_id"], row["seq"]]
        draft.event = Event(row["room_id"], row["seq"], "message", message_id, at)
    conn.execute(events.insert(), [_row(draft.event) for draft in drafts if draft.event])
    reached = {draft.room_id: last_seqs[draft.room_id] for draft in drafts}
    conn.execute(
        rooms.update().where(rooms.c.id.in_(reached)).values(last_seq=sa.case(reached, value=rooms.c.id))
    )
    pins = [draft.pin_id for draft in drafts if draft.pin_id]
    if pins:
        conn.execute(image_pins.delete().where(image_pins.c.id.in_(pins)))


def _next(last_seqs: dict[int, int], room_id: int) -> int:
    last_seqs[room_id] += 1
    return last_seqs[room_id]


def _message_row(draft: Draft, seq: int, at: int) -> dict[str, Any]:
    return {
        "room_id": draft.room_id,
        "seq": seq,
        "author_id": draft.author.id,
        "client_id": draft.client_id,
        "text": draft.text,
        "image_id": draft.image and draft.image.id,
        "labels": draft.labels,
        "reply_to": draft.reply_to,
        "addressed": draft.addressed,
        "created_at": at,
    }


def _point_twins(drafts: list[Draft]) -> None:
    """A repeat within the batch is answered with the one that was stored."""
    stored = {draft.key: draft.event for draft in drafts if draft.event}
    for draft in drafts:
        if not draft.event and not draft.refusal and draft.stored_before is None:
            draft.stored_before = stored[draft.key].message_id


def _row(event: Event) -> dict[str, Any]:
    return {
        "room_id": event.room_id,
        "seq": event.seq,
        "type": event.type,
        "message_id": event.message_id,
        "at": event.at,
    }
