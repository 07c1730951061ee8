"""What a process may still do in the sandbox: each thing is tried in a process of its own, first outside and then inside."""

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

VERSION = ctypes.CDLL(None).syscall(444, None, 0, 1) if sys.platform == "linux" else 0  # of Landlock


def needs(version: int) -> pytest.MarkDecorator:
    return pytest.mark.skipif(version > VERSION, reason=f"this kernel's Landlock is {VERSION}, not {version}")


def attempt(code: str, folder: Path, inside: bool = True) -> str:
    """What became of it: its last word, or the name of the error."""
    enter = f"sandbox.enter(Path({str(folder)!r}), 5, 1_000_000_000)" if inside else ""
    program = f"import os, socket\nfrom pathlib import Path\nfrom chat import sandbox\n{enter}\n{code}\nprint('done')"
    environment = {
        "PYTHONPATH": str(ROOT)
    }  # and no measuring of coverage, which would write a file in the end
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = (ended.stdout + ended.stderr).strip().splitlines() or [f"ended by {ended.returncode}"]
    return said[-1].partition(":")[0]


@needs(1)
def test_of_all_files_those_in_its_folder_are_left(tmp_path: Path) -> None:
    inside, elsewhere = tmp_path / "inside", tmp_path / "elsewhere"
    inside.mkdir()
    elsewhere.write_text("a secret")
    assert attempt(f"Path({str(inside / 'a')!r}).write_text('b')", inside) == "done"
    assert (inside / "a").read_text() == "b"
    for code in (
        f"Path({str(elsewhere)!r}).read_text()",
        f"Path({str(elsewhere)!r}).write_text('b')",
        f"Path({str(elsewhere)!r}).unlink()",
        f"os.listdir({str(tmp_path)!r})",
        f"os.rename({str(inside / 'a')!r}, {str(tmp_path / 'b')!r})",
        "Path(f'/proc/{os.getppid()}/environ').read_bytes()",
        "os.execv('/bin/true', ['true'])",
    ):
        assert attempt(code, inside) == "PermissionError", code
    assert attempt(f"Path({str(elsewhere)!r}).read_text()", inside, inside=False) == "done"


@needs(4)
def test_it_reaches_nobody_by_tcp(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"
        assert attempt(code, tmp_path, inside=False) == "done"
        assert attempt(code, tmp_path) == "PermissionError"
        assert attempt("socket.create_server(('127.0.0.1', 0))", tmp_path) == "PermissionError"


@needs(6)
def test_it_ends_nobody(tmp_path: Path) -> None:
    code = f"os.kill({os.getpid()}, 0)"
    assert attempt(code, tmp_path, inside=False) == "done"
    assert attempt(code, tmp_path) == "PermissionError"


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("bytearray(1_500_000_000)", "MemoryError"),
        ("while True: pass", "ended by -9"),
        ("[os.dup(1) for _ in range(100)]", "OSError"),
        ("open('big', 'wb').truncate(300_000_000)", "OSError"),
    ],
    ids=["memory", "time", "descriptors", "file"],
)
def test_it_is_bounded(code: str, end: str, tmp_path: Path) -> None:
    assert attempt(f"os.chdir({str(tmp_path)!r})\n{code}", tmp_path) == end
