"""Fits of segments: runs, from the asking to their use.

Somebody asks for a run (an admin, or the schedule), a bot worker makes it, and it is applied or waits. A web replica asks
and reads; the mathematics is the bot's (`bots/concierge.py`).

    asked → fitting → proposed              a dry run: what it would change
                    → applied
                    → waiting → asked → …   it would move too many; a moderator may let it
                    → failed, superseded
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import redis
import sqlalchemy as sa

from chat import activity
from chat.activity import Item, room_names
from chat.db import Row, execute_rows, insert, now, table_of
from chat.errors import Refused, not_found
from chat.schema import segment_people, segment_runs, segments
from chat.times import rfc3339
from chat.users import Person

if TYPE_CHECKING:
    from chat.backend import Backend

BOT = "concierge"  # who fits
ACTS = 10  # things that somebody must have done in the window to belong anywhere
PEOPLE = 20  # such people that a fit wants
HELD = 60_000  # milliseconds that a worker has a run without a sign of life
OTHERS = 5  # people; smaller groups are shown together
HISTORY = 60  # runs
OPEN = ("asked", "fitting")
BELONGS = {"user_id": "bigint", "segment_id": "bigint", "to_own": "float8", "to_next": "float8"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run as its worker has it.

    Parameters
    ----------
    wanted_k : how many segments; None: to be chosen.
    scheduled : nobody asked for it.
    model, report : what an earlier fit of this run has made, and a moderator now wants applied.
    """

    id: int
    dry_run: bool
    wanted_k: int | None
    scheduled: bool
    compared_with: int | None
    model: bytes | None
    report: Json | None


# For doors


def ask(backend: "Backend", person: Person, dry_run: bool, k: int | None) -> int:
    """An admin wants a fit; returns the run.

    Raises
    ------
    Refused : `forbidden`; `bots_offline` if no worker runs that could make it.
    """
    if person.role != "admin":
        raise Refused("forbidden", "Only admins ask for a fit.")
    check_online(backend)
    return int(backend.db.write(_ask, dry_run, k))


def ask_to_apply(backend: "Backend", person: Person, run_id: int) -> None:
    """A moderator lets a run that waits be applied.

    Raises
    ------
    Refused : `forbidden`, `not_found`, `superseded`, `bots_offline`.
    """
    check_moderator(person)
    check_online(backend)
    backend.db.write(_let_apply, run_id)


def wait(backend: "Backend", run_id: int, seconds: float) -> Json:
    """The run when it has ended, or as it is after so long.

    Raises
    ------
    Refused : what made it fail.
    """
    end = time.monotonic() + seconds
    while True:
        found: Json = backend.db.read(one, run_id)
        if found["state"] == "failed":
            raise Refused(found["error"]["code"], found["error"]["detail"])
        if found["state"] not in OPEN or time.monotonic() > end:
            return found
        time.sleep(0.1)


def one(conn: sa.Connection, run_id: int) -> Json:
    """The Run of docs/protocol.md. Authorises nobody."""
    row = conn.execute(sa.select(*_shown()).where(segment_runs.c.id == run_id)).first()
    if row is None:
        raise not_found("run", run_id)
    return _json(conn, row)


def for_moderator(conn: sa.Connection, person: Person, run_id: int) -> Json:
    check_moderator(person)
    return one(conn, run_id)


def is_online(backend: "Backend") -> bool:
    """Whether a worker runs that could make a fit; nobody knows while Redis is away."""
    try:
        return bool(backend.bus.bots_alive([BOT]))
    except redis.RedisError:
        return False


def check_online(backend: "Backend") -> None:
    if not is_online(backend):
        raise Refused("bots_offline", f"No worker runs the {BOT}. Start one with `python -m bots {BOT}`.")


def check_moderator(person: Person) -> None:
    if not person.moderates:
        raise Refused("forbidden", "Only moderators see statistics.")


def in_use(conn: sa.Connection) -> Row | None:
    """The run that was applied last."""
    return conn.execute(_applied().limit(1)).first()


def history(conn: sa.Connection) -> list[Row]:
    """The last runs that were applied, oldest first."""
    return list(conn.execute(_applied().limit(HISTORY)))[::-1]


def is_fitting(conn: sa.Connection) -> bool:
    return (
        conn.execute(sa.select(segment_runs.c.id).where(segment_runs.c.state.in_(OPEN)).limit(1)).first()
        is not None
    )


def waiting(conn: sa.Connection) -> Json | None:
    """The newest run that waits for a moderator, unless another one has been applied since."""
    select = sa.select(*_shown()).where(segment_runs.c.state == "waiting")
    row = conn.execute(select.order_by(segment_runs.c.id.desc()).limit(1)).first()
    return _json(conn, row) if row and row.compared_with == _current(conn) else None


def merged(sizes: Iterable[tuple[Any, int]]) -> set[Any]:
    """Which groups are shown together: all with fewer than five people, and the next larger ones until they are five.

    One small group alone would be told by what is missing from the total.

    >>> sorted(merged([("a", 40), ("b", 6), ("c", 2)]))
    ['b', 'c']
    >>> merged([("a", 40), ("b", 6)])
    set()
    """
    together: set[Any] = set()
    people = 0
    for group, size in sorted(sizes, key=lambda one: one[1]):
        if 0 < size < OTHERS or 0 < people < OTHERS:
            together.add(group)
            people += size
    return together


def flows(report: Json) -> list[Json]:
    """From which segment to which how many would go, or went. Few are shown together."""
    all_ = report.get("flows", [])
    shown = [
        {"from": from_ and str(from_), "to": to and str(to), "people": people}
        for from_, to, people in all_
        if people >= OTHERS
    ]
    few = sum(people for *_, people in all_ if people < OTHERS)
    return shown + ([{"from": "others", "to": "others", "people": few}] if few else [])


def top_features(telling: list[Any], names: dict[str, str]) -> list[Json]:
    """What a segment's people do more than others, with by how many standard deviations."""
    items = [(Item.read(item), above) for item, above in telling]
    return [
        {
            "room": item.key if item.group == "room" and item.key in names else None,
            "name": item.in_words(names),
            "above": round(above, 2),
        }
        for item, above in items
    ]


def _applied() -> sa.Select[Any]:
    select = sa.select(*_shown()).where(segment_runs.c.state == "applied")
    return select.order_by(segment_runs.c.ended_at.desc(), segment_runs.c.id.desc())


def _current(conn: sa.Connection) -> int | None:
    row = in_use(conn)
    return row.id if row else None


def _shown() -> list[sa.Column[Any]]:
    return [column for column in segment_runs.c if column.name != "model"]


def _ask(conn: sa.Connection, dry_run: bool, k: int | None, scheduled: bool = False) -> int:
    row = {"state": "asked", "dry_run": dry_run, "wanted_k": k, "scheduled": scheduled, "asked_at": now()}
    return int(conn.execute(segment_runs.insert().values(row).returning(segment_runs.c.id)).scalar_one())


def _let_apply(conn: sa.Connection, run_id: int) -> None:
    mine = segment_runs.c.id == run_id
    row = conn.execute(sa.select(*_shown()).where(mine).with_for_update()).first()
    if row is None:
        raise not_found("run", run_id)
    if row.state != "waiting" or row.compared_with != _current(conn):
        raise Refused(
            "superseded", f"Run {run_id} does not wait any more: it is {row.state}, or another came first."
        )
    conn.execute(segment_runs.update().where(mine).values(state="asked"))


def _json(conn: sa.Connection, row: Row) -> Json:
    report = row.report or {}
    names = room_names(conn)
    all_ = report.get("segments", [])
    together = merged((one["id"], one["size"]) for one in all_)
    found = [
        {
            "id": str(one["id"]),
            "name": one["name"],
            "size": one["size"],
            "before": None if 0 < one["before"] < OTHERS else one["before"],
            "top_features": top_features(one["telling"], names),
        }
        for one in all_
        if one["id"] not in together
    ]
    if together:
        size = sum(one["size"] for one in all_ if one["id"] in together)
        found.append({"id": None, "name": "others", "size": size, "before": None, "top_features": []})
    return {
        "run": str(row.id),
        "state": row.state,
        "dry_run": row.dry_run,
        "asked_at": rfc3339(row.asked_at),
        "ended_at": rfc3339(row.ended_at) if row.ended_at else None,
        **{name: report.get(name) for name in ("k", "silhouette", "users", "moved", "error")},
        "curve": report.get("curve", []),
        "segments": found,
        "flows": flows(report),
    }


# For workers


class Fits:
    """A worker's way to the runs."""

    def __init__(self, backend: "Backend"):
        self._db = backend.db

    def schedule(self, every: int) -> None:
        """Ask for a run if none was asked for by the schedule, or applied, for `every` milliseconds, and if one can be made."""
        if self._db.read(_is_due, every) and self.candidates() == PEOPLE:
            self._db.write(_schedule, every)

    def candidates(self) -> int:
        """How many did enough to belong somewhere, counted up to as many as a fit wants."""
        return int(self._db.read(activity.busy, ACTS, PEOPLE))

    def ask(self, dry_run: bool, k: int | None) -> int:
        """For an operator, who need not be an admin of the chat; returns the run."""
        return int(self._db.write(_ask, dry_run, k))

    def take(self) -> Run | None:
        """The next run to make: one at a time, however many workers there are."""
        return self._db.write(_take) if self._db.read(is_fitting) else None

    def hold(self, run: Run) -> None:
        """Still at it."""
        values = {"held_until": now() + HELD}
        self._db.write(_update, run.id, values)

    def current(self) -> tuple[int, bytes] | None:
        """The run in use, and its model."""
        return self._db.read(_current_model)

    def belonging(self) -> dict[int, int]:
        """{user: segment} as it is now."""
        return self._db.read(_belonging)

    def names(self) -> dict[int, str]:
        """Of all segments that there have been."""
        rows = self._db.read(lambda conn: conn.execute(sa.select(segments.c.id, segments.c.name)).all())
        return {row.id: row.name for row in rows}

    def end(self, run: Run, state: str, compared_with: int | None, report: Json, model: bytes | None) -> None:
        """`proposed`, `waiting` or `failed`."""
        values = {"state": state, "compared_with": compared_with, "report": report, "model": model}
        self._db.write(_update, run.id, {**values, "ended_at": now()})

    def apply(
        self,
        run: Run,
        compared_with: int | None,
        report: Json,
        model: bytes,
        people: list[tuple[int, int, float, float]],
    ) -> bool:
        """Use a run from now on, in one transaction; False, and superseded, if another has come in between.

        Parameters
        ----------
        people : (user, segment, distance to its centre, to the next one's); all others belong nowhere.
        """
        return bool(self._db.write(_apply, run.id, compared_with, report, model, people))

    def add(self, people: list[tuple[int, int, float, float]]) -> None:
        """Newcomers, assigned by the run in use."""
        if people:
            self._db.write(_belong, people)


def _is_due(conn: sa.Connection, every: int) -> bool:
    counts = segment_runs.c.scheduled | (segment_runs.c.state == "applied")
    recent = counts & (segment_runs.c.asked_at > now() - every)
    any_open = recent | segment_runs.c.state.in_(OPEN)
    return conn.execute(sa.select(segment_runs.c.id).where(any_open).limit(1)).first() is None


def _schedule(conn: sa.Connection, every: int) -> None:
    _lock(conn)
    if _is_due(conn, every):
        _ask(conn, False, None, scheduled=True)


def _take(conn: sa.Connection) -> Run | None:
    _lock(conn)
    select = sa.select(segment_runs).where(segment_runs.c.state.in_(OPEN)).order_by(segment_runs.c.id)
    found = conn.execute(select).all()
    if any(row.state == "fitting" and row.held_until > now() for row in found) or not found:
        return None
    row = next((row for row in found if row.state == "fitting"), found[0])  # a dead worker's first
    _update(conn, row.id, {"state": "fitting", "held_until": now() + HELD})
    return Run(row.id, row.dry_run, row.wanted_k, row.scheduled, row.compared_with, row.model, row.report)


def _lock(conn: sa.Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("LOCK TABLE segment_runs IN SHARE ROW EXCLUSIVE MODE"))


def _update(conn: sa.Connection, run_id: int, values: Json) -> None:
    conn.execute(segment_runs.update().where(segment_runs.c.id == run_id).values(values))


def _current_model(conn: sa.Connection) -> tuple[int, bytes] | None:
    current = _current(conn)
    model = conn.execute(sa.select(segment_runs.c.model).where(segment_runs.c.id == current)).scalar()
    return (current, model) if current and model else None


def _belonging(conn: sa.Connection) -> dict[int, int]:
    select = sa.select(segment_people.c.user_id, segment_people.c.segment_id)
    return dict(conn.execute(select.where(segment_people.c.segment_id.is_not(None))).tuples().all())


def _apply(
    conn: sa.Connection,
    run_id: int,
    compared_with: int | None,
    report: Json,
    model: bytes,
    people: list[tuple[int, int, float, float]],
) -> bool:
    _lock(conn)
    if _current(conn) != compared_with:
        _update(conn, run_id, {"state": "superseded", "ended_at": now()})
        return False
    conn.execute(segments.update().values(current=False))
    for found in report["segments"]:
        row = {"id": found["id"], "name": found["name"], "telling": found["telling"], "current": True}
        known = {"telling": found["telling"], "current": True}  # its name stays
        put = insert(conn, segments).values(row)
        conn.execute(put.on_conflict_do_update(index_elements=["id"], set_=known))
    conn.execute(segment_people.update().values(segment_id=None, to_own=None, to_next=None))
    _belong(conn, people)
    values = {"state": "applied", "compared_with": compared_with, "report": report, "model": model}
    _update(conn, run_id, {**values, "ended_at": now()})
    return True


def _belong(conn: sa.Connection, people: list[tuple[int, int, float, float]]) -> None:
    """Those who have left meanwhile stay out; an account that is gone is left out."""
    columns = ", ".join(BELONGS)
    put = f"""
        INSERT INTO segment_people ({columns})
        SELECT {columns} FROM {table_of(conn, **BELONGS)} WHERE user_id IN (SELECT id FROM users)
        ON CONFLICT (user_id) DO UPDATE
        SET segment_id = excluded.segment_id, to_own = excluded.to_own, to_next = excluded.to_next
        WHERE segment_people.takes_part"""
    for start in range(0, len(people), 5000):
        rows = [dict(zip(BELONGS, one, strict=True)) for one in people[start : start + 5000]]
        execute_rows(conn, put, rows)
