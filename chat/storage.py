"""Where pictures are kept: a folder, or a bucket that speaks S3, for several machines.

Keys are ours (hexadecimal digits, a hyphen, a suffix) and never used twice for different bytes, so nothing here has
to order writers.
"""

import contextlib
import io
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

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


def open_store(url: str | Path) -> Store:
    """The store of `IMAGES_URL`: a folder's path, or `s3://bucket/prefix`. Connects to nothing yet.

    For S3 the usual variables hold: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_PROFILE, …, and
    AWS_ENDPOINT_URL for servers other than Amazon's.
    """
    parts = urlsplit(str(url))
    if parts.scheme == "s3":
        return S3Store(parts.netloc, parts.path.strip("/"))
    return FolderStore(Path(url))


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


class S3Store:
    """One object a key in a bucket, under a prefix."""

    cooperates = True

    def __init__(self, bucket: str, prefix: str):
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._connecting = threading.Lock()
        self._connected: Any = None

    def put(self, key: str, path: str | Path, content_type: str) -> None:
        check_key(key)
        with Path(path).open("rb") as file:
            self._put(key, file, content_type)

    def open(self, key: str) -> tuple[Chunks, int]:
        check_key(key)
        return self._open(key)

    def delete(self, key: str) -> None:
        check_key(key)
        self._delete(key)

    def check(self) -> None:
        probe = f".check-{secrets.token_hex(8)}"
        self._put(probe, io.BytesIO(b"ok"), "text/plain")
        self._open(probe)[0].close()
        self._delete(probe)

    def _put(self, name: str, file: BinaryIO, content_type: str) -> None:
        self._ask("put_object", name, Body=file, ContentType=content_type)

    def _open(self, name: str) -> tuple[Chunks, int]:
        answer = self._ask("get_object", name)
        return Chunks(answer["Body"]), answer["ContentLength"]

    def _delete(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):  # Amazon's does not mind, others may
            self._ask("delete_object", name)

    def _ask(self, operation: str, name: str, **what: Any) -> dict[str, Any]:
        try:
            call: Callable[..., dict[str, Any]] = getattr(self._client(), operation)
            return call(Bucket=self._bucket, Key=self._prefix + name, **what)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise FileNotFoundError(name) from None
            raise self._error(error) from error
        except (BotoCoreError, ValueError) as error:  # a ValueError: the endpoint is no URL
            raise self._error(error) from error

    def _client(self) -> Any:
        """Made at first use: it reads 100 ms of descriptions of what S3 can do."""
        with self._connecting:
            if self._connected is None:
                region = os.environ.get(
                    "AWS_REGION"
                )  # as in Amazon's other libraries; boto3 knows AWS_DEFAULT_REGION
                self._connected = boto3.session.Session().client("s3", region, config=_s3_config())
            return self._connected

    def _error(self, error: Exception) -> StoreError:
        why = " ".join(str(error).split())
        return StoreError(
            f"IMAGES_URL 's3://{self._bucket}/{self._prefix}': {why}; check the bucket, the AWS_… variables and, for "
            "servers other than Amazon's, AWS_ENDPOINT_URL"
        )


def _s3_config() -> Config:
    """Somebody waits for each of these calls, so it fails within seconds rather than boto3's minutes."""
    elsewhere = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=32,
        # other servers seldom have a host name for each bucket, nor Amazon's newest checksums
        s3={"addressing_style": "path" if elsewhere else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def check_key(key: str) -> None:
    """Raises ValueError for a key that is not ours: it must not lead out of its folder."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not a key of a picture: {key[:80]!r}")
