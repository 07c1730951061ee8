"""Kicks, mutes and bans: imposed with a reason, ended by time or by a moderator, appealed once.

A sanction is a row, and what it forbids is read from there: a mute where a message is stored (`chat/log.py`), a ban where
a room is loaded (`chat/rooms.py`) and where somebody is let in (`chat/users.py`). Nothing is written twice, so nothing
can disagree, and a sanction that has run out ends by itself.

`room` None stands for everywhere. A kick only removes from a room: whoever was kicked may come back.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, deletions, membership, moderators, rooms
from chat.bus import user_channel
from chat.db import Row, now
from chat.errors import Refused, not_found
from chat.rooms import Room
from chat.schema import rooms as room_rows
from chat.schema import sanctions, users
from chat.times import rfc3339
from chat.users import PERSON_COLUMNS, Person

if TYPE_CHECKING:
    from chat.backend import Backend

MINUTE = 60_000  # milliseconds

Json = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What a moderator wants.

    Parameters
    ----------
    kind : "kick", "mute" or "ban".
    users : whom.
    room : where; None: everywhere.
    minutes : for how long; None: for good. A mute always ends.
    delete_minutes : what these people wrote in that room in the last minutes is deleted as well.
    """

    kind: str
    users: list[int]
    reason: str
    room: int | None = None
    minutes: int | None = None
    delete_minutes: int | None = None


def impose(backend: "Backend", person: Person, wish: Wish) -> list[Json]:
    """Kick, mute or ban; takes effect on open sockets at once. Returns the sanctions.

    Raises
    ------
    Refused : `forbidden`, `not_found`, `invalid`.
    """
    made = backend.db.write(_impose, person, wish)
    for sanction in made:
        tell(backend, sanction)
    if wish.room is not None and wish.delete_minutes:
        since = now() - wish.delete_minutes * MINUTE
        # Of a flood it is much; what counts is that no more comes, and that is so by now.
        backend.spawn(deletions.delete_of, backend, person, wish.room, wish.users, since)
    return made


def lift(backend: "Backend", person: Person, sanction_id: int) -> None:
    """End a sanction before its time."""
    tell(backend, backend.db.write(_lift, person, sanction_id))


def appeal(backend: "Backend", person: Person, sanction_id: int, text: str) -> Json:
    """What the person concerned has to say; once."""
    return dict(backend.db.write(_appeal, person, sanction_id, text))


def decide(backend: "Backend", person: Person, sanction_id: int, upheld: bool, answer: str) -> Json:
    """A moderator's answer to an appeal; one that is not upheld ends the sanction. Who imposed it does not decide,
    unless they are an admin.
    """
    sanction = backend.db.write(_decide, person, sanction_id, upheld, answer)
    tell(backend, sanction)
    return dict(sanction)


def of_person(conn: sa.Connection, person: Person) -> list[Json]:
    """One's own, newest first: what, why, until when, and what came of an appeal. Who imposed it is not said."""
    rows = conn.execute(
        _selection().where(sanctions.c.user_id == person.id).order_by(sanctions.c.id.desc()).limit(50)
    )
    return [_json(row) for row in rows]


def listed(
    conn: sa.Connection,
    person: Person,
    room: int | None = None,
    user: int | None = None,
    current: bool = False,
) -> list[Json]:
    """For moderators, of one room or of all that they moderate: newest first, at most two hundred."""
    if room is not None:
        rooms.for_user(conn, person, room).check_moderator(person)
        select = _selection().where(sanctions.c.room_id == room)
    else:
        moderators.check_moderates_something(conn, person)
        select = _selection().where(moderators.moderated_by(person, sanctions.c.room_id))
    if user is not None:
        select = select.where(sanctions.c.user_id == user)
    if current:
        select = select.where(_lasting() | _waiting())
    rows = conn.execute(select.order_by(sanctions.c.id.desc()).limit(200))
    return [_json(row, person) for row in rows]


def note_refusal(conn: sa.Connection, user_id: int, room_id: int, reason: str) -> Json:
    """That a room's rules have taken somebody's picture away; to be told by `tell` after the commit."""
    at = now()
    row = {"kind": "refuse", "user_id": user_id, "room_id": room_id, "reason": reason}
    row |= {"created_at": at, "ends_at": at}
    return _one(conn, conn.execute(sanctions.insert().values(row).returning(sanctions.c.id)).scalar_one())


def _lasting() -> Any:
    lasts = sanctions.c.ends_at.is_(None) | (sanctions.c.ends_at > now())
    return sanctions.c.lifted_at.is_(None) & lasts & (sanctions.c.kind != "kick")


def _waiting() -> Any:
    """Whose appeal nobody has answered: it is looked at also when nothing lasts, as after a kick."""
    waits = sanctions.c.appealed_at.is_not(None) & sanctions.c.answered_at.is_(None)
    return sanctions.c.lifted_at.is_(None) & waits


def _impose(conn: sa.Connection, person: Person, wish: Wish) -> list[Json]:
    room = _may(conn, person, wish.room)
    if wish.kind == "kick" and room is None:
        raise Refused("invalid", "room: a kick is from a room; name it.")
    if wish.kind == "mute" and wish.minutes is None:
        raise Refused("invalid", "minutes: missing; a mute ends. Ban somebody for good.")
    # Who is joining at this moment is a member before this, or is refused: `membership.let_in`. In order: nobody waits in a ring.
    targets = sa.select(users.c.id).where(users.c.id.in_(wish.users)).order_by(users.c.id)
    conn.execute(targets.with_for_update(key_share=True))
    made = []
    for user_id in dict.fromkeys(wish.users):
        target = _target(conn, person, user_id, room)
        at = now()
        row = {
            "kind": wish.kind,
            "user_id": target.id,
            "room_id": wish.room,
            "reason": wish.reason,
            "by_id": person.id,
            "created_at": at,
            "ends_at": at if wish.kind == "kick" else wish.minutes and at + wish.minutes * MINUTE,
        }
        sanction_id = conn.execute(sanctions.insert().values(row).returning(sanctions.c.id)).scalar_one()
        if room is not None and wish.kind != "mute":
            membership.let_go(conn, room.id, target.id)
        audit.record(conn, person, wish.kind, wish.room, target.id, reason=wish.reason, minutes=wish.minutes)
        made.append(_one(conn, sanction_id, person))
    return made


def _may(conn: sa.Connection, person: Person, room_id: int | None) -> Room | None:
    """Whether this person moderates there."""
    if room_id is not None:
        room = rooms.for_user(conn, person, room_id)
        room.check_moderator(person)
        room.check_open()
        return room
    if not person.moderates:
        raise Refused(
            "forbidden", "Only moderators of all rooms do that everywhere; name a room that you moderate."
        )
    return None


def _target(conn: sa.Connection, person: Person, user_id: int, room: Room | None) -> Person:
    """Somebody of lower rank: admin, moderator, who moderates the room, everybody else."""
    row = conn.execute(sa.select(*PERSON_COLUMNS).where(users.c.id == user_id)).first()
    if row is None:
        raise not_found("person", user_id)
    target = Person(*row)
    if target.bot:
        raise Refused("forbidden", f"{target.username!r} is a bot; remove it from the room, or stop it.")
    if target.id == person.id or _rank(conn, target, room) >= _rank(conn, person, room):
        raise Refused("forbidden", f"{target.username!r} is not below you here.")
    return target


def _rank(conn: sa.Connection, person: Person, room: Room | None) -> int:
    if person.moderates:
        return 3 if person.role == "admin" else 2
    return 1 if room and membership.is_moderator(conn, person.id, room) else 0


def _lift(conn: sa.Connection, person: Person, sanction_id: int) -> Json:
    row = _judged(conn, person, sanction_id)
    if row.lifted_at is None:
        _end(conn, person, row)
    return _one(conn, sanction_id, person)


def _end(conn: sa.Connection, person: Person, row: Row) -> None:
    change = {"lifted_at": now(), "lifted_by": person.id}
    conn.execute(sanctions.update().where(sanctions.c.id == row.id).values(change))
    audit.record(conn, person, "lift", row.room_id, row.user_id, kind=row.kind)


def _judged(conn: sa.Connection, person: Person, sanction_id: int) -> Row:
    """A sanction that this person may judge of, locked."""
    select = _selection().where(sanctions.c.id == sanction_id).with_for_update(of=sanctions)
    row = conn.execute(select).first()
    if row is None:
        raise not_found("sanction", sanction_id)
    try:
        _may(conn, person, row.room_id)
    except Refused:
        raise not_found("sanction", sanction_id) from None
    if not _judges(person, row):
        raise Refused("forbidden", "This is for somebody else to judge.")
    return row


def _judges(person: Person, row: Row) -> bool:
    """Nobody their own; and who moderates only this room does not undo what a moderator of all rooms imposed."""
    from_above = row.by_id != person.id and row.by_role in ("moderator", "admin")
    return row.user_id != person.id and (person.moderates or not from_above)


def _decides(person: Person, row: Row) -> bool:
    """Another one than who imposed it, or an admin: in a small club there may be nobody else."""
    return _judges(person, row) and (row.by_id != person.id or person.role == "admin")


def _appeal(conn: sa.Connection, person: Person, sanction_id: int, text: str) -> Json:
    row = conn.execute(sa.select(sanctions).where(sanctions.c.id == sanction_id).with_for_update()).first()
    if row is None or row.user_id != person.id:
        raise not_found("sanction", sanction_id)
    if row.appealed_at is not None:
        raise Refused("already_appealed", "You have appealed once; that is all there is.")
    change = {"appeal": text, "appealed_at": now()}
    conn.execute(sanctions.update().where(sanctions.c.id == sanction_id).values(change))
    audit.record(conn, person, "appeal", row.room_id, person.id)
    return _one(conn, sanction_id)


def _decide(conn: sa.Connection, person: Person, sanction_id: int, upheld: bool, answer: str) -> Json:
    row = _judged(conn, person, sanction_id)
    if not _is_waiting(row):
        raise Refused("superseded", "There is no appeal here that waits for an answer.")
    if not _decides(person, row):
        raise Refused("forbidden", "Who imposed it does not decide the appeal; ask another moderator.")
    change = {"upheld": upheld, "answer": answer, "answered_at": now(), "answered_by": person.id}
    conn.execute(sanctions.update().where(sanctions.c.id == sanction_id).values(change))
    audit.record(conn, person, "decide_appeal", row.room_id, row.user_id, upheld=upheld)
    if not upheld and row.lifted_at is None:
        _end(conn, person, row)
    return _one(conn, sanction_id, person)


def _is_waiting(row: Row) -> bool:
    return row.appealed_at is not None and row.answered_at is None


def tell(backend: "Backend", sanction: Json) -> None:
    """After the commit: the person is told, and what they may do is looked at again everywhere."""
    user_id = int(sanction["user"]["id"])
    backend.bus.tell(user_channel(user_id), "notice", {"sanction": sanction["id"]})
    if sanction["room"]:
        rooms.tell(backend, int(sanction["room"]["id"]), user_id)
    else:
        backend.bus.recheck(user_id)


def _selection() -> sa.Select[Any]:
    by = users.alias("by")
    tables = sanctions.join(users, users.c.id == sanctions.c.user_id)
    tables = tables.outerjoin(by, by.c.id == sanctions.c.by_id)
    tables = tables.outerjoin(room_rows, room_rows.c.id == sanctions.c.room_id)
    imposer = [by.c.username.label("by_name"), by.c.role.label("by_role")]
    names = [users.c.username, *imposer, room_rows.c.name.label("room_name")]
    return sa.select(sanctions, *names).select_from(tables)


def _one(conn: sa.Connection, sanction_id: int, moderator: Person | None = None) -> Json:
    return _json(conn.execute(_selection().where(sanctions.c.id == sanction_id)).one(), moderator)


def _json(row: Row, moderator: Person | None = None) -> Json:
    """The Sanction of docs/protocol.md, as a moderator sees it, or as the person concerned does."""
    shown = {
        "id": str(row.id),
        "kind": row.kind,
        "user": {"id": str(row.user_id), "username": row.username},
        "room": {"id": str(row.room_id), "name": row.room_name} if row.room_id else None,
        "reason": row.reason,
        "created_at": rfc3339(row.created_at),
        "ends_at": row.ends_at and rfc3339(row.ends_at),
        "lifted_at": row.lifted_at and rfc3339(row.lifted_at),
        "appeal": row.appeal,
        "appealed_at": row.appealed_at and rfc3339(row.appealed_at),
        "upheld": row.upheld,
        "answer": row.answer,
    }
    if moderator:
        shown["by"] = {"id": str(row.by_id), "username": row.by_name} if row.by_id else None
        shown["may"] = _acts(moderator, row)
    return shown


def _acts(moderator: Person, row: Row) -> list[str]:
    """What somebody who moderates there can do with it now."""
    can = {
        "lift": row.lifted_at is None and _judges(moderator, row),
        "decide": _is_waiting(row) and _decides(moderator, row),
    }
    return [act for act, may in can.items() if may]
