"""Measures a worker beside a replica, as docs/bots.md reports it: `python -m tests.bots.speed [PICTURES]`.

Start until ready, resident memory, and the time from a picture's 201 to its answer at another person's socket.
"""

import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import skimage

from ml import models
from tests.conftest import prepare
from tests.people import Client, Socket
from tests.servers import ROOT, Postgres, RedisServer, Replica, Worker, wait_until

PHOTOS = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png")


def main(pictures: int) -> None:
    models.prepare(models.DEFAULT, ROOT / "build" / "models")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "models").symlink_to(ROOT / "build" / "models")
        postgres, redis = Postgres(), RedisServer()
        try:
            for database, url in (
                ("SQLite", f"sqlite:///{folder}/a.db"),
                ("PostgreSQL", postgres.create("a")),
            ):
                print(
                    database,
                    json.dumps(measure(prepare(url, redis.url, folder), folder, pictures)),
                    flush=True,
                )
        finally:
            postgres.remove()
            redis.kill()


def measure(environment: dict[str, str], folder: Path, pictures: int) -> dict[str, Any]:
    replica = Replica(environment, folder)
    began = time.monotonic()
    worker = Worker(environment, folder)
    lines = worker.log.read_text().count("is ready")
    wait_until(lambda: worker.log.read_text().count("is ready") == lines + 2, what="the worker")
    start = time.monotonic() - began
    ann, bob = Client(replica.url, f"ann{pictures}"), Client(replica.url, f"bob{pictures}")
    room = ann.room()
    bob.enter(room)
    socket = bob.socket()
    socket.join(room)
    idle = resident(worker)
    delays = sorted(delay(ann, socket, room, number) for number in range(pictures))
    figures = {
        "ready_s": round(start, 2),
        "idle_mb": idle,
        "after_mb": resident(worker),
        "median_ms": round(statistics.median(delays) * 1000),
        "p95_ms": round(delays[int(0.95 * len(delays))] * 1000),
        "worst_ms": round(delays[-1] * 1000),
    }
    socket.close()
    worker.stop()
    replica.stop()
    return figures


def delay(ann: Client, socket: Socket, room: str, number: int) -> float:
    """Seconds from the 201 to the answer."""
    picture = Path(skimage.__file__).parent / "data" / PHOTOS[number % len(PHOTOS)]
    shown = ann.drop(room, picture.read_bytes())
    assert shown.status_code == 201, shown.text
    began, id_ = time.monotonic(), shown.json()["id"]
    wait_until(lambda: [e for e in list(socket.events[room]) if e["message"]["reply_to"] == id_])
    seconds = time.monotonic() - began
    time.sleep(0.1)
    return seconds


def resident(worker: Worker) -> int:
    status = Path(f"/proc/{worker.process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["30"])[0]))
