"""What people do, counted: texts, pictures, replies and reactions by room and day (UTC), and how much by hour. Never what
they write.

Counted behind the log, as the search index is filled: for each room up to some event. A message counts once, as a
picture if it holds one, else as a reply if it is one, else as a text. What was deleted before it is counted does not
count; what is deleted later does. Who takes no part is not counted, and what was counted of them is deleted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from chat.db import insert, now
from chat.schema import (
    active_hours,
    activity,
    activity_progress,
    events,
    messages,
    reactions,
    room_hours,
    segment_people,
    users,
)
from chat.schema import rooms as room_rows

if TYPE_CHECKING:
    from chat.backend import Backend

DAY, HOUR = 86_400_000, 3_600_000  # milliseconds
WINDOW = 30  # days that statistics and segments look at
KEPT = 90  # days after which a count is dropped
ROOMS = 20  # that one transaction looks at
STEP = 500  # events of a room that one transaction counts: the writer has others to serve
KINDS = ("texts", "pictures", "replies", "reactions")


PART = 4  # hours of the day that segments look at together


def today() -> int:
    """Days since 1970, UTC."""
    return now() // DAY


def window() -> int:
    """The first day of the window."""
    return today() - WINDOW + 1


def count(backend: "Backend") -> int:
    """Count what has happened since; returns how many events that were. Several processes may: nothing counts twice."""
    counted = 0
    while step := backend.db.write(_count_some):
        counted += step
    if counted:
        backend.db.write(_forget_the_gone)
    return counted


def forget(backend: "Backend") -> None:
    """Drop what is older than anybody looks at."""
    for table in (activity, active_hours, room_hours):
        old = table.delete().where(table.c.day < today() - KEPT)
        backend.db.write(lambda conn, old=old: conn.execute(old))


def forget_person(conn: sa.Connection, user_id: int) -> None:
    for table in (activity, active_hours):
        conn.execute(table.delete().where(table.c.user_id == user_id))


class Item(NamedTuple):
    """Something that people do: an item of `ml.segment`.

    Attributes
    ----------
    group : "kind", "room" or "hours".
    key : one of `KINDS`; a room's id, or "private" for all private ones; the first of `PART` hours.
    """

    group: str
    key: str

    def __str__(self) -> str:
        return f"{self.group}:{self.key}"

    @classmethod
    def read(cls, text: str) -> "Item":
        """What `str` wrote; other features of `ml.segment`, like the amount, have no key."""
        group, _, key = text.partition(":")
        return cls(group, key)

    def in_words(self, names: dict[str, str]) -> str:
        """For people.

        Parameters
        ----------
        names : of the rooms that may be named.
        """
        if self == PRIVATE:
            return "private rooms"
        if self.group == "kind":
            return "messages" if self.key == "texts" else self.key
        if self.group == "hours":
            return f"{self.key} to {int(self.key) + PART} h UTC"
        if self.group == "room":
            return names.get(self.key, "a room")
        return "much of everything" if self.group == "(amount)" else "other rooms"


PRIVATE = Item("room", "private")


def busy(conn: sa.Connection, least: int, most: int) -> int:
    """How many people did at least so much in the window, counted up to `most`."""
    people = _of(None, activity.c.user_id).group_by(activity.c.user_id).having(sa.func.sum(acts()) >= least)
    return len(conn.execute(people.limit(most)).all())


def unplaced(conn: sa.Connection, least: int, most: int) -> list[int]:
    """Up to `most` people who did something of late, at least `least` in the window, and are in no segment."""
    late = sa.select(activity.c.user_id).where(activity.c.day >= today() - 1)
    late = late.outerjoin(segment_people, segment_people.c.user_id == activity.c.user_id)
    late = late.where(segment_people.c.segment_id.is_(None))
    busy = _of(None, activity.c.user_id).where(activity.c.user_id.in_(late)).group_by(activity.c.user_id)
    return list(conn.execute(busy.having(sa.func.sum(acts()) >= least).limit(most)).scalars())


def room_names(conn: sa.Connection) -> dict[str, str]:
    """Of public rooms, by id: those that may be named to anybody."""
    found = conn.execute(sa.select(room_rows.c.id, room_rows.c.name).where(~room_rows.c.private))
    return {str(row.id): row.name for row in found}


def done(conn: sa.Connection, people: Sequence[int] | None = None) -> list[tuple[int, Item, int]]:
    """(user, what, how often) in the window, of all who take part or of some; each act is in each of the three groups."""
    rows = [*_by_kind(conn, people), *_by_room(conn, people), *_by_hour(conn, people)]
    return [(user, item, times) for user, item, times in rows if times]


def _by_kind(conn: sa.Connection, people: Sequence[int] | None) -> list[tuple[int, Item, int]]:
    sums = [sa.func.sum(activity.c[kind]) for kind in KINDS]
    rows = conn.execute(_of(people, activity.c.user_id, *sums).group_by(activity.c.user_id)).all()
    return [(row[0], Item("kind", kind), int(row[n])) for row in rows for n, kind in enumerate(KINDS, 1)]


def _by_room(conn: sa.Connection, people: Sequence[int] | None) -> list[tuple[int, Item, int]]:
    room = sa.case((room_rows.c.private, None), else_=activity.c.room_id)
    select = _of(people, activity.c.user_id, room, sa.func.sum(acts()))
    select = select.join(room_rows, room_rows.c.id == activity.c.room_id).group_by(activity.c.user_id, room)
    return [
        (user, PRIVATE if id_ is None else Item("room", str(id_)), int(times))
        for user, id_, times in conn.execute(select)
    ]


def _by_hour(conn: sa.Connection, people: Sequence[int] | None) -> list[tuple[int, Item, int]]:
    part = active_hours.c.hour // PART * PART
    select = sa.select(active_hours.c.user_id, part, sa.func.sum(active_hours.c.acts))
    select = select.where(active_hours.c.day >= window()).group_by(active_hours.c.user_id, part)
    if people is not None:
        select = select.where(active_hours.c.user_id.in_(people))
    return [(user, Item("hours", str(first)), int(times)) for user, first, times in conn.execute(select)]


def acts() -> Any:
    """All kinds together."""
    return activity.c.texts + activity.c.pictures + activity.c.replies + activity.c.reactions


def _of(people: Sequence[int] | None, *columns: Any) -> sa.Select[Any]:
    select = sa.select(*columns).where(activity.c.day >= window())
    return select if people is None else select.where(activity.c.user_id.in_(people))


def _forget_the_gone(conn: sa.Connection) -> None:
    """Of those who left while they were being counted."""
    gone = sa.select(segment_people.c.user_id).where(~segment_people.c.takes_part)
    for table in (activity, active_hours):
        conn.execute(table.delete().where(table.c.user_id.in_(gone)))


# Counting


def _count_some(conn: sa.Connection) -> int:
    """A few events of each of a few rooms that are behind."""
    reached = sa.func.coalesce(activity_progress.c.seq, 0)
    select = sa.select(room_rows.c.id, room_rows.c.last_seq).where(room_rows.c.last_seq > reached)
    behind = select.outerjoin(activity_progress, activity_progress.c.room_id == room_rows.c.id)
    counted = 0
    # in order: two workers must not wait in a ring
    for room in conn.execute(behind.order_by(room_rows.c.id).limit(ROOMS)).all():
        counted += _count_room(conn, room.id, room.last_seq)
    return counted


def _count_room(conn: sa.Connection, room_id: int, last: int) -> int:
    begun = insert(conn, activity_progress).values(room_id=room_id, seq=0)
    conn.execute(begun.on_conflict_do_nothing())
    mine = activity_progress.c.room_id == room_id
    # Whoever comes second waits here, and then finds that there is nothing left of this.
    first = conn.execute(sa.select(activity_progress.c.seq).where(mine).with_for_update()).scalar_one()
    until = min(last, first + STEP)
    if until <= first:
        return 0
    for done_ in (_of_messages(room_id, first, until), _of_reactions(room_id, first, until)):
        _add(conn, done_.subquery(), room_id)
    conn.execute(activity_progress.update().where(mine).values(seq=until))
    return int(until - first)


def _of_messages(room_id: int, after: int, until: int) -> sa.Select[Any]:
    is_picture = messages.c.image_id.is_not(None)
    is_reply = ~is_picture & messages.c.reply_to.is_not(None)
    select = _acts_at(
        messages.c.author_id,
        messages.c.created_at,
        texts=_one(~is_picture & ~is_reply),
        pictures=_one(is_picture),
        replies=_one(is_reply),
        reactions=sa.literal(0),
    )
    return select.where(
        messages.c.room_id == room_id,
        messages.c.seq > after,
        messages.c.seq <= until,
        messages.c.deleted_at.is_(None),
    )


def _of_reactions(room_id: int, after: int, until: int) -> sa.Select[Any]:
    """Those that stand, at the event that told of them."""
    kinds = dict.fromkeys(("texts", "pictures", "replies"), sa.literal(0)) | {"reactions": sa.literal(1)}
    select = _acts_at(reactions.c.user_id, reactions.c.created_at, **kinds)
    told = (reactions.c.message_id == events.c.message_id) & (reactions.c.seq == events.c.seq)
    return select.join(events, told).where(
        events.c.room_id == room_id, events.c.seq > after, events.c.seq <= until, events.c.type == "reaction"
    )


def _acts_at(user: Any, at: Any, **kinds: Any) -> sa.Select[Any]:
    """A row an act, without bots and those who take no part."""
    named = [kinds[kind].label(kind) for kind in KINDS]
    select = sa.select(
        user.label("user_id"), (at // DAY).label("day"), ((at // HOUR) % 24).label("hour"), *named
    )
    select = select.join(users, users.c.id == user).outerjoin(
        segment_people, segment_people.c.user_id == user
    )
    taking_part = ~users.c.bot & sa.func.coalesce(segment_people.c.takes_part, sa.true())
    return select.where(taking_part, at >= (today() - KEPT) * DAY)


def _one(condition: Any) -> Any:
    return sa.case((condition, 1), else_=0)


def _add(conn: sa.Connection, done_: sa.Subquery, room_id: int) -> None:
    """The same acts in three ways: by person, room and day; by person and hour; by room and hour."""
    d, room = done_.c, sa.literal(room_id)
    messages_ = d.texts + d.pictures + d.replies
    by_kind = {kind: d[kind] for kind in KINDS}
    _put(conn, activity, {"room_id": room, "day": d.day, "user_id": d.user_id}, by_kind)
    _put(
        conn,
        active_hours,
        {"user_id": d.user_id, "day": d.day, "hour": d.hour},
        {"acts": messages_ + d.reactions},
    )
    _put(
        conn,
        room_hours,
        {"room_id": room, "day": d.day, "hour": d.hour},
        {"messages": messages_, "pictures": d.pictures},
    )


def _put(conn: sa.Connection, table: sa.Table, key: dict[str, Any], sums: dict[str, Any]) -> None:
    cells = sa.select(*key.values(), *(sa.func.sum(value) for value in sums.values()))
    cells = cells.group_by(*(column for name, column in key.items() if name != "room_id"))
    put = insert(conn, table).from_select([*key, *sums], cells)
    more = {name: table.c[name] + put.excluded[name] for name in sums}
    conn.execute(put.on_conflict_do_update(index_elements=[*key], set_=more))
