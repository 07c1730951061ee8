"""Following a room's log by bells that are late, lost, doubled or stale: each socket has each event once, in order.

Here every bell is rung by hand; with real sockets and a Redis that dies, it is tried in tests/system.
"""

import collections
import time

import msgspec
import pytest

from chat import bus, deletions, follower, log, messages
from chat.errors import Refused
from chat.follower import Follower
from chat.log import Draft
from tests.people import new_id
from tests.servers import wait_until

on_one_database = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Sockets:
    """What has been put on each socket."""

    def __init__(self):
        self.frames = collections.defaultdict(list)
        self.committed = []

    def send(self, sids, frame, committed=None):
        self.committed.append(committed)
        for sid in sids:
            self.frames[sid].append(msgspec.json.decode(frame[2:]))

    def events(self, sid):
        return [data for event, data in self.frames[sid] if event == "event"]

    def seqs(self, sid):
        return [event["seq"] for event in self.events(sid)]


@pytest.fixture
def sockets():
    return Sockets()


@pytest.fixture
def bells(backend):
    """What the log rings, kept until a test lets it be heard: number → (number, time, frame)."""
    kept = {}

    def keep(_channel, kind, seq, at, body):
        if kind == b"event":
            kept[seq] = (seq, at, body)

    backend.bus.hear = keep
    return kept


@pytest.fixture
def following(backend, sockets):
    return Follower(backend, sockets.send)


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def lounge(room, ann):
    return room(ann)


def say(backend, author, where, *texts):
    return [messages.post(backend, author, where, text, new_id())[0] for text in texts]


def join(following, sid, who, where, after=0):
    """Join, and let the first look be over: here it is on a thread, not on a greenlet that has its turn."""
    joined = following.join(sid, who, where, after, None)
    wait_until(lambda: not following._rooms[where].healing, 3, "the first look")
    return joined


def hear(following, where, bells, *seqs):
    for seq in seqs:
        following.hear(where, *bells[seq])


def test_each_bell_brings_its_event_to_all_who_have_joined(backend, following, sockets, bells, ann, lounge):
    for sid in ("desk", "phone"):
        join(following, sid, ann, lounge)
    said = say(backend, ann, lounge, "one", "two", "three")
    hear(following, lounge, bells, 1, 2, 3)
    for sid in ("desk", "phone"):
        assert [event["message"] for event in sockets.events(sid)] == said
        assert sockets.seqs(sid) == [1, 2, 3]
    assert (following.delivered, following.healed) == (6, 0)
    assert sockets.committed == [bells[seq][1] for seq in (1, 2, 3)]  # from when on the delay is measured


def test_what_no_bell_brought_is_read_before_what_the_next_one_brings(
    backend, following, sockets, bells, ann, lounge
):
    join(following, "desk", ann, lounge)
    say(backend, ann, lounge, *"abcdef")
    hear(following, lounge, bells, 1, 4)
    wait_until(lambda: sockets.seqs("desk")[-1:] == [6], 3, "the events that were missing")
    for seq, committed in zip(range(1, 7), sockets.committed, strict=True):  # the slow ones count above all
        assert 0 <= bells[seq][1] - committed < 2000
    hear(following, lounge, bells, 5, 6, 2, 3, 1)  # late, and twice
    assert sockets.seqs("desk") == [1, 2, 3, 4, 5, 6]
    assert following.healed == 5
    say(backend, ann, lounge, "g")
    hear(following, lounge, bells, 7)
    assert (sockets.seqs("desk")[-1], following.healed) == (7, 5)


def test_the_periodic_look_finds_what_no_bell_told_of(backend, following, sockets, bells, ann, room):
    quiet, busy = room(ann), room(ann)
    for where in (quiet, busy):
        join(following, f"in {where}", ann, where)
    backend.db.write(log.store, [Draft(busy, ann, f"c{n}", str(n)) for n in range(450)])  # several pages
    following.look_at_all()
    wait_until(lambda: len(sockets.seqs(f"in {busy}")) == 450, 10, "450 events")
    assert sockets.seqs(f"in {busy}") == list(range(1, 451))
    assert sockets.seqs(f"in {quiet}") == []
    following.look_at_all()
    time.sleep(0.1)
    assert len(sockets.seqs(f"in {busy}")) == 450


def test_many_looks_at_once_deliver_once(backend, following, sockets, bells, ann, lounge):
    join(following, "desk", ann, lounge)
    backend.db.write(log.store, [Draft(lounge, ann, f"c{n}", str(n)) for n in range(250)])
    for _ in range(20):
        following.look(lounge)
    wait_until(lambda: len(sockets.seqs("desk")) >= 250, 10, "250 events")
    time.sleep(0.2)
    assert sockets.seqs("desk") == list(range(1, 251))


def test_a_room_that_everybody_has_left_is_read_no_further(
    backend, following, sockets, bells, ann, lounge, monkeypatch
):
    """However fast its log grows: else each of those who come and go leaves a reader behind."""
    join(following, "desk", ann, lounge)
    room, read, reads = following._rooms[lounge], backend.db.read, []

    def read_while_others_write(work, *arguments):
        found = read(work, *arguments)
        if work is messages.events_after:
            reads.append(arguments)
            if len(reads) == 2:
                following.leave("desk", lounge)
            if len(reads) < 9:
                say(backend, ann, lounge, "and on")
        return found

    monkeypatch.setattr(backend.db, "read", read_while_others_write)
    say(backend, ann, lounge, "begin")
    following.look(lounge)
    wait_until(lambda: reads and not room.healing)
    assert (len(reads), sockets.seqs("desk")) == (2, [1])


def test_a_stale_bell_is_not_believed(backend, following, sockets, bells, ann, lounge):
    """What it carries may have been deleted since."""
    join(following, "desk", ann, lounge)
    message = say(backend, ann, lounge, "a secret")[0]
    deletions.delete(backend, ann, int(message["id"]))
    seq, at, frame = bells[1]
    assert b"a secret" in frame
    following.hear(lounge, seq, at - follower.FRESH - 1, frame)
    wait_until(lambda: sockets.seqs("desk") == [1, 2], 3, "both events")
    assert [event["type"] for event in sockets.events("desk")] == ["message", "delete"]
    assert "a secret" not in str(sockets.frames)


@on_one_database
def test_whoever_has_read_ahead_of_the_bells_is_given_nothing_twice(
    backend, following, sockets, bells, ann, lounge
):
    join(following, "desk", ann, lounge)
    say(backend, ann, lounge, *"abcde")
    joined = join(following, "phone", ann, lounge, 2)
    assert ([event["seq"] for event in joined.events], joined.last_seq) == ([3, 4, 5], 5)
    hear(following, lounge, bells, 1, 2, 3, 4)
    following.pass_on(lounge, bus.frame("typing", {"user": "bob"}))  # news are for both
    hear(following, lounge, bells, 5)
    say(backend, ann, lounge, "f")
    hear(following, lounge, bells, 6)
    assert (sockets.seqs("desk"), sockets.seqs("phone")) == ([1, 2, 3, 4, 5, 6], [6])
    for sid in ("desk", "phone"):
        assert [data for event, data in sockets.frames[sid] if event == "typing"] == [{"user": "bob"}]


@on_one_database
def test_what_is_said_while_somebody_joins_comes_with_the_answer(
    backend, following, sockets, bells, ann, lounge, monkeypatch
):
    join(following, "desk", ann, lounge)
    say(backend, ann, lounge, "before")
    hear(following, lounge, bells, 1)
    catch_up = follower._catch_up

    def slow(*arguments):
        found = catch_up(*arguments)
        backend.bus.hear = lambda _channel, _kind, seq, at, body: following.hear(lounge, seq, at, body)
        backend.log.append(Draft(lounge, ann, new_id(), "meanwhile"))
        return found

    monkeypatch.setattr(follower, "_catch_up", slow)
    monkeypatch.setattr(backend.db, "read", lambda work, *arguments: _on_a_snapshot(backend, work, arguments))
    joined = following.join("phone", ann, lounge, 0, None)
    assert [event["message"]["text"] for event in joined.events] == ["before", "meanwhile"]
    assert (joined.last_seq, sockets.seqs("desk"), sockets.seqs("phone")) == (2, [1, 2], [])
    backend.log.append(Draft(lounge, ann, new_id(), "after"))
    assert (sockets.seqs("desk"), sockets.seqs("phone")) == ([1, 2, 3], [3])


def _on_a_snapshot(backend, work, arguments):
    """A connection of its own, so that others write while it reads."""
    with backend.db.engine.connect() as connection:
        return work(connection, *arguments)


def test_whoever_left_hears_nothing_more_and_an_empty_room_is_forgotten(
    backend, following, sockets, bells, ann, lounge
):
    for sid in ("desk", "phone"):
        join(following, sid, ann, lounge)
    say(backend, ann, lounge, "one", "two", "three")
    hear(following, lounge, bells, 1)
    following.leave("phone", lounge)
    following.leave("phone", lounge)
    hear(following, lounge, bells, 2)
    following.pass_on(lounge, bus.frame("typing", {}))
    assert (sockets.seqs("desk"), len(sockets.frames["phone"])) == ([1, 2], 1)
    following.leave("desk", lounge)
    hear(following, lounge, bells, 3)
    following.look(lounge)
    following.look_at_all()
    assert (sockets.seqs("desk"), following.rooms()) == ([1, 2], 0)
    assert [event["seq"] for event in following.join("desk", ann, lounge, 2, None).events] == [3]


def test_a_room_that_may_not_be_read_is_not_followed(following, person, room):
    secret = room(person("ann"), private=True)
    for where in (secret, secret + 1000):
        with pytest.raises(Refused, match="not_found"):
            following.join("desk", person("eve"), where, 0, None)
    assert following.rooms() == 0


@on_one_database
def test_a_healing_that_fails_is_made_up_for_at_the_next_look(
    backend, following, sockets, bells, ann, lounge, monkeypatch
):
    join(following, "desk", ann, lounge)
    say(backend, ann, lounge, "one", "two")
    tried = []
    with monkeypatch.context() as away:
        away.setattr(messages, "events_after", lambda *_: tried.append(1) or 1 / 0)
        hear(following, lounge, bells, 2)
        wait_until(lambda: tried, 3, "the attempt")
        time.sleep(0.1)
    assert sockets.seqs("desk") == []
    following.look_at_all()
    wait_until(lambda: sockets.seqs("desk") == [1, 2], 3, "both events")
