"""Failed sign-ins are counted by name and address: guessing ends, and nobody locks out another."""

import time

import pytest

from chat import users
from chat.config import Config
from chat.errors import Refused
from chat.limits import Attempts

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
    return Attempts(on=True)


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
    fail(Attempts(on=False), 1000)


def test_the_right_password_is_not_even_looked_at_while_it_is_refused(backend):
    """Whatever case the name is written in. Who is signed in elsewhere, or comes from elsewhere, notices nothing."""
    users.register(backend, "Ann", PASSWORD)
    backend.attempts = Attempts(on=True)
    for number in range(20):  # who knows the password is not counted
        assert users.sign_in(backend, "ann", PASSWORD, HERE).username == "Ann", number
    for number in range(10):
        with pytest.raises(Refused, match="bad_credentials"):
            users.sign_in(backend, ("ann", "ANN")[number % 2], "guessing", HERE)
    with pytest.raises(Refused, match="too_many_requests"):
        users.sign_in(backend, "aNn", PASSWORD, HERE)
    assert users.sign_in(backend, "ann", PASSWORD, THERE).username == "Ann"


def test_limits_are_on_unless_they_are_switched_off(tmp_path):
    assert Config.from_environment({"DATA_DIR": str(tmp_path)}).limits
    assert not Config.from_environment({"DATA_DIR": str(tmp_path), "LIMITS": "OFF"}).limits
