"""Two replicas on one PostgreSQL and one Redis: every socket's log is the database's, in order, each event once."""

import os
import signal
import threading
import time

import pytest
import requests

from chat import db, messages
from tests.conftest import prepare
from tests.people import Client, new_id, new_name
from tests.servers import RedisServer, Replica, two_replicas, wait_until

pytestmark = pytest.mark.alone


@pytest.fixture
def pair(postgres, own_redis, tmp_path):
    """Two replicas whose Redis may be killed."""
    url = postgres.create(f"pair_{new_id()[:8]}")
    environment = prepare(url, own_redis.url, tmp_path)
    with two_replicas(environment, tmp_path) as replicas:
        yield replicas


def everything(replica: Replica, room: str) -> list[tuple[int, str, str | None]]:
    """The room's log as the database has it: (number, type, text)."""
    database = db.Database(replica.environment["DATABASE_URL"])
    found = database.read(messages.events_after, int(room), 0, 1_000_000)
    database.close()
    return [(e["seq"], e["type"], e["message"]["text"]) for e in found]


def test_what_is_said_at_one_replica_is_heard_at_the_other(meet):
    ann, bob = meet("ann"), meet("bob", at=1)
    room = ann.room()
    bob.enter(room)
    with_ann, with_bob = ann.socket(), bob.socket()
    with_ann.join(room)
    with_bob.join(room)
    with_ann.send(room, "hello over there")
    with_bob.wait_for(room, 1, seconds=2)
    with_bob.send(room, "hello yourself")
    with_ann.wait_for(room, 2, seconds=2)
    assert [e["message"]["text"] for e in with_ann.events[room]] == ["hello over there", "hello yourself"]
    assert with_ann.events[room] == with_bob.events[room]


def test_each_kind_of_event_arrives_everywhere(meet):
    ann, bob = meet("ann"), meet("bob", at=1)
    room = ann.room()
    bob.enter(room)
    with_bob = bob.socket()
    with_bob.join(room)
    message = ann.say(room, "frist")
    ann.patch(f"/api/messages/{message['id']}", {"text": "first"})
    bob.put(f"/api/messages/{message['id']}/reactions/👍")
    ann.delete(f"/api/messages/{message['id']}")
    with_bob.wait_for(room, 4)
    assert [e["type"] for e in with_bob.events[room]] == ["message", "edit", "reaction", "delete"]
    assert [e["message"]["text"] for e in with_bob.events[room]] == ["frist", "first", "first", None]


def test_catching_up_has_neither_gap_nor_repeat(meet):
    """A socket joins again and again with the last number it knows, while others write without pause."""
    ann, bob = meet("ann"), meet("bob", at=1)
    room = ann.room()
    bob.enter(room)
    done = threading.Event()

    def talk():
        with_ann = ann.socket()
        while not done.is_set():
            assert with_ann.send(room, "and on")["ok"]
        with_ann.close()

    talking = threading.Thread(target=talk)
    talking.start()
    heard: list[int] = []
    try:
        for _ in range(25):
            with_bob = bob.socket()
            answer = with_bob.join(room, after=heard[-1] if heard else 0)
            assert answer["ok"] and not answer["reset"]
            time.sleep(0.05)
            with_bob.close()
            heard += with_bob.seqs(room)
    finally:
        done.set()
        talking.join()
    assert len(heard) > 50
    assert heard == list(range(1, len(heard) + 1))


def test_a_second_join_starts_anew(meet):
    ann = meet("ann")
    room = ann.room()
    socket = ann.socket()
    socket.join(room)
    for n in range(5):
        socket.send(room, str(n))
    answer = socket.join(room, after=2)
    assert [event["seq"] for event in answer["events"]] == [3, 4, 5]
    socket.send(room, "next")
    socket.wait_for(room, 6)
    time.sleep(0.3)
    assert socket.seqs(room) == [3, 4, 5, 6]


def test_a_join_that_cannot_be_continued_is_a_reset(meet):
    ann = meet("ann")
    room = ann.room()
    for n in range(60):
        ann.say(room, str(n))
    socket = ann.socket()
    log = socket.join(room)["log"]
    for wish in ({}, {"after": 61}, {"after": 10, "log": "another"}):
        answer = socket.join(room, **wish)
        assert answer["reset"] and [e["seq"] for e in answer["events"]] == list(range(11, 61))
    answer = socket.join(room, after=10, log=log)
    assert not answer["reset"] and [e["seq"] for e in answer["events"]] == list(range(11, 61))
    assert not socket.join(room, after=60)["reset"]


def test_after_works_for_the_last_thousand_events(meet):
    ann = meet("ann")
    room = ann.room()
    socket = ann.socket()
    for n in range(1010):
        socket.send(room, str(n))
    answer = socket.join(room, after=10)
    assert not answer["reset"] and len(answer["events"]) == 1000
    assert socket.join(room, after=9)["reset"]


def test_one_persons_sockets_write_in_order(meet):
    ann, bob = meet("ann"), meet("bob", at=1)
    room = ann.room()
    bob.enter(room)
    with_bob = bob.socket()
    with_bob.join(room)
    with_ann = ann.socket()
    for n in range(50):
        with_ann.io.emit("send", {"room": room, "text": str(n), "client_id": new_id()})
    with_bob.wait_for(room, 50)
    assert [e["message"]["text"] for e in with_bob.events[room]] == [str(n) for n in range(50)]


def test_the_reading_position_goes_to_all_of_ones_devices(meet):
    ann, bob = meet("ann"), meet("bob")
    room = ann.room()
    bob.enter(room)
    for n in range(3):
        ann.say(room, str(n))
    phone, desk = bob.socket(), bob.socket(url=meet("x", at=1).url)
    assert phone.call("read", {"room": room, "seq": 2})["ok"]
    wait_until(lambda: {"room": room, "seq": 2} in desk.news("read"), 3, "the news on the desk")
    unread = {r["id"]: r["unread"] for r in bob.get("/api/rooms").json()["rooms"]}
    assert unread[room] == 1


def test_typing_and_presence_are_told_across_replicas(meet):
    ann, bob = meet("ann"), meet("bob", at=1)
    room = ann.room()
    bob.enter(room)
    with_ann = ann.socket()
    with_ann.join(room)
    with_bob = bob.socket()
    with_bob.join(room)
    with_bob.call("typing", {"room": room})
    wait_until(lambda: with_ann.news("typing"), 3, "typing")
    assert with_ann.news("typing")[0] == {"room": room, "user": bob.user}
    wait_until(lambda: {"user": bob.user, "online": True} in with_ann.news("presence"), 5, "presence")
    members = ann.get(f"/api/rooms/{room}/members").json()["members"]
    assert {m["id"]: m["online"] for m in members} == {ann.id: True, bob.id: True}
    with_bob.close()
    wait_until(lambda: {"user": bob.user, "online": False} in with_ann.news("presence"), 8, "absence")


def test_nothing_is_lost_when_redis_is_killed_and_comes_back(pair, own_redis):
    """Twenty sockets over two replicas send at once meanwhile."""
    ann = Client(pair[0].url, new_name("ann"))
    room = ann.room()
    people = [Client(pair[n % 2].url, new_name("p")) for n in range(4)]
    for person in people:
        person.enter(room)
    sockets = [people[n % 4].socket() for n in range(20)]
    for socket in sockets:
        assert socket.join(room)["ok"]
    done = threading.Event()
    slowest: list[float] = []
    acknowledged: list[str] = []

    def talk(socket):
        number = 0
        while not done.is_set():
            number += 1
            text, started = f"{id(socket)}-{number}", time.monotonic()
            answer = socket.send(room, text)
            slowest.append(time.monotonic() - started)
            if answer["ok"]:
                acknowledged.append(text)
            time.sleep(0.1)

    talking = [threading.Thread(target=talk, args=(socket,)) for socket in sockets]
    for thread in talking:
        thread.start()
    time.sleep(1)
    own_redis.kill()
    time.sleep(2)
    before = len(acknowledged)
    newcomer = people[0].socket()  # new people can connect while Redis is away
    assert newcomer.join(room, after=0)["ok"]
    for replica in pair:
        ready = requests.get(f"{replica.url}/readyz", timeout=5)
        assert ready.status_code == 200 and ready.json()["degraded"] == ["redis"]
    own_redis.start()
    time.sleep(2)
    done.set()
    for thread in talking:
        thread.join()
    stored = everything(pair[0], room)
    last = stored[-1][0]
    for socket in [*sockets, newcomer]:
        socket.wait_for(room, last, seconds=15)
    assert before > 0 and len(acknowledged) > before
    assert [seq for seq, _type, _text in stored] == list(range(1, last + 1))
    assert sorted(text for _seq, _type, text in stored if text) == sorted(acknowledged)
    for socket in sockets:
        assert [(e["seq"], e["type"], e["message"]["text"]) for e in socket.events[room]] == stored
    assert newcomer.seqs(room) == list(range(1, last + 1))
    assert max(slowest) < 2.0, f"a send waited {max(slowest):.1f} s for its acknowledgement"
    wait_until(lambda: requests.get(f"{pair[0].url}/readyz", timeout=5).json()["status"] == "ok", 10)


def test_a_redis_that_hangs_delays_nobody(pair, own_redis):
    ann = Client(pair[0].url, new_name("ann"))
    bob = Client(pair[1].url, new_name("bob"))
    room = ann.room()
    bob.enter(room)
    with_ann, with_bob = ann.socket(), bob.socket()
    with_ann.join(room)
    with_bob.join(room)
    own_redis.signal(signal.SIGSTOP)
    try:
        for n in range(10):
            started = time.monotonic()
            assert with_ann.send(room, str(n))["ok"]
            assert time.monotonic() - started < 1.0
        with_bob.wait_for(room, 10, seconds=8)
        started = time.monotonic()
        assert bob.socket().join(room)["ok"]
        assert time.monotonic() - started < 3.0
    finally:
        own_redis.signal(signal.SIGCONT)
    with_ann.send(room, "again")
    with_bob.wait_for(room, 11)
    assert with_bob.seqs(room) == list(range(1, 12))


def test_a_replica_that_is_stopped_sends_its_clients_elsewhere_and_loses_nothing(pair):
    ann = Client(pair[0].url, new_name("ann"))
    room = ann.room()
    socket = ann.socket()
    socket.join(room)
    sent = [socket.send(room, str(n))["message"]["text"] for n in range(20)]
    started = time.monotonic()
    assert pair[0].stop() == 0
    assert time.monotonic() - started < 5
    assert socket.news("draining") == [{}]
    elsewhere = ann.socket(url=pair[1].url)
    assert [e["message"]["text"] for e in elsewhere.join(room, after=0)["events"]] == sent


def test_a_replica_that_is_killed_loses_nothing_that_it_acknowledged(pair):
    ann = Client(pair[0].url, new_name("ann"))
    room = ann.room()
    socket = ann.socket()
    acknowledged = [socket.send(room, str(n))["message"]["text"] for n in range(20)]
    pair[0].kill()
    pair[0].start()
    assert [text for _seq, _type, text in everything(pair[0], room)] == acknowledged


@pytest.mark.skipif("TEST_REDIS" in os.environ, reason="every test here runs on it")
def test_it_runs_on_debians_redis_too(postgres, tmp_path):
    server = RedisServer("redis-server")
    environment = prepare(postgres.create(f"old_{new_id()[:8]}"), server.url, tmp_path)
    with two_replicas(environment, tmp_path) as replicas:
        ann, bob = Client(replicas[0].url, new_name("ann")), Client(replicas[1].url, new_name("bob"))
        room = ann.room()
        bob.enter(room)
        with_bob = bob.socket()
        with_bob.join(room)
        ann.say(room, "hello")
        with_bob.wait_for(room, 1, seconds=1)
        assert requests.get(f"{replicas[0].url}/readyz", timeout=5).json()["status"] == "ok"
    server.kill()
