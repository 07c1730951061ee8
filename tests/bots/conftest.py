"""Bots at work: on either database, beside a Redis of their own that each test finds empty."""

import io
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import skimage
import sqlalchemy as sa
from PIL import Image

import bots
from bots import catalogue, worker
from chat import images, messages, rendering
from chat.backend import Backend
from chat.schema import bot_work
from chat.schema import messages as message_rows
from chat.users import Person
from ml import models
from tests.servers import ROOT, RedisServer, wait_until

MORE = Path(__file__).parent / "more"
PHOTOS = Path(skimage.__file__).parent / "data"
FAST = {
    "bots.ledger.HOLD": 600,
    "bots.sweep.SETTLING": 0,
    "bots.sweep.EVERY": 0.3,
    "bots.consumer.BLOCK": 50,
    "bots.consumer.RETRY": 100,
    "bots.consumer.CLAIM_IDLE": 100,
    "bots.consumer.CLAIM_EVERY": 0.05,
}

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture(autouse=True)
def _nothing_to_do(redis_server: RedisServer) -> None:
    redis_server.flush()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's patience in tenths of seconds."""
    for name, value in FAST.items():
        monkeypatch.setattr(name, value)


@pytest.fixture(scope="session")
def models_dir() -> Path:
    folder = ROOT / "build" / "models"
    models.prepare(models.DEFAULT, folder)
    return folder


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the bot `fragile` has been asked: a line for each call, with the ids of its messages."""
    path = tmp_path / "journal"
    path.touch()
    monkeypatch.setenv("FRAGILE_JOURNAL", str(path))
    monkeypatch.setenv("BOTS_PATH", str(MORE))
    monkeypatch.setattr(bots, "__path__", [*bots.__path__, str(MORE)])
    return path


@pytest.fixture
def hire(backend: Backend) -> Iterator[Callable[[str], worker.Worker]]:
    """Puts a bot to work on a thread of this process."""
    hired: list[tuple[threading.Event, threading.Thread]] = []

    def begin(name: str, backend: Backend = backend) -> worker.Worker:
        entry = catalogue.read(name)
        assert entry
        stopping = threading.Event()
        one = worker.Worker(backend, entry, stopping)
        thread = threading.Thread(target=one.run)
        thread.start()
        hired.append((stopping, thread))
        return one

    yield begin
    for stopping, _thread in hired:
        stopping.set()
    for _stopping, thread in hired:
        thread.join(20)
        assert not thread.is_alive()


class Room:
    """A room with Ann in it, as a test writes to it and reads it."""

    def __init__(self, backend: Backend, ann: Person, id_: int):
        self.backend = backend
        self.ann = ann
        self.id = id_

    def say(self, text: str, reply_to: int | None = None) -> int:
        return self._post(text, reply_to=reply_to)

    def show(self, picture: bytes, text: str = "") -> int:
        pinned = images.keep(self.backend, io.BytesIO(picture))
        return self._post(text, picture=pinned)

    def _post(self, text: str, **more: Any) -> int:
        message, _new = messages.post(self.backend, self.ann, self.id, text, f"c{next(_numbers)}", **more)
        time.sleep(0.002)  # no two in one millisecond: the sweep does not look at the present one
        return int(message["id"])

    def answers(self, question: int | None = None) -> list[dict[str, Any]]:
        """The bots' messages, or those that answer one question."""
        return self.backend.db.read(self._answers, question)

    def _answers(self, conn: sa.Connection, question: int | None) -> list[dict[str, Any]]:
        mine = message_rows.c.room_id == self.id
        select = sa.select(message_rows.c.id).where(mine, message_rows.c.client_id.like("bot:%"))
        if question is not None:
            select = select.where(message_rows.c.reply_to == question)
        ids = list(conn.execute(select.order_by(message_rows.c.id)).scalars())
        found = rendering.by_ids(conn, ids)
        return [found[id_] for id_ in ids]

    def wait_for_answer(self, question: int, seconds: float = 20) -> dict[str, Any]:
        wait_until(lambda: self.answers(question), seconds, f"an answer to message {question}")
        [answer] = self.answers(question)
        return answer

    def attempts(self, bot: str) -> dict[int, tuple[int, bool]]:
        """{message: (attempts, done)}."""
        select = sa.select(bot_work).where(bot_work.c.bot == bot)
        return self.backend.db.read(
            lambda conn: {row.message_id: (row.attempts, row.done) for row in conn.execute(select)}
        )


@pytest.fixture
def lounge(backend: Backend, person: Callable[..., Person], room: Callable[..., int]) -> Room:
    ann = person("ann")
    return Room(backend, ann, room(ann))


@pytest.fixture(scope="session")
def photo() -> Callable[[str], bytes]:
    """The file of one of scikit-image's photographs, such as `chelsea.png`, a cat."""
    return lambda name: (PHOTOS / name).read_bytes()


@pytest.fixture(scope="session")
def cat(photo: Callable[[str], bytes]) -> bytes:
    return photo("chelsea.png")


@pytest.fixture(scope="session")
def grey() -> bytes:
    """A picture of nothing."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "grey").save(file, "PNG")
    return file.getvalue()


def with_models(environment: dict[str, str], models_dir: Path) -> dict[str, str]:
    """Settings for a worker in a process of its own."""
    model = {"IMAGE_MODEL": str(models_dir / models.DEFAULT)}
    return {**os.environ, **environment, **model}
