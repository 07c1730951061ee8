"""Rooms. Loading is authorising: a room is only had through `for_user`. Who is in them: `chat/membership.py`."""

import collections
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, label_names, mentions, unwanted
from chat.bus import room_channel, user_channel
from chat.db import now
from chat.errors import Refused, not_found
from chat.schema import members, messages, rooms, sanctions, users
from chat.users import FOR_GOOD, GONE, PERSON_COLUMNS, Person

if TYPE_CHECKING:
    from chat.backend import Backend


LABELS = {"blur_labels", "hold_labels", "refuse_labels"}  # of pictures


@dataclass(frozen=True, slots=True)
class Room:
    """A room as one person sees it."""

    id: int
    log: str
    name: str
    topic: str
    private: bool
    direct: bool
    creator_id: int | None
    last_seq: int
    member: bool
    read_seq: int
    notify: str
    muted: bool
    moderates: bool  # of its own: its creator, and whom they appointed
    locked: bool
    slow_mode: int  # seconds between two messages of one person; 0: none
    banned_until: int | None
    unwanted_words: str
    blur_labels: list[str] | None
    hold_labels: list[str] | None
    refuse_labels: list[str] | None
    picture_sure: int

    def is_moderated_by(self, person: Person) -> bool:
        """Whether this person, whose view this is, moderates here."""
        return person.moderates or self.moderates

    def check_moderator(self, person: Person) -> None:
        if not self.is_moderated_by(person):
            raise Refused("forbidden", f"Only who moderates {self.name!r} does that.")

    def check_member(self) -> None:
        """Anyone may read a public room; writing needs membership."""
        if not self.member:
            raise Refused("not_a_member", f"You are not a member of {self.name!r}; join it to do that.")

    def check_open(self) -> None:
        """A direct room is its people's: no name, nobody comes, nobody is sent away."""
        if self.direct:
            raise Refused(
                "forbidden", "A direct room has no name, and its people stay the same; write to others anew."
            )


# When this person's ban from a room ends, of those that have not been lifted.
_BANNED_UNTIL = (
    sa.select(sa.func.max(sa.func.coalesce(sanctions.c.ends_at, FOR_GOOD)))
    .where(
        sanctions.c.user_id == sa.bindparam("person"),
        sanctions.c.kind == "ban",
        sanctions.c.lifted_at.is_(None),
        sanctions.c.room_id == rooms.c.id,
    )
    .correlate(rooms)
    .scalar_subquery()
)
# Every room that a person may read, in the order of Room's fields. Made once: it is asked for at each knock.
_SEEN = (
    sa.select(
        rooms.c.id,
        rooms.c.log,
        rooms.c.name,
        rooms.c.topic,
        rooms.c.private,
        rooms.c.direct_key.is_not(None),
        rooms.c.creator_id,
        rooms.c.last_seq,
        members.c.user_id.is_not(None),
        sa.func.coalesce(members.c.read_seq, 0),
        sa.func.coalesce(members.c.notify, sa.case((rooms.c.direct_key.is_(None), "mentions"), else_="all")),
        sa.func.coalesce(members.c.muted, sa.false()),
        rooms.c.direct_key.is_(None)  # in a direct room nobody is above the others, whoever began it
        & (
            sa.func.coalesce(members.c.moderates, sa.false())
            | (sa.func.coalesce(rooms.c.creator_id, 0) == sa.bindparam("person"))
        ),
        rooms.c.locked,
        rooms.c.slow_mode,
        _BANNED_UNTIL,
        rooms.c.unwanted_words,
        rooms.c.blur_labels,
        rooms.c.hold_labels,
        rooms.c.refuse_labels,
        rooms.c.picture_sure,
    )
    .select_from(
        rooms.outerjoin(
            members, (members.c.room_id == rooms.c.id) & (members.c.user_id == sa.bindparam("person"))
        )
    )
    .where(~rooms.c.private | members.c.user_id.is_not(None))
)
_ONE_SEEN = _SEEN.where(rooms.c.id == sa.bindparam("room"))
# Others' undeleted messages after this person's reading position: counted in the same statement, because between two
# there may be a message that `last_seq` does not know of yet, and who hears of it later counts it again.
_UNREAD = (
    sa.select(sa.func.count())
    .where(
        messages.c.room_id == rooms.c.id,
        messages.c.seq > members.c.read_seq,  # no member, no position, nothing unread
        messages.c.author_id != sa.bindparam("person"),
        messages.c.deleted_at.is_(None),
    )
    .correlate(rooms, members)
    .scalar_subquery()
)
_ALL_SHOWN = _SEEN.add_columns(_UNREAD).order_by(
    rooms.c.direct_key.is_not(None), sa.func.lower(rooms.c.name), rooms.c.id
)
_ONE_SHOWN = _ONE_SEEN.add_columns(_UNREAD)


def for_user(conn: sa.Connection, person: Person, room_id: int) -> Room:
    """The room, if this person may read it: a public one, or one of theirs.

    Raises
    ------
    Refused : `not_found`, the same whether the room does not exist or is private; `banned`.
    """
    row = conn.execute(_ONE_SEEN, {"person": person.id, "room": room_id}).first()
    if row is None:
        raise not_found("room", room_id)
    return _unless_banned(Room(*row))


def all_for_user(conn: sa.Connection, person: Person) -> list[dict[str, Any]]:
    """Public rooms and this person's own, in the order of their names, each with its unread count."""
    shown = conn.execute(_ALL_SHOWN, {"person": person.id}).all()
    seen = [(Room(*room), unread) for *room, unread in shown]
    return _json(conn, person, [(room, unread) for room, unread in seen if not _lasts(room.banned_until)])


def one_for_user(conn: sa.Connection, person: Person, room_id: int) -> dict[str, Any]:
    """A Room's JSON, with its unread count."""
    shown = conn.execute(_ONE_SHOWN, {"person": person.id, "room": room_id}).first()
    if shown is None:
        raise not_found("room", room_id)
    *room, unread = shown
    return _json(conn, person, [(_unless_banned(Room(*room)), unread)])[0]


def sizes(conn: sa.Connection) -> dict[str, int]:
    """How many members each public room has; those that nobody is in are left out."""
    count = sa.select(members.c.room_id, sa.func.count()).join(rooms, rooms.c.id == members.c.room_id)
    rows = conn.execute(count.where(~rooms.c.private).group_by(members.c.room_id))
    return {str(room_id): size for room_id, size in rows}


def create(
    conn: sa.Connection, person: Person | None, name: str, topic: str = "", private: bool = False
) -> int:
    """A new room; whoever makes it is its first member. Direct rooms are made by `direct.open`."""
    row = {
        "log": secrets.token_hex(8),
        "name": name,
        "topic": topic,
        "private": private,
        "creator_id": person and person.id,
        "created_at": now(),
    }
    room_id: int = conn.execute(rooms.insert().values(row).returning(rooms.c.id)).scalar_one()
    if person:
        row = {"room_id": room_id, "user_id": person.id, "joined_at": now()}
        conn.execute(members.insert().values(row))
    return room_id


def change(conn: sa.Connection, person: Person, room_id: int, changes: dict[str, Any]) -> None:
    """Name, topic and rules, by a member who moderates the room.

    Parameters
    ----------
    changes : `name`, `topic`, `locked`, `slow_mode` (seconds), `unwanted_words`, `blur_labels`, `hold_labels`, `refuse_labels`
        (lists), `picture_sure` (per cent); what is not there stays.
    """
    room = for_user(conn, person, room_id)
    room.check_member()
    room.check_open()
    room.check_moderator(person)
    if "unwanted_words" in changes:
        changes = {**changes, "unwanted_words": "\n".join(unwanted.cleaned(changes["unwanted_words"]))}
    for name in LABELS & changes.keys():
        labels = [label_names.canonical(word.strip()) for word in changes[name]]
        changes = {**changes, name: list({label.casefold(): label for label in labels}.values()) or None}
    if changes:
        conn.execute(rooms.update().where(rooms.c.id == room_id).values(changes))
        audit.record(conn, person, "change_room", room_id, changed=sorted(changes))


def is_banned(conn: sa.Connection, room_id: int, user_id: int) -> bool:
    until = sa.select(_BANNED_UNTIL).where(rooms.c.id == room_id)
    return _lasts(conn.execute(until, {"person": user_id}).scalar())


def may_be_named(person: Person, room_id: Any) -> Any:
    """A condition on a column of rooms' ids: no room, a public one, or one of this person's."""
    named = rooms.alias("named")
    mine = sa.select(members.c.room_id).where(members.c.user_id == person.id)
    hidden = sa.select(named.c.id).where(named.c.id == room_id, named.c.private, named.c.id.not_in(mine))
    return ~hidden.correlate_except(named).exists()


def tell(backend: "Backend", room_id: int, user_id: int) -> None:
    """After the commit: somebody has come or gone, and what they may do is looked at again everywhere."""
    backend.bus.recheck(user_id)
    for channel in (room_channel(room_id), user_channel(user_id)):
        backend.bus.tell(channel, "room", {"room": str(room_id)})


def tell_changed(backend: "Backend", room_id: int) -> None:
    """After the commit: who has the room open fetches it again."""
    backend.bus.tell(room_channel(room_id), "room", {"room": str(room_id)})


def tell_devices(backend: "Backend", room_id: int, user_id: int) -> None:
    """After the commit: what somebody wants of a room is so on all their devices."""
    backend.bus.tell(user_channel(user_id), "room", {"room": str(room_id)})


def private_among(conn: sa.Connection, room_ids: list[int]) -> set[int]:
    """Those of these rooms that strangers may not read: the private ones, and any that are gone."""
    public = conn.execute(sa.select(rooms.c.id).where(rooms.c.id.in_(room_ids), ~rooms.c.private)).scalars()
    return set(room_ids) - set(public)


def ensure_first(conn: sa.Connection) -> None:
    """A new installation has one public room, so that nobody stands before a locked door."""
    if conn.dialect.name == "postgresql":  # two who begin at once must not both make it
        conn.execute(sa.text("LOCK TABLE rooms IN SHARE ROW EXCLUSIVE MODE"))
    if conn.execute(sa.select(rooms.c.id).limit(1)).first() is None:
        create(conn, None, "Lobby", "Where everybody comes in")


def first(conn: sa.Connection) -> int | None:
    """The room that `ensure_first` made, if it is still there."""
    nobodys = rooms.c.creator_id.is_(None) & ~rooms.c.private
    return conn.execute(sa.select(sa.func.min(rooms.c.id)).where(nobodys)).scalar()


def is_untouched(conn: sa.Connection, room_id: int) -> bool:
    """Whether no person has written there yet."""
    written = sa.select(messages.c.id).join(users, users.c.id == messages.c.author_id)
    return conn.execute(written.where(messages.c.room_id == room_id, ~users.c.bot).limit(1)).first() is None


def renew_logs(conn: sa.Connection) -> int:
    """Give every log a new name: what clients know of the old ones is void."""
    ids = conn.execute(sa.select(rooms.c.id)).scalars().all()
    for room_id in ids:
        conn.execute(rooms.update().where(rooms.c.id == room_id).values(log=secrets.token_hex(8)))
    return len(ids)


def _json(conn: sa.Connection, person: Person, shown: list[tuple[Room, int]]) -> list[dict[str, Any]]:
    """The Rooms of docs/protocol.md, of rooms with their unread counts."""
    if not shown:
        return []
    only = shown[0][0].id if len(shown) == 1 else None
    people = _people_of_direct(conn, person, only) if any(room.direct for room, _ in shown) else {}
    until = {room.id: room.last_seq for room, unread in shown if unread}
    mentioned = mentions.unread(conn, person, until) if until else {}
    return [
        {
            "id": str(room.id),
            "name": direct_name(person, people[room.id]) if room.direct else room.name,
            "topic": room.topic,
            "private": room.private,
            "direct": room.direct,
            "people": [user.json() for user in people[room.id]] if room.direct else None,
            "creator": str(room.creator_id) if room.creator_id else None,
            "member": room.member,
            "last_seq": room.last_seq,
            "unread": unread,
            "mentions": mentioned.get(room.id, 0),
            "read_seq": room.read_seq,
            "notify": room.notify,
            "muted": room.muted,
            "moderates": room.is_moderated_by(person),
            "locked": room.locked,
            "slow_mode": room.slow_mode,
            "unwanted_words": _words_for(person, room),
            "blur_labels": room.blur_labels or [],
            "hold_labels": room.hold_labels or [],
            "refuse_labels": room.refuse_labels or [],
            "picture_sure": room.picture_sure,
            "log": room.log,
        }
        for room, unread in shown
    ]


def _words_for(person: Person, room: Room) -> list[str] | None:
    """A list of what one must not say is for those who made it."""
    if not room.is_moderated_by(person):
        return None
    return room.unwanted_words.split("\n") if room.unwanted_words else []


def _lasts(until: int | None) -> bool:
    return until is not None and until > now()


def _unless_banned(room: Room) -> Room:
    if _lasts(room.banned_until):
        raise Refused("banned", f"A moderator has banned you from {room.name!r}. Your notices say why.")
    return room


def direct_name(person: Person, people: list[Person]) -> str:
    """A direct room is called as the others in it."""
    others = [user.display_name for user in people if user.id != person.id]
    return ", ".join(others) or GONE


def _people_of_direct(conn: sa.Connection, person: Person, only: int | None) -> dict[int, list[Person]]:
    """Who is in this person's direct rooms, or in one of them, by name."""
    mine = sa.select(members.c.room_id).where(members.c.user_id == person.id)
    select = (
        sa.select(members.c.room_id, *PERSON_COLUMNS)
        .join(rooms, rooms.c.id == members.c.room_id)
        .join(users, users.c.id == members.c.user_id)
        .where(rooms.c.direct_key.is_not(None), members.c.room_id.in_(mine))
        .order_by(users.c.username_key)
    )
    if only is not None:
        select = select.where(members.c.room_id == only)
    found: dict[int, list[Person]] = collections.defaultdict(list)
    for room_id, *user in conn.execute(select):
        found[room_id].append(Person(*user))
    return found
