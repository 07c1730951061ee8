"""A replica under bad input: who knocks at it, what a refusal must look like, and whether it changed anything."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa

from chat import db, schema
from chat.errors import CODES
from tests.people import Client, Socket, new_name, picture
from tests.servers import Replica

# Filled behind the log, so that it may still be on its way when a test begins.
BEHIND = {"search", "search_progress", "search_labels", "search_labels_progress"}


class Siege:
    """A replica with rate limits, and two people: Ann, who has a room with a picture in it, and Bob, who is in it."""

    def __init__(self, environment: dict[str, str], folder: Path):
        self.folder = Path(environment["DATA_DIR"])
        self.replica = Replica({**environment, "LIMITS": "on"}, folder)
        self.url = self.replica.url
        self.database = db.Database(environment["DATABASE_URL"])
        self.ann, self.bob = (Client(self.url, new_name(name)) for name in ("ann", "bob"))
        room = self.ann.room("house")
        self.bob.enter(room)
        self.ann.say(room, "hello")
        message = self.ann.drop(room, picture()).json()["id"]
        token = self.ann.get("/api/tokens").json()["tokens"][0]["id"]
        self.names = {
            "room": room,
            "message": message,
            "user": self.bob.id,
            "token": token,
            "ann": self.ann.name,
            "segment": "1",
            "run": "1",
        }

    def knock(self, method: str, path: str, **options: Any) -> requests.Response:
        """As Ann's program: her token, no cookie, no CSRF token."""
        headers = {"Authorization": f"Bearer {self.ann.token}", **options.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=20, **options)

    def state(self) -> dict[str, Any]:
        """Every row and every file that is there."""
        rows = self.database.read(_rows)
        images = self.folder / "images"
        return {**rows, "files": sorted(str(file) for file in images.rglob("*") if file.is_file())}

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        before = self.state()
        yield
        changed = [name for name, rows in self.state().items() if rows != before[name]]
        assert not changed, changed

    def socket(self) -> Socket:
        return self.ann.socket()

    def close(self) -> None:
        self.replica.stop()
        self.database.close()


def _rows(conn: sa.Connection) -> dict[str, Any]:
    tables = [table for table in schema.tables.sorted_tables if table.name not in BEHIND]
    return {table.name: sorted(map(repr, conn.execute(sa.select(table)))) for table in tables}


def check_problem(answer: requests.Response, code: str, field: str = "") -> None:
    """That an answer is the documented one (RFC 9457), and names the field."""
    status, title = CODES[code]
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), (
        answer.text
    )
    said = answer.json()
    detail = said.pop("detail")
    assert said == {"type": f"/errors#{code}", "title": title, "status": status, "code": code}
    assert detail.startswith(field) and len(detail) > 10, detail


def check_peace(siege: Siege) -> None:
    """That a replica serves as before, that nothing broke in it, and that its journal says so line by line."""
    ready = requests.get(f"{siege.url}/readyz", timeout=10)
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "degraded": []})
    for line in siege.replica.log.read_text().splitlines():
        entry = json.loads(line)
        harmless = entry["level"] in ("INFO", "WARNING") or "not an accepted origin" in entry["message"]
        assert harmless and "exc_info" not in entry and entry.get("status", 200) < 500, line
