"""Accounts, and the secrets by which people are known: who may be called what, who is admin, what the database keeps."""

import dataclasses
import functools
import threading

import pytest
import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from chat import entrance, identities, membership, rooms, sessions, tokens, users
from chat.errors import Refused
from chat.schema import tables
from chat.users import Credential, Person

PASSWORD = "correct horse battery"


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code


def everything_stored(backend) -> str:
    """All that somebody finds who steals the database."""
    return backend.db.read(
        lambda conn: "\n".join(
            str(row) for table in tables.sorted_tables for row in conn.execute(table.select())
        )
    )


def sign_in(backend, name, password, address="10.0.0.1"):
    return entrance.sign_in(backend, name, password, address)


def test_who_has_registered_signs_in(backend):
    ann = entrance.register(backend, "Ann", PASSWORD)
    assert ann == Person(ann.id, "Ann", "Ann", ann.role, False)
    assert sign_in(backend, "Ann", PASSWORD) == sign_in(backend, "aNN", PASSWORD) == ann


def test_a_newcomer_is_told_to_the_first_room_while_it_is_small(backend, monkeypatch):
    """Where hundreds are, each of their pages would ask anew whenever somebody comes."""
    told = []
    monkeypatch.setattr(membership, "SMALL", 2)
    monkeypatch.setattr(backend.bus, "tell", lambda channel, kind, data: told.append((kind, data["room"])))
    backend.db.write(rooms.ensure_first)
    lobby = backend.db.read(rooms.first)
    entrance.register(backend, "ann", PASSWORD)
    claims = {"iss": "https://login.example.org", "sub": "1", "nickname": "kim"}
    assert backend.db.write(identities.person_of, claims)[1] == lobby
    assert backend.db.write(identities.person_of, claims)[1] is None, "kim was there already"
    entrance.register(backend, "eve", PASSWORD)
    assert told == [("room", str(lobby))]
    assert len(backend.db.read(lambda conn: conn.execute(sa.select(tables.tables["members"])).all())) == 3


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(backend):
    entrance.register(backend, "ann", PASSWORD)
    users.ensure_bot(backend, "parrot", "Says it again")
    details = set()
    for name in ("ann", "nobody", "", "x" * 500, "parrot"):
        for wrong in ("", "Correct horse battery", PASSWORD + " ", PASSWORD * 20):
            with pytest.raises(Refused) as refused:
                sign_in(backend, name, wrong)
            assert refused.value.code == "bad_credentials"
            details.add(refused.value.detail)
    assert len(details) == 1


def test_a_sign_in_renews_a_hash_that_was_made_by_an_earlier_method(backend):
    ann = entrance.register(backend, "ann", PASSWORD)
    theirs = sa.select(users.users.c.password_hash).where(users.users.c.id == ann.id)
    backend.nobodys_hash = generate_password_hash("", "pbkdf2:sha256:2")
    backend.config = dataclasses.replace(backend.config, password_hash="pbkdf2:sha256:2")
    refusal(sign_in, backend, "ann", "not the password")
    hashes = [backend.db.read(lambda conn: conn.scalar(theirs))]
    for _ in range(2):
        assert sign_in(backend, "ann", PASSWORD) == ann
        hashes.append(backend.db.read(lambda conn: conn.scalar(theirs)))
    assert [one.partition("$")[0] for one in hashes] == ["pbkdf2:sha256:1", *["pbkdf2:sha256:2"] * 2]
    assert hashes[1] == hashes[2], "it is made anew once"


def test_the_database_keeps_no_password_and_no_secret(backend):
    ann = entrance.register(backend, "ann", PASSWORD)
    session = backend.db.write(users.open_session, ann)
    token = backend.db.write(tokens.make, ann, "laptop")["token"]
    stored = everything_stored(backend)
    assert "laptop" in stored and "ann" in stored
    for secret in (PASSWORD, session, token):
        assert secret not in stored


def test_two_with_the_same_password_have_different_hashes(backend):
    for name in ("ann", "bob"):
        entrance.register(backend, name, PASSWORD)
    select = users.users.select().where(users.users.c.password_hash.is_not(None))
    hashes = backend.db.read(lambda conn: {row.password_hash for row in conn.execute(select)})
    assert len(hashes) == 2


def test_how_long_a_password_is(backend):
    for length in (0, 7, 257):
        assert refusal(entrance.register, backend, "ann", "ü" * length) == "invalid"
    for name, length in (("ann", 8), ("bob", 256)):  # "ann" is free still
        entrance.register(backend, name, "ü" * length)
        assert sign_in(backend, name, "ü" * length).username == name


NAMES = ["a", "Ann", "ann.b-c_d", "a--b", "_ann_", "7", "x" * 32, "Zoë", "zoe\u0308_2"]
NAMES += ["мария", "たろう", "李四", "محمد", "आशा", "ปราณี", "מרים", "ĵaŭdo"]
NO_NAMES = [
    "",
    " ",
    "x" * 33,
    "x" * 100_000,
    "ann b",
    " ann",
    "ann\n",
    ".ann",
    "ann.",
    "-ann",
    "a/b",
    "a@b",
    "#ann",
]
NO_NAMES += [
    "a\u200bb",
    "a\u202eb",
    "😀",
    "\u0301ann",
    "a.\u0301b",
    "a\0b",
    "<b>",
    "\udcff",
    "a" + "\u0301" * 4,
]


def test_names_are_of_any_language_and_hold_nothing_that_deceives(backend):
    for name in NAMES:
        assert entrance.register(backend, name, PASSWORD).username == name
        assert sign_in(backend, name, PASSWORD).username == name
    for name in NO_NAMES:
        assert refusal(entrance.register, backend, name, PASSWORD) == "invalid", name


ALIKE = [("ann", "ANN"), ("Bob", "bob"), ("straße", "STRASSE"), ("ｒｏｏｔ", "root"), ("ﬁn", "fin")]
ALIKE += [("Ω", "ω"), ("zo\u00eb", "zoe\u0308"), ("Kelvin", "\u212aelvin")]


def test_a_name_that_is_another_in_disguise_is_taken(backend):
    for first, second in ALIKE:
        entrance.register(backend, first, PASSWORD)
        assert refusal(entrance.register, backend, second, PASSWORD) == "username_taken", second
        assert sign_in(backend, second, PASSWORD).username == first


def test_the_first_person_is_the_admin_where_only_this_machine_reaches_the_chat(backend):
    users.ensure_bot(backend, "parrot", "Says it again")
    backend.db.write(lambda conn: users.create(conn, "dana", seeded=True))
    roles = [entrance.register(backend, name, PASSWORD).role for name in ("ann", "bob", "eva")]
    assert roles == ["admin", "member", "member"]


def test_nobody_becomes_admin_by_being_first_where_others_reach_the_chat(backend):
    for number, host in enumerate(["0.0.0.0", "::", "192.168.1.7", "chat.example.org"]):
        backend.config = dataclasses.replace(backend.config, host=host)
        assert entrance.register(backend, f"eve{number}", PASSWORD).role == "member"


def at_once(call, arguments):
    """What `call` gives, or raises, for each argument, all begun in the same moment."""
    start, results = threading.Barrier(len(arguments)), {}

    def one(argument):
        start.wait()
        try:
            results[argument] = call(argument)
        except Refused as refused:
            results[argument] = refused.code

    threads = [threading.Thread(target=one, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[argument] for argument in arguments]


def test_of_many_firsts_exactly_one_is_admin(backend):
    names = [f"person{n}" for n in range(12)]
    people = at_once(lambda name: entrance.register(backend, name, PASSWORD), names)
    assert sorted(person.role for person in people) == ["admin"] + ["member"] * 11


def test_of_many_who_want_the_same_name_exactly_one_gets_it(backend):
    names = ["ann", "Ann", "aNn", "anN", "ANn", "aNN", "AnN", "ANN"]
    results = at_once(lambda name: entrance.register(backend, name, PASSWORD), names)
    assert sorted(str(type(result).__name__) for result in results) == ["Person"] + ["str"] * 7
    assert {result for result in results if isinstance(result, str)} == {"username_taken"}


def test_a_bot_keeps_its_account_and_cannot_take_a_persons(backend):
    first = users.ensure_bot(backend, "parrot", "Says it again")
    again = users.ensure_bot(backend, "parrot", "Repeats what it hears")
    assert first == again and first.bot
    assert backend.db.read(users.bots) == [("parrot", "Repeats what it hears")]
    entrance.register(backend, "Help", PASSWORD)
    assert refusal(users.ensure_bot, backend, "help", "Says what there is") == "username_taken"
    assert sign_in(backend, "help", PASSWORD).bot is False
    assert refusal(entrance.register, backend, "PARROT", PASSWORD) == "username_taken"


def test_bots_started_at_once_share_one_account(backend):
    """Several workers with the same bot start together."""
    found = at_once(lambda about: users.ensure_bot(backend, "parrot", about), [str(n) for n in range(6)])
    assert len({bot.id if isinstance(bot, Person) else bot for bot in found}) == 1


def test_a_session_and_a_token_say_who_somebody_is_until_they_are_ended(backend, person):
    ann = person("ann")
    session = backend.db.write(users.open_session, ann)
    token = backend.db.write(users.open_token, ann, "laptop")
    config = backend.config
    by_session = functools.partial(users.by_session, config=config)
    for secret, by, other in ((session, by_session, users.by_token), (token, users.by_token, by_session)):
        known, credential = backend.db.read(by, secret)
        assert known == ann
        assert backend.db.read(other, secret) is None
        assert backend.db.read(users.alive, {credential}, config) == {credential}
        backend.db.write(users.end, credential)
        assert backend.db.read(by, secret) is None
        assert backend.db.read(users.alive, {credential}, config) == set()


def test_one_session_more_than_there_may_be_ends_the_one_that_was_not_used_for_longest(
    backend, person, monkeypatch
):
    monkeypatch.setattr(users, "SESSIONS", 3)
    ann, bob = person("ann"), person("bob")
    theirs = backend.db.write(users.open_session, bob)
    first, second, third = (backend.db.write(users.open_session, ann) for _ in range(3))
    by_session = functools.partial(users.by_session, config=backend.config)
    backend.db.write(sessions.note, backend.db.read(by_session, first)[1])  # the oldest, but used just now
    fourth = backend.db.write(users.open_session, ann)
    known = {secret: backend.db.read(by_session, secret) for secret in (first, second, third, fourth, theirs)}
    assert [secret for secret, found in known.items() if found is None] == [second]


def test_a_wrong_secret_is_nobodys(backend, person):
    backend.db.write(users.open_token, person("ann"), "laptop")
    for secret in ("", "wrong", "%", "\udcff", "x" * 5000):
        assert backend.db.read(users.by_token, secret) is None
        assert backend.db.read(users.by_session, secret, backend.config) is None


def test_one_of_two_tokens_is_revoked_and_the_other_stays(backend, person):
    ann = person("ann")
    laptop, phone = (backend.db.write(tokens.make, ann, name) for name in ("laptop", "phone"))
    listed = backend.db.read(tokens.all_of, ann)
    assert [(t["id"], t["name"]) for t in listed] == [(t["id"], t["name"]) for t in (laptop, phone)]
    assert all(token.keys() == {"id", "name", "scope", "created_at", "seen_at"} for token in listed)
    backend.db.write(tokens.revoke, ann, int(laptop["id"]))
    assert backend.db.read(users.by_token, laptop["token"]) is None
    assert backend.db.read(users.by_token, phone["token"])[0] == ann
    assert [t["name"] for t in backend.db.read(tokens.all_of, ann)] == ["phone"]
    assert refusal(backend.db.write, tokens.revoke, ann, int(laptop["id"])) == "not_found"


def test_nobody_sees_or_revokes_the_tokens_of_others(backend, person):
    ann, eve = person("ann"), person("eve", "admin")
    token = backend.db.write(tokens.make, ann, "laptop")
    assert backend.db.read(tokens.all_of, eve) == []
    assert refusal(backend.db.write, tokens.revoke, eve, int(token["id"])) == "not_found"
    assert backend.db.read(users.by_token, token["token"])[0] == ann


def test_a_thousand_credentials_are_looked_at_together(backend, person):
    ann = person("ann")
    kept = {
        Credential("session", backend.db.read(users.by_session, secret, backend.config)[1].id)
        for secret in backend.db.write(lambda conn: [users.open_session(conn, ann) for _ in range(3)])
    }
    gone = {Credential(kind, 10**9 + n) for n in range(600) for kind in ("session", "token")}
    assert backend.db.read(users.alive, kept | gone, backend.config) == kept
