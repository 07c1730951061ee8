"""Rates and counts of sockets: who takes too much is told so, and the others do not notice."""

import json
import threading
import time

import pytest

from chat import limits
from chat.connections import Connections
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
        for _ in range(limits.BURST + 3 * limits.EVENTS):
            flooding.io.emit("typing", {"room": room}, callback=answers.append)
        done.set()

    threading.Thread(target=flood).start()
    waits = []
    while not done.is_set() or len(answers) < limits.BURST:
        started = time.monotonic()
        assert writing.send(room, "can you hear me?")["ok"]
        waits.append(time.monotonic() - started)
    assert max(waits) < 1, waits
    refused = [answer for answer in answers if not answer["ok"]]
    assert {answer["error"]["code"] for answer in refused} <= {"too_many_requests"}
    assert len(answers) - len(refused) >= limits.BURST
    for _ in range(3000):  # as fast as they go: more than the allowance whatever the machine
        flooding.io.emit("leave", {"room": room}, callback=answers.append)
    assert flooding.call("leave", {"room": room})["error"]["code"] == "too_many_requests"
    time.sleep(0.1)
    assert flooding.call("leave", {"room": room})["ok"]
    wait_until(lambda: len(answers) == limits.BURST + 3 * limits.EVENTS + 3000, what="the last answers")
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
