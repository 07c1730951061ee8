"""Pictures in a bucket that speaks S3: Amazon's, or a server of one's own."""

import contextlib
import io
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chat.storage import Chunks, StoreError, check_key


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
