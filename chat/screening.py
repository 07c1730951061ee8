"""What becomes of a picture when a bot has said what it shows: it is let pass, held for review, or refused.

Which labels are held and which are refused, and how sure the bot must be, is for each room to say. A picture whose answer does not
come stays covered, and moderators find it in their queue after a minute: what nobody has looked at is not shown.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, deletions, images, log, messages, moderators, rendering, rooms, sanctions
from chat.db import Row, now
from chat.errors import Refused
from chat.holds import HELD, WAITING, first_listed
from chat.log import Event
from chat.messages import Reply
from chat.schema import holds
from chat.schema import messages as message_rows
from chat.schema import rooms as room_rows
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

PATIENCE = 60_000  # milliseconds after which a picture that no bot has spoken of is a moderator's to look at
MOST = 100  # pictures of the queue that are shown at once

Json = dict[str, Any]


@dataclass
class _Outcome:
    events: list[tuple[Json, Event]] = field(default_factory=list)
    trash: list[str] = field(default_factory=list)
    notice: Json | None = None


def answer_all(backend: "Backend", bot: Person, replies: list[Reply]) -> list[Json | None]:
    """A bot's answers (`messages.answer_all`), and what follows from them for the pictures that they are about."""
    given = messages.answer_all(backend, bot, replies)
    for reply in replies:
        if reply.labels:
            _tell(backend, backend.db.write(_judge, bot, reply.question_id, reply.labels))
    return given


def release(backend: "Backend", person: Person, message_id: int) -> None:
    """A moderator lets everybody see a picture.

    Raises
    ------
    Refused : `not_found`; `forbidden` for who does not moderate the room, and for one's own picture.
    """
    _tell(backend, backend.db.write(_release, person, message_id))


def queue(conn: sa.Connection, person: Person) -> list[Json]:
    """Covered pictures of the rooms that this person moderates and may read, oldest first; nobody judges their own.

    Raises
    ------
    Refused : `forbidden` for who moderates nothing.
    """
    moderators.check_moderates_something(conn, person)
    tables = holds.join(message_rows, message_rows.c.id == holds.c.message_id)
    tables = tables.join(room_rows, room_rows.c.id == holds.c.room_id)
    due = (holds.c.state == HELD) | (holds.c.created_at < now() - PATIENCE)
    select = sa.select(holds, room_rows.c.name).select_from(tables)
    moderated = moderators.moderated_by(person, holds.c.room_id)
    select = select.where(moderated, due, message_rows.c.author_id != person.id)
    rows = conn.execute(select.order_by(holds.c.message_id).limit(MOST)).all()
    shown = rendering.by_ids(conn, [row.message_id for row in rows])
    return [
        {
            "message": shown[row.message_id],
            "room": {"id": str(row.room_id), "name": row.name},
            "label": row.label,
            "probability": row.probability,
            "created_at": rfc3339(row.created_at),
        }
        for row in rows
    ]


def _judge(conn: sa.Connection, bot: Person, message_id: int, labels: list[Json]) -> _Outcome:
    """Nothing where the picture is not covered: its room has no such rules, or somebody has decided."""
    row = messages.find(conn, message_id, lock=True)
    if row is None or row.deleted_at or _state(conn, message_id) != WAITING:
        return _Outcome()
    room = conn.execute(sa.select(room_rows).where(room_rows.c.id == row.room_id)).one()
    if found := first_listed(labels, room.refuse_labels, room.picture_sure):
        return _refuse(conn, bot, row, found)
    if found := first_listed(labels, room.hold_labels, room.picture_sure):
        change = {"state": HELD, "label": found["label"], "probability": found["probability"]}
        conn.execute(holds.update().where(holds.c.message_id == message_id).values(change))
        audit.record(
            conn, bot, "hold_picture", row.room_id, row.author_id, message_id, reason=_in_words(found)
        )
    else:
        conn.execute(holds.delete().where(holds.c.message_id == message_id))
    return _changed(conn, row)


def _refuse(conn: sa.Connection, bot: Person, row: Row, found: Json) -> _Outcome:
    reason = _in_words(found)
    audit.record(conn, bot, "refuse_picture", row.room_id, row.author_id, row.id, reason=reason)
    notice = sanctions.note_refusal(conn, row.author_id, row.room_id, reason)
    events, trash = deletions.take_away(conn, row)
    return _Outcome(events, trash, notice)


def _release(conn: sa.Connection, person: Person, message_id: int) -> _Outcome:
    row = messages.for_user(conn, person, message_id, lock=True)
    rooms.for_user(conn, person, row.room_id).check_moderator(person)
    if row.author_id == person.id:
        raise Refused("forbidden", "This picture is your own; somebody else lets it pass.")
    if not conn.execute(holds.delete().where(holds.c.message_id == message_id)).rowcount:
        return _Outcome()
    audit.record(conn, person, "release_picture", row.room_id, row.author_id, message_id)
    return _changed(conn, row)


def _state(conn: sa.Connection, message_id: int) -> str | None:
    return conn.execute(sa.select(holds.c.state).where(holds.c.message_id == message_id)).scalar()


def _changed(conn: sa.Connection, row: Row) -> _Outcome:
    """Everybody who has the message, or one that was made from its picture, learns that it is to be shown otherwise."""
    made = sa.select(message_rows.c.id).where(
        message_rows.c.picture_of == row.id, message_rows.c.deleted_at.is_(None)
    )
    ids = [row.id, *conn.execute(made.order_by(message_rows.c.id)).scalars()]
    events = [log.record(conn, row.room_id, "edit", id_) for id_ in ids]
    found = rendering.by_ids(conn, ids)
    return _Outcome([(found[event.message_id], event) for event in events])


def _in_words(found: Json) -> str:
    return f"{found['label']} ({found['probability']:.0%})"


def _tell(backend: "Backend", outcome: _Outcome) -> None:
    """After the commit."""
    for message, event in outcome.events:
        messages.ring(backend, event, message)
    images.empty(backend, outcome.trash)
    if outcome.notice:
        sanctions.tell(backend, outcome.notice)
