"""Coming and going is told to small shared rooms, once; a reload, or a move to another replica, is neither."""

import time

import pytest

from chat import bus, membership, presence
from chat.connections import Connections
from chat.users import Credential
from tests.conftest import open_backend
from tests.servers import wait_until

GRACE = 0.32  # seconds; two in earnest


class Wire:
    """Where frames for browsers end; there are none here."""

    def send(self, sids, frame):
        pass

    def close(self, sid):
        pass


class House:
    """What one replica does for presence, without its doors."""

    def __init__(self, backend):
        self.backend = backend
        self.connections = Connections(backend, Wire())
        self.presence = self.connections.presence
        self.told: list[tuple[str, int, bool]] = []
        backend.bus.tell = self._tell
        self._number = 0

    def _tell(self, channel, kind, data):
        assert kind == "presence"
        self.told.append((channel, int(data["user"]["id"]), data["online"]))

    def enter(self, person):
        self._number += 1
        return self.connections.open(f"sid-{self._number}", person, Credential("session", self._number))

    def leave(self, connection):
        self.connections.close(connection)

    def settles(self):
        """Until nothing more is to be told."""
        time.sleep(GRACE * 1.7)
        wait_until(lambda: not self.presence._telling, 10, "the telling")
        return self.told


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(presence, "GRACE", GRACE)


@pytest.fixture
def house(backend):
    return House(backend)


@pytest.fixture
def other_house(backend, tmp_path):
    """Another replica on the same database and Redis."""
    opened = open_backend(backend.config.database_url, backend.config.redis_url, tmp_path)
    yield House(opened)
    opened.close()


# What has nothing to do with the database is tried on one.
on_one_database = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_coming_and_going_are_told_to_each_room_once(house, person, room):
    ann, bob = person("ann"), person("bob")
    lounge, kitchen, _bobs = room(ann, bob), room(ann, bob), room(bob)
    first, second = house.enter(ann), house.enter(ann)  # two windows
    channels = {bus.room_channel(lounge), bus.room_channel(kitchen)}
    wait_until(lambda: len(house.told) == 2, GRACE * 2, "the arrival")
    assert {*house.settles()} == {(channel, ann.id, True) for channel in channels}
    house.told.clear()
    house.leave(first)
    assert house.settles() == []
    house.leave(second)
    assert {*house.settles()} == {(channel, ann.id, False) for channel in channels}
    assert len(house.told) == 2


@on_one_database
def test_large_rooms_are_not_told(house, person, room, monkeypatch):
    monkeypatch.setattr(membership, "SMALL", 2)
    ann, bob, eva = person("ann"), person("bob"), person("eva")
    pair = room(ann, bob)
    room(ann, bob, eva)
    house.enter(ann)
    assert house.settles() == [(bus.room_channel(pair), ann.id, True)]


@on_one_database
def test_many_who_come_at_once_are_told_together(house, person, room, monkeypatch):
    people = [person(f"p{n}") for n in range(30)]
    room(*people)
    beats = []
    beat = house.backend.bus.online_here
    monkeypatch.setattr(house.backend.bus, "online_here", lambda ids: beats.append(beat(ids)))
    for one in people:
        house.enter(one)
    assert {who for _room, who, online in house.settles() if online} == {one.id for one in people}
    assert len(house.told) == 30 and len(beats) <= 3


@on_one_database
def test_a_reload_is_neither_coming_nor_going(house, person, room):
    ann, bob = person("ann"), person("bob")
    room(ann, bob)
    tab = house.enter(ann)
    house.settles()
    house.told.clear()
    for _ in range(3):
        house.leave(tab)
        time.sleep(GRACE / 4)
        tab = house.enter(ann)
        time.sleep(GRACE / 4)
    assert house.settles() == []


@on_one_database
def test_a_reload_just_after_somebody_else_came_is_neither(house, person, room):
    """Everybody has the whole grace, whenever others began theirs."""
    ann, bob = person("ann"), person("bob")
    lounge = room(ann, bob)
    tab = house.enter(ann)
    house.settles()
    house.told.clear()
    house.enter(bob)
    time.sleep(GRACE)
    house.leave(tab)
    time.sleep(GRACE / 2)
    house.enter(ann)
    assert house.settles() == [(bus.room_channel(lounge), bob.id, True)]


@on_one_database
def test_whoever_moves_to_another_replica_has_not_gone(house, other_house, person, room):
    ann, bob = person("ann"), person("bob")
    lounge = room(ann, bob)
    here = house.enter(ann)
    house.settles()
    house.leave(here)
    there = other_house.enter(ann)
    house.settles()
    assert all(online for _room, _who, online in house.told + other_house.told)
    assert (
        house.presence.online([ann.id, bob.id]) == other_house.presence.online([ann.id, bob.id]) == {ann.id}
    )
    other_house.leave(there)
    assert (bus.room_channel(lounge), ann.id, False) in other_house.settles()
    assert house.presence.online([ann.id, bob.id]) == set()


@on_one_database
def test_without_redis_those_who_are_here_are_online(own_redis, person, room, backend, tmp_path):
    opened = open_backend(backend.config.database_url, own_redis.url, tmp_path)
    house = House(opened)
    ann, bob = person("ann"), person("bob")
    lounge = room(ann, bob)
    own_redis.kill()
    tab = house.enter(ann)
    house.presence.beat()  # fails in silence
    assert house.presence.online([ann.id, bob.id]) == {ann.id}
    assert house.settles() == [(bus.room_channel(lounge), ann.id, True)]
    house.leave(tab)
    assert house.settles()[1:] == [(bus.room_channel(lounge), ann.id, False)]
    opened.close()


@on_one_database
def test_a_database_that_fails_once_does_not_end_the_telling(house, person, room, monkeypatch):
    ann, bob = person("ann"), person("bob")
    lounge = room(ann, bob)
    with monkeypatch.context() as away:
        away.setattr(membership, "small_rooms_of", lambda *_: 1 / 0)
        house.enter(ann)
        house.settles()
    house.enter(bob)
    assert house.settles() == [(bus.room_channel(lounge), bob.id, True)]
