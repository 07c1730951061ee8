"""What stands behind every door: the database, the log, the bus and the store of pictures.

A web replica, a bot worker and a command open the same thing.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.security import generate_password_hash

from chat import messages, migrate, rooms
from chat.bus import Bus
from chat.config import Config
from chat.darkroom import Darkroom
from chat.db import Database
from chat.hub import Lane, start_thread
from chat.limits import Attempts, Limits
from chat.log import Draft, Log
from chat.search import Indexer
from chat.storage import FolderStore, Store, StoreError

# Passwords that are hashed at once: one where there are few processors, so that sign-ins by the dozen leave room for those
# who talk; never more than two, since each takes 32 MB and a container sees the processors of its whole machine.
HASHING = 2 if (os.cpu_count() or 1) > 3 else 1

logger = logging.getLogger(__name__)


@dataclass
class Backend:
    """Opened by `Backend.open`, closed by `close`."""

    config: Config
    db: Database
    bus: Bus
    store: Store
    hashing: Lane = field(default_factory=lambda: Lane("hashing", HASHING, patient=True))
    darkroom: Darkroom = field(default_factory=Darkroom)
    storage: Lane = field(default_factory=lambda: Lane("storage", 4))
    log: Log = field(init=False)
    indexer: Indexer = field(init=False)
    limits: Limits = field(init=False)
    attempts: Attempts = field(init=False)
    draining: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def open(cls, config: Config) -> "Backend":
        """Connect. SQLite belongs to this machine alone, so its schema is brought up to date as well."""
        assert config.redis_url, "the embedded Redis-protocol server has not been started"
        db = Database(config.database_url)
        if db.is_sqlite:
            migrate.upgrade(db)
            db.write(rooms.ensure_first)
        return cls(config, db, Bus(config.redis_url), _usable(open_store(config.images_url)))

    def __post_init__(self) -> None:
        self.log = Log(self.db, self._ring)
        self.indexer = Indexer(self)
        self.limits = Limits(self.config.limits, self.config.redis_url)
        self.attempts = Attempts(self.limits)
        # what an unknown name's password is compared with, so that it takes as long as a known one's
        self.nobodys_hash = generate_password_hash("", self.config.password_hash)

    def ask_store(self, call: Callable[..., Any], *args: Any) -> Any:
        """Call a function of the store where it may block or wait: a folder off the hub, S3 on it."""
        return call(*args) if self.store.cooperates else self.storage.run(call, *args)

    def spawn(self, function: Callable[..., None], *args: Any) -> None:
        """Run beside the caller, which does not wait."""
        start_thread(function.__qualname__, function, *args)

    def close(self) -> None:
        self.indexer.close()
        self.limits.close()
        self.bus.close()
        for lane in (self.hashing, self.darkroom, self.storage):
            lane.close()
        self.db.close()

    def _ring(self, drafts: list[Draft]) -> None:
        messages.ring_drafts(self, drafts)
        self.indexer.wake()


def open_store(url: str | Path) -> Store:
    """The store of `IMAGES_URL`: a folder's path, or `s3://bucket/prefix`. Connects to nothing yet.

    For S3 the usual variables hold: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_PROFILE, …, and
    AWS_ENDPOINT_URL for servers other than Amazon's.
    """
    parts = urlsplit(str(url))
    if parts.scheme == "s3":
        from chat.s3 import S3Store  # loads boto3, which most installations have no use for

        return S3Store(parts.netloc, parts.path.strip("/"))
    return FolderStore(Path(url))


def _usable(store: Store) -> Store:
    """A folder that cannot be used is a wrong setting; an S3 server that is away may come back."""
    try:
        store.check()
    except StoreError as error:
        if not store.cooperates:
            raise SystemExit(str(error)) from None
        logger.error("Pictures cannot be stored: %s", error)
    return store
