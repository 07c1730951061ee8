"""The embedded Redis-protocol server, and the supervisor that keeps it and the bot worker alive."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from chat import embedded
from chat.children import Child, Supervisor
from chat.config import Config, kept_secret
from tests.servers import wait_until

Supervise = Callable[[], Supervisor]

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("I hear nothing", flush=True)
time.sleep(60)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Short, as most people's: pytest's own folders are near the limit of a socket's path."""
    with tempfile.TemporaryDirectory(prefix="rf-") as folder:
        yield Path(folder)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervise(data_dir: Path, said: list[str]) -> Iterator[Supervise]:
    """Makes supervisors for one folder, and stops those that the test has not."""
    made: list[Supervisor] = []

    def make() -> Supervisor:
        made.append(Supervisor(data_dir / "run", said.append))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


def server_pid(url: str) -> int:
    return int(redis.Redis.from_url(url).info("server")["process_id"])


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_the_server_answers_and_keeps_what_it_was_told(supervise: Supervise, data_dir: Path) -> None:
    first = supervise()
    redis.Redis.from_url(embedded.start_server(first, data_dir)).set("greeting", "hello")
    first.stop()
    again = redis.Redis.from_url(embedded.start_server(supervise(), data_dir))
    assert again.get("greeting") == b"hello"


def test_only_its_owner_with_the_password_gets_in(supervise: Supervise, data_dir: Path) -> None:
    url = embedded.start_server(supervise(), data_dir)
    path = data_dir / "redis" / "socket"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(unix_socket_path=str(path)).ping()
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    password = data_dir / "redis" / "password"
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    command_line = Path(f"/proc/{server_pid(url)}/cmdline").read_bytes()
    assert password.read_bytes() not in command_line
    assert redis.Redis.from_url(url).config_get("port") == {"port": "0"}


def test_nothing_is_evicted(supervise: Supervise, data_dir: Path) -> None:
    client = redis.Redis.from_url(embedded.start_server(supervise(), data_dir))
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert int(client.config_get("maxmemory")["maxmemory"]) == 256 * 2**20


def test_a_server_that_is_killed_comes_back_and_it_is_said(
    supervise: Supervise, data_dir: Path, said: list[str]
) -> None:
    url = embedded.start_server(supervise(), data_dir)
    killed = server_pid(url)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: server_pid(url) != killed, 5, "a server started again")
    assert said == ["The embedded Redis-protocol server ended (signal 9); starting it again"]


def test_a_long_data_dir_gets_its_socket_in_a_private_folder(supervise: Supervise, data_dir: Path) -> None:
    deep = data_dir / ("long-" * 20) / 'with "quotes" and spaces – and ü'
    deep.mkdir(parents=True)
    supervisor = supervise()
    url = embedded.start_server(supervisor, deep)
    redis.Redis.from_url(url).ping()
    folder = Path((deep / "redis" / "socket-folder").read_text())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert embedded.server_url(deep) == url

    (folder / "socket").unlink()
    folder.chmod(0o777)  # as if somebody else had put it there
    assert embedded.server_url(deep) != url


def test_the_second_supervisor_shares_the_server_and_takes_over(supervise: Supervise, data_dir: Path) -> None:
    first, second = supervise(), supervise()
    url = embedded.start_server(first, data_dir)
    running = server_pid(url)
    assert embedded.start_server(second, data_dir) == url
    assert server_pid(url) == running
    assert (first.leads, second.leads) == (True, False)

    first.stop()
    wait_until(lambda: server_pid(url) != running, 3, "a server of the second supervisor")
    assert second.leads


def test_a_supervisor_that_is_killed_leaves_nobody_behind(supervise: Supervise, data_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from chat import embedded; from chat.children import Supervisor\n"
        "folder = Path(sys.argv[1]); supervisor = Supervisor(folder / 'run', print)\n"
        "print(embedded.start_server(supervisor, folder), flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(data_dir)]
    with subprocess.Popen(command, cwd=embedded.ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        pid = server_pid(url)
        process.kill()
    wait_until(lambda: not is_alive(pid), 3, "the server's end")
    assert embedded.start_server(supervise(), data_dir) == url


def test_a_child_that_was_left_behind_is_ended_before_ours_starts(
    supervise: Supervise, data_dir: Path, said: list[str]
) -> None:
    """As where the system cannot tie a child to its parent."""
    (data_dir / "run").mkdir()
    lock = os.open(data_dir / "run" / "sleeper.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    orphan = subprocess.Popen([sys.executable, "-c", STUBBORN], pass_fds=[lock], stdout=subprocess.PIPE)
    assert orphan.stdout
    orphan.stdout.readline()
    os.write(lock, b"%-20d" % orphan.pid)
    os.close(lock)

    supervise().keep(sleeper())
    assert orphan.wait(5) == -signal.SIGKILL
    assert said == []


def test_a_child_that_keeps_dying_is_given_longer_and_longer_pauses(
    supervise: Supervise, said: list[str]
) -> None:
    supervise().keep(sleeper("raise SystemExit(3)"))
    wait_until(lambda: len(said) == 3, 10, "three deaths")
    assert said == [
        "The sleeper ended (exit status 3); starting it again",
        "The sleeper ended (exit status 3); starting it again in 1 s",
        "The sleeper ended (exit status 3); starting it again in 2 s",
    ]


def test_a_child_that_will_not_end_is_killed(supervise: Supervise, data_dir: Path) -> None:
    log = data_dir / "sleeper.log"
    child = sleeper(STUBBORN, log)
    supervisor = supervise()
    supervisor.keep(child)
    assert child.process
    pid = child.process.pid
    wait_until(log.read_text, 5, "the child to close its ears")
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 2
    assert not is_alive(pid)


def test_a_large_log_is_set_aside_when_its_child_starts(
    supervise: Supervise, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.children.LOG_LIMIT", 10)
    log = data_dir / "sleeper.log"
    log.write_text("many words of long ago\n")
    child = sleeper("print('awake', flush=True); import time; time.sleep(60)", log)
    supervise().keep(child)
    wait_until(lambda: log.read_text() == "awake\n", 5, "the new log")
    assert (data_dir / "sleeper.log.1").read_text() == "many words of long ago\n"


def test_a_server_that_cannot_start_says_why(supervise: Supervise, data_dir: Path) -> None:
    blocked = data_dir / "redis" / "appendonlydir"
    blocked.parent.mkdir(mode=0o700)
    blocked.write_text("a file where the server wants a folder")
    with pytest.raises(SystemExit) as ended:
        embedded.start_server(supervise(), data_dir)
    assert "does not answer" in str(ended.value)
    assert "appendonlydir" in str(ended.value)


def test_the_worker_opens_what_its_replica_opened(data_dir: Path, supervise: Supervise) -> None:
    config = Config.from_environment(
        {"DATA_DIR": str(data_dir), "REDIS_URL": "redis://x", "SECRET_KEY": "k" * 20}
    )
    theirs = Config.from_environment(embedded._settings_of_worker(config))
    for name in ("data_dir", "database_url", "redis_url", "images_url", "image_model", "secret_key"):
        assert getattr(theirs, name) == getattr(config, name)


def test_a_machine_without_any_server_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_program_of_wheel", lambda: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="install redis-server or valkey-server"):
        embedded._find_program()


def test_the_systems_own_server_will_do(
    supervise: Supervise, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_program_of_wheel", lambda: None)
    url = embedded.start_server(supervise(), data_dir)
    assert redis.Redis.from_url(url).ping()
    executable = Path(f"/proc/{server_pid(url)}/exe").readlink().name
    assert executable.startswith(("redis", "valkey"))


def test_the_password_is_made_once(data_dir: Path) -> None:
    assert kept_secret(data_dir / "password") == kept_secret(data_dir / "password")


def sleeper(program: str = "import time; time.sleep(60)", log: Path | None = None) -> Child:
    command = [sys.executable, "-c", program]
    return Child("sleeper", "The sleeper", command, os.environ, log=log)
