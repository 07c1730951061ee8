"""How fast pictures are answered: `make bench-pictures`.

Five hundred pictures wait in a room. A worker answers them all, and then two do, each on cores of its own; beside it the
model alone looks at the same pictures, decoded before, on the same cores with as many threads. Each is measured in turn.
Then pictures come one by one (`drop`), and the model is run by other runtimes (`ranking`).
"""

import argparse
import io
import itertools
import os
import signal
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import skimage
import sqlalchemy as sa
from PIL import Image

from chat import images, messages, rooms, users
from chat.backend import Backend
from chat.config import Config
from chat.db import Row
from chat.schema import messages as message_rows
from chat.users import Person
from ml import models
from tests.bench import drop, machine, ranking
from tests.bench.stage import PLACE, stage
from tests.people import new_id, new_name
from tests.servers import ROOT, Worker, wait_until

PICTURES = 500
PHOTOS = ("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png")
MODEL = models.DEFAULT
ALONE = """
import sys, time
from pathlib import Path
from ml.classify import Classifier
from bots.consumer import BATCH
model = Classifier.open(sys.argv[1], threads=int(sys.argv[3]))
files = sorted(Path(sys.argv[2]).iterdir())
pictures = [model.read(file.read_bytes()) for file in files]
model.warm_up()
begun = time.perf_counter()
for start in range(0, len(pictures), BATCH):
    model.classify(pictures[start : start + BATCH])
print(len(pictures) / (time.perf_counter() - begun))
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["burst", "drop", "ranking"], help="a part")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    options = parser.parse_args()
    models.prepare(MODEL, ROOT / "build" / "models")
    files = _photographs(PLACE / "pictures")
    with stage(options.database) as place:
        environment = {**place.environment, "IMAGE_MODEL": str(ROOT / "build" / "models" / MODEL)}
        print(
            f"{machine.description()}; {place.durability()}; {MODEL}, {PICTURES} pictures of about 1 megapixel"
        )
        if options.only in (None, "burst"):
            _show(_bursts(environment, files, options.rounds))
        if options.only in (None, "drop"):
            _show(_gather([drop.measure(environment) for _ in range(options.rounds)]))
    if options.only in (None, "ranking"):
        ranking.measure(MODEL, ROOT / "build" / "models" / MODEL, options.rounds)


def _bursts(environment: dict[str, str], files: list[Path], rounds: int) -> dict[str, list[float]]:
    room = Room(environment, files)
    found = _gather([_burst(room, environment, files) for _ in range(rounds)])
    room.close()
    return found


def _burst(room: "Room", environment: dict[str, str], files: list[Path]) -> dict[str, float]:
    figures = {}
    for cores, threads, name in _settings():
        alone = _alone(files, cores, threads)
        rate, memory = room.burst({**environment, "IMAGE_THREADS": str(threads)}, [cores])
        figures |= {f"model alone, images/s, {name}": alone, f"worker, images/s, {name}": rate}
        figures |= {f"worker / model, {name}": rate / alone, f"worker's memory, MB, {name}": memory}
    if len(machine.CORES) > 1:
        two, _ = room.burst({**environment, "IMAGE_THREADS": "1"}, [{core} for core in machine.CORES[:2]])
        one = figures["worker, images/s, one core"]
        figures |= {"two workers, images/s, one core each": two, "two workers / one": two / one}
    return figures


def _gather(rounds: list[dict[str, float]]) -> dict[str, list[float]]:
    return {name: [figures[name] for figures in rounds] for name in rounds[0]}


def _show(found: dict[str, list[float]]) -> None:
    print()
    for name, values in found.items():
        print(
            f"{name:56} median {statistics.median(values):7.2f}  ({min(values):.2f} to {max(values):.2f})",
            flush=True,
        )


def _settings() -> list[tuple[set[int], int, str]]:
    """Cores, threads of the network, and what to call it: with a core to spare, pictures are read meanwhile."""
    first, *more = machine.CORES
    spare = (
        [({first, more[0]}, 1, "one thread and a spare core"), ({first, more[0]}, 2, "two cores")]
        if more
        else []
    )
    return [({first}, 1, "one core"), *spare]


class Room:
    """Where the pictures wait; whoever answers them, answers anew each time."""

    def __init__(self, environment: dict[str, str], files: list[Path]):
        self._backend = Backend.open(Config.from_environment({**os.environ, **environment}))
        self._files = files
        self._ann: Person = self._backend.db.write(users.create, new_name("ann"), None, "member")

    def burst(self, environment: dict[str, str], cores: list[set[int]]) -> tuple[float, float]:
        """Images/s from the first answer to the last, and the largest worker's memory at its largest, in MB."""
        room = self._backend.db.write(rooms.create, self._ann, new_name("burst"), "", False)
        (PLACE / "worker.log").unlink(missing_ok=True)
        workers = []
        for its in cores:
            with machine.pinned(its):
                workers.append(Worker(environment, PLACE, "vision"))
        log = workers[0].log
        wait_until(lambda: log.read_text().count("vision is ready") == len(cores), 60, "the workers")
        for worker in workers:
            worker.process.send_signal(signal.SIGSTOP)
        for file in self._files:
            pinned = images.keep(self._backend, io.BytesIO(file.read_bytes()))
            messages.post(self._backend, self._ann, room, "", new_id(), picture=pinned)
        for worker in workers:
            worker.process.send_signal(signal.SIGCONT)
        wait_until(lambda: self._answered(room)[0] == len(self._files), 300, "all answers")
        memory = max(_peak_mb(worker.process.pid) for worker in workers)
        for worker in workers:
            worker.stop()
        count, first, last, of_first = self._answered(room)
        return (count - of_first) / ((last - first) / 1000), memory

    def _answered(self, room: int) -> tuple[int, int, int, int]:
        """How many answers there are, when the first and the last were stored, and how many with the first."""
        at = message_rows.c.created_at
        theirs = (message_rows.c.room_id == room) & message_rows.c.client_id.like("bot:%")

        def read(conn: sa.Connection) -> Row:
            first = sa.select(sa.func.min(at)).where(theirs).scalar_subquery()
            together = sa.func.count().filter(at == first)
            return conn.execute(
                sa.select(sa.func.count(), sa.func.min(at), sa.func.max(at), together).where(theirs)
            ).one()

        return tuple(self._backend.db.read(read))

    def close(self) -> None:
        self._backend.close()


def _alone(files: list[Path], cores: set[int], threads: int) -> float:
    folders = str(ROOT / "build" / "models" / MODEL), str(files[0].parent)
    command = [sys.executable, "-c", ALONE, *folders, str(threads)]
    with machine.pinned(cores):
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _photographs(folder: Path) -> list[Path]:
    """Cuttings of photographs, each another one, as JPEG of 1,152 × 864."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:03}.jpg" for number in range(PICTURES)]
    if all(file.exists() for file in files):
        return files
    chance = np.random.default_rng(1)
    data = Path(skimage.__file__).parent / "data"
    photos = itertools.cycle([Image.open(data / name).convert("RGB") for name in PHOTOS])
    for file, photo in zip(files, photos, strict=False):
        width, height = (int(side * chance.uniform(0.6, 1.0)) for side in photo.size)
        left, top = (
            int(chance.uniform(0, whole - part))
            for whole, part in zip(photo.size, (width, height), strict=True)
        )
        photo.resize((1152, 864), box=(left, top, left + width, top + height)).save(file, quality=88)
    return files


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
