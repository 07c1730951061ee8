"""The process apart, in which a replica has pictures decoded: what it may not do, and what its end leaves."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from chat import darkroom as darkroom_module
from chat import pictures
from chat.darkroom import Darkroom
from chat.errors import Refused
from tests.chat.test_pictures import FORMATS, draw, film, save
from tests.people import picture
from tests.servers import ROOT, wait_until


@contextlib.contextmanager
def darkroom(**bounds: int) -> Iterator[Darkroom]:
    room = Darkroom(**bounds)
    try:
        yield room
    finally:
        room.close()


@pytest.fixture(scope="module")
def room() -> Iterator[Darkroom]:
    with darkroom() as room:
        yield room


def take(room: Darkroom, upload: bytes, folder: Path) -> tuple[bytes, pictures.Picture]:
    with pictures.intake(io.BytesIO(upload), folder=folder, make=room.make) as taken:
        return taken.path.read_bytes(), taken


def refusal(room: Darkroom, upload: bytes, folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        take(room, upload, folder)
    assert list(folder.iterdir()) == []  # nothing is left of it
    return f"{refused.value.code}: {refused.value.detail}"


def large() -> bytes:
    """Transparent noise, which takes seconds to be encoded again."""
    file = io.BytesIO()
    Image.merge("RGBA", [Image.effect_noise((2800, 2800), 80)] * 4).save(file, "PNG", compress_level=1)
    return file.getvalue()


def test_a_picture_comes_out_as_it_does_here(room: Darkroom, tmp_path: Path) -> None:
    upload = picture(size=(300, 200))
    with pictures.intake(io.BytesIO(upload), folder=tmp_path) as here:
        there, described = take(room, upload, tmp_path)
        assert there == here.path.read_bytes()
        assert (described.sha256, described.width, described.height, described.bytes) == (
            here.sha256,
            300,
            200,
            len(there),
        )


@pytest.mark.parametrize("name", FORMATS)
def test_every_decoder_has_what_it_needs(room: Darkroom, name: str, tmp_path: Path) -> None:
    with pictures.intake(io.BytesIO(save(draw(300, 200), name)), folder=tmp_path) as here:
        assert take(room, save(draw(300, 200), name), tmp_path)[1].sha256 == here.sha256


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_what_moves_moves(room: Darkroom, name: str, tmp_path: Path) -> None:
    assert take(room, film(name), tmp_path)[1].suffix == "webp"


def test_colours_of_another_profile_are_translated(room: Darkroom, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    upload = save(draw(), "PNG", icc_profile=profile)
    with pictures.intake(io.BytesIO(upload), folder=tmp_path) as here:
        assert take(room, upload, tmp_path)[1].sha256 == here.sha256


@pytest.mark.parametrize("upload", [b"no picture", b"\x89PNG\r\n\x1a\nno picture", picture()[:200]])
def test_what_is_refused_is_refused_in_the_same_words(room: Darkroom, upload: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused) as here:
        pictures.intake(io.BytesIO(upload), folder=tmp_path)
    assert refusal(room, upload, tmp_path) == f"{here.value.code}: {here.value.detail}"


def test_a_fault_of_the_disk_is_not_the_pictures(room: Darkroom, tmp_path: Path) -> None:
    with tempfile.TemporaryFile() as upload, pytest.raises(OSError, match="No such file"):
        upload.write(picture())
        upload.seek(0)
        room.make(upload, tmp_path / "nowhere")


@pytest.mark.parametrize("bounds", [{"seconds": 1}, {"memory": 180_000_000}])
def test_what_takes_too_much_is_refused(bounds: dict[str, int], tmp_path: Path) -> None:
    with darkroom(**bounds) as room:
        assert refusal(room, large(), tmp_path).startswith("not_an_image")
        assert take(room, picture(), tmp_path)  # and the next one is taken


def test_a_decoder_that_crashes_takes_nothing_with_it(room: Darkroom, tmp_path: Path) -> None:
    take(room, picture(), tmp_path)
    upload, outcome = large(), []
    waits = threading.Thread(target=lambda: outcome.append(refusal(room, upload, tmp_path)))
    waits.start()
    wait_until(lambda: children_of(room._process), what="the child")
    [child] = children_of(room._process)
    os.kill(child, signal.SIGSEGV)
    waits.join()
    assert outcome[0].startswith("not_an_image")
    assert take(room, picture(), tmp_path)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff",
        b'{"made": ["jpg", "jpg", 4',
        b'{"made": ["../../etc/passwd", "jpg", 40, 30]}',
        b'{"made": [["jpg"], "jpg", 40, 30]}',
        b'{"made": ["jpg", "jpg", 40, 1000000000000]}',
        b'{"made": ["jpg", "jpg", -40, 30]}',
        b'{"refused": ["forbidden", "You are an admin now."]}',
        b"[1]",
    ],
)
def test_what_a_child_says_is_not_believed(said: bytes) -> None:
    with pytest.raises(Refused, match="not_an_image: This picture could not be decoded"):
        darkroom_module._outcome(said)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_when_the_process_has_ended_there_is_another(
    room: Darkroom, number: signal.Signals, tmp_path: Path
) -> None:
    take(room, picture(), tmp_path)
    before = room._process
    os.kill(before, number)
    assert take(room, picture(), tmp_path)
    assert room._process != before
    assert not Path(f"/proc/{before}").exists()  # not even as a zombie


def test_two_at_once_are_not_mixed_up(room: Darkroom, tmp_path: Path) -> None:
    sizes: list[int] = []

    def work(width: int) -> None:
        for _ in range(5):
            sizes.append(take(room, picture(size=(width, 40)), tmp_path)[1].width - width)

    threads = [threading.Thread(target=work, args=(width,)) for width in (30, 50, 70)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [0] * 15


def test_it_knows_no_password_and_has_no_file_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:hunter2@db/chat")
    with darkroom() as fresh:
        take(fresh, picture(), tmp_path)
        process = Path(f"/proc/{fresh._process}")
        assert b"hunter2" not in (process / "environ").read_bytes()
        assert set(os.listdir(process / "fd")) <= passed_on()


def test_a_child_is_confined(room: Darkroom, tmp_path: Path) -> None:
    take(room, picture(), tmp_path)
    upload = large()
    with contextlib.suppress(Refused):
        waits = threading.Thread(target=take, args=(room, upload, tmp_path))
        waits.start()
        wait_until(lambda: children_of(room._process), what="the child")
        [child] = children_of(room._process)
        wait_until(
            lambda: "NoNewPrivs:\t1" in Path(f"/proc/{child}/status").read_text(), what="its confinement"
        )
        limits = Path(f"/proc/{child}/limits").read_text()
        assert Path(f"/proc/{child}/oom_score_adj").read_text() == "500\n"
        assert os.getpriority(os.PRIO_PROCESS, child) > os.getpriority(os.PRIO_PROCESS, 0)
        waits.join()
    assert "2000000000" in limits


def test_it_ends_with_its_replica(tmp_path: Path) -> None:
    code = (
        "import io, os, signal; from chat import pictures; from chat.darkroom import Darkroom\n"
        "from tests.people import picture\n"
        "room = Darkroom(); pictures.intake(io.BytesIO(picture()), make=room.make).discard()\n"
        "print(room._process, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    wait_until(lambda: not Path(f"/proc/{int(said.stdout)}/exe").exists(), what="its end")


def passed_on() -> set[str]:
    """Descriptors that whoever started these tests wants every process to have, and the three that each has."""
    ours = {name for name in os.listdir("/proc/self/fd") if Path(f"/proc/self/fd/{name}").exists()}
    return {"0", "1", "2"} | {name for name in ours if os.get_inheritable(int(name))}


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
