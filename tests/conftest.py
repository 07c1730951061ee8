"""Fixtures: real servers, shared by the whole run, and what stands behind a door, on either database."""

import functools
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from chat import membership, migrate, rooms, users
from chat.backend import Backend
from chat.config import Config
from chat.db import Database
from chat.users import Person
from tests.people import Client, Socket, new_name
from tests.servers import Postgres, RedisServer, Replica, two_replicas

hypothesis.settings.register_profile(
    "steady",
    derandomize=True,  # a failure in CI is a failure at home
    deadline=None,  # a busy machine is no fault
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")

LONG = ("ml", "frontend", "system", "bots")  # folders of tests that take long, the longest first

CHEAP = "pbkdf2:sha256:1"  # a password hash that costs nothing; the real one takes 300 ms
SECRET = "a secret key for tests and nothing else"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no process is left with it when the others have done all theirs."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    folder = item.path.parent.name
    return LONG.index(folder) if folder in LONG else len(LONG)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Shared; who kills it takes `own_redis`."""
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """The name of a database with the schema and nothing in it, to be copied."""
    db = Database(postgres.create("migrated"))
    migrate.upgrade(db)
    db.close()
    return "migrated"


@pytest.fixture
def postgres_url(postgres: Postgres, migrated: str) -> Iterator[str]:
    """A database of its own for each test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres.create(name, migrated)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, tmp_path: Path, redis_server: RedisServer) -> Iterator[Backend]:
    """What stands behind every door, in this process, on each database in turn."""
    sqlite = f"sqlite:///{tmp_path}/roomful.db"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = open_backend(url, redis_server.url, tmp_path)
    yield opened
    opened.close()


def open_backend(database_url: str, redis_url: str, folder: Path) -> Backend:
    """On a database with the schema; a new file of SQLite's is a copy of one that has it."""
    path = Path(database_url.removeprefix("sqlite:///"))
    if database_url.startswith("sqlite:") and not path.exists():
        path.write_bytes(_migrated_file())
    opened = Backend.open(Config.from_environment(settings(database_url, redis_url, folder)))
    migrate.upgrade(opened.db)
    return opened


@functools.cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "roomful.db")
        db = Database(f"sqlite:///{path}")
        migrate.upgrade(db)
        db.close()
        return path.read_bytes()


def settings(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    """Those of a deployment, with cheap passwords and no rates."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "PASSWORD_HASH": CHEAP,
        "LIMITS": "off",
    }


@pytest.fixture
def person(backend: Backend) -> Callable[..., Person]:
    """Makes people: `ann = person("ann")`."""
    return lambda name, role="member": backend.db.write(
        lambda conn: users.create(conn, new_name(name), None, role)
    )


@pytest.fixture
def room(backend: Backend) -> Callable[..., int]:
    """Makes a room with these members, the first of whom is its creator."""

    def make(*people: Person, private: bool = False) -> int:
        def work(conn):
            room_id = rooms.create(conn, people[0], "lounge", private=private)
            for other in people[1:]:
                membership.let_in(conn, room_id, other.id)
            return room_id

        return backend.db.write(work)

    return make


@pytest.fixture(scope="session")
def environment(
    postgres: Postgres, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The settings of a deployment: one PostgreSQL, one Redis, one folder of pictures.

    Somebody is there already: the first to come would be an admin, and it is chance which test begins.
    """
    url, folder = postgres.create(f"shared_{uuid.uuid4().hex[:8]}"), tmp_path_factory.mktemp("shared")
    opened = open_backend(url, redis_server.url, folder)
    opened.db.write(users.create, new_name("landlady"))
    opened.close()
    return settings(url, redis_server.url, folder)


def prepare(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    """Settings for replicas that share these servers; the schema is made."""
    opened = open_backend(database_url, redis_url, folder)
    opened.close()
    return settings(database_url, redis_url, folder)


@pytest.fixture(scope="session")
def replicas(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Replica]]:
    """Two replicas on one PostgreSQL and one Redis; nobody kills them."""
    folder = tmp_path_factory.mktemp("replicas")
    with two_replicas(environment, folder) as pair:
        yield pair


@pytest.fixture(autouse=True)
def _sockets_end() -> Iterator[None]:
    """What a test opened and left open would be a burden to the replicas until the end of the run."""
    before = len(Socket.opened)
    yield
    for socket in Socket.opened[before:]:
        socket.close()
    del Socket.opened[before:]


@pytest.fixture(scope="session")
def replica(replicas: list[Replica]) -> Replica:
    return replicas[0]


@pytest.fixture
def meet(replicas: list[Replica]) -> Callable[..., Client]:
    """Brings somebody to a replica: `ann = meet("ann")`, `bob = meet("bob", at=1)`."""
    return lambda name, at=0: Client(replicas[at].url, new_name(name))
