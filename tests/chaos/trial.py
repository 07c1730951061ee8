"""One trial: a stage, people, faults, and the verdict."""

import contextlib
import io
import random
import time
from collections.abc import Callable
from pathlib import Path

import skimage
from PIL import Image

from tests import people as cast
from tests.chaos import faults, verdict
from tests.chaos.people import Person
from tests.chaos.schedule import Fault
from tests.chaos.stage import Stage

PHOTOGRAPHS = ("chelsea.png", "coffee.png", "rocket.jpg", "astronaut.png")
SIZE = 320  # pixels across: enough to be recognised, quick to take in
SETTLE = 90.0  # seconds after the last fault in which everybody must have everything

UNANSWERED = """SELECT count(*) FROM messages WHERE image_id IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM messages answer WHERE answer.client_id = 'bot:vision:' || messages.id)"""


def hold(
    seed: int,
    schedule: list[Fault],
    folder: Path,
    *,
    replicas: int = 3,
    workers: int = 2,
    people: int = 12,
    rooms: int = 3,
    pace: float = 1.0,
    settle: float = SETTLE,
    deaf: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> verdict.Verdict:
    """Play a schedule.

    Parameters
    ----------
    seed : of what people do.
    folder : an empty one, for journals and pictures.
    pace : messages a second of each.
    settle : seconds after the last fault in which everybody must have everything.
    deaf : without healing; people stay where they are then, for who roams catches up.
    """
    with contextlib.closing(Stage(folder, replicas, workers, deaf)) as stage:
        persons = gather(stage, seed, people, rooms, pace, stay=deaf)
        report = faults.play(stage, schedule, say)
        seconds = _settle(stage, persons, settle)
        found = verdict.judge(verdict.Stored.read(stage), [p.notes for p in persons], report, stage.fell)
        found.counts["seconds until everybody had everything"] = f"{seconds:.1f}"
        return found


def gather(stage: Stage, seed: int, people: int, rooms: int, pace: float, stay: bool) -> list[Person]:
    """People in their rooms, each of whom has begun to talk."""
    doors = list(stage.doors.values())
    clients = [cast.Client(doors[n % len(doors)], f"p{n}") for n in range(people)]
    ids = [clients[0].room(f"room {n}") for n in range(rooms)]
    for client in clients:
        for room in ids:
            client.enter(room)
    shown = photographs(seed)
    persons = [
        Person(c.name, c.id, c.token, doors, ids, f"{seed} {c.name}", pace, shown, stay) for c in clients
    ]
    for person in persons:
        person.start()
    return persons


def photographs(seed: int) -> list[bytes]:
    """JPEGs of real things, no two alike."""
    chance = random.Random(seed)
    return [
        _cut(Path(skimage.__file__).parent / "data" / name, chance) for name in PHOTOGRAPHS for _ in range(4)
    ]


def _cut(path: Path, chance: random.Random) -> bytes:
    picture = Image.open(path).convert("RGB")
    edge = chance.randrange(1, 20)
    picture = picture.crop((edge, edge, picture.width, picture.height))
    picture.thumbnail((SIZE, SIZE))
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def _settle(stage: Stage, persons: list[Person], limit: float) -> float:
    """Let everybody come to an end, for at most `limit` seconds; how many it took."""
    stage.heal()
    began = time.monotonic()
    for person in persons:
        person.say_no_more()
    while not _is_settled(stage, persons) and time.monotonic() - began < limit:
        time.sleep(0.2)
    seconds = time.monotonic() - began
    time.sleep(1.5)  # what comes twice comes now
    for person in persons:
        person.leave()
    for person in persons:
        person.join()
    return seconds


def _is_settled(stage: Stage, persons: list[Person]) -> bool:
    if not all(person.is_settled for person in persons) or stage.ask(UNANSWERED) != [(0,)]:
        return False
    last = dict(stage.ask(verdict.LAST))
    return all(person.reached(room) >= last[room] for person in persons for room in person.notes.logs)
