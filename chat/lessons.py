"""What people teach about pictures, and what was learnt from it, room by room.

A lesson is one person's word on one picture: that the answer was right, that it was wrong, what it is. Neither it nor
what was learnt from it leaves the room.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat.db import Row, heads, insert, lessons, looks, members, messages, now, users

if TYPE_CHECKING:
    from chat.backend import Backend


@dataclass(frozen=True)
class Lesson:
    """One person's word on the picture of a message.

    Parameters
    ----------
    verdict : "right" or "wrong", of an answer; "taught", of a picture.
    label : what it shows, if that was said.
    said : what the bot had said; `said_by_room` if that is a label of the room's.
    model : the bot's, with its version.
    """

    message_id: int
    user_id: int
    room_id: int
    verdict: str
    label: str | None
    said: str | None
    said_by_room: bool
    model: str
    created_at: int = 0


@dataclass(frozen=True)
class Version:
    """What a room had taught a model at some time."""

    number: int
    learnt: dict[str, str | None]
    accuracy: float
    weights: bytes
    created_at: int


class Lessons:
    """The bots' way to all of this; they authorise by answering only in the room of the question."""

    def __init__(self, backend: "Backend"):
        self._db = backend.db

    def record(self, lesson: Lesson) -> None:
        """A person's newest word on a picture replaces their earlier one."""
        self._db.write(_record, lesson)

    def of_room(self, room_id: int) -> list[Lesson]:
        """All that count, oldest first."""
        return self._db.read(_of_room, room_id)

    def looks(self, message_ids: list[int], model: str) -> dict[int, bytes]:
        """Features of pictures, where they were kept."""
        return self._db.read(_looks, message_ids, model)

    def keep_look(self, message_id: int, model: str, features: bytes) -> None:
        self._db.write(_keep_look, message_id, model, features)

    def state(self, room_id: int, model: str) -> tuple[int, int, int]:
        """How many lessons count, the time of the newest one, the number of the version in use; 0 where there is none."""
        return self._db.read(_state, room_id, model)

    def version(self, room_id: int, model: str) -> Version | None:
        """The version in use."""
        return self._db.read(_version, room_id, model)

    def use(
        self, room_id: int, model: str, learnt: dict[str, str | None], accuracy: float, weights: bytes
    ) -> int:
        """Keep what was learnt and use it from now on; returns the version's number."""
        return self._db.write(_use, room_id, model, learnt, accuracy, weights)

    def roll_back(self, room_id: int, model: str, asked_by: int) -> tuple[int, int] | None:
        """Take back the version in use, and the lessons since the one before it.

        Parameters
        ----------
        asked_by : the message that wants it; the same message takes back one version, however often it is obeyed.

        Returns
        -------
        The number taken back and the one in use now (0: none); None if there is nothing to take back.
        """
        return self._db.write(_roll_back, room_id, model, asked_by)

    def names(self, room_id: int) -> set[str]:
        """The names of the people in a room, lower case."""
        return self._db.read(_names, room_id)


def forget(conn: sa.Connection, message_id: int) -> None:
    """In the transaction that deletes a message: what was said of its picture, and its features."""
    for table in (lessons, looks):
        conn.execute(table.delete().where(table.c.message_id == message_id))


def _record(conn: sa.Connection, lesson: Lesson) -> None:
    standing = sa.select(messages.c.id).where(
        messages.c.id == lesson.message_id, messages.c.deleted_at.is_(None)
    )
    if conn.execute(standing.with_for_update()).first() is None:
        return  # deleted meanwhile
    row = {**vars(lesson), "created_at": now(), "retired_at": None}
    new = insert(conn, lessons).values(row)
    conn.execute(new.on_conflict_do_update(index_elements=["message_id", "user_id"], set_=row))


def _of_room(conn: sa.Connection, room_id: int) -> list[Lesson]:
    columns = [lessons.c[name] for name in Lesson.__dataclass_fields__]
    counting = (lessons.c.room_id == room_id) & lessons.c.retired_at.is_(None)
    order = (lessons.c.created_at, lessons.c.message_id, lessons.c.user_id)
    return [Lesson(*row) for row in conn.execute(sa.select(*columns).where(counting).order_by(*order))]


def _looks(conn: sa.Connection, message_ids: list[int], model: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for start in range(0, len(message_ids), 500):
        ours = looks.c.message_id.in_(message_ids[start : start + 500]) & (looks.c.model == model)
        found |= {row.message_id: row.features for row in conn.execute(sa.select(looks).where(ours))}
    return found


def _keep_look(conn: sa.Connection, message_id: int, model: str, features: bytes) -> None:
    standing = sa.select(messages.c.id).where(messages.c.id == message_id, messages.c.deleted_at.is_(None))
    if conn.execute(standing.with_for_update()).first() is None:
        return
    row = {"message_id": message_id, "model": model, "features": features}
    conn.execute(insert(conn, looks).values(row).on_conflict_do_nothing())


def _state(conn: sa.Connection, room_id: int, model: str) -> tuple[int, int, int]:
    counting = (lessons.c.room_id == room_id) & lessons.c.retired_at.is_(None)
    number = sa.select(sa.func.max(heads.c.number)).where(*_in_use(room_id, model)).scalar_subquery()
    newest = sa.func.max(lessons.c.created_at)
    row = conn.execute(sa.select(sa.func.count(), newest, number).where(counting)).one()
    return row[0], row[1] or 0, row[2] or 0


def _version(conn: sa.Connection, room_id: int, model: str) -> Version | None:
    row = _newest(conn, room_id, model)
    return row and Version(row.number, row.learnt, row.accuracy, row.weights, row.created_at)


def _use(
    conn: sa.Connection,
    room_id: int,
    model: str,
    learnt: dict[str, str | None],
    accuracy: float,
    weights: bytes,
) -> int:
    last = sa.select(sa.func.coalesce(sa.func.max(heads.c.number), 0)).where(heads.c.room_id == room_id)
    number = (
        conn.execute(last).scalar_one() + 1
    )  # two at once: the key lets one through, the other tries again
    row = {
        "room_id": room_id,
        "number": number,
        "model": model,
        "learnt": learnt,
        "accuracy": accuracy,
        "weights": weights,
        "created_at": now(),
    }
    conn.execute(heads.insert().values(row))
    return number


def _roll_back(conn: sa.Connection, room_id: int, model: str, asked_by: int) -> tuple[int, int] | None:
    done = sa.select(heads.c.number).where(heads.c.room_id == room_id, heads.c.retired_by == asked_by)
    taken = conn.execute(done).scalar()
    if taken is None:
        current = _newest(conn, room_id, model)
        if current is None:
            return None
        taken = current.number
        mine = (heads.c.room_id == room_id) & (heads.c.number == taken)
        conn.execute(heads.update().where(mine).values(retired_by=asked_by))
        before = _newest(conn, room_id, model)
        since = (lessons.c.room_id == room_id) & (lessons.c.created_at > (before.created_at if before else 0))
        conn.execute(lessons.update().where(since, lessons.c.retired_at.is_(None)).values(retired_at=now()))
    before = _newest(conn, room_id, model)
    return taken, before.number if before else 0


def _newest(conn: sa.Connection, room_id: int, model: str) -> Row | None:
    select = sa.select(heads).where(*_in_use(room_id, model)).order_by(heads.c.number.desc()).limit(1)
    return conn.execute(select).first()


def _in_use(room_id: int, model: str) -> tuple[Any, ...]:
    return heads.c.room_id == room_id, heads.c.model == model, heads.c.retired_by.is_(None)


def _names(conn: sa.Connection, room_id: int) -> set[str]:
    people = sa.select(users.c.username, users.c.display_name).join(members, members.c.user_id == users.c.id)
    found = conn.execute(people.where(members.c.room_id == room_id, users.c.bot.is_(False)))
    return {name.casefold() for row in found for name in row}
