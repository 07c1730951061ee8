"""A stop-watch does not tell who has an account: a refused sign-in takes as long, whosever the name is."""

import dataclasses
import random
import time

import pytest

from chat import identities, passwords, sanctions, users
from chat.app import create_app
from chat.backend import Backend
from chat.db import now
from chat.sanctions import Wish
from chat.schema import second_factors
from tests.people import Visitor

HASH = "scrypt:1024:8:1"  # a few milliseconds, so that little else hides behind it
ROUNDS = 120
SURE = 0.2  # by how much a guess may be better than tossing a coin; by chance it is so once in ten million


@pytest.fixture
def slow(backend):
    """The same backend, with passwords that take their time."""
    opened = Backend.open(dataclasses.replace(backend.config, password_hash=HASH))
    yield opened
    opened.close()


@pytest.mark.alone
def test_how_long_a_refused_sign_in_takes_does_not_tell_whose_name_it_is(slow):
    names = cast(slow)
    times = refusals(Visitor(create_app(slow)), names)
    known = times.pop("member")
    told = {kind: round(slower(known, taken), 2) for kind, taken in times.items()}
    assert all(abs(share - 0.5) < SURE for share in told.values()), told


def cast(backend):
    """Kind of account → the name of one; all of the same length."""
    password_hash = passwords.make_hash(backend, "correct horse battery")

    def make(conn):
        users.create(conn, "ann", password_hash)
        bob = users.create(conn, "bob", password_hash)
        eve = users.create(conn, "eve", password_hash)
        ada = users.create(conn, "ada", password_hash, "admin")
        factor = {"user_id": bob.id, "secret": "…", "confirmed_at": now()}
        conn.execute(second_factors.insert().values(factor))
        identities.person_of(conn, {"iss": "https://login.example.org", "sub": "1", "nickname": "kim"})
        users.create(conn, "bot", bot=True)
        return eve, ada

    eve, ada = backend.db.write(make)
    sanctions.impose(backend, ada, Wish("ban", [eve.id], "spam"))
    kinds = ("member", "nobody", "second factor", "banned", "by OpenID Connect", "bot")
    return dict(zip(kinds, ("ann", "zoe", "bob", "eve", "kim", "bot"), strict=True))


def refusals(visitor, names):
    """Kind → seconds of each refused sign-in. The kinds take turns, so that a busy moment meets all alike."""
    times = {kind: [] for kind in names}
    for _ in range(ROUNDS):
        for kind in random.sample(list(names), len(names)):
            began = time.perf_counter()
            code = visitor.code("POST", "/api/login", username=names[kind], password="not the password")
            times[kind].append(time.perf_counter() - began)
            assert code == "bad_credentials"
    return times


def slower(some, others):
    """How often, of one of each, the first is the slower: Mann and Whitney's U as a share. 0.5 tells nothing."""
    return sum(one > other for one in some for other in others) / (len(some) * len(others))
