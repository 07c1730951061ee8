"""Every door of a room, as somebody who may not pass it: a stranger, a stranger to the room, one who was removed a second
ago. Nothing changes, and what is private cannot be told from what is not there. `doors.py` lists the doors.
"""

import signal
import time

import pytest
import requests
import sqlalchemy as sa

from chat.db import Database, now
from chat.schema import sessions
from chat.users import DAY
from tests.conftest import prepare
from tests.people import Client, Socket, new_id, new_name, picture, promote
from tests.servers import Replica, two_replicas, wait_until
from tests.system.doors import EVENTS, READER, handshake, of_rooms

OF_A_ROOM = of_rooms()


def knock(url, http, door, **names):
    """What the door answers: a response of `requests`."""
    method, path, body, _reader = OF_A_ROOM[door]
    files = {"image": ("a.png", picture())} if body == "form" else None
    options = {"files": files, "data": {"client_id": "x"}} if files else {"json": body}
    names |= {"newcomer": names["user"], "picture": names["message"], "answer": names["message"]}
    return http.request(method, url + path.format(**names), timeout=20, **options)


@pytest.fixture
def house(meet):
    """Ann's private room and her public one, each with a picture of hers."""
    ann = meet("ann")
    rooms = {private: ann.room("house", private=private) for private in (True, False)}
    messages = {private: ann.drop(room, picture()).json() for private, room in rooms.items()}
    return ann, rooms, messages


def state(ann, rooms, messages):
    """All that a trespasser could have changed."""
    return [
        (
            ann.get(f"/api/rooms/{rooms[private]}").json()["last_seq"],
            ann.get(f"/api/rooms/{rooms[private]}/members").json()["members"],
            ann.get(f"/api/messages/{messages[private]['id']}").json(),
        )
        for private in (True, False)
    ]


def without_presence(state_):
    return [(seq, [{**m, "online": None} for m in members], message) for seq, members, message in state_]


def test_a_stranger_passes_no_door(replicas, house):
    ann, rooms, messages = house
    before = state(ann, rooms, messages)
    for private in (True, False):
        for door in OF_A_ROOM:
            names = {"room": rooms[private], "message": messages[private]["id"], "user": ann.id}
            answer = knock(replicas[0].url, requests, door, **names)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), door
    for token in (None, "", "wrong", ann.token[:-1]):
        assert handshake(replicas[0].url, {"token": token}) == {"message": "unauthenticated"}
    assert handshake(replicas[0].url, None) == {"message": "unauthenticated"}
    assert state(ann, rooms, messages) == before


@pytest.mark.parametrize("role", ["member", "admin"])
def test_who_is_not_in_a_private_room_finds_nothing_there(replicas, environment, house, meet, role):
    ann, rooms, messages = house
    eve = meet("eve")
    if role == "admin":
        promote(environment, eve.id)
    before = state(ann, rooms, messages)
    nowhere = {"room": "987654321", "message": "987654321", "user": ann.id}
    there = {"room": rooms[True], "message": messages[True]["id"], "user": ann.id}
    for door in OF_A_ROOM:
        answer, unknown = (knock(eve.url, eve.http, door, **names) for names in (there, nowhere))
        assert answer.status_code == unknown.status_code == 404, door
        assert answer.json().keys() == unknown.json().keys()
        assert answer.json()["code"] == "not_found" and answer.json()["title"] == unknown.json()["title"]
    with_eve = eve.socket()
    for event, (data, _who) in EVENTS.items():
        answer = with_eve.call(event, {"room": rooms[True], **data})
        if event == "leave":
            continue  # leaving where one is not is no news
        assert not answer["ok"] and answer["error"]["code"] == "not_found", event
    assert rooms[True] not in {room["id"] for room in eve.get("/api/rooms").json()["rooms"]}
    assert state(ann, rooms, messages) == before


def test_a_reader_of_a_public_room_changes_nothing_in_it(house, meet):
    ann, rooms, messages = house
    reader = meet("reader")
    before = state(ann, rooms, messages)
    names = {"room": rooms[False], "message": messages[False]["id"], "user": ann.id}
    for door, (_method, _path, _body, may) in OF_A_ROOM.items():
        if not may:
            answer = knock(reader.url, reader.http, door, **names)
            assert answer.status_code == 403, (door, answer.text)
            assert answer.json()["code"] in ("not_a_member", "forbidden"), door
    with_reader = reader.socket()
    for event, (data, who) in EVENTS.items():
        answer = with_reader.call(event, {"room": rooms[False], **data})
        assert answer["ok"] is (who[READER] == "+"), (event, answer)
    assert state(ann, rooms, messages) == before


def removed(ann, bob, room):
    assert ann.delete(f"/api/rooms/{room}/members/{bob.id}").status_code == 204


def left(_ann, bob, room):
    assert bob.delete(f"/api/rooms/{room}/members/me").status_code == 204


def signed_out(_ann, bob, _room):
    """By the token, which is what his sockets came with."""
    headers = {"Authorization": f"Bearer {bob.token}"}
    assert requests.post(f"{bob.url}/api/logout", headers=headers, timeout=10).status_code == 204


def token_revoked(_ann, bob, _room):
    tokens = bob.get("/api/tokens").json()["tokens"]
    assert bob.delete(f"/api/tokens/{tokens[0]['id']}").status_code == 204


def banned(ann, bob, room):
    wish = {"kind": "ban", "users": [bob.id], "room": room, "reason": "rude"}
    assert ann.post("/api/sanctions", wish).status_code == 201


ENDINGS = [removed, left, banned, signed_out, token_revoked]


@pytest.mark.parametrize("private", [True, False])
def test_who_was_removed_a_second_ago_hears_nothing_more_on_any_replica(replicas, meet, private):
    """One for each way to be removed, with a socket at each replica."""
    ann = meet("ann")
    room = ann.room("house", private=private)
    message = ann.drop(room, picture()).json()
    people = {end: meet("bob", at=1) for end in ENDINGS}
    sockets = {}
    for end, bob in people.items():
        if private:
            assert ann.put(f"/api/rooms/{room}/members/{bob.id}").status_code == 204
        else:
            bob.enter(room)
        sockets[end] = [bob.socket(), bob.socket(url=replicas[0].url)]
        for socket in sockets[end]:
            assert socket.join(room)["ok"]
    for end, bob in people.items():
        end(ann, bob, room)
    time.sleep(1)

    def heard():
        return {end: [len(s.heard) + len(s.seqs(room)) for s in theirs] for end, theirs in sockets.items()}

    before = heard()
    ann.say(room, "they are gone")
    ann.socket().call("typing", {"room": room})
    time.sleep(0.5)
    assert heard() == before
    for end, bob in people.items():
        if end in (signed_out, token_revoked):
            assert not any(socket.io.connected for socket in sockets[end])
        else:
            names = {"room": room, "message": message["id"], "user": ann.id}
            may_read = not private and end is not banned
            opens_only_what_it_may(bob, sockets[end], names, may_read, 404 if private else 403)


def opens_only_what_it_may(bob, sockets, names, may_read, refusal):
    """Every door and every event of a room, to somebody who is not in it."""
    for door, (_method, _path, _body, may) in OF_A_ROOM.items():
        if door != "rooms.join":
            wanted = (200, 201, 204) if may and may_read else (refusal,)
            assert knock(bob.url, bob.http, door, **names).status_code in wanted, door
    for event, (data, who) in EVENTS.items():
        may = who[READER] == "+"
        for socket in sockets:
            answer = socket.call(event, {"room": names["room"], **data})
            if event != "leave":
                assert answer["ok"] is (may and may_read), (event, answer)


def test_who_joins_and_leaves_again_and_again_is_told_of_once(replica, meet):
    ann, bob = meet("ann"), meet("bob")
    room = ann.room("lounge")
    hears = ann.socket()
    hears.join(room)
    before = len(hears.news("room"))
    for method in ("PUT", "PUT", "PUT", "DELETE", "DELETE", "PUT"):
        assert bob.http.request(method, f"{bob.url}/api/rooms/{room}/members/me").status_code == 204
    hears.wait_for(room, ann.say(room, "that was all")["seq"])
    assert len(hears.news("room")) - before == 3


def test_who_is_banned_everywhere_is_out_at_once_and_learns_why(replicas, environment, meet):
    mo, bob = meet("mo"), meet("bob", at=1)
    promote(environment, mo.id, "moderator")
    socket = bob.socket()
    wish = {"kind": "ban", "users": [bob.id], "reason": "spam", "minutes": 60}
    [ban] = mo.post("/api/sanctions", wish).json()["sanctions"]
    wait_until(lambda: not socket.io.connected, 1, "the end of the socket")
    assert handshake(replicas[0].url, {"token": bob.token}) == {"message": "banned"}
    for path in ("/api/rooms", "/api/search?q=hello", "/api/bots", "/api/sanctions", "/api/users?q=a"):
        assert (bob.get(path).status_code, bob.get(path).json()["code"]) == (403, "banned"), path
    assert bob.get("/api/me").json()["banned"] is True
    [mine] = bob.get("/api/me/sanctions").json()["sanctions"]
    assert (mine["reason"], mine["kind"], mine["room"]) == ("spam", "ban", None) and "by" not in mine
    assert bob.post(f"/api/sanctions/{ban['id']}/appeal", {"text": "It was my cat"}).status_code == 201
    assert mo.delete(f"/api/sanctions/{ban['id']}").status_code == 204
    assert bob.get("/api/rooms").status_code == 200
    assert bob.socket().io.connected


def test_it_ends_within_ten_seconds_while_redis_is_away(postgres, own_redis, tmp_path):
    environment = prepare(postgres.create(f"doors_{new_id()[:8]}"), own_redis.url, tmp_path)
    with two_replicas(environment, tmp_path) as pair:
        ann = Client(pair[0].url, new_name("ann"))
        people = {end: Client(pair[1].url, new_name("p")) for end in ENDINGS}
        room = ann.room("house")
        sockets = {}
        for end, person in people.items():
            person.enter(room)
            sockets[end] = person.socket()
            sockets[end].join(room)
        own_redis.signal(signal.SIGSTOP)
        try:
            for end, person in people.items():
                end(ann, Elsewhere(person, pair[0]), room)
            time.sleep(10)
            heard = {end: socket.seqs(room) for end, socket in sockets.items()}
            ann.say(room, "they are gone")
            time.sleep(2.5)
            assert {end: socket.seqs(room) for end, socket in sockets.items()} == heard
        finally:
            own_redis.signal(signal.SIGCONT)


class Elsewhere:
    """The same person, at another replica than their sockets."""

    def __init__(self, person: Client, replica: Replica):
        self.id, self.token, self.url = person.id, person.token, replica.url
        self._headers = {"Authorization": f"Bearer {person.token}"}

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, headers=self._headers, timeout=20)

    def delete(self, path: str) -> requests.Response:
        return requests.delete(self.url + path, headers=self._headers, timeout=20)


def cookie_of(person):
    return "; ".join(f"{c.name}={c.value}" for c in person.http.cookies)


def test_a_session_that_ends_closes_its_sockets(replica, meet):
    ann = meet("ann")
    cookie = cookie_of(ann)
    socket = Socket(replica.url, None, headers={"Cookie": cookie})
    assert socket.join(ann.room())["ok"]
    assert ann.post("/api/logout").status_code == 204
    wait_until(lambda: not socket.io.connected, 1, "the end of the socket")
    assert ann.get("/api/me").status_code == 401
    old = requests.get(f"{replica.url}/api/me", headers={"Cookie": cookie}, timeout=10)
    assert old.status_code == 401, "the cookie must be worth nothing after signing out"


def test_a_session_that_nobody_uses_closes_its_sockets(replica, environment, meet):
    """While one that is only talked by stays."""
    db = Database(environment["DATABASE_URL"])
    people = idle, talker = meet("idle"), meet("talker")
    rooms = [person.room() for person in people]

    def seen(person):
        theirs = sa.select(sessions.c.seen_at).where(sessions.c.user_id == int(person.id))
        return db.read(lambda conn: conn.scalar(theirs))

    def turn_back(person, days):
        theirs = sessions.update().where(sessions.c.user_id == int(person.id))
        db.write(lambda conn: conn.execute(theirs.values(seen_at=now() - days * DAY)))

    for person in people:
        turn_back(person, 13)
    sockets = [Socket(replica.url, None, headers={"Cookie": cookie_of(person)}) for person in people]
    for person in people:
        wait_until(lambda person=person: seen(person) > now() - DAY, what="a note of the connection")
        turn_back(person, 13.9)
    assert sockets[1].call("typing", {"room": rooms[1]})["ok"]
    wait_until(lambda: seen(talker) > now() - DAY, what="a note of the event")
    turn_back(idle, 14.1)
    wait_until(lambda: not sockets[0].io.connected, 8, "the end of the socket")
    assert sockets[1].io.connected and sockets[1].call("join", {"room": rooms[1]})["ok"]
    assert idle.get("/api/me").status_code == 401 and talker.get("/api/me").status_code == 200
    db.close()
