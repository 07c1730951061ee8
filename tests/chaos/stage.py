"""What the faults hit: PostgreSQL, Redis, replicas and workers as processes, and a proxy on every way between them."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import psycopg2
import requests

from ml import models
from tests.chaos.proxy import Proxy
from tests.chaos.replica import OFFSET
from tests.conftest import prepare
from tests.servers import ROOT, Postgres, RedisServer, Replica, Worker, free_port, wait_until

PATIENCE = 60  # seconds in which whatever is started again must be there


class Actor(Protocol):
    """A process that can be hit."""

    def start(self) -> None: ...
    def kill(self) -> None: ...
    def signal(self, number: int) -> None: ...


class Stage:
    """Everything, running; closed by `close`.

    Parameters
    ----------
    folder : for the journals and the pictures.
    replicas, workers : how many of each.
    deaf : the replicas do not heal what they missed.

    Attributes
    ----------
    actors : {name: process}: `postgres`, `redis`, `replica-1` …, `worker-1` …
    links : the ways through the proxy: `people>replica-1`, `replica-1>postgres` …
    doors : where people find each replica: its link's address.
    fell : processes that ended although nobody hit them, and with what status.
    """

    def __init__(self, folder: Path, replicas: int = 3, workers: int = 2, deaf: bool = False):
        self.folder = folder
        self.proxy = Proxy()
        self.postgres, self.redis = Database(), RedisServer()
        self.actors: dict[str, Actor] = {"postgres": self.postgres, "redis": self.redis}
        self.links: list[str] = []
        self.doors: dict[str, str] = {}
        self.fell: list[str] = []
        self._clocks: dict[str, Path] = {}
        self._deaf = deaf
        models.prepare(models.DEFAULT, ROOT / "build" / "models")
        (folder / "models").symlink_to(ROOT / "build" / "models")
        self.url = self.postgres.create("chaos")
        self._environment = prepare(self.url, self.redis.url, folder)
        self._closing = threading.Event()
        self._watching = threading.Thread(target=self._watch)
        together = [(self._add_replica, f"replica-{n + 1}") for n in range(replicas)]
        together += [(self._add_worker, f"worker-{n + 1}") for n in range(workers)]
        try:
            at_once([lambda add=add, name=name: add(name) for add, name in together])
        except BaseException:
            self.close()
            raise
        self._watching.start()

    @property
    def replicas(self) -> list[str]:
        return sorted(name for name in self.actors if name.startswith("replica"))

    @property
    def workers(self) -> list[str]:
        return sorted(name for name in self.actors if name.startswith("worker"))

    def set_clock(self, replica: str, seconds: float) -> None:
        """How far a replica's clock is wrong."""
        with self._clocks[replica].open("r+b") as file:
            file.write(OFFSET.pack(int(seconds * 1e9)))

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The database, not by the proxy."""
        with contextlib.closing(psycopg2.connect(self.url, connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []

    def heal(self) -> None:
        """After the last fault: what is there must be well."""
        for link in self.links:
            self.proxy.set(link, "pass")
        for replica in self.replicas:
            self.set_clock(replica, 0)
        wait_until(lambda: self.ask("SELECT 1"), PATIENCE, "the database")
        for url in self.doors.values():
            wait_until(lambda url=url: is_well(url), PATIENCE, "a replica's health")

    def close(self) -> None:
        self._closing.set()
        if self._watching.is_alive():
            self._watching.join()
        for name in [*self.replicas, *self.workers, "redis"]:
            self.actors[name].signal(signal.SIGCONT)
            self.actors[name].kill()
        self.postgres.remove()
        self.proxy.close()

    def _add_replica(self, name: str) -> None:
        self._clocks[name] = self.folder / f"{name}.clock"
        self._clocks[name].write_bytes(OFFSET.pack(0))
        environment = self._environment | self._ways(name) | {"CHAOS_CLOCK": str(self._clocks[name])}
        replica = Web(environment | ({"CHAOS_DEAF": "1"} if self._deaf else {}), self.folder)
        self.actors[name] = replica
        self.doors[name] = f"http://127.0.0.1:{self._link('people', name, replica.port)}"

    def _add_worker(self, name: str) -> None:
        (self.folder / name).mkdir()
        self.actors[name] = Hand(self._environment | self._ways(name), self.folder / name, "vision", "help")

    def _ways(self, name: str) -> dict[str, str]:
        """To PostgreSQL, by a name of its own that shows which session is whose, and to Redis."""
        self.ask(f'CREATE ROLE "{name}" SUPERUSER LOGIN')
        database = self._link(name, "postgres", self.postgres.port)
        redis = self._link(name, "redis", self.redis.port)
        return {
            "DATABASE_URL": f"postgresql://{name}@127.0.0.1:{database}/chaos",
            "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        }

    def _link(self, from_: str, to: str, behind: int) -> int:
        name, port = f"{from_}>{to}", free_port()
        self.proxy.open(name, port, behind)
        self.links.append(name)
        return port

    def _watch(self) -> None:
        """Start again what ended by itself, as a supervisor would, and remember it."""
        while not self._closing.wait(0.5):
            for name in [*self.replicas, *self.workers]:
                actor = self.actors[name]
                if (status := actor.ended()) is not None:  # type: ignore[attr-defined]
                    self.fell.append(f"{name} ended by itself with {status}")
                    actor.start()


class Web(Replica):
    """A replica that is started again until its database lets it be."""

    up = False

    def start(self) -> None:
        wait_until(self._start_once, PATIENCE, "the replica")
        self.up = True

    def kill(self) -> None:
        self.up = False
        super().kill()

    def stop(self, seconds: float = 10) -> int:
        self.up = False
        return super().stop(seconds)

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def ended(self) -> int | None:
        """Its status, if it ended although nobody asked it to."""
        return self.process.poll() if self.up and self.process else None

    def _start_once(self) -> bool:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "tests.chaos.replica"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        while self.process.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.url}/healthz", timeout=2).ok:
                    return True
            time.sleep(0.05)
        return False


class Hand(Worker):
    """A worker that can be started again."""

    def __init__(self, environment: dict[str, str], folder: Path, *bots: str):
        self._how = (environment, folder, *bots)
        self.up = False
        self.start()

    def start(self) -> None:
        super().__init__(*self._how)
        self.up = True

    def kill(self) -> None:
        self.up = False
        super().kill()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def ended(self) -> int | None:
        return self.process.poll() if self.up else None


class Database(Postgres):
    """PostgreSQL with its flushes, all of whose processes can be hit."""

    def __init__(self) -> None:
        super().__init__(durable=True)

    def start(self) -> None:
        """Until the remains of the one that was killed are gone."""
        wait_until(lambda: Postgres.start(self) is None, PATIENCE, "PostgreSQL")

    def kill(self) -> None:
        """kill -9 of the first process; the others find out and end."""
        os.kill(self._pid(), signal.SIGKILL)

    def signal(self, number: int) -> None:
        for pid in [self._pid(), *children(self._pid())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_well(url: str) -> bool:
    return bool(requests.get(f"{url}/readyz", timeout=2).json() == {"status": "ok", "degraded": []})


def at_once(works: list[Any]) -> None:
    """Do all of it, each on a thread; raises what went wrong."""
    wrong: list[BaseException] = []

    def do(work: Any) -> None:
        try:
            work()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
