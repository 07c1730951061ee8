"""Workers as processes of their own, killed, poisoned, stuck and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from chat.bus import Bus
from chat.children import Supervisor
from chat.embedded import start_server
from tests.bots.conftest import with_models
from tests.conftest import settings
from tests.servers import ROOT, Worker, free_port, wait_until

FOREVER = 60  # seconds; a worker that is killed is given up after five, three times


@pytest.fixture
def environment(backend, tmp_path, redis_server, models_dir, journal) -> dict[str, str]:
    return with_models(settings(backend.db.url, redis_server.url, tmp_path), models_dir)


@pytest.fixture
def start(environment, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts `python -m bots NAME …`; it is ready when this returns."""
    started: list[Worker] = []

    def begin(*names: str, **more: str) -> Worker:
        folder = tmp_path / f"worker-{len(started)}"
        folder.mkdir()
        worker = Worker(environment | more, folder, *names)
        started.append(worker)
        wait_until(
            lambda: (
                worker.log.read_text().count("is ready") == len(names) or worker.process.poll() is not None
            )
        )
        return worker

    yield begin
    for worker in started:
        worker.kill()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_what_a_killed_worker_had_in_hand_another_answers(lounge, start, journal) -> None:
    first = start("fragile")
    asked = [lounge.say("@fragile sleep"), lounge.say("@fragile a")]
    wait_until(journal.read_text)
    first.kill()
    asked.append(lounge.say("@fragile b"))
    start("fragile")
    texts = [lounge.wait_for_answer(question, FOREVER)["text"] for question in asked]
    assert texts == ["You said sleep.", "You said a.", "You said b."]
    assert len(lounge.answers()) == 3


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_one_that_kills_is_given_up_and_the_innocent_are_answered(backend, lounge, start, journal) -> None:
    before = [lounge.say(f"@fragile {letter}") for letter in "ab"]
    poison = lounge.say("@fragile die")
    after = [lounge.say(f"@fragile {letter}") for letter in "cd"]
    deaths = 0
    end = time.monotonic() + FOREVER
    while not lounge.answers(poison) and time.monotonic() < end:
        worker = start("fragile")
        wait_until(lambda: worker.process.poll() is not None or lounge.answers(poison), FOREVER)  # noqa: B023
        deaths += worker.process.poll() == -signal.SIGKILL
    assert deaths == 3
    assert [lounge.wait_for_answer(question)["text"][-2:] for question in before + after] == [
        "a.",
        "b.",
        "c.",
        "d.",
    ]
    assert lounge.wait_for_answer(poison)["text"] == "Sorry, it broke."
    assert lounge.attempts("fragile")[poison] == (4, True)
    assert all(lounge.attempts("fragile")[question] == (2, True) for question in before + after)
    wait_until(lambda: backend.bus.todo_length("bot:fragile") == 0)
    assert len(lounge.answers()) == 5


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_one_that_is_stuck_ends_its_process(lounge, environment, journal) -> None:
    lounge.say("@fragile sleep")
    impatient = "from bots import worker, __main__; worker.STUCK = 0.5; __main__.main()"
    command = [sys.executable, "-c", impatient, "fragile"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 70
    assert "fragile is stuck" in done.stderr


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_on_sigterm_it_finishes_what_it_has_in_hand_and_goes(lounge, start, journal) -> None:
    worker = start("fragile", "help")
    asked = lounge.say("@fragile sleep")
    wait_until(journal.read_text)
    began = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - began < 4
    assert lounge.answers(asked)[0]["text"] == "You said sleep."
    assert start("help").stop(2) == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_worker_without_tensorflow_shows_its_numbers_in_json_lines(lounge, start, cat, environment) -> None:
    port = free_port()
    worker = start("vision", "help", BOTS_METRICS_PORT=str(port), HOST="127.0.0.1")
    shown = lounge.show(cat)
    assert lounge.wait_for_answer(shown)["labels"][0]["label"] == "Egyptian cat"

    def numbers() -> str:
        return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text

    wait_until(
        lambda: 'roomful_bot_queue_length{bot="vision"} 0.0' in numbers()
    )  # off the queue after the answer
    assert "roomful_classification_seconds_count 1.0" in numbers()
    assert 'roomful_bot_answers_total{bot="vision"} 1.0' in numbers()
    if sys.platform == "linux":
        assert "tensorflow" not in Path(f"/proc/{worker.process.pid}/maps").read_text()
    assert all(line.startswith('{"level": ') for line in worker.log.read_text().splitlines())
    taken = subprocess.run(
        [sys.executable, "-m", "bots", "help"],
        cwd=ROOT,
        env=environment | {"BOTS_METRICS_PORT": str(port)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken.returncode == 1
    assert taken.stderr.startswith(f"BOTS_METRICS_PORT='{port}' is not accepted")


def test_without_redis_url_it_joins_the_embedded_server(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "run", print)
    bus = Bus(start_server(supervisor, tmp_path))
    command = [sys.executable, "-m", "bots", "help"]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: bus.bots_alive(["help"]))
    finally:
        worker.terminate()
        assert worker.wait(5) == 0
        bus.close()
        supervisor.stop()
