"""Where pictures are decoded: in a process apart, so that one which leads its decoder astray takes nothing with it.

A replica starts one process when the first picture comes. That process has the decoders loaded, and forks for each
picture: the child may use so much time and memory, sees no file but its own (`chat/sandbox.py`), knows no password, and
ends. So a decoder that crashes, or that somebody has taken over, has neither the replica's memory nor the next person's
picture; and nobody who talks waits for Python's lock while a picture is decoded. What a child says is not believed,
only looked at: a few words of JSON.

    replica ──(folder; descriptors of the upload and of a pipe)──▶ process ──fork──▶ child ──(what it made)──▶ pipe
"""

import contextlib
import gc
import json
import logging
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from chat import pictures, sandbox
from chat.developing import SIDE
from chat.errors import Refused
from chat.hub import PATIENCE, Lane, is_green, native_os, native_socket, native_threading
from chat.pictures import Picture, Prints

AT_ONCE = 2  # pictures
SECONDS = 60  # of a processor, for one picture: the worst that are accepted take a tenth
MEMORY = 2_000_000_000  # bytes of addresses, for one picture: the worst that are accepted take a gigabyte
ANSWER = 10_000  # bytes that are read of what it says
BEGINNING = 30  # seconds in which a child must have begun
PASSED_ON = {
    "PATH",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
}  # of the environment, which holds passwords

logger = logging.getLogger(__name__)


class Darkroom:
    """A replica's side. In other processes, which decode what they made themselves, there is none but this one.

    Parameters
    ----------
    seconds, memory : of one picture, as the constants here.
    """

    def __init__(self, seconds: int = SECONDS, memory: int = MEMORY):
        self._bounds = [str(seconds), str(memory)]
        self._lane = Lane("pictures", AT_ONCE)
        self._door: Any = None
        self._process = 0
        self._one_at_a_time = native_threading.Lock()

    @property
    def waiting(self) -> int:
        """Pictures that are being taken in, or wait for it."""
        return self._lane.waiting

    def intake(self, stream: BinaryIO) -> Picture:
        """`pictures.intake`."""
        make = self.make if is_green() else pictures.make
        picture: Picture = self._lane.run(pictures.intake, stream, make=make)
        return picture

    def make(self, upload: BinaryIO, place: Path) -> Prints:
        """`pictures.make` by a child; blocks.

        Raises
        ------
        Refused : as there, and `not_an_image` where the child did not survive it.
        OSError : the disk's fault, or there can be no further process.
        """
        reading, writing = native_os.pipe()
        try:
            try:
                self._ask(str(place), [upload.fileno(), writing])
            finally:
                native_os.close(writing)
            return _outcome(_read(reading))
        finally:
            native_os.close(reading)

    def close(self) -> None:
        self._lane.close()
        if self._door:
            self._door.close()  # and so the process ends

    def _ask(self, place: str, descriptors: list[int]) -> None:
        """Have a child begin; the process is started if there is none, or no longer."""
        with self._one_at_a_time:
            if self._door and self._begins(place, descriptors):
                return
            self._start()
            if not self._begins(place, descriptors):
                raise OSError("The process that decodes pictures has ended at once.")

    def _begins(self, place: str, descriptors: list[int]) -> bool:
        try:
            native_socket.send_fds(self._door, [place.encode()], descriptors)
            if self._door.recv(1):
                return True
        except OSError as error:
            logger.warning("The process that decodes pictures does not answer: %r", error)
        self._door.close()
        with contextlib.suppress(OSError):
            native_os.kill(self._process, signal.SIGKILL)
            native_os.waitpid(self._process, 0)
        return False

    def _start(self) -> None:
        ours, theirs = native_socket.socketpair()
        ours.settimeout(BEGINNING)
        environment = {name: value for name, value in os.environ.items() if name in PASSED_ON}
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        command = [sys.executable, "-m", "chat.darkroom", *self._bounds]
        with theirs:
            stdin = (native_os.POSIX_SPAWN_DUP2, theirs.fileno(), 0)
            self._process = native_os.posix_spawn(command[0], command, environment, file_actions=[stdin])
        self._door = ours


def _read(descriptor: int) -> bytes:
    """Until there is no more: the child has ended."""
    found = b""
    while len(found) < ANSWER and (piece := native_os.read(descriptor, ANSWER)):
        found += piece
    return found


def _outcome(answer: bytes) -> Prints:
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    match said:
        case {
            "made": [
                ("jpg" | "png" | "webp") as suffix,
                ("jpg" | "png" | "webp") as small,
                int(width),
                int(height),
            ]
        } if 0 < width <= SIDE and 0 < height <= SIDE:
            return Prints(suffix, small, width, height)
        case {"refused": ["not_an_image" | "image_too_many_pixels" as code, str(detail)]}:
            raise Refused(code, detail)
        case {"failed": [int(number), str(reason)]}:
            raise OSError(number, reason)
    logger.warning("A picture has been refused: the process that was to decode it said %r.", answer)
    raise Refused(
        "not_an_image",
        "This picture could not be decoded with the time and the memory that one may take. Save it anew, and send that.",
    )


def main(seconds: int, memory: int) -> None:
    """The process: a child for each picture, until the replica has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal; the replica decides
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for children
    Image.init()  # every decoder; a child could not load one any more
    gc.freeze()
    with socket.socket(fileno=0) as door:
        while True:
            place, descriptors, *_ = socket.recv_fds(door, 4096, 2)
            if not place:
                return
            if os.fork() == 0:
                upload, answer = descriptors
                _develop(Path(place.decode()), upload, answer, seconds, memory)
            for descriptor in descriptors:
                os.close(descriptor)
            door.send(b"+")


def _develop(place: Path, upload: int, answer: int, seconds: int, memory: int) -> None:
    """In the child, which ends here."""
    said: dict[str, Any] = {}
    try:
        os.nice(PATIENCE)  # who talks comes first
        sandbox.enter(place, seconds, memory)
        with open(upload, "rb", buffering=0) as file:
            said = {"made": pictures.make(file, place)}
    except Refused as refused:
        said = {"refused": [refused.code, refused.detail]}
    except OSError as error:
        said = {"failed": [error.errno or 0, error.strerror or str(error)]}
    except BaseException:
        traceback.print_exc()
    finally:
        os.write(answer, json.dumps(said).encode())
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
