"""Where Roomful and its peers are measured: a real Redis, a real database that flushes, and people with tokens."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from chat import seed
from chat.db import Database, now
from chat.schema import members, rooms, users
from tests.bench import machine
from tests.conftest import prepare
from tests.servers import ROOT, Postgres, RedisServer

PLACE = ROOT / "build" / "bench"


class Stage:
    """Parameters
    ----------
    environment : the settings of a Roomful replica here.
    redis : the server that all share.
    postgres : None if the database is SQLite.
    """

    def __init__(self, environment: dict[str, str], redis: RedisServer, postgres: Postgres | None):
        self.environment = environment
        self._redis = redis
        self._postgres = postgres
        self._db = Database(environment["DATABASE_URL"])
        self._people: list[int] = []

    def populate(self, people: int) -> None:
        """So many people, as `python -m chat seed` makes them; their tokens are in `tokens`."""
        tokens = self._db.write(seed.plant, people)
        self.tokens.write_text("".join(f"{token}\n" for token in tokens))
        seeded = sa.select(users.c.id).where(users.c.seeded).order_by(users.c.id)
        self._people = self._db.read(lambda conn: list(conn.execute(seeded).scalars()))

    def seat(self, room_count: int, each: int) -> Path:
        """New rooms, each with so many members: the first person sits in the first room, and so on.

        Returns
        -------
        A file with the rooms' ids, one a line.
        """
        ids = self._db.write(_furnish, self._people, room_count, each)
        path = PLACE / "rooms"
        path.write_text("".join(f"{id_}\n" for id_ in ids))
        return path

    @property
    def tokens(self) -> Path:
        return PLACE / "tokens"

    @property
    def roots(self) -> list[int]:
        """Processes of ours that are no children of this one."""
        if self._postgres is None:
            return []
        return [int((self._postgres.data / "postmaster.pid").read_text().split()[0])]

    def durability(self) -> str:
        """What the database says it does before it says that a commit is done."""
        if self._postgres is None:
            return f"SQLite {self._ask('SELECT sqlite_version()')}, `synchronous = {self._ask('PRAGMA synchronous')}` (2 is FULL)"
        names = ("fsync", "synchronous_commit", "full_page_writes")
        told = ", ".join(f"`{name} = {self._ask(f'SHOW {name}')}`" for name in names)
        return f"PostgreSQL {self._ask('SHOW server_version').split()[0]}, {told}"

    def redis_version(self) -> str:
        return self._redis.version()

    def _ask(self, question: str) -> str:
        return str(self._db.read(lambda conn: conn.exec_driver_sql(question).scalar()))

    def close(self) -> None:
        self._db.close()


@contextmanager
def stage(database: str) -> Iterator[Stage]:
    """On cores that are not the server's; removed at the end."""
    shutil.rmtree(PLACE / "data", ignore_errors=True)
    (PLACE / "data").mkdir(parents=True)
    with machine.pinned(machine.OTHERS):
        redis = RedisServer(shutil.which("redis-server"))
        postgres = Postgres(durable=True) if database == "postgresql" else None
    try:
        url = postgres.create("bench") if postgres else f"sqlite:///{PLACE}/data/roomful.db"
        opened = Stage(prepare(url, redis.url, PLACE / "data"), redis, postgres)
        yield opened
        opened.close()
    finally:
        redis.kill()
        if postgres:
            postgres.remove()


def _furnish(conn: sa.Connection, people: list[int], room_count: int, each: int) -> list[int]:
    """Nobody is in a room of an earlier measurement any more."""
    old = sa.select(rooms.c.id).where(rooms.c.topic == "bench")
    conn.execute(members.delete().where(members.c.room_id.in_(old)))
    rows = [
        {"log": secrets.token_hex(8), "name": f"bench {number}", "topic": "bench", "created_at": now()}
        for number in range(room_count)
    ]
    made = sorted(conn.execute(rooms.insert().returning(rooms.c.id), rows).scalars())
    seats = [
        {"room_id": made[number // each], "user_id": person, "read_seq": 0, "joined_at": now()}
        for number, person in enumerate(people[: room_count * each])
    ]
    conn.execute(members.insert(), seats)
    conn.exec_driver_sql("ANALYZE")
    return made
