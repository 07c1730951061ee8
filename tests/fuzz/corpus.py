"""What is right, before it is bent: a request for each door and method, listed from the application, and each event."""

import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from chat.app import create_app
from chat.sockets import _Doors
from tests.conftest import open_backend
from tests.people import picture
from tests.system import test_bad_input as bad_input

VARIABLE = re.compile(r"<(?:\w+(?:\(.*?\))?:)?(\w+)>")
RARE = {  # who ends their own session or asks for all that they have learns little from their next requests
    "accounts.logout",
    "accounts.end_others",
    "accounts.end_sessions_of",
    "accounts.register",
    "leaving.take_along",
    "site.release",
    "site.static",
}
# Of doors whose body stands in no list of theirs.
BODIES: dict[str, dict[str, Any]] = {
    "accounts.login": {"username": "{ann}", "password": "a long enough password"},
    "segments.apply": {},
}


class Good(NamedTuple):
    """A request that is right: `path` and the strings in `body` hold {names} of what there is."""

    door: str
    method: str
    path: str
    body: Any
    query: dict[str, str]


class Form(NamedTuple):
    """A picture with the fields beside it."""

    fields: dict[str, str]
    picture: bytes


def requests() -> list[Good]:
    """One for each method of each address that the application has, Engine.IO's by polling among them."""
    with tempfile.TemporaryDirectory() as folder:
        backend = open_backend(f"sqlite:///{folder}/roomful.db", "redis://127.0.0.1:1/0", Path(folder))
        app = create_app(backend)
        rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
        backend.close()
    found = []
    for rule in rules:
        path = VARIABLE.sub(lambda match: f"{{{match[1]}}}", rule.rule)
        for method in sorted(rule.methods or ()):
            door = rule.endpoint
            found.append(Good(door, method, path, _body(door, method), _query(door)))
    for method in ("GET", "POST"):
        found.append(Good("engine.io", method, "/socket.io/", None, {"EIO": "4", "transport": "polling"}))
    return found


def _body(door: str, method: str) -> Any:
    if method in ("GET", "HEAD", "OPTIONS"):
        return None
    if door == "pictures.post":
        return Form({"client_id": "{new}", "text": "look"}, picture(size=(8, 8)))
    return BODIES.get(door, bad_input.BODIES[door][2] if door in bad_input.BODIES else None)


def _query(door: str) -> dict[str, str]:
    """Each field that the door reads from the address."""
    path, fields = bad_input.QUERIES.get(door, ("", {}))
    known = dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)
    return {**dict.fromkeys(fields, "1"), **known}


def events() -> dict[str, dict[str, Any]]:
    """Each event that the server takes, with data that are right."""
    names = [name for name in vars(_Doors) if not name.startswith("_")]
    taken = set(names) - {"open", "connect", "disconnect"}
    return {name: {"room": "{room_id}", **bad_input.EVENTS[name][0]} for name in sorted(taken)}
