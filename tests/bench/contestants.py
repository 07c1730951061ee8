"""Who is measured: Roomful and its peers, each started anew for each measurement, on the server's core."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.bench import machine
from tests.servers import ROOT, Replica, free_port, wait_until

NODE = ROOT / "tests" / "bench" / "node"


class Peer:
    """One server of another make; the same face as `tests.servers.Replica`."""

    def __init__(self, command: list[str], redis_url: str, folder: Path):
        self.port = free_port()
        environment = {**os.environ, "PORT": str(self.port), "REDIS_URL": redis_url, "NODE_ENV": "production"}
        self.log = folder / f"peer-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until(self._greets, what=command[-1])
        except AssertionError:
            raise AssertionError(self.log.read_text()[-3000:]) from None

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def _greets(self) -> bool:
        answer = requests.get(f"http://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket", timeout=2)
        return answer.status_code == 400  # a websocket was asked for without the words for it


Server = Replica | Peer
Contestants = dict[str, Callable[[], Server]]


def contestants(environment: dict[str, str], folder: Path) -> Contestants:
    """How to start each, on the Redis of `environment`, by the names that the report uses."""
    redis_url = environment["REDIS_URL"]
    return {
        "Roomful": lambda: Replica(environment, folder),
        "Node": lambda: Peer(["node", str(NODE / "server.mjs")], redis_url, folder),
        "Flask-SocketIO": lambda: Peer([sys.executable, "tests/bench/stock.py"], redis_url, folder),
    }


@contextmanager
def serving(start: Callable[[], Server], replicas: int) -> Iterator[list[Server]]:
    """So many replicas, which share the server's core; stopped at the end."""
    servers: list[Server] = []
    try:
        with machine.pinned(machine.SERVER):
            for _ in range(replicas):
                servers.append(start())
        yield servers
    finally:
        for server in servers:
            server.stop()


def missing() -> str | None:
    """What the peers want and is not here, in a sentence."""
    if not shutil.which("node"):
        return "There is no Node on PATH; `make bench-messages` installs one."
    if not (NODE / "node_modules" / "socket.io").exists():
        return "The peers' libraries are not there; `make bench-messages` installs them."
    return None
