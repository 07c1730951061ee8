"""Rates and counts of sockets: who takes too much is told so, and the others do not notice."""

import json
import threading
import time

import pytest
import requests

from chat import limits, users
from chat.app import create_app
from chat.connections import Connections
from chat.counters import Counters
from chat.errors import Refused
from chat.users import Credential
from tests.people import Client, new_id, new_name
from tests.servers import Replica, wait_until
from tests.system.test_wire import Raw


@pytest.fixture(scope="module")
def limited(environment, tmp_path_factory):
    replica = Replica({**environment, "LIMITS": "on"}, tmp_path_factory.mktemp("limited"))
    yield replica
    replica.stop()


def test_a_flood_is_refused_costs_others_little_and_ends_with_itself(limited):
    ann, bob = Client(limited.url, new_name("ann")), Client(limited.url, new_name("bob"))
    room = ann.room()
    bob.enter(room)
    flooding, writing = ann.socket(), bob.socket()
    answers: list[dict] = []
    done = threading.Event()

    def flood():
        for _ in range(limits.EVENTS.at_once + 3 * limits.EVENTS.a_second):
            flooding.io.emit("typing", {"room": room}, callback=answers.append)
        done.set()

    threading.Thread(target=flood).start()
    waits = []
    while not done.is_set() or len(answers) < limits.EVENTS.at_once:
        started = time.monotonic()
        assert writing.send(room, "can you hear me?")["ok"]
        waits.append(time.monotonic() - started)
        time.sleep(0.1)
    assert max(waits) < 1, waits
    refused = [answer for answer in answers if not answer["ok"]]
    assert {answer["error"]["code"] for answer in refused} <= {"too_many_requests"}
    assert len(answers) - len(refused) >= limits.EVENTS.at_once
    for _ in range(3000):  # as fast as they go: more than the allowance whatever the machine
        flooding.io.emit("leave", {"room": room}, callback=answers.append)
    assert flooding.call("leave", {"room": room})["error"]["code"] == "too_many_requests"
    time.sleep(0.1)
    assert flooding.call("leave", {"room": room})["ok"]
    wait_until(
        lambda: len(answers) == limits.EVENTS.at_once + 3 * limits.EVENTS.a_second + 3000,
        what="the last answers",
    )
    for socket in (flooding, writing):
        socket.close()


def test_a_person_has_so_many_sockets_and_no_more(limited):
    ann, bob = Client(limited.url, new_name("ann")), Client(limited.url, new_name("bob"))
    sockets = [ann.socket() for _ in range(limits.SOCKETS)]
    one_more = Raw(ann.url)
    assert one_more.read().startswith("0{")
    one_more.write("40" + json.dumps({"token": ann.token}))
    assert one_more.read() == '44{"message":"too_many_requests"}'
    bob.socket().close()
    sockets.pop().close()
    time.sleep(0.2)
    sockets.append(ann.socket())
    for socket in sockets:
        socket.close()


@pytest.mark.parametrize("on", [True, False])
def test_a_socket_follows_so_many_rooms_and_no_more(backend, person, room, monkeypatch, on):
    class Nowhere:
        def send(self, sids, frame): ...

    monkeypatch.setattr(limits, "ROOMS", 2)
    ann = person("ann")
    rooms = [room(ann) for _ in range(3)]
    connections = Connections(backend, Nowhere())
    monkeypatch.setattr(connections, "_limited", on)
    connection = connections.open(new_id(), ann, Credential("session", 1))
    for number in (0, 1, 1, 0):
        assert connections.join(connection, rooms[number], None, None).room.id == rooms[number]
    if on:
        with pytest.raises(Refused, match="too_many_requests"):
            connections.join(connection, rooms[2], None, None)
        connections.leave(connection, rooms[0])
    assert connections.join(connection, rooms[2], None, None).room.id == rooms[2]
    connections.close(connection)


def test_who_takes_too_much_is_told_when_to_come_back_at_every_replica(limited, environment, tmp_path):
    """Rooms are counted by all replicas together, messages by each; another person notices nothing."""
    ann, bob = Client(limited.url, new_name("ann")), Client(limited.url, new_name("bob"))
    room = ann.room()
    bob.enter(room)
    counters = Counters(environment["REDIS_URL"])
    for _ in range(limits.ROOMS_MADE.amount - 2):
        assert counters.hit(limits.ROOMS_MADE, ann.id)
    counters.close()
    assert ann.post("/api/rooms", {"name": "the last"}).status_code == 201
    second = Replica({**environment, "LIMITS": "on"}, tmp_path)
    try:
        for url in (limited.url, second.url):
            answer = requests.post(
                f"{url}/api/rooms",
                json={"name": "one more"},
                headers={"Authorization": f"Bearer {ann.token}"},
                timeout=10,
            )
            assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
            assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    finally:
        second.stop()
    assert bob.post("/api/rooms", {"name": "bob's"}).status_code == 201
    socket = ann.socket()
    answers: list[dict] = []
    for number in range(limits.MESSAGES.at_once + 30):
        wish = {"room": room, "text": "spam", "client_id": f"spam-{number}"}
        socket.io.emit("send", wish, callback=answers.append)
    wait_until(lambda: len(answers) == limits.MESSAGES.at_once + 30, what="all answers")
    refused = [answer["error"] for answer in answers if not answer["ok"]]
    assert refused and {error["code"] for error in refused} == {"too_many_requests"}
    assert {error["retry_after"] for error in refused} == {1}
    assert bob.say(room, "am I heard?")
    socket.close()


def test_requests_are_counted_by_person_and_the_pages_files_are_not(backend, person):
    backend.limits = limits.Limits(on=True)
    backend.limits._requests = limits.Buckets(limits.Rate(0.25, 3), "requests")
    backend.limits._of_strangers = limits.Buckets(limits.Rate(0.25, 3), "requests")
    knock = create_app(backend).test_client()
    headers = [
        {"Authorization": "Bearer " + backend.db.write(users.open_token, person(name), "t")}
        for name in ("ann", "bob")
    ]
    for who in (headers[0], {}):
        wanted = 200 if who else 401
        assert [knock.get("/api/me", headers=who).status_code for _ in range(3)] == [wanted] * 3
        refused = knock.get("/api/me", headers=who)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "4")
        assert refused.json["code"] == "too_many_requests"
    assert knock.get("/api/me", headers=headers[1]).status_code == 200
    for path in ("/healthz", "/", "/static/js/main.js"):
        assert knock.get(path).status_code == 200, path
