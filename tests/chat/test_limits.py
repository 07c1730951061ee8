"""Failed sign-ins are counted by name and address: guessing ends, and nobody locks out another. Counts are shared
by replicas, and a dead Redis delays nobody."""

import signal
import time

import pytest

from chat import entrance, limits
from chat.config import Config
from chat.counters import REMEMBERED, Counters
from chat.errors import Refused
from chat.limits import Attempts, Limits
from tests.servers import wait_until

PASSWORD = "correct horse battery"
HERE, THERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def clock(monkeypatch):
    """Turned by hand: a window of a minute is too long to wait for."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def turn(seconds: float) -> None:
        now[0] += seconds

    return turn


@pytest.fixture
def attempts(clock) -> Attempts:
    return Attempts(Limits(on=True))


def fail(attempts, times, name="ann", address=HERE):
    for _ in range(times):
        attempts.check(name, address)
        attempts.failed(name, address)


def wait_wanted(attempts, name="ann", address=HERE) -> float:
    """Seconds that somebody is told to wait."""
    with pytest.raises(Refused) as refused:
        attempts.check(name, address)
    assert refused.value.code == "too_many_requests"
    return refused.value.retry_after


def test_ten_failures_are_forgiven_and_the_eleventh_try_is_not_made(attempts):
    fail(attempts, 10)
    assert 55 < wait_wanted(attempts) <= 60


def test_the_window_moves_on(attempts, clock):
    fail(attempts, 5)
    clock(40)
    fail(attempts, 5)
    assert 15 < wait_wanted(attempts) <= 20
    clock(21)  # the first five are forgotten, and no more
    fail(attempts, 5)
    wait_wanted(attempts)
    clock(61)
    attempts.check("ann", HERE)


def test_trying_while_it_is_refused_does_not_lengthen_the_wait(attempts, clock):
    fail(attempts, 10)
    first = wait_wanted(attempts)
    clock(30)
    for _ in range(50):
        again = wait_wanted(attempts)
    assert again == pytest.approx(first - 30, abs=1)


def test_another_name_and_another_address_are_not_concerned(attempts):
    fail(attempts, 10)
    fail(attempts, 10, address=THERE)
    fail(attempts, 10, name="bob")
    attempts.check("eva", HERE)
    attempts.check("ann", "2001:db8::1")
    wait_wanted(attempts)


def test_names_of_any_length_and_content_are_counted(attempts):
    for name in ("", "x" * 100_000, "\udcff", "a/b", "李四"):
        fail(attempts, 10, name)
        wait_wanted(attempts, name)


def test_nothing_is_limited_where_limits_are_off():
    fail(Attempts(Limits(on=False)), 1000)
    off = Limits(on=False)
    for _ in range(1000):
        off.take(limits.SEARCHES, 1)
        assert write(off, ANN)
        off.request(1, HERE)


def test_the_right_password_is_not_even_looked_at_while_it_is_refused(backend):
    """Whatever case the name is written in. Who is signed in elsewhere, or comes from elsewhere, notices nothing."""
    entrance.register(backend, "Ann", PASSWORD)
    backend.attempts = Attempts(Limits(on=True))
    for number in range(20):  # who knows the password is not counted
        assert entrance.sign_in(backend, "ann", PASSWORD, HERE).username == "Ann", number
    for number in range(10):
        with pytest.raises(Refused, match="bad_credentials"):
            entrance.sign_in(backend, ("ann", "ANN")[number % 2], "guessing", HERE)
    with pytest.raises(Refused, match="too_many_requests"):
        entrance.sign_in(backend, "aNn", PASSWORD, HERE)
    assert entrance.sign_in(backend, "ann", PASSWORD, THERE).username == "Ann"


def test_limits_are_on_unless_they_are_switched_off(tmp_path):
    assert Config.from_environment({"DATA_DIR": str(tmp_path)}).limits
    assert not Config.from_environment({"DATA_DIR": str(tmp_path), "LIMITS": "OFF"}).limits


def test_a_name_that_is_guessed_at_from_everywhere_is_slowed_down_and_not_locked(attempts, monkeypatch):
    """Its owner has their tries from their own address; each waits."""
    waited = []
    monkeypatch.setattr(time, "sleep", waited.append)
    for number in range(20):
        fail(attempts, 5, address=f"10.1.0.{number}")
    assert not waited
    attempts.check("ann", HERE)
    assert waited == [limits.DELAY]
    fail(attempts, 2)
    wait_wanted(attempts)
    attempts.check("bob", HERE)
    assert len(waited) == 3


def test_an_address_from_which_many_names_fail_waits_and_is_not_locked(attempts, monkeypatch):
    waited = []
    monkeypatch.setattr(time, "sleep", waited.append)
    for number in range(limits.OF_ADDRESS.amount):
        fail(attempts, 1, f"pupil-{number}")
    assert not waited
    attempts.check("teacher", HERE)
    attempts.check("teacher", THERE)
    assert waited == [limits.DELAY]


def test_of_those_who_wait_few_are_from_one_address(attempts, monkeypatch):
    """Else guessing costs a processor, whatever comes of it."""
    for number in range(limits.OF_ADDRESS.amount):
        fail(attempts, 1, f"pupil-{number}")
        fail(attempts, 1, f"pupil-{number}", THERE)
    waiting = []

    def sleep(_seconds):
        waiting.append(1)
        if len(waiting) < limits.WAITING_THERE:
            attempts.check("teacher", HERE)  # the next one, while this one waits
        else:
            wait_wanted(attempts, "teacher")
            attempts._waiting[THERE] += limits.WAITING_THERE - 1
            monkeypatch.setattr(time, "sleep", lambda _seconds: None)
            attempts.check("teacher", THERE)

    monkeypatch.setattr(time, "sleep", sleep)
    attempts.check("teacher", HERE)
    assert len(waiting) == limits.WAITING_THERE
    attempts.check("teacher", HERE)  # nobody waits any more
    assert set(attempts._waiting) == {THERE}


def test_all_addresses_of_one_network_are_one(attempts):
    for number in range(10):
        fail(attempts, 1, address=f"2001:db8:0:7::{number:x}")
    wait_wanted(attempts, address="2001:db8:0:7:ffff::1")
    attempts.check("ann", "2001:db8:0:8::1")
    assert limits.network("::ffff:10.0.0.1") == limits.network("10.0.0.1") == HERE


def test_what_is_counted_is_told_with_whole_seconds_to_wait(clock):
    allowed = Limits(on=True)
    for _ in range(60):
        allowed.take(limits.JOINS, 7)
    allowed.take(limits.JOINS, 8)
    allowed.take(limits.ROOMS_MADE, 7)
    with pytest.raises(Refused, match="No more than 60 joins a minute") as refused:
        allowed.take(limits.JOINS, 7)
    assert isinstance(refused.value.retry_after, int) and 55 < refused.value.retry_after <= 60
    clock(61)
    allowed.take(limits.JOINS, 7)


def test_a_bucket_refills_and_is_one_persons(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    allowed = Limits(on=True)
    assert all(write(allowed, ANN) for _ in range(limits.MESSAGES.at_once))
    assert write(allowed, BOB)
    with pytest.raises(Refused, match="too_many_requests") as refused, allowed.message(ANN, ROOM):
        pass
    assert refused.value.retry_after == 1
    now[0] += 1
    assert all(write(allowed, ANN) for _ in range(int(limits.MESSAGES.a_second)))
    assert not write(allowed, ANN)


def test_replicas_count_together_and_a_dead_redis_delays_nobody(own_redis):
    one, other = Counters(own_redis.url), Counters(own_redis.url)
    for number in range(60):
        assert (one, other)[number % 2].hit(limits.JOINS, "7")
    assert not one.hit(limits.JOINS, "7")
    assert not other.hit(limits.JOINS, "7")
    for number in range(30):
        assert (one, other)[number % 2].hit(limits.JOINS, "8")
    own_redis.signal(signal.SIGSTOP)
    started = time.monotonic()
    for _ in range(60):
        assert one.hit(limits.JOINS, "8")  # what Redis knows is not known here; it is counted anew
    assert not one.hit(limits.JOINS, "8")
    assert time.monotonic() - started < 1
    own_redis.signal(signal.SIGCONT)
    wait_until(lambda: not one._away, 5, "Redis again")
    for _ in range(29):  # it has counted what it did not answer, too
        assert other.hit(limits.JOINS, "8")
    assert not other.hit(limits.JOINS, "8")
    for _ in range(60):
        assert other.hit(limits.JOINS, "9")
    assert one.is_full(limits.JOINS, "9")
    for counters in (one, other):
        counters.close()


def test_redis_is_not_asked_about_who_has_used_up_theirs(own_redis, clock):
    """A flood would be refused at the price of what it asks for."""
    counters = Counters(own_redis.url)
    for _ in range(60):
        assert counters.hit(limits.JOINS, "7")
    assert not counters.hit(limits.JOINS, "7")
    own_redis.signal(signal.SIGSTOP)
    for _ in range(100):
        assert not counters.hit(limits.JOINS, "7") and counters.is_full(limits.JOINS, "7")
    assert 55 < counters.seconds_until_free(limits.JOINS, "7") < 60.1
    assert not counters._away, "Redis was asked"
    own_redis.signal(signal.SIGCONT)
    clock(REMEMBERED + 1)
    own_redis.flush()  # as when it was started anew
    assert counters.hit(limits.JOINS, "7")
    counters.close()


ANN, BOB = 1, 2
ROOM, ELSEWHERE = 10, 11


@pytest.fixture
def quick(monkeypatch):
    """The clock of what comes by the hundred a second, turned by hand."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def turn(seconds: float) -> None:
        now[0] += seconds

    return turn


def write(limited, person, room=ROOM, weight=1) -> bool:
    """Whether they may."""
    try:
        with limited.message(person, room, weight):
            return True
    except Refused as refused:
        assert refused.code == "too_many_requests"
        return False


def flood(limited, room=ROOM, weight=1) -> int:
    """Accounts that write twice each, one after the other; how many could before the first that could not."""
    return next(
        n
        for n in range(1000)
        if not (write(limited, 1000 + n, room, weight) and write(limited, 1000 + n, room, weight))
    )


def test_a_room_takes_so_much_of_all_together_and_then_a_little_of_each(quick):
    limited = Limits(on=True)
    assert flood(limited) == limits.OF_ROOM.at_once // 2
    assert write(limited, ANN) and write(limited, BOB), "a flood has silenced somebody"
    assert not write(limited, ANN) and not write(limited, BOB)
    assert write(limited, ANN, ELSEWHERE)
    quick(1)
    let_through = [
        person for person in range(5000, 5100) if write(limited, person) and write(limited, person)
    ]
    assert len(let_through) == limits.OF_ROOM.a_second // 2
    quick(9.1)
    assert write(limited, ANN)


def test_a_picture_counts_for_its_room_as_ten_messages(quick):
    limited = Limits(on=True)
    assert flood(limited, weight=limits.PICTURE) == limits.OF_ROOM.at_once // limits.PICTURE // 2
    assert not flood(limited)


def test_who_may_not_write_in_a_room_uses_up_nothing_there(quick):
    limited = Limits(on=True)
    for stranger in range(1000, 1000 + 2 * limits.OF_ROOM.at_once):
        with pytest.raises(Refused, match="not_a_member"), limited.message(stranger, ROOM):
            raise Refused("not_a_member", "Join first.")
    assert flood(limited) == limits.OF_ROOM.at_once // 2


def test_answers_to_those_who_ask_too_much_are_held_back_and_not_too_many(monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    limited = Limits(on=True)
    for _ in range(50):
        limited.hold(limits.HOLD)
    assert min(slept) >= limits.HOLD / 2 and max(slept) <= 1.5 * limits.HOLD
    assert max(slept) - min(slept) > limits.HOLD / 2, "all come back at once"
    monkeypatch.setattr(limits, "HELD", 0)
    limited.hold(limits.HOLD)
    assert len(slept) == 50
