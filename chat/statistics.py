"""What moderators see: who does what where, by segment. Groups of fewer than five people are shown together.

What is dear to compute is computed once a minute by a bot worker (`refresh`), for all who look. Private rooms are one
nameless row for those who are not in them; a member sees their own room's statistics.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chat import activity, fits, rooms, segments
from chat.activity import acts, room_names
from chat.db import Row, insert, now
from chat.errors import Refused
from chat.fits import check_moderator, merged
from chat.schema import active_hours, room_hours, segment_offers, segment_people, snapshots
from chat.schema import activity as cells
from chat.schema import rooms as room_rows
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

ROWS = 200  # rooms in the heat matrix
SNAPSHOT = "segments"

Json = dict[str, Any]


def refresh(backend: "Backend") -> None:
    """Compute what `of_segments` reads."""
    body = backend.db.read(_compute)
    backend.db.write(_keep, body)


def of_segments(conn: sa.Connection, person: Person) -> Json:
    """The Segments of docs/protocol.md.

    Raises
    ------
    Refused : `forbidden`; `no_segments` before the first fit.
    """
    check_moderator(person)
    run = fits.in_use(conn)
    if run is None:
        raise Refused(
            "no_segments",
            f"No segments have been made yet: it takes {fits.PEOPLE} people who did {fits.ACTS} things each in"
            f" {activity.WINDOW} days.",
        )
    names = room_names(conn)
    found = segments.current(conn)
    columns = _columns(found)
    kept = conn.execute(sa.select(snapshots).where(snapshots.c.name == SNAPSHOT)).first()
    body = kept.body if kept else {"rooms": [], "hours": []}
    return {
        "run": str(run.id),
        "k": run.report["k"],
        "silhouette": run.report["silhouette"],
        "fitted_at": rfc3339(run.ended_at),
        "users": run.report["users"],
        "segments": _shown(found, names),
        "heat": _heat(_rooms(body["rooms"], names), columns),
        "hours": _heat([({"hour": hour, "name": f"{hour} h"}, by) for hour, by in body["hours"]], columns),
        "history": [_past(row) for row in fits.history(conn)],
        "offers": _offers(conn),
        "waiting": fits.waiting(conn),
        "fitting": fits.is_fitting(conn),
        "days": activity.WINDOW,
        "counted_at": rfc3339(kept.made_at) if kept else None,
    }


def of_room(conn: sa.Connection, person: Person, room_id: int) -> Json:
    """What is done in a room, by segment and by time, as docs/protocol.md says.

    Raises
    ------
    Refused : `not_found` for a private room of others, `forbidden` for who does not moderate.
    """
    rooms.for_user(conn, person, room_id)
    check_moderator(person)
    people = _people(conn, room_id)
    groups = _groups(conn, people)
    cells_ = conn.execute(_by_day_and_segment(room_id)).all()
    kept = conn.execute(sa.select(snapshots.c.made_at).where(snapshots.c.name == SNAPSHOT)).scalar()
    return {
        "room": str(room_id),
        "days": activity.WINDOW,
        "counted_at": rfc3339(kept) if kept else None,
        "total": {**_total(cells_), "people": sum(people.values())},
        "segments": _by_segment(cells_, people, groups),
        "by_day": _by_day(cells_, groups),
        "by_hour": _by_hour(conn, room_id),
    }


# All rooms


def _compute(conn: sa.Connection) -> Json:
    """What each segment did in each room, and in each hour: [[room, {segment: times}], …], most active first."""
    segment, times = segment_people.c.segment_id, sa.func.sum(acts())
    room = sa.case((room_rows.c.private, None), else_=cells.c.room_id)
    joined = cells.join(segment_people, segment_people.c.user_id == cells.c.user_id)
    by_hours = active_hours.join(segment_people, segment_people.c.user_id == active_hours.c.user_id)
    there = (cells.c.day >= activity.window()) & segment.is_not(None)
    in_rooms = sa.select(room, segment, times).select_from(
        joined.join(room_rows, room_rows.c.id == cells.c.room_id)
    )
    in_hours = sa.select(active_hours.c.hour, segment, sa.func.sum(active_hours.c.acts)).select_from(by_hours)
    late = (active_hours.c.day >= activity.window()) & segment.is_not(None)
    by_room = _nested(conn.execute(in_rooms.where(there).group_by(room, segment)))
    by_hour = _nested(conn.execute(in_hours.where(late).group_by(active_hours.c.hour, segment)))
    ranked = sorted(by_room.items(), key=lambda one: (-sum(one[1].values()), one[0] or 0))
    return {"rooms": ranked, "hours": sorted(by_hour.items())}


def _nested(rows: Iterable[Any]) -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for outer, segment, times in rows:
        found.setdefault(outer, {})[str(segment)] = int(times)
    return found


def _keep(conn: sa.Connection, body: Json) -> None:
    values = {"body": body, "made_at": now()}
    put = insert(conn, snapshots).values(name=SNAPSHOT, **values)
    conn.execute(put.on_conflict_do_update(index_elements=["name"], set_=values))


def _rooms(ranked: list[Any], names: dict[str, str]) -> list[tuple[Json, dict[str, int]]]:
    """Rows of the matrix; what has become private since is among the private ones, and few-visited rooms are one row."""
    rows: list[tuple[Json, dict[str, int]]] = []
    private: dict[str, int] = {}
    rest: dict[str, int] = {}
    for room, by in ranked:
        if room is None or str(room) not in names:
            _add(private, by)
        elif len(rows) < ROWS:
            rows.append(({"room": str(room), "name": names[str(room)]}, by))
        else:
            _add(rest, by)
    for name, by in (("other rooms", rest), ("private rooms", private)):
        if by:
            rows.append(({"room": None, "name": name}, by))
    return rows


def _add(to: dict[str, int], more: dict[str, int]) -> None:
    for segment, times in more.items():
        to[segment] = to.get(segment, 0) + times


def _columns(found: list[Row]) -> list[tuple[Json, list[str], int]]:
    """(column, the segments in it, their people)."""
    together = merged((row.id, row.size) for row in found)
    columns = [
        ({"segment": str(row.id), "name": row.name}, [str(row.id)], row.size)
        for row in found
        if row.id not in together and row.size
    ]
    if together:
        size = sum(row.size for row in found if row.id in together)
        columns.append(({"segment": None, "name": "others"}, [str(id_) for id_ in sorted(together)], size))
    return columns


def _heat(rows: list[tuple[Json, dict[str, int]]], columns: list[tuple[Json, list[str], int]]) -> Json:
    counts = [[sum(by.get(id_, 0) for id_ in ids) for _, ids, _ in columns] for _, by in rows]
    there = [n for n, line in enumerate(counts) if any(line)]
    return {
        "rows": [rows[n][0] for n in there],
        "columns": [column for column, _, _ in columns],
        "matrix": [_shares(counts[n], [size for _, _, size in columns]) for n in there],
        "counts": [counts[n] for n in there],
    }


def _shares(counts: list[int], sizes: list[int]) -> list[float]:
    """Of one person of each segment, in the mean; adds up to 1, so that a large segment does not own everything."""
    means = [count / size for count, size in zip(counts, sizes, strict=True)]
    return [mean / sum(means) for mean in means]


def _shown(found: list[Row], names: dict[str, str]) -> list[Json]:
    together = merged((row.id, row.size) for row in found)
    shown = [segments.json(row, names) for row in found if row.id not in together]
    if together:
        size = sum(row.size for row in found if row.id in together)
        others = {
            "id": None,
            "name": "others",
            "size": size,
            "room": None,
            "auto_join": False,
            "top_features": [],
        }
        shown.append(others)
    return shown


def _past(row: Row) -> Json:
    report = row.report
    together = merged((one["id"], one["size"]) for one in report["segments"])
    sizes = [
        {"segment": str(one["id"]), "name": one["name"], "size": one["size"]}
        for one in report["segments"]
        if one["id"] not in together
    ]
    if together:
        size = sum(one["size"] for one in report["segments"] if one["id"] in together)
        sizes.append({"segment": None, "name": "others", "size": size})
    return {
        "run": str(row.id),
        "fitted_at": rfc3339(row.ended_at),
        **{name: report[name] for name in ("k", "silhouette", "users", "moved")},
        "sizes": sizes,
        "flows": fits.flows(report),
    }


def _offers(conn: sa.Connection) -> list[Json]:
    """How many were offered each segment's room, and what they chose; segments with few offers together."""
    count = sa.func.count()
    select = sa.select(segment_offers.c.segment_id, segment_offers.c.state, count.label("times"))
    rows = conn.execute(select.group_by(segment_offers.c.segment_id, segment_offers.c.state)).all()
    by: dict[int, dict[str, int]] = {}
    for row in rows:
        by.setdefault(row.segment_id, {})[row.state] = row.times
    together = merged((id_, sum(states.values())) for id_, states in by.items())
    names = dict(conn.execute(sa.select(segments.segments.c.id, segments.segments.c.name)).tuples().all())
    shown = [_offer_line(str(id_), names[id_], states) for id_, states in by.items() if id_ not in together]
    if together:
        few: dict[str, int] = {}
        for id_ in together:
            _add(few, by[id_])
        shown.append(_offer_line(None, "others", few))
    return shown


def _offer_line(segment: str | None, name: str, states: dict[str, int]) -> Json:
    chosen = {state: states.get(state, 0) for state in ("open", "accepted", "later", "never", "joined")}
    return {"segment": segment, "name": name, "made": sum(states.values()), **chosen}


# One room

FIGURES = ("messages", "images", "replies", "reactions")


def _people(conn: sa.Connection, room_id: int) -> dict[int | None, int]:
    """How many people of each segment did something here; None: of no segment."""
    here = sa.select(cells.c.user_id).distinct().where(_within(room_id)).subquery()
    segment = segment_people.c.segment_id
    select = sa.select(segment, sa.func.count()).select_from(
        here.outerjoin(segment_people, segment_people.c.user_id == here.c.user_id)
    )
    return {row[0]: row[1] for row in conn.execute(select.group_by(segment))}


def _within(room_id: int) -> Any:
    return (cells.c.room_id == room_id) & (cells.c.day >= activity.window())


def _by_day_and_segment(room_id: int) -> sa.Select[Any]:
    """Figures and people of each day and segment; a person is in one row a day."""
    messages = cells.c.texts + cells.c.pictures + cells.c.replies
    columns = (messages, cells.c.pictures, cells.c.replies, cells.c.reactions)
    sums = [sa.func.sum(column).label(name) for name, column in zip(FIGURES, columns, strict=True)]
    segment = segment_people.c.segment_id
    joined = cells.outerjoin(segment_people, segment_people.c.user_id == cells.c.user_id)
    select = sa.select(cells.c.day, segment, *sums, sa.func.count().label("people")).select_from(joined)
    return select.where(_within(room_id)).group_by(cells.c.day, segment).order_by(cells.c.day)


def _groups(conn: sa.Connection, people: dict[int | None, int]) -> dict[int | None, Json]:
    """How each segment that did something here is shown."""
    together = merged(people.items())
    names: dict[int | None, str] = {row.id: row.name for row in segments.current(conn)}
    names[None] = "no segment"
    return {
        id_: {"segment": None, "name": "others"}
        if id_ in together
        else {"segment": str(id_) if id_ else None, "name": names.get(id_, "others")}
        for id_ in people
    }


def _total(found: Sequence[Row]) -> Json:
    return {name: sum(int(getattr(row, name)) for row in found) for name in FIGURES}


def _by_segment(
    found: Sequence[Row], people: dict[int | None, int], groups: dict[int | None, Json]
) -> list[Json]:
    lines: dict[str, Json] = {}
    for id_, group in groups.items():
        line = lines.setdefault(group["name"], {**group, **dict.fromkeys(FIGURES, 0), "people": 0})
        line["people"] += people[id_]
        for name, value in _total([row for row in found if row.segment_id == id_]).items():
            line[name] += value
    return sorted(lines.values(), key=lambda line: -line["messages"])


def _by_day(found: Sequence[Row], groups: dict[int | None, Json]) -> list[Json]:
    days: dict[int, list[Row]] = {}
    for row in found:
        days.setdefault(row.day, []).append(row)
    return [
        {
            "day": rfc3339(day * activity.DAY)[:10],
            "messages": _total(rows)["messages"],
            "images": _total(rows)["images"],
            "people": sum(row.people for row in rows),
            "segments": _messages(rows, groups),
        }
        for day, rows in days.items()
    ]


def _messages(found: Sequence[Row], groups: dict[int | None, Json]) -> list[Json]:
    lines: dict[str, Json] = {}
    for row in found:
        group = groups[row.segment_id]
        lines.setdefault(group["name"], {**group, "messages": 0})["messages"] += int(row.messages)
    return list(lines.values())


def _by_hour(conn: sa.Connection, room_id: int) -> list[Json]:
    h = room_hours.c
    select = sa.select(h.hour, sa.func.sum(h.messages), sa.func.sum(h.pictures))
    select = select.where(h.room_id == room_id, h.day >= activity.window()).group_by(h.hour).order_by(h.hour)
    return [{"hour": hour, "messages": int(n), "images": int(i)} for hour, n, i in conn.execute(select)]
