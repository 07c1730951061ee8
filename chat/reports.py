"""Reports: a member says that a message should not stand; whoever moderates its room looks at it.

A report shows the message as it stands. What is deleted stays deleted, and what was said in a private room is shown only
to those who moderate it as members; moderators of all rooms see that there is a report, by whom, of whom and why.
"""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import audit, messages, moderators, rendering
from chat.db import Row, insert, now
from chat.errors import Refused, not_found
from chat.schema import members, reports, sanctions, users
from chat.schema import messages as message_rows
from chat.schema import rooms as room_rows
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

STATES = ("open", "agreed", "disagreed")
CONTEXT = 4  # messages before the one that was reported

Json = dict[str, Any]


def make(backend: "Backend", person: Person, message_id: int, reason: str) -> tuple[Json, bool]:
    """Report a message. A second report of the same message by the same person is the first one.

    Returns
    -------
    `{id, state}`, and whether it is new.
    """
    found, new = backend.db.write(_make, person, message_id, reason)
    return dict(found), bool(new)


def listed(
    conn: sa.Connection, person: Person, state: str, before: int | None = None, limit: int = 50
) -> list[Json]:
    """For who moderates: oldest first where they are open, else newest first.

    Raises
    ------
    Refused : `forbidden` for who moderates nothing.
    """
    moderators.check_moderates_something(conn, person)
    select = _selection(person).where(reports.c.state == state)
    if before is not None:
        select = select.where(reports.c.id < before)
    order = reports.c.id if state == "open" else reports.c.id.desc()
    rows = conn.execute(select.order_by(order).limit(limit)).all()
    shown = rendering.by_ids(conn, [row.message_id for row in rows if _may_read(row)])
    return [_json(conn, row, shown.get(row.message_id)) for row in rows]


def one(conn: sa.Connection, person: Person, report_id: int) -> Json:
    """A report with what was said before, and what is known of the author."""
    row = _find(conn, person, report_id)
    shown = rendering.by_ids(conn, [row.message_id]) if _may_read(row) else {}
    context = (
        messages.page(conn, person, row.room_id, row.seq, None, CONTEXT)["messages"] if _may_read(row) else []
    )
    return {**_json(conn, row, shown.get(row.message_id)), "context": context}


def take(conn: sa.Connection, person: Person, report_id: int, mine: bool) -> Json:
    """Say that one looks after it, or not any more."""
    row = _find(conn, person, report_id)
    if row.state != "open":
        raise Refused("superseded", "Somebody has decided this report already.")
    if row.assigned_to not in (None, person.id) and not mine:
        raise Refused("forbidden", "Somebody else looks after this report.")
    change = {"assigned_to": person.id if mine else None}
    conn.execute(reports.update().where(reports.c.id == report_id).values(change))
    audit.record(
        conn, person, "take_report", row.room_id, row.author_id, row.message_id, report=report_id, mine=mine
    )
    return one(conn, person, report_id)


def decide(conn: sa.Connection, person: Person, report_id: int, agreed: bool, note: str) -> Json:
    """Close it, and every other open report of the same message alike. What follows from it is an act of its own."""
    row = _find(conn, person, report_id)
    if row.state != "open":
        raise Refused("superseded", "Somebody has decided this report already.")
    state = "agreed" if agreed else "disagreed"
    change = {"state": state, "note": note, "decided_by": person.id, "decided_at": now()}
    same = (reports.c.message_id == row.message_id) & (reports.c.state == "open")
    conn.execute(reports.update().where(same).values(change))
    audit.record(
        conn,
        person,
        "decide_report",
        row.room_id,
        row.author_id,
        row.message_id,
        report=report_id,
        state=state,
    )
    return one(conn, person, report_id)


def waiting(conn: sa.Connection, person: Person) -> int:
    """How many open reports this person could look after."""
    waits = _selection(person).where(reports.c.state == "open").subquery()
    return int(conn.execute(sa.select(sa.func.count()).select_from(waits)).scalar_one())


def _make(conn: sa.Connection, person: Person, message_id: int, reason: str) -> tuple[Json, bool]:
    row = messages.for_user(conn, person, message_id)
    if row.deleted_at:
        raise not_found("message", message_id)
    if row.author_id == person.id:
        raise Refused("invalid", "This message is your own; delete it.")
    report = {
        "message_id": message_id,
        "by_id": person.id,
        "reason": reason,
        "state": "open",
        "created_at": now(),
    }
    made = conn.execute(
        insert(conn, reports).values(report).on_conflict_do_nothing().returning(reports.c.id)
    ).scalar()
    mine = (reports.c.message_id == message_id) & (reports.c.by_id == person.id)
    kept = conn.execute(sa.select(reports.c.id, reports.c.state).where(mine)).one()
    return {"id": str(kept.id), "state": kept.state}, made is not None


def _selection(person: Person) -> sa.Select[Any]:
    """Every report that concerns a room which this person moderates; nobody judges of their own message."""
    author, by, keeper, decider = (users.alias(name) for name in ("author", "by", "keeper", "decider"))
    m = message_rows.c
    inside = members.alias("inside")
    tables = reports.join(message_rows, m.id == reports.c.message_id).join(
        room_rows, room_rows.c.id == m.room_id
    )
    tables = tables.outerjoin(inside, (inside.c.room_id == m.room_id) & (inside.c.user_id == person.id))
    tables = tables.join(author, author.c.id == m.author_id).outerjoin(by, by.c.id == reports.c.by_id)
    tables = tables.outerjoin(keeper, keeper.c.id == reports.c.assigned_to)
    tables = tables.outerjoin(decider, decider.c.id == reports.c.decided_by)
    columns = [
        m.room_id,
        m.seq,
        m.author_id,
        room_rows.c.name.label("room_name"),
        room_rows.c.private,
        inside.c.user_id.is_not(None).label("inside"),
        author.c.username.label("author_name"),
        by.c.username.label("by_name"),
        keeper.c.username.label("keeper_name"),
        decider.c.username.label("decider_name"),
    ]
    select = sa.select(reports, *columns).select_from(tables).where(m.author_id != person.id)
    if person.moderates:
        return select
    return select.where(inside.c.moderates | _made_by(person, inside))


def _made_by(person: Person, inside: Any) -> sa.ColumnElement[bool]:
    """A room of this person's, in which they are still; a direct room is nobody's."""
    return (
        (room_rows.c.creator_id == person.id)
        & room_rows.c.direct_key.is_(None)
        & inside.c.user_id.is_not(None)
    )


def _find(conn: sa.Connection, person: Person, report_id: int) -> Row:
    row = conn.execute(_selection(person).where(reports.c.id == report_id)).first()
    if row is None:
        raise not_found("report", report_id)
    return row


def _may_read(row: Row) -> bool:
    return bool(row.inside or not row.private)


def _json(conn: sa.Connection, row: Row, message: Json | None) -> Json:
    """The Report of docs/protocol.md."""
    return {
        "id": str(row.id),
        "room": {"id": str(row.room_id), "name": row.room_name} if _may_read(row) else None,
        "message": message,
        "author": {"id": str(row.author_id), "username": row.author_name},
        "by": _named(row.by_id, row.by_name),
        "reason": row.reason,
        "state": row.state,
        "created_at": rfc3339(row.created_at),
        "assigned_to": _named(row.assigned_to, row.keeper_name),
        "decided_by": _named(row.decided_by, row.decider_name),
        "decided_at": row.decided_at and rfc3339(row.decided_at),
        "note": row.note,
        "before": _before(conn, row),
    }


def _named(id_: int | None, name: str | None) -> Json | None:
    return {"id": str(id_), "username": name} if id_ and name else None


def _before(conn: sa.Connection, row: Row) -> Json:
    """How often reports of the author's messages were agreed with, and how often they were sanctioned."""
    of_author = sa.select(sa.func.count()).select_from(
        reports.join(message_rows, message_rows.c.id == reports.c.message_id)
    )
    agreed = of_author.where(message_rows.c.author_id == row.author_id, reports.c.state == "agreed")
    sanctioned = sa.select(sa.func.count()).where(
        sanctions.c.user_id == row.author_id, sanctions.c.kind != "refuse"
    )
    return {
        "agreed_reports": int(conn.execute(agreed).scalar_one()),
        "sanctions": int(conn.execute(sanctioned).scalar_one()),
    }
