"""The bell, the bots' list and who is online, on a real Redis: also one that dies, hangs, or forgets everything."""

import signal
import time

import msgspec
import pytest
import redis

from chat.bus import OUTBOX, Bus, room_channel, user_channel
from tests.people import new_id
from tests.servers import RedisServer, wait_until


@pytest.fixture(scope="module")
def server():
    """Of this file's own: others write on the shared one's list."""
    started = RedisServer()
    yield started
    started.kill()


@pytest.fixture
def open_bus(server):
    """Opens the bus of one more process: `open_bus()`; what it hears is in `.heard`, what began in `.begun`."""
    opened: list[Bus] = []

    def make(url: str = "") -> Bus:
        bus = Bus(url or server.url)
        bus.heard, bus.begun = [], []
        bus.hear = lambda *bell: bus.heard.append(bell)
        bus.fresh = bus.begun.append
        opened.append(bus)
        return bus

    yield make
    for bus in opened:
        bus.close()


@pytest.fixture
def pair(open_bus):
    """Two replicas; the second listens to room 7 and to person 3."""
    here, there = open_bus(), open_bus()
    listen(there, room_channel(7), user_channel(3))
    return here, there


def listen(bus: Bus, *channels: str) -> None:
    bus.listen()
    for channel in channels:
        bus.subscribe(channel)
    wait_until(lambda: {*channels} <= {*bus.begun}, 5, "the subscription")


def seqs(bus: Bus) -> list[int]:
    return [seq for _channel, _kind, seq, _at, _body in bus.heard]


# The bell


def test_a_bell_is_heard_here_at_once_and_there_soon_with_a_finished_frame(pair):
    here, there = pair
    event = {"room": "7", "seq": 1, "type": "message", "message": {"text": "hello 🌍 there"}}
    before = time.time() * 1000
    here.ring(7, 1, event)
    assert seqs(here) == [1]
    wait_until(lambda: there.heard, 2, "the bell")
    channel, kind, seq, at, body = there.heard[0]
    assert (channel, kind, seq) == ("roomful:room:7", b"event", 1)
    assert before - 1 <= at <= time.time() * 1000 + 1
    assert body.startswith(b'42["event",') and msgspec.json.decode(body[2:]) == ["event", event]
    assert there.heard == here.heard


def test_bells_keep_their_order_and_nobody_hears_their_own_twice(pair):
    here, there = pair
    listen(here, room_channel(7))
    for seq in range(1, 301):
        here.ring(7, seq, {})
    wait_until(lambda: len(there.heard) == 300, 5, "300 bells")
    assert seqs(there) == seqs(here) == list(range(1, 301))
    there.ring(7, 301, {})
    wait_until(lambda: 301 in seqs(here), 2, "the answer")
    assert len(here.heard) == 301


def subscribers(server, channel: str) -> int:
    return redis.Redis.from_url(server.url).pubsub_numsub(channel)[0][1]


def test_only_what_was_subscribed_is_heard(pair, server):
    here, there = pair
    here.ring(8, 1, {})
    here.ring(7, 2, {})
    wait_until(lambda: there.heard, 2, "the bell")
    there.unsubscribe(room_channel(7))
    wait_until(lambda: subscribers(server, room_channel(7)) == 0, 2, "the end of the subscription")
    here.ring(7, 3, {})
    here.recheck(3)
    wait_until(lambda: len(there.heard) == 2, 2, "the last")
    assert [(channel, kind, seq) for channel, kind, seq, *_ in there.heard] == [
        ("roomful:room:7", b"event", 2),
        ("roomful:user:3", b"recheck", 0),
    ]


def test_what_is_wanted_while_the_connection_is_made_is_wanted_after(open_bus, server):
    """As when thousands come back in the moment in which Redis does."""
    bus = open_bus()
    bus.subscribe(room_channel(999))
    bus.listen()
    channels = {room_channel(1000 + n) for n in range(200)}
    for channel in channels:
        bus.subscribe(channel)
    bus.unsubscribe(room_channel(999))
    wait_until(lambda: channels <= {*bus.begun}, 2, "every subscription")
    wait_until(lambda: subscribers(server, room_channel(999)) == 0, 2, "the end of what is not wanted")


def test_passing_news_are_frames_for_those_who_listen(pair):
    here, there = pair
    here.tell(user_channel(3), "read", {"room": "7", "seq": 5})
    wait_until(lambda: there.heard, 2, "the news")
    channel, kind, seq, _at, body = there.heard[0]
    assert (channel, kind, seq) == ("roomful:user:3", b"news", 0)
    assert body == b'42["read",{"room":"7","seq":5}]'


def test_what_cannot_be_taken_does_not_end_the_hearing(pair, server):
    here, there = pair
    hear = there.hear

    def stumble(*bell):
        if bell[2] == 1:
            raise ValueError("this one")
        hear(*bell)

    there.hear = stumble
    redis.Redis.from_url(server.url).publish(room_channel(7), b"nothing of ours")
    here.ring(7, 1, {})
    here.ring(7, 2, {})
    wait_until(lambda: seqs(there) == [2], 2, "the next bell")


def test_a_redis_that_comes_back_is_heard_again_and_every_channel_said_to_be_fresh(open_bus, own_redis):
    here, there = open_bus(own_redis.url), open_bus(own_redis.url)
    listen(there, room_channel(7), user_channel(3))
    own_redis.kill()
    there.begun.clear()
    there.subscribe(room_channel(9))  # asked for while it is away
    assert not here.ping()
    here.ring(7, 1, {})
    wait_until(lambda: here.lost == 1, 3, "the loss")
    own_redis.start()
    everything = {room_channel(7), room_channel(9), user_channel(3)}
    wait_until(lambda: everything <= {*there.begun}, 5, "fresh subscriptions")
    assert here.ping()
    here.ring(9, 2, {})
    wait_until(lambda: seqs(there) == [2], 3, "the bell")


def test_no_sender_waits_for_a_redis_that_hangs_and_what_waits_has_a_bound(open_bus, own_redis):
    bus = open_bus(own_redis.url)
    own_redis.signal(signal.SIGSTOP)
    try:
        slowest = 0.0
        for seq in range(OUTBOX + 3000):
            started = time.perf_counter()
            bus.ring(7, seq, {"n": seq})
            slowest = max(slowest, time.perf_counter() - started)
        assert slowest < 0.4  # Redis itself is given half a second
        assert bus.waiting() <= OUTBOX
        assert bus.lost >= 1000
        assert seqs(bus) == list(range(OUTBOX + 3000))  # here all were heard
        for ask in (
            lambda: bus.todo_length("g"),
            lambda: bus.bot_alive("help", 1),
            lambda: bus.online_among([1]),
        ):
            with pytest.raises(redis.RedisError):
                ask()
        assert bus.ping() is False
    finally:
        own_redis.signal(signal.SIGCONT)


# The bots' list


@pytest.fixture
def todo(open_bus):
    """A bus, and a list with nothing on it."""
    bus = open_bus()
    bus._redis.flushall()
    return bus


def ask(bus, *message_ids):
    """Put these on the list, and wait until they are there."""
    before = bus._redis.xlen("roomful:todo")
    bus.todo(message_ids)
    wait_until(lambda: bus._redis.xlen("roomful:todo") == before + len(message_ids), 3, "the list")


def read(bus, group="bot:vision", consumer="one", count=10):
    return bus.todo_read(group, consumer, count, 1)


def messages(entries):
    return [message_id for _entry, message_id in entries]


def test_every_bot_is_given_every_message_and_each_of_its_workers_others(todo):
    ask(todo, 1, 2, 3, 4)
    assert read(todo) == []  # the group is made
    assert messages(read(todo, count=3)) == [1, 2, 3]
    assert messages(read(todo, consumer="two")) == [4]
    assert read(todo) == []
    read(todo, "bot:help")
    assert messages(read(todo, "bot:help")) == [1, 2, 3, 4]


def test_what_is_done_leaves_the_list(todo):
    assert todo.todo_length("bot:vision") == 0
    read(todo)
    ask(todo, 1, 2, 3)
    assert todo.todo_length("bot:vision") == 3
    first, second = read(todo, count=2)
    assert todo.todo_length("bot:vision") == 3  # until they are done
    todo.todo_done("bot:vision", [first[0], second[0]])
    todo.todo_done("bot:vision", [])
    assert todo.todo_length("bot:vision") == 1
    assert todo.todo_length("bot:nobody") == 0


def test_what_a_dead_worker_left_is_taken_over(todo):
    assert todo.todo_claim("bot:vision", "two", 0, 10) == []  # nobody has ever read
    read(todo)
    ask(todo, 1, 2)
    done, left = read(todo)
    todo.todo_done("bot:vision", [done[0]])
    assert todo.todo_claim("bot:vision", "two", 60_000, 10) == []  # it may be working on it still
    assert todo.todo_claim("bot:vision", "two", 0, 10) == [left]
    todo.todo_done("bot:vision", [left[0]])
    assert todo.todo_claim("bot:vision", "three", 0, 10) == []


def test_workers_that_have_gone_are_forgotten_unless_they_hold_something(todo):
    read(todo)
    ask(todo, 1)
    read(todo, consumer="holds")
    read(todo, consumer="gone")
    time.sleep(0.05)
    todo.todo_forget("bot:vision", 60_000)
    assert consumers(todo) == {"holds", "gone"}
    todo.todo_forget("bot:vision", 10)
    assert consumers(todo) == {"holds"}


def consumers(bus):
    return {one["name"].decode() for one in bus._redis.xinfo_consumers("roomful:todo", "bot:vision")}


def test_a_redis_that_forgot_everything_is_begun_anew(todo):
    read(todo)
    ask(todo, 1)
    todo._redis.flushall()
    assert todo.todo_length("bot:vision") == 0
    assert todo.todo_claim("bot:vision", "one", 0, 10) == []
    assert read(todo) == []
    ask(todo, 2)
    assert messages(read(todo)) == [2]


def test_reading_waits_for_the_next_message_and_no_longer_than_asked(todo):
    read(todo)
    started = time.monotonic()
    assert todo.todo_read("bot:vision", "one", 10, 200) == []
    assert 0.15 < time.monotonic() - started < 1.5
    todo.todo([5])
    assert messages(todo.todo_read("bot:vision", "one", 10, 3000)) == [5]


def test_a_bot_is_online_until_it_has_been_silent_for_too_long(todo):
    todo.bot_alive("vision", 1)
    todo.bot_alive("help", 60)
    assert todo.bots_alive(["vision", "help", "nobody"]) == {"vision", "help"}
    assert todo.bots_alive([]) == set()
    wait_until(lambda: todo.bots_alive(["vision", "help"]) == {"help"}, 3, "the silence")


# Who is online


def test_whoever_is_at_some_replica_is_online(open_bus):
    here, there = open_bus(), open_bus()
    here.online_here([1, 2])
    there.online_here(range(3, 2600))
    assert here.online_among([1, 2, 3, 2599, 2600]) == {1, 2, 3, 2599}
    assert there.online_among([1, 2600]) == {1}
    assert here.online_among([]) == set()
    there.online_here([2])  # these, and no others
    assert here.online_among([1, 2, 3]) == {1, 2}
    here.online_here([])
    assert here.online_among([1, 2, 3]) == {2}
    there.close()
    assert here.online_among([1, 2, 3]) == set()


def test_the_people_of_a_replica_that_was_killed_are_not_online_for_long(open_bus, monkeypatch):
    monkeypatch.setattr("chat.bus.ONLINE_TTL", 1)
    killed, other = open_bus(), open_bus()
    killed.online_here([1])
    other.online_here([2])
    assert other.online_among([1, 2]) == {1, 2}

    def beat():
        other.online_here([2])
        return other.online_among([1, 2]) == {2}

    wait_until(beat, 4, "the end of the killed one's beat")


def test_what_waits_is_sent_before_the_end(server, open_bus):
    bus = open_bus()
    group = f"bot:{new_id()}"
    bus.todo_read(group, "one", 1, 1)
    for number in range(2000):
        bus.todo([number])
    bus.close()
    assert open_bus().todo_length(group) >= 2000
