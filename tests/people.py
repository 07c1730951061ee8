"""The cast: people as programs see them, over HTTP and Socket.IO, on any replica."""

import io
import itertools
import logging
import threading
import uuid
from typing import Any, ClassVar

import requests
import socketio
from PIL import Image

from chat.db import Database, insert
from chat.schema import active_hours, activity, room_hours, users
from tests.servers import wait_until

_numbers = itertools.count(1)
_logger = logging.getLogger(
    __name__
)  # Engine.IO's own writes to a stream that has been closed when its test is over
_logger.addHandler(logging.NullHandler())


class Client:
    """A person at one replica, signed in by a session's cookie."""

    def __init__(self, url: str, name: str, password: str = "a long enough password"):
        self.url, self.name = url, name
        self.http = requests.Session()
        self.user: dict[str, Any] = {}
        answer = self.post("/api/register", {"username": name, "password": password})
        assert answer.status_code == 201, answer.text
        self._signed_in(answer)
        self.token = self.post("/api/tokens", {"name": "tests"}).json()["token"]

    def _signed_in(self, answer: requests.Response) -> None:
        self.user = answer.json()["user"]
        self.http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    @property
    def id(self) -> str:
        return str(self.user["id"])

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.url + path, timeout=20, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> requests.Response:
        return self.http.post(self.url + path, json=data, timeout=20, **options)

    def put(self, path: str, data: Any = None) -> requests.Response:
        return self.http.put(self.url + path, json=data, timeout=20)

    def patch(self, path: str, data: Any) -> requests.Response:
        return self.http.patch(self.url + path, json=data, timeout=20)

    def delete(self, path: str) -> requests.Response:
        return self.http.delete(self.url + path, timeout=20)

    def room(self, name: str = "lounge", **options: Any) -> str:
        """A new room of this person's; its id."""
        answer = self.post("/api/rooms", {"name": name, **options})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def enter(self, room: str) -> None:
        assert self.put(f"/api/rooms/{room}/members/me").status_code == 204

    def say(self, room: str, text: str, **more: Any) -> dict[str, Any]:
        """Post a message over HTTP."""
        answer = self.post(f"/api/rooms/{room}/messages", {"text": text, "client_id": new_id(), **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def wait_until_found(self, words: str) -> None:
        """Until the search, which is filled behind the messages, knows what has been said."""
        wait_until(
            lambda: self.get("/api/search", params={"q": words}).json()["messages"], what=f"{words!r} found"
        )

    def drop(self, room: str, picture: bytes, **fields: str) -> requests.Response:
        """Post a picture."""
        form = {"client_id": new_id(), **fields}
        path = f"{self.url}/api/rooms/{room}/images"
        return self.http.post(path, data=form, files={"image": ("a.png", picture)}, timeout=30)

    def socket(self, url: str | None = None) -> "Socket":
        return Socket(url or self.url, self.token)


class Socket:
    """A person's open Socket.IO connection, websocket alone, that keeps all it hears. It ends with its test."""

    opened: ClassVar[list["Socket"]] = []

    def __init__(self, url: str, token: str | None, **options: Any):
        self.heard: list[tuple[str, Any]] = []
        self.events: dict[str, list[dict[str, Any]]] = {}
        self._lock = threading.Lock()  # what is heard comes on another thread
        self.io = socketio.Client(reconnection=False, engineio_logger=_logger)
        Socket.opened.append(self)
        _dispatch_in_order(self.io.eio)
        self.io.on("*", self._hear)
        self.io.on("event", self._event)
        auth = {"token": token} if token else None
        self.io.connect(url, auth=auth, transports=["websocket"], wait_timeout=20, **options)

    def _hear(self, event: str, data: Any = None) -> None:
        self.heard.append((event, data))

    def _event(self, event: dict[str, Any]) -> None:
        with self._lock:
            self.events.setdefault(event["room"], []).append(event)

    def call(self, event: str, data: Any, timeout: float = 15) -> dict[str, Any]:
        return dict(self.io.call(event, data, timeout=timeout))

    def join(self, room: str, **options: Any) -> dict[str, Any]:
        """Join, and keep what the acknowledgement brings beside what follows."""
        self.events[room] = []
        answer = self.call("join", {"room": room, **options})
        with self._lock:
            self.events[room] = answer.get("events", []) + self.events[room]
        return answer

    def send(
        self, room: str, text: str, client_id: str | None = None, timeout: float = 15, **more: Any
    ) -> dict[str, Any]:
        wish = {"room": room, "text": text, "client_id": client_id or new_id(), **more}
        return self.call("send", wish, timeout)

    def seqs(self, room: str) -> list[int]:
        return [event["seq"] for event in self.events.get(room, [])]

    def news(self, kind: str) -> list[Any]:
        return [data for event, data in self.heard if event == kind]

    def wait_for(self, room: str, seq: int, seconds: float = 10) -> None:
        wait_until(
            lambda: seq in self.seqs(room),
            seconds,
            f"event {seq} of room {room} (heard {self.seqs(room)[-5:]})",
        )

    def answer(self, room: str, question: str, seconds: float = 20) -> dict[str, Any]:
        """The message that replies to another one, when it has come."""

        def replies() -> list[dict[str, Any]]:
            return [
                event["message"] for event in self.events[room] if event["message"]["reply_to"] == question
            ]

        wait_until(replies, seconds, f"an answer to {question}")
        return dict(replies()[0])

    def close(self) -> None:
        self.io.disconnect()


class Visitor:
    """Somebody at the doors of an application, without a server between."""

    name: str
    id: int

    def __init__(self, app: Any, agent: str = "Firefox", token: str | None = None) -> None:
        self.knock = app.test_client()
        self.headers = {"User-Agent": agent}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, data: Any = None, **fields: Any) -> Any:
        body = {"json": {**(data or {}), **fields}} if data is not None or fields else {}
        answer = self.knock.open(path, method=method, headers=self.headers, **body)
        if answer.is_json and "csrf_token" in answer.json:
            self.headers["X-CSRF-Token"] = answer.json["csrf_token"]
        return answer

    def code(self, method: str, path: str, data: Any = None, **fields: Any) -> Any:
        """Of the refusal, or the status."""
        answer = self.ask(method, path, data, **fields)
        return answer.json["code"] if answer.status_code >= 400 else answer.status_code


def _dispatch_in_order(eio: Any) -> None:
    """python-socketio handles each message on a thread of its own, which loses the order that we want to see."""
    trigger = eio._trigger_event

    def trigger_here(*args: Any, run_async: bool = False, **options: Any) -> Any:
        return trigger(*args, **options)

    eio._trigger_event = trigger_here


def promote(environment: dict[str, str], person_id: str, role: str = "admin") -> None:
    """Give somebody a role, as an operator would: in the database."""
    db = Database(environment["DATABASE_URL"])
    theirs = users.update().where(users.c.id == int(person_id)).values(role=role)
    db.write(lambda conn: conn.execute(theirs))
    db.close()


def has_done(db: Database, person: int, room: int, day: int, hour: int = 9, **times: int) -> None:
    """Write into the counts that somebody did so much: `texts`, `pictures`, `replies`, `reactions`."""

    def add(conn: Any, table: Any, key: dict[str, int], **sums: int) -> None:
        put = insert(conn, table).values(**key, **sums)
        more = {name: table.c[name] + value for name, value in sums.items()}
        conn.execute(put.on_conflict_do_update(index_elements=[*key], set_=more))

    def work(conn: Any) -> None:
        wrote = sum(times.get(kind, 0) for kind in ("texts", "pictures", "replies"))
        add(conn, activity, {"room_id": room, "day": day, "user_id": person}, **times)
        add(conn, active_hours, {"user_id": person, "day": day, "hour": hour}, acts=sum(times.values()))
        hours = {"room_id": room, "day": day, "hour": hour}
        add(conn, room_hours, hours, messages=wrote, pictures=times.get("pictures", 0))

    db.write(work)


def new_id() -> str:
    return uuid.uuid4().hex


def new_name(name: str) -> str:
    """Ann is ann-7 in this run."""
    return f"{name}-{next(_numbers)}-{uuid.uuid4().hex[:4]}"


def picture(
    colour: str = "teal", size: tuple[int, int] = (320, 200), format_: str = "PNG", **options: Any
) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, format_, **options)
    return file.getvalue()
