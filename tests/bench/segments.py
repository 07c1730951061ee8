"""How fast segments are found and shown: `make bench-segments`.

People in planted groups are fitted by `ml.segment`, features included, and by scikit-learn's K-means alone on those
features, in turn; newcomers are assigned. Then the counts of ten million messages, all of the last thirty days, lie in
a database, and a moderator asks for the statistics.
"""

import argparse
import os
import statistics as spread
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from scipy import sparse
from sklearn.cluster import KMeans

from bots.concierge import Concierge
from bots.worker import RealChat
from chat import activity, statistics, users
from chat.activity import KINDS
from chat.backend import Backend
from chat.config import Config
from chat.schema import active_hours, room_hours
from chat.schema import activity as cells
from chat.schema import rooms as room_rows
from chat.schema import users as user_rows
from ml import numbers, segment
from ml.segment import Counts
from tests.bench import machine
from tests.bench.stage import stage
from tests.people import Client, promote
from tests.servers import Replica

SIZES = (10_000, 100_000, 1_000_000)
ITEMS, GROUPS, NEWCOMERS = 32, 6, 100_000
PEOPLE, ROOMS, MESSAGES = 10_000, 1_000, 10_000_000
ASKED = 40  # times that a page is asked for


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-segments", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["fit", "page"], help="a part")
    parser.add_argument("--people", type=int, nargs="+", default=SIZES, help="sizes of the fits")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="sqlite")
    options = parser.parse_args()
    print(machine.description())
    if options.only in (None, "fit"):
        for people in options.people:
            _fits(people, options.rounds)
    if options.only in (None, "page"):
        with stage(options.database) as place:
            print(
                f"\n{options.messages:,} messages of {PEOPLE:,} people in {ROOMS:,} rooms; {place.durability()}"
            )
            _page(place.environment, options.messages)


# Fits


def _fits(people: int, rounds: int) -> None:
    counts, newcomers = planted(people, 1), planted(NEWCOMERS, 2)
    ours, bare, assigning = [], [], []
    for _ in range(rounds):
        began = time.perf_counter()
        found = segment.fit(counts, GROUPS)
        ours.append(time.perf_counter() - began)
        features = found.recipe.features(counts)
        alone = KMeans(GROUPS, n_init=numbers.SEGMENT_STARTS, random_state=numbers.SEED)
        bare.append(_seconds(alone.fit, features))
        assert np.isclose(alone.inertia_, found.inertia, rtol=1e-3), "another optimum was found"
        assigning.append(_seconds(found.assign, newcomers))
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    print(f"\n{people:,} people × {ITEMS} items, k = {GROUPS}")
    for name, values in (("fit, s", ours), ("scikit-learn alone, s", bare), ("ratio", ratios)):
        _show(name, values)
    _show("newcomers assigned, a second", [NEWCOMERS / took for took in assigning])


def planted(people: int, seed: int) -> Counts:
    """Of each group's five items much, of the others little: about twelve different items each, as sparse counts."""
    chance = np.random.default_rng(seed)
    group = chance.integers(GROUPS, size=people)
    own = chance.poisson(4.0, (people, 5))
    other_items = chance.integers(ITEMS, size=(people, 7))
    rows = np.repeat(np.arange(people), 12)
    columns = np.concatenate([group[:, None] * 5 + np.arange(5), other_items], axis=1).ravel()
    values = np.concatenate([own, np.ones((people, 7), int)], axis=1).ravel().astype(float)
    matrix = sparse.coo_array((values, (rows, columns)), (people, ITEMS)).tocsr()
    matrix.eliminate_zeros()
    names = tuple(map(str, range(people))), tuple(f"item {n}" for n in range(ITEMS))
    return Counts(*names, ("items",) * ITEMS, matrix)


# The page


def _page(environment: dict[str, str], messages: int) -> None:
    backend = Backend.open(Config.from_environment({**os.environ, **environment}))
    print(f"{_furnish(backend, messages):,} rows of counts")
    users.ensure_bot(backend, "concierge", "Offers rooms.")
    concierge = Concierge(RealChat(backend))
    concierge.warm_up()
    desk = concierge.chat.desk
    desk.fits.ask(False, None)
    run = desk.fits.take()
    assert run
    _show("reading the counts for a fit, s", [_seconds(desk.done)])
    _show("fit, k chosen, applied, s", [_seconds(concierge.make, run)])
    _show("statistics computed anew, s", [_seconds(statistics.refresh, backend) for _ in range(5)])
    with machine.pinned(machine.SERVER):
        replica = Replica(environment, Path(environment["DATA_DIR"]))
    admin = Client(replica.url, "bench-admin")
    promote(environment, admin.id)
    busiest = backend.db.read(_busiest)
    for path in ("/api/segments", f"/api/rooms/{busiest}/stats"):
        took = sorted(1000 * _seconds(_get, admin, path) for _ in range(ASKED))
        name = path.replace(str(busiest), "BUSIEST")
        print(f"{name:40} p50 {took[len(took) // 2]:.0f} ms, p95 {took[int(0.95 * len(took))]:.0f} ms")
    replica.stop()
    backend.close()


def _furnish(backend: Backend, messages: int) -> int:
    """Counts as that many messages leave them: people are at home in a few rooms, some rooms are large, evenings are long."""
    chance = np.random.default_rng(1)
    names = [
        {"username": f"p{n}", "username_key": f"p{n}", "display_name": f"p{n}", "created_at": 0}
        for n in range(PEOPLE)
    ]
    halls = [{"name": f"Room {n}", "log": str(n), "created_at": 0} for n in range(ROOMS)]
    people = _ids(backend, user_rows, names)
    rooms = _ids(backend, room_rows, halls)
    popular = 1 / np.arange(1, ROOMS + 1)
    homes = chance.choice(ROOMS, (PEOPLE, 6), p=popular / popular.sum())
    who = chance.integers(PEOPLE, size=messages)
    where = homes[who, chance.choice(6, messages, p=(0.4, 0.25, 0.15, 0.1, 0.05, 0.05))]
    day = chance.integers(activity.WINDOW, size=messages)
    hour = chance.binomial(23, 0.65, messages)
    kind = (where + chance.choice(4, messages, p=(0.7, 0.1, 0.1, 0.1))) % 4
    first, ids = activity.window(), (np.array(people), np.array(rooms))
    by_day, kinds = _sums((where, day, who), (ROOMS, activity.WINDOW, PEOPLE), kind)
    _insert(
        backend,
        cells,
        ("room_id", "day", "user_id", *KINDS),
        [ids[1][by_day[0]], first + by_day[1], ids[0][by_day[2]], *kinds],
    )
    by_hour, kinds = _sums((who, day, hour), (PEOPLE, activity.WINDOW, 24), kind)
    _insert(
        backend,
        active_hours,
        ("user_id", "day", "hour", "acts"),
        [ids[0][by_hour[0]], first + by_hour[1], by_hour[2], kinds.sum(0)],
    )
    of_room, kinds = _sums((where, day, hour), (ROOMS, activity.WINDOW, 24), kind)
    columns = [ids[1][of_room[0]], first + of_room[1], of_room[2], kinds[:3].sum(0), kinds[1]]
    _insert(backend, room_hours, ("room_id", "day", "hour", "messages", "pictures"), columns)
    return sum(len(cells_[0]) for cells_ in (by_day, by_hour, of_room))


def _sums(key: tuple[Any, ...], shape: tuple[int, ...], kind: Any) -> tuple[Any, Any]:
    """Each different key, and how often each kind is there with it, (4, n)."""
    found, place = np.unique(np.ravel_multi_index(key, shape), return_inverse=True)
    counts = np.bincount(place * 4 + kind, minlength=4 * len(found)).reshape(-1, 4).T
    return np.unravel_index(found, shape), counts


def _insert(backend: Backend, table: sa.Table, names: tuple[str, ...], columns: list[Any]) -> None:
    rows = np.column_stack(columns)
    for start in range(0, len(rows), 200_000):
        part = [dict(zip(names, row, strict=True)) for row in rows[start : start + 200_000].tolist()]
        backend.db.write(lambda conn, part=part: conn.execute(table.insert(), part))


def _ids(backend: Backend, table: sa.Table, rows: list[dict[str, Any]]) -> list[int]:
    insert = table.insert().returning(table.c.id)
    return sorted(backend.db.write(lambda conn: list(conn.execute(insert, rows).scalars())))


def _busiest(conn: sa.Connection) -> int:
    count = sa.func.count()
    select = sa.select(cells.c.room_id).group_by(cells.c.room_id).order_by(count.desc()).limit(1)
    return int(conn.execute(select).scalar_one())


def _get(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def _seconds(work: Callable[..., object], *args: Any) -> float:
    began = time.perf_counter()
    work(*args)
    return time.perf_counter() - began


def _show(name: str, values: list[float]) -> None:
    middle = spread.median(values)
    print(f"{name:40} median {middle:12,.2f}  ({min(values):,.2f} to {max(values):,.2f})", flush=True)


if __name__ == "__main__":
    main()
