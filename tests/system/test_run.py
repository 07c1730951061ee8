"""`python wsgi.py` as a newcomer runs it: everything embedded, one folder, one terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.servers import ROOT, free_port, wait_until

SETTINGS = [
    "HOST",
    "PORT",
    "DATA_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "IMAGES_URL",
    "IMAGE_MODEL",
    "SECRET_KEY",
    "BOTS",
    "PUBLIC_URL",
    "TRUSTED_PROXIES",
    "METRICS_TOKEN",
    "LIMITS",
]


class Run:
    """One `wsgi.py` with its output, in a process group of its own as a terminal would give it."""

    def __init__(self, data_dir: Path, **settings: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = data_dir
        inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        environment = {
            **inherited,
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "BOTS": "none",
            **settings,
        }
        self.process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ready(self) -> "Run":
        """Wait for the lines that it greets with."""
        assert self.process.stdout
        self.greeting = [self.process.stdout.readline().strip() for _ in range(2)]
        assert all(self.greeting), self.process.stderr and self.process.stderr.read()
        return self

    def children(self) -> list[int]:
        return [
            int(pid)
            for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def end(self, number: signal.Signals, seconds: float = 10) -> tuple[int, str, str]:
        """Send the signal; exit status, and what it still wrote."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=seconds)
        return self.process.returncode, output, errors


Start = Callable[..., Run]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts replicas, all on one folder, and ends those that the test has not."""
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="rf-", ignore_cleanup_errors=True) as folder:

        def begin(**settings: str) -> Run:
            runs.append(Run(Path(folder), **settings))
            return runs[-1]

        yield begin
        for run in runs:
            run.process.terminate()
        for run in runs:
            run.process.communicate(timeout=20)


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def all_end(pids: list[int]) -> bool:
    return not any(is_alive(pid) for pid in pids)


def test_it_says_where_it_is_and_serves(start: Start) -> None:
    run = start().ready()
    assert run.greeting == [f"Roomful is at {run.url}", f"Its data are in {run.data_dir}"]
    assert requests.get(f"{run.url}/healthz").status_code == 200
    assert requests.get(f"{run.url}/readyz").json() == {"status": "ok", "degraded": []}


def test_its_data_are_for_nobody_else(start: Start) -> None:
    run = start().ready()
    made = [path for path in run.data_dir.rglob("*") if not path.is_symlink()]
    assert run.data_dir / "roomful.db" in made
    assert [path for path in made if path.lstat().st_mode & 0o077] == []


def test_sigterm_ends_everything_in_silence(start: Start) -> None:
    run = start().ready()
    children = run.children()
    assert children
    assert run.end(signal.SIGTERM) == (0, "", "")
    assert all_end(children)


def test_ctrl_c_ends_everything(start: Start) -> None:
    run = start().ready()
    children = run.children()
    os.killpg(run.process.pid, signal.SIGINT)
    output, errors = run.process.communicate(timeout=20)
    assert (run.process.returncode, output, errors) == (0, "", "")
    assert all_end(children)


def test_a_second_ctrl_c_does_not_wait_for_a_request_in_flight(start: Start) -> None:
    run = start().ready()
    children = run.children()
    with half_a_request(run):
        run.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert run.process.poll() is None
        run.process.send_signal(signal.SIGINT)
        run.process.wait(2)  # it would have waited for longer
    wait_until(lambda: all_end(children), 10, "the children's end")


def test_a_request_in_flight_is_finished_but_not_waited_for_too_long(start: Start) -> None:
    run = start().ready()
    with half_a_request(run) as quick, half_a_request(run):
        run.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", run.port), 1)
        quick.sendall(b"}")
        assert quick.recv(1000).startswith(b"HTTP/1.1 4")
        assert run.process.wait(10) == 0


def test_kill_9_leaves_nobody_behind_and_the_next_start_works(start: Start) -> None:
    run = start().ready()
    children = run.children()
    run.process.kill()
    run.process.wait()
    wait_until(lambda: all_end(children), 10, "the children's end")
    again = start().ready()
    assert requests.get(f"{again.url}/readyz").json()["degraded"] == []


def test_a_second_replica_shares_the_server_and_takes_over(start: Start) -> None:
    first, second = start().ready(), start().ready()
    assert first.children()
    assert not second.children()
    first.end(signal.SIGTERM)
    wait_until(second.children, 10, "a child of the second")
    wait_until(lambda: requests.get(f"{second.url}/readyz").json()["degraded"] == [], 10, "health")


def test_a_server_that_dies_is_started_again_and_said(start: Start) -> None:
    run = start().ready()
    os.kill(run.children()[0], signal.SIGKILL)
    assert run.process.stdout
    line = run.process.stdout.readline().strip()
    assert line == "The embedded Redis-protocol server ended (signal 9); starting it again"
    wait_until(lambda: requests.get(f"{run.url}/readyz").json()["degraded"] == [], 10, "health")


def test_the_bots_run_as_a_child_that_is_kept_alive(start: Start) -> None:
    run = start(BOTS="help").ready()
    server, worker = run.children()
    wait_until(lambda: b"bots\0help\0" in Path(f"/proc/{worker}/cmdline").read_bytes(), 20, "the worker")
    os.kill(worker, signal.SIGKILL)
    assert run.process.stdout
    assert run.process.stdout.readline().strip() == "The bot worker ended (signal 9); starting it again"
    wait_until(lambda: len(run.children()) == 2, 10, "another worker")
    children = run.children()
    assert server in children
    assert worker not in children
    assert run.end(signal.SIGTERM)[0] == 0
    assert all_end(children)


def test_its_journal_is_json_lines_in_the_folder(start: Start) -> None:
    run = start().ready()
    requests.get(f"{run.url}/api/me", headers={"X-Request-Id": "r-1"})
    run.end(signal.SIGTERM)
    lines = [requests.models.complexjson.loads(line) for line in (run.data_dir / "roomful.log").open()]
    (asked,) = [line for line in lines if line.get("path") == "/api/me"]
    assert asked["status"] == 401
    assert asked["request"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", asked["time"])


def test_what_is_not_http_is_refused_without_a_word_on_the_terminal(start: Start) -> None:
    run = start().ready()
    with socket.create_connection(("127.0.0.1", run.port), 5) as connection:
        connection.sendall(b"\x16\x03\x01 as of https\r\n\r\n")
        assert connection.recv(1000)
    assert run.end(signal.SIGTERM) == (0, "", "")
    assert "Bad request" in (run.data_dir / "roomful.log").read_text()


def test_a_port_in_use_is_one_clear_line(start: Start) -> None:
    run = start().ready()
    other = start(PORT=str(run.port))
    output, errors = other.process.communicate(timeout=20)
    assert other.process.returncode == 1
    assert output == ""
    assert errors == (
        f"PORT={run.port} is in use on 127.0.0.1: stop what listens there, or choose another PORT\n"
    )


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("HOST", "no.such.host.invalid", "address of this machine"),
        ("PORT", "http", "0 to 65535"),
        ("PORT", "70000", "0 to 65535"),
        ("DATA_DIR", "/proc/nowhere", "folder that can be written"),
        ("DATABASE_URL", "mysql://db/roomful", "postgresql://"),
        ("REDIS_URL", "http://cache", "redis://"),
        ("IMAGES_URL", "ftp://pictures", "s3://BUCKET/PREFIX"),
        ("BOTS", "vision, no-bot!", "all, none"),
        ("PUBLIC_URL", "chat.example.org", "https://"),
        ("TRUSTED_PROXIES", "some", "0 to 10"),
        ("LIMITS", "maybe", "on or off"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    start: Start, name: str, value: str, accepted: str
) -> None:
    run = start(SECRET_KEY="a key that is long enough", **{name: value})
    output, errors = run.process.communicate(timeout=20)
    assert run.process.returncode == 1
    assert output == ""
    assert errors.count("\n") == 1, errors
    assert errors.startswith(name)
    assert value in errors
    assert accepted in errors


def test_a_deployment_must_set_its_secret_key(start: Start) -> None:
    run = start(REDIS_URL="redis://127.0.0.1")
    _output, errors = run.process.communicate(timeout=20)
    assert run.process.returncode == 1
    assert re.fullmatch(r"SECRET_KEY.*at least 16 characters.*\n", errors)


def test_lifted_limits_are_said(start: Start) -> None:
    assert start(LIMITS="off").ready().greeting[0].startswith("LIMITS=off: rates and counts are not limited")


def half_a_request(run: Run) -> socket.socket:
    """A request that lacks the last byte of its body."""
    connection = socket.create_connection(("127.0.0.1", run.port), 5)
    connection.sendall(
        b"POST /api/login HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
        b"Content-Length: 2\r\n\r\n{" % run.port
    )
    time.sleep(0.3)
    return connection
