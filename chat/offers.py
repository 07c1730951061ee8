"""What a person sees of their own segment, and the room that they are offered because of it.

The bot offers in a private room of its own with that person, its desk. An offer is a row first and a message afterwards: a
worker that dies in between leaves a row without a message, and the next one posts it under the same client id.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import activity, membership, messages, rooms, words
from chat.activity import PRIVATE, Item, room_names
from chat.db import Row, insert, now
from chat.errors import Refused
from chat.fits import OTHERS, in_use
from chat.schema import members, segment_offers, segment_people, segments, users
from chat.schema import rooms as room_rows
from chat.segments import current
from chat.times import rfc3339
from chat.users import Person, language
from chat.words import Words

if TYPE_CHECKING:
    from chat.backend import Backend

WEEK = 7 * 86_400_000  # milliseconds between two offers
MOST = 3  # offers of the same room to the same person
LATE = 10_000  # milliseconds after which an offer without its message was left by a dead worker
REASONS = 3
MOST_DO = 0.5  # share of a segment from which "most people like you" is said
DESK_TOPIC = "Rooms that may suit you. Only you and the concierge read this."

Json = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """An offer that is to be posted.

    Parameters
    ----------
    joined : the person is in the room already, because an admin lets the segment's people join by themselves.
    language : the person's.
    """

    id: int
    user: int
    desk: int
    room: int
    room_name: str
    segment: str
    reasons: list[str]
    joined: bool
    language: str | None


# For doors


def mine(conn: sa.Connection, person: Person) -> Json:
    """My segment, why I am in it, and what it offers me.

    Raises
    ------
    Refused : `no_segments` before the first fit, for who has done too little, and for who takes no part.
    """
    run, segment = in_use(conn), _segment_of(conn, person.id)
    if run is None or segment is None:
        raise Refused(
            "no_segments", "You are in no segment: too little is known of what you do, or you take no part."
        )
    return {
        "segment": {"id": str(segment.id), "name": segment.name},
        "reasons": reasons(conn, person.id, segment, run.report),
        "room": _room(conn, person, segment.room_id),
        "offer": _newest(conn, person),
    }


def reasons(conn: sa.Connection, user_id: int, segment: Row, report: Json) -> list[str]:
    """Why somebody is in their segment, in their language: their own figures beside everybody's. A private room is never
    named."""
    did = {item: times for _user, item, times in activity.done(conn, [user_id])}
    names = room_names(conn)
    say = words.read(language(conn, user_id))
    found = [
        _reason(say, item, did[item], report["medians"].get(str(item), 0), names)
        for item in map(Item.read, (name for name, _above in segment.telling))
        if item in did and (item.group != "room" or item == PRIVATE or item.key in names)
    ][:REASONS]
    for room, share in report["popular"].get(str(segment.id), []):
        if share >= MOST_DO and room in names:
            found.append(say("reason-most", room=names[room], share=round(100 * share)))
            break
    return found or [say("reason-together")]


def is_desk(conn: sa.Connection, room_id: int, user_id: int) -> bool:
    """Whether a room is the one where the bot talks to this person alone, and nobody else has come in."""
    desk = sa.select(segment_people.c.desk_id).where(segment_people.c.user_id == user_id)
    people = sa.select(users.c.id).join(members, members.c.user_id == users.c.id)
    here = conn.execute(people.where(members.c.room_id == room_id, ~users.c.bot)).scalars().all()
    return conn.execute(desk).scalar() == room_id and list(here) == [user_id]


def choose(backend: "Backend", person: Person, choice: str) -> Json:
    """What a person wants of their segment, as docs/protocol.md says; returns what they see then.

    Parameters
    ----------
    choice : "accept", "later", "never" or "leave".
    """
    joined = backend.db.write(_choose, person, choice)
    if joined is not None:
        rooms.tell(backend, joined, person.id)
    try:
        return dict(backend.db.read(mine, person))
    except Refused:
        return {"segment": None, "reasons": [], "room": None, "offer": None}


def _segment_of(conn: sa.Connection, user_id: int) -> Row | None:
    belongs = sa.select(segment_people.c.segment_id).where(segment_people.c.user_id == user_id)
    segment_id = conn.execute(belongs).scalar()
    return next((segment for segment in current(conn) if segment.id == segment_id), None)


def _reason(say: Words, item: Item, times: int, median: float, names: dict[str, str]) -> str:
    figures: dict[str, str | int] = {"times": times, "median": f"{median:g}"}
    if item.group == "kind":
        return say(f"reason-{item.key}", days=activity.WINDOW, **figures)
    if item.group == "hours":
        return say("reason-hours", **{"from": item.key, "to": str(int(item.key) + activity.PART)}, **figures)
    if item == PRIVATE:
        return say("reason-private", **figures)
    return say("reason-room", room=item.in_words(names), **figures)


def _room(conn: sa.Connection, person: Person, room_id: int | None) -> Json | None:
    """A room that this person may read."""
    if room_id is None:
        return None
    try:
        room = rooms.for_user(conn, person, room_id)
    except Refused:
        return None
    return {"id": str(room.id), "name": room.name, "member": room.member}


def _newest(conn: sa.Connection, person: Person) -> Json | None:
    offers = sa.select(segment_offers).where(segment_offers.c.user_id == person.id)
    row = conn.execute(offers.order_by(segment_offers.c.id.desc()).limit(1)).first()
    room = _room(conn, person, row.room_id) if row else None
    if row is None or room is None:
        return None
    return {
        "room": {"id": room["id"], "name": room["name"]},
        "state": row.state,
        "made_at": rfc3339(row.made_at),
        "message": str(row.message_id) if row.message_id else None,
    }


def _choose(conn: sa.Connection, person: Person, choice: str) -> int | None:
    """Returns the room that was joined."""
    me = segment_people.c.user_id == person.id
    conn.execute(insert(conn, segment_people).values(user_id=person.id).on_conflict_do_nothing())
    belongs = conn.execute(sa.select(segment_people).where(me).with_for_update()).one()
    changes: Json = {"offered_at": now()}
    room_id = None
    if choice == "accept":
        room_id = _accepted(conn, belongs)
        changes = {"takes_part": True, "never": False}
    elif choice == "never":
        changes = {"never": True}
    elif choice == "leave":
        changes = {"takes_part": False, "segment_id": None, "to_own": None, "to_next": None}
        activity.forget_person(conn, person.id)
    conn.execute(segment_people.update().where(me).values(changes))
    my_offers = segment_offers.c.user_id == person.id
    if choice == "leave":
        conn.execute(segment_offers.delete().where(my_offers))
    elif choice != "accept":
        answer = {"state": choice, "answered_at": now()}
        conn.execute(
            segment_offers.update().where(my_offers, segment_offers.c.state == "open").values(answer)
        )
    elif room_id is not None:
        membership.join(conn, person, room_id)
        this = my_offers & (segment_offers.c.room_id == room_id) & (segment_offers.c.state != "joined")
        answer = {"state": "accepted", "answered_at": now()}
        conn.execute(segment_offers.update().where(this).values(answer))
    return room_id


def _accepted(conn: sa.Connection, belongs: Row) -> int | None:
    """The room that is accepted: what the open offer is about, else the segment's."""
    if not belongs.takes_part:
        return None
    is_open = (segment_offers.c.user_id == belongs.user_id) & (segment_offers.c.state == "open")
    offered = sa.select(segment_offers.c.room_id).where(is_open).order_by(segment_offers.c.id.desc())
    segments_own = sa.select(segments.c.room_id).where(segments.c.id == belongs.segment_id)
    return conn.execute(offered.limit(1)).scalar() or conn.execute(segments_own).scalar()


# For workers


class Offers:
    """A worker's way to offers."""

    def __init__(self, backend: "Backend"):
        self._backend = backend

    def make_rooms(self, bot: Person) -> None:
        """A room for each segment that has none, unless a moderator wants none, or it is too small."""
        for segment in self._backend.db.read(_roomless):
            room_id = self._backend.db.write(_make_room, bot, segment.id)
            if room_id is not None:
                rooms.tell(self._backend, room_id, bot.id)

    def make(self, bot: Person, most: int) -> list[Offer]:
        """Up to `most` offers that are due, with those that a dead worker has left. To be posted."""
        found = self._backend.db.read(_left_behind)
        for user_id, segment_id in self._backend.db.read(_due, most):
            made = self._backend.db.write(_make, bot, user_id, segment_id)
            if made is not None:
                found.append(made)
        return [self._backend.db.read(_offer, id_) for id_ in found]

    def post(self, bot: Person, offer: Offer, text: str) -> None:
        """Say it to the person; once, however often it is posted."""
        rooms.tell(self._backend, offer.desk, offer.user)
        if offer.joined:
            rooms.tell(self._backend, offer.room, offer.user)
        message, _new = messages.post(self._backend, bot, offer.desk, text, f"offer:{offer.id}")
        values = {"message_id": int(message["id"])}
        self._backend.db.write(
            lambda conn: conn.execute(
                segment_offers.update().where(segment_offers.c.id == offer.id).values(values)
            )
        )


def _roomless(conn: sa.Connection) -> list[Row]:
    return [
        row for row in current(conn) if row.room_id is None and not row.room_chosen and row.size >= OTHERS
    ]


def _make_room(conn: sa.Connection, bot: Person, segment_id: int) -> int | None:
    mine = segments.c.id == segment_id
    row = conn.execute(sa.select(segments).where(mine).with_for_update()).one()
    if row.room_id is not None or row.room_chosen:
        return None  # another worker was first
    topic = "For people who do alike. The concierge offers this room to them."
    room_id = rooms.create(conn, bot, row.name, topic)
    conn.execute(segments.update().where(mine).values(room_id=room_id))
    return room_id


def _left_behind(conn: sa.Connection) -> list[int]:
    left = segment_offers.c.message_id.is_(None) & segment_offers.c.state.in_(("open", "joined"))
    late = segment_offers.c.made_at < now() - LATE
    return list(conn.execute(sa.select(segment_offers.c.id).where(left, late).limit(20)).scalars())


def _due(conn: sa.Connection, most: int) -> list[tuple[int, int]]:
    """(user, segment) of those who are not in their segment's room, and may be told of it now."""
    p, o = segment_people.c, segment_offers.c
    member = sa.exists().where(members.c.room_id == segments.c.room_id, members.c.user_id == p.user_id)
    same = (o.user_id == p.user_id) & (o.room_id == segments.c.room_id)
    before = sa.select(sa.func.count()).where(same).correlate(segment_people, segments).scalar_subquery()
    been = sa.exists().where(same, o.state.in_(("accepted", "joined")))  # and gone again
    select = (
        sa.select(p.user_id, p.segment_id)
        .join(segments, segments.c.id == p.segment_id)
        .where(segments.c.current, segments.c.room_id.is_not(None), p.takes_part, ~p.never)
        .where(sa.or_(p.offered_at.is_(None), p.offered_at < now() - WEEK, segments.c.auto_join))
        .where(~member, ~been, before < MOST)
        .order_by(p.user_id)
        .limit(most)
    )
    return [(row.user_id, row.segment_id) for row in conn.execute(select)]


def _make(conn: sa.Connection, bot: Person, user_id: int, segment_id: int) -> int | None:
    """The offer's row, unless another worker was first."""
    me = segment_people.c.user_id == user_id
    belongs = conn.execute(sa.select(segment_people).where(me).with_for_update()).one()
    segment = conn.execute(sa.select(segments).where(segments.c.id == segment_id)).one()
    resting = belongs.offered_at is not None and belongs.offered_at >= now() - WEEK
    if belongs.segment_id != segment_id or belongs.never or not belongs.takes_part or segment.room_id is None:
        return None
    if (resting and not segment.auto_join) or rooms.is_banned(conn, segment.room_id, user_id):
        return None
    changes: Json = {"offered_at": now()}
    if belongs.desk_id is None:
        changes["desk_id"] = rooms.create(conn, bot, bot.display_name, DESK_TOPIC, private=True)
        membership.add(conn, bot, changes["desk_id"], user_id)
    conn.execute(segment_people.update().where(me).values(changes))
    unanswered = (segment_offers.c.user_id == user_id) & (segment_offers.c.state == "open")
    conn.execute(segment_offers.update().where(unanswered).values(state="later", answered_at=now()))
    if segment.auto_join:
        membership.let_in(conn, segment.room_id, user_id)
    row = {
        "user_id": user_id,
        "segment_id": segment_id,
        "room_id": segment.room_id,
        "state": "joined" if segment.auto_join else "open",
        "made_at": now(),
    }
    made = conn.execute(segment_offers.insert().values(row).returning(segment_offers.c.id))
    return int(made.scalar_one())


def _offer(conn: sa.Connection, offer_id: int) -> Offer:
    row = conn.execute(
        sa.select(segment_offers, segment_people.c.desk_id, room_rows.c.name.label("room_name"))
        .join(segment_people, segment_people.c.user_id == segment_offers.c.user_id)
        .join(room_rows, room_rows.c.id == segment_offers.c.room_id)
        .where(segment_offers.c.id == offer_id)
    ).one()
    segment = conn.execute(sa.select(segments).where(segments.c.id == row.segment_id)).one()
    run = in_use(conn)
    assert run
    why = reasons(conn, row.user_id, segment, run.report)
    ids = row.id, row.user_id, row.desk_id, row.room_id
    return Offer(*ids, row.room_name, segment.name, why, row.state == "joined", language(conn, row.user_id))
