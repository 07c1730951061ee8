"""Callers who may not ask what they ask: forged, foreign, too often, in words that are not HTTP. Nothing changes."""

import itertools
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
import requests
from requests.adapters import HTTPAdapter

from chat.app import create_app
from tests.conftest import open_backend, prepare
from tests.people import new_name
from tests.servers import Postgres, RedisServer
from tests.system.siege import Siege, check_peace, check_problem

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
UNSAFE = METHODS - {"GET"}
PASSWORD = "a long enough password"
BEYOND = 2**63
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def siege(
    request: pytest.FixtureRequest,
    postgres: Postgres,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Siege]:
    folder: Path = tmp_path_factory.mktemp("callers")
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder}/roomful.db" if sqlite else postgres.create(f"callers_{folder.name[-8:]}")
    besieged = Siege(prepare(url, redis_server.url, folder), folder)
    yield besieged
    besieged.close()


@pytest.fixture(scope="module")
def app(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[flask.Flask]:
    """The application that the replica serves, to be asked for its doors."""
    folder = tmp_path_factory.mktemp("doors")
    backend = open_backend(f"sqlite:///{folder}/roomful.db", redis_server.url, folder)
    yield create_app(backend)
    backend.close()


@pytest.fixture(autouse=True)
def nothing_changes(siege: Siege) -> Iterator[None]:
    with siege.unchanged():
        yield
    check_peace(siege)


def addresses(app: flask.Flask, siege: Siege) -> list[tuple[str, set[str]]]:
    """Each address that the application has, filled in with what is there, and its methods."""
    names = {f"{name}_id": value for name, value in siege.names.items()}
    names |= {"emoji": "👍", "folder": "js", "name": "main.js", "thumbnail": "thumbnail"}
    paths = [
        re.sub(r"<(?:\w+(?:\(.*?\))?:)?(\w+)>", lambda m: names.get(m[1], "1"), r.rule)
        for r in app.url_map.iter_rules()
    ]
    router = app.url_map.bind("")
    return [(path, set(router.allowed_methods(path))) for path in sorted(set(paths))]


def unsafe(app: flask.Flask, siege: Siege) -> list[tuple[str, str]]:
    found = [(method, path) for path, methods in addresses(app, siege) for method in sorted(methods & UNSAFE)]
    assert len(found) > 12
    return found


def test_no_door_that_changes_something_opens_to_a_cookie_alone(app, siege):
    session = requests.Session()
    session.cookies.update(siege.ann.http.cookies)
    another = siege.bob.http.headers["X-CSRF-Token"]
    for method, path in unsafe(app, siege):
        if path in ("/api/register", "/api/login", "/api/reset"):
            continue  # there is no session yet that could be abused; another site's page is refused below
        for token in (None, "", "wrong", another, "ü".encode()):
            headers = {"X-CSRF-Token": token}
            check_problem(
                session.request(method, siege.url + path, headers=headers, json={}, timeout=20), "csrf"
            )


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "https://{own}", "http://{own}.evil"]
)
def test_no_door_that_changes_something_opens_to_a_page_of_another_site(origin, app, siege):
    headers = {"Origin": origin.format(own=siege.url.removeprefix("http://"))}
    for method, path in unsafe(app, siege):
        answer = siege.ann.http.request(method, siege.url + path, headers=headers, json={}, timeout=20)
        check_problem(answer, "foreign_origin")
        assert not answer.cookies


def test_a_page_of_another_site_may_read_nothing(app, siege):
    for path, methods in addresses(app, siege):
        if "GET" in methods:
            answer = siege.ann.http.get(
                siege.url + path, headers={"Origin": "https://evil.example"}, timeout=20
            )
            assert not [name for name in answer.headers if name.lower().startswith("access-control")], path


def test_a_method_that_a_door_does_not_know(app, siege):
    for path, methods in addresses(app, siege):
        for method in sorted(METHODS - methods):
            answer = siege.knock(method, path, json={})
            check_problem(answer, "method_not_allowed")
            assert set(answer.headers["Allow"].split(", ")) == methods, path


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("value", [5, None, True, ["ann"], {"a": 1}, "x" * 2001, "ann\0"])
def test_a_sign_in_of_the_wrong_kind(field, value, siege):
    account = {"username": siege.ann.name, "password": PASSWORD}
    answer = requests.post(f"{siege.url}/api/login", json={**account, field: value}, timeout=20)
    check_problem(answer, "invalid", f"{field}:")
    del account[field]
    check_problem(
        requests.post(f"{siege.url}/api/login", json=account, timeout=20), "invalid", f"{field}: missing"
    )
    answer = requests.post(f"{siege.url}/api/login", json={**account, field: "", "role": "admin"}, timeout=20)
    check_problem(answer, "invalid", "role:")


def test_guessing_a_password_ends_and_locks_out_nobody_else(siege):
    elsewhere = requests.Session()
    elsewhere.mount("http://", FromAddress("127.0.0.2"))
    eve = new_name("eve")
    for number in range(10):
        name = eve if number % 2 else eve.upper()
        check_problem(sign_in(siege, requests, name, "a wrong password"), "bad_credentials")
    for password in ("a wrong password", PASSWORD):
        answer = sign_in(siege, requests, eve, password, headers={"X-Forwarded-For": "192.0.2.1"})
        check_problem(answer, "too_many_requests")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
    check_problem(sign_in(siege, elsewhere, eve, "a wrong password"), "bad_credentials")
    check_problem(sign_in(siege, requests, siege.bob.name, "a wrong password"), "bad_credentials")


class FromAddress(HTTPAdapter):
    """Requests from another address of this machine."""

    def __init__(self, address: str):
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, source_address=(self._address, 0), **options)


def sign_in(siege, http, name, password, **options):
    return http.post(
        f"{siege.url}/api/login", json={"username": name, "password": password}, timeout=20, **options
    )


@pytest.mark.parametrize(
    "id_", ["-1", str(BEYOND), str(BEYOND * 2), "9" * 400, "1e3", "0x1", "%00", "%FF", "１"]
)
def test_an_id_that_cannot_be(id_, app, siege):
    """In the place of each id of each address, whatever its method."""
    ids = {name: siege.names[name] for name in ("room", "message", "user", "token")}
    bodies = {
        "POST": {"text": "hello", "client_id": "x"},
        "PATCH": {"text": "hello"},
        "PUT": {"verdict": "right"},
    }
    tried = 0
    for path, methods in addresses(app, siege):
        for name, method in itertools.product(ids, sorted(methods & METHODS)):
            bad = re.sub(rf"/({name}s|images)/{ids[name]}\b", rf"/\1/{id_}", path)
            bad = re.sub(rf"/members/{ids[name]}\b", f"/members/{id_}", bad) if name == "user" else bad
            if bad != path:
                answer = siege.knock(method, bad, json=bodies.get(method))
                check_problem(answer, "not_found")  # whatever the body: what is not there is not discussed
                tried += 1
    assert tried >= 18


FRAMES = {  # what: (headers, body, status)
    "a length that is none": (b"Content-Length: abc\r\n", b"{}", 400),
    "a negative length": (b"Content-Length: -5\r\n", b"{}", 400),
    "less than was announced": (b"Content-Length: 500\r\n", b'{"text": "a", "client_id": "x"}', 400),
    "more than is taken": (b"Content-Length: 200001\r\n", b"", 413),
    "no chunk": (CHUNKED, b"zz\r\n{}", 400),
    "half a chunk": (CHUNKED, b"99\r\n{", 400),
    "chunks without an end": (CHUNKED, b'2\r\n{"\r\n', 400),
    # Read up to the limit, where it is no JSON any more. Not far beyond: what is left unread resets the connection.
    "more chunks than are taken": (
        CHUNKED,
        b"10000\r\n%s\r\n" % (b"[" * 0x10000) * 3 + b"1000\r\n%s\r\n" % (b"[" * 0x1000) + b"0\r\n\r\n",
        400,
    ),
}


@pytest.mark.parametrize("what", FRAMES)
def test_bodies_that_are_not_http(what, siege):
    headers, body, status = FRAMES[what]
    answer = talk(siege, headers, body)
    assert re.match(rb"HTTP/1\.\d %d " % status, answer), answer[:200]


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
ENDS = {  # heads that say in two ways, or in none that everybody reads alike, where the body ends
    "two lengths": b"Content-Length: 2\r\nContent-Length: %d\r\n" % len(HIDDEN),
    "the same length twice": b"Content-Length: 2\r\nContent-Length: 2\r\n",
    "lengths in a list": b"Content-Length: 2, 2\r\n",
    "a length with a sign": b"Content-Length: +2\r\n",
    "a length as Python writes it": b"Content-Length: 0_2\r\n",
    "a length on two lines": b"Content-Length:\r\n 2\r\n",
    "a length and chunks": b"Content-Length: 2\r\n" + CHUNKED,
    "chunks twice": CHUNKED + CHUNKED,
    "a coding that is none": b"Transfer-Encoding: xchunked\r\n",
    "two codings": b"Transfer-Encoding: chunked, identity\r\n",
    "a name with a space": b"Transfer-Encoding : chunked\r\nContent-Length: 2\r\n",
    "a line that is none": b"chunked\r\nContent-Length: 2\r\n",
}


@pytest.mark.parametrize("what", ENDS)
def test_no_request_hides_in_the_body_of_another(what, siege):
    """A proxy that went by the other way would take it for a body, and let it pass as its sender's or somebody else's."""
    answer = talk(siege, ENDS[what], HIDDEN, "keep-alive")
    assert re.match(rb"HTTP/1\.\d 400 ", answer) and answer.count(b"HTTP/1.") == 1, answer[:500]


def talk(siege: Siege, headers: bytes, body: bytes, after: str = "close") -> bytes:
    """What the door for messages answers to these very bytes, until it closes."""
    with socket.create_connection(("127.0.0.1", siege.replica.port), timeout=10) as connection:
        head = (
            f"POST /api/rooms/{siege.names['room']}/messages HTTP/1.1\r\nHost: x\r\nConnection: {after}\r\n"
        )
        connection.sendall(
            f"{head}Authorization: Bearer {siege.ann.token}\r\n".encode() + headers + b"\r\n" + body
        )
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_body_in_chunks_is_as_good_as_any(siege):
    """It comes to the door: what is refused is what is in it."""
    parts = iter([b'{"text": "hello", ', b'"client_id": 5}'])
    check_problem(
        siege.knock("POST", f"/api/rooms/{siege.names['room']}/messages", data=parts), "invalid", "client_id:"
    )
