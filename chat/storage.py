"""Where pictures are kept: a folder, or a bucket that speaks S3, for several machines.

Keys are ours (hexadecimal digits, a hyphen, a suffix) and never used twice for different bytes, so nothing here has
to order writers.
"""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

CHUNK = 1 << 16
KEY = re.compile(r"[0-9a-f]{8,64}(-[0-9a-f]{1,16})?(\.[a-z]{1,16})?", re.ASCII)


class Store(Protocol):
    """Keeps files under keys. Every method may be called by several threads, or greenlets, at once.

    `cooperates` says how a process that serves by greenlets has to call it. A folder does not: it blocks, and belongs
    on a native thread. S3 does: it waits by sockets, which are eventlet's there, and is called straight from a
    greenlet. Not from native threads of such a process: the locks of boto3's client are greenlets' too, and when two
    threads want one at once, eventlet fails to switch between them and a call never returns (docs/decisions/images.md).
    """

    cooperates: bool

    def put(self, key: str, path: str | Path, content_type: str) -> None:
        """Keep a copy of the file at `path`: all of it, durably, or nothing."""

    def open(self, key: str) -> tuple["Chunks", int]:
        """Chunks, and the size in bytes of all of them. Raises FileNotFoundError where nothing is kept."""

    def delete(self, key: str) -> None:
        """Forget what is kept under `key`, if anything is."""

    def check(self) -> None:
        """Write, read and delete something. Raises StoreError, in one line, where that fails."""


class StoreError(Exception):
    """The store cannot be used; says why, and what to do."""


class Chunks(Iterator[bytes]):
    """What is kept under a key, piece by piece. Closes its file at the end; whoever stops before calls `close`."""

    def __init__(self, file: Any):
        self._file = file

    def __next__(self) -> bytes:
        chunk = self._file.read(CHUNK)
        if not chunk:
            self.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        self._file.close()


class FolderStore:
    """One file a key, in 256 folders by the key's first two digits, readable to this account only."""

    cooperates = False

    def __init__(self, folder: Path):
        self._folder = folder

    def put(self, key: str, path: str | Path, content_type: str) -> None:
        target = self._path(key)
        for folder in (self._folder, target.parent):
            _make_folder(folder)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            _copy_durably(Path(path), draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        _flush_folder(target.parent)

    def open(self, key: str) -> tuple[Chunks, int]:
        file = self._path(key).open("rb")
        return Chunks(file), os.fstat(file.fileno()).st_size

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def check(self) -> None:
        probe = self._folder / f".check-{secrets.token_hex(8)}"
        try:
            _make_folder(self._folder)
            probe.write_bytes(b"ok")
            probe.unlink()
        except OSError as error:
            raise StoreError(
                f"IMAGES_URL {str(self._folder)!r}: cannot write there ({error.strerror}); "
                "name a folder that this account may write to"
            ) from None

    def _path(self, key: str) -> Path:
        check_key(key)
        return self._folder / key[:2] / key


def _make_folder(folder: Path) -> None:
    """Ours alone; folders above it are made as the system makes them."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _flush_folder(folder.parent)


def _copy_durably(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        while chunk := reading.read(CHUNK):
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())


def _flush_folder(folder: Path) -> None:
    """A renamed file is only there after a power cut if its folder was flushed as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_key(key: str) -> None:
    """Raises ValueError for a key that is not ours: it must not lead out of its folder."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not a key of a picture: {key[:80]!r}")
