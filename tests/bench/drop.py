"""One picture after the other: how long somebody waits for the bot's answer. A part of `make bench-pictures`.

A replica on one core, a worker on another; Ann drops a photograph, and Bob, on a socket, waits for what the bot says.
"""

import re
import tempfile
import time
from pathlib import Path

import skimage

from tests.bench import machine
from tests.people import Client, Socket, new_name
from tests.servers import Replica, Worker, wait_until

PHOTOS = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png")
DROPS = 200
PAUSE = 0.1  # seconds between an answer and the next picture
LOOK = 0.001  # seconds between two looks at what Bob has heard


def measure(environment: dict[str, str]) -> dict[str, float]:
    """Milliseconds from the 201 to the answer at the other's socket, with what the worker costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with machine.pinned(machine.SERVER):
            replica = Replica(environment, folder)
        began = time.monotonic()
        with machine.pinned(machine.OTHERS):
            worker = Worker(environment, folder, "help", "vision")
        wait_until(lambda: worker.log.read_text().count("is ready") == 2, 60, "the worker")
        figures = {"worker ready, s": time.monotonic() - began}
        ann, bob = Client(replica.url, new_name("ann")), Client(replica.url, new_name("bob"))
        room = ann.room(new_name("drop"))
        bob.enter(room)
        socket = bob.socket()
        socket.join(room)
        figures["worker idle, MB"] = resident(worker)
        delays = sorted(1000 * delay(ann, socket, room, number) for number in range(DROPS))
        figures |= {
            "drop to answer, p50, ms": percentile(delays, 0.5),
            "drop to answer, p99, ms": percentile(delays, 0.99),
        }
        figures[f"worker after {DROPS} pictures, MB"] = resident(worker)
        socket.close()
        worker.stop()
        replica.stop()
        return figures


def delay(ann: Client, socket: Socket, room: str, number: int) -> float:
    """Seconds from the 201 to the answer."""
    picture = Path(skimage.__file__).parent / "data" / PHOTOS[number % len(PHOTOS)]
    shown = ann.drop(room, picture.read_bytes())
    began = time.monotonic()
    assert shown.status_code == 201, shown.text
    id_ = shown.json()["id"]
    while not any(event["message"]["reply_to"] == id_ for event in socket.events[room][-4:]):
        assert time.monotonic() - began < 20, f"no answer to picture {number}"
        time.sleep(LOOK)
    seconds = time.monotonic() - began
    time.sleep(PAUSE)
    return seconds


def percentile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def resident(worker: Worker) -> float:
    status = Path(f"/proc/{worker.process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
