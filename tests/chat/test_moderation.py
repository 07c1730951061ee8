"""Moderation: who may what to whom, what it forbids, how it ends, and that it is written down."""

import threading

import pytest
import sqlalchemy as sa

from chat import (
    deletions,
    direct,
    membership,
    messages,
    moderators,
    pins,
    rendering,
    reports,
    rooms,
    sanctions,
)
from chat.connections import Connection
from chat.db import now
from chat.errors import Refused
from chat.sanctions import Wish
from chat.schema import audit
from chat.schema import sanctions as sanction_rows
from chat.sockets import _check_may_begin
from chat.users import Credential
from tests.servers import wait_until


@pytest.fixture
def lounge(backend, person, room):
    """Ann's room with Bob and Mia, moderated by Mo; Ada is the admin."""

    class Lounge:
        ann, bob, mia = person("ann"), person("bob"), person("mia")
        mo, ada = person("mo", "moderator"), person("ada", "admin")
        id = room(ann, bob, mia, mo, ada)

        def say(self, who, text="hello", client_id=None):
            said, _new = messages.post(backend, who, self.id, text, client_id or f"{text}{now()}{who.id}")
            return said

        def impose(self, who, kind, *people, everywhere=False, **wish):
            place = None if everywhere else self.id
            wanted = Wish(kind, [one.id for one in people], "spam", place, **wish)
            return sanctions.impose(backend, who, wanted)

        def change(self, who, **changes):
            backend.db.write(rooms.change, who, self.id, changes)

    return Lounge()


def refused(call, *args, **options):
    with pytest.raises(Refused) as why:
        call(*args, **options)
    return why.value.code


def acts(backend, person, **wanted):
    return [
        (act["act"], act["actor"]["username"]) for act in backend.db.read(moderators.acts, person, *wanted)
    ]


def test_who_is_muted_writes_nothing_until_it_ends(backend, lounge):
    said = lounge.say(lounge.bob)
    [mute] = lounge.impose(lounge.ann, "mute", lounge.bob, minutes=10)
    assert refused(lounge.say, lounge.bob) == "muted"
    assert refused(messages.edit, backend, lounge.bob, int(said["id"]), "changed") == "muted"
    assert refused(messages.react, backend, lounge.bob, int(said["id"]), "👍", True) == "muted"
    assert lounge.say(lounge.bob, client_id=said["client_id"])["id"] == said["id"], (
        "what was sent before was sent"
    )
    lounge.say(lounge.mia)
    backend.db.write(lambda conn: conn.execute(sanction_rows.update().values(ends_at=now() - 1)))
    lounge.say(lounge.bob)
    assert mute["reason"] == "spam"


def test_who_may_not_write_is_not_seen_writing(backend, lounge):
    def begins(who):
        socket = Connection("x", who, Credential("token", 1), {lounge.id: True})
        backend.db.read(_check_may_begin, socket, lounge.id)

    lounge.change(lounge.ann, slow_mode=60, unwanted_words=["ass"])
    lounge.say(lounge.bob)
    begins(lounge.bob)
    [mute] = lounge.impose(lounge.ann, "mute", lounge.bob, minutes=10)
    assert refused(begins, lounge.bob) == "muted"
    sanctions.lift(backend, lounge.ann, int(mute["id"]))
    begins(lounge.bob)
    lounge.change(lounge.ann, locked=True)
    assert refused(begins, lounge.bob) == "room_locked"
    begins(lounge.ann)


def test_a_mute_everywhere_counts_in_every_room_and_ends_when_lifted(backend, lounge, room):
    other = room(lounge.bob)
    [mute] = lounge.impose(lounge.mo, "mute", lounge.bob, everywhere=True, minutes=10)
    assert refused(messages.post, backend, lounge.bob, other, "hello", "x") == "muted"
    sanctions.lift(backend, lounge.mo, int(mute["id"]))
    messages.post(backend, lounge.bob, other, "hello", "x")


def test_who_is_kicked_may_come_back_and_who_is_banned_may_not(backend, lounge):
    lounge.impose(lounge.ann, "kick", lounge.bob)
    assert refused(lounge.say, lounge.bob) == "not_a_member"
    backend.db.write(membership.join, lounge.bob, lounge.id)
    [ban] = lounge.impose(lounge.ann, "ban", lounge.bob)
    assert ban["ends_at"] is None
    assert refused(backend.db.read, rooms.for_user, lounge.bob, lounge.id) == "banned"
    assert refused(backend.db.write, membership.join, lounge.bob, lounge.id) == "banned"
    assert refused(backend.db.write, membership.add, lounge.ann, lounge.id, lounge.bob.id) in (
        "forbidden",
        "banned",
    )
    assert str(lounge.id) not in {one["id"] for one in backend.db.read(rooms.all_for_user, lounge.bob)}
    sanctions.lift(backend, lounge.ann, int(ban["id"]))
    backend.db.write(membership.join, lounge.bob, lounge.id)


def test_what_somebody_wrote_of_late_is_deleted_with_the_ban(backend, lounge):
    spam = [lounge.say(lounge.bob, f"buy {n}") for n in range(deletions.DELETED_AT_ONCE + 3)]
    kept = lounge.say(lounge.mia)
    lounge.impose(lounge.ann, "ban", lounge.bob, delete_minutes=5)

    def left():
        found = backend.db.read(rendering.by_ids, [int(one["id"]) for one in [*spam, kept]])
        return [one["id"] for one in found.values() if not one["deleted_at"]]

    wait_until(lambda: left() == [kept["id"]], 10, "the deletion, which follows the answer")


def test_nobody_is_moderated_from_below(backend, lounge):
    for who, target in (
        (lounge.bob, lounge.mia),
        (lounge.ann, lounge.mo),
        (lounge.mo, lounge.ada),
        (lounge.mo, lounge.mo),
    ):
        assert refused(lounge.impose, who, "mute", target, minutes=5) == "forbidden"
    assert refused(lounge.impose, lounge.ann, "mute", lounge.bob, minutes=5, everywhere=True) == "forbidden"
    lounge.impose(lounge.mo, "mute", lounge.ann, minutes=5)
    lounge.impose(lounge.ada, "mute", lounge.mo, minutes=5)
    assert acts(backend, lounge.ada) == [("mute", lounge.ada.username), ("mute", lounge.mo.username)]


def test_in_a_direct_room_nobody_is_above_the_other(backend, lounge):
    both, _new = backend.db.write(direct.open, lounge.ann, [lounge.bob.id])
    said, _new = messages.post(backend, lounge.bob, both, "hello", "x")
    assert refused(deletions.delete, backend, lounge.ann, int(said["id"])) == "forbidden"
    assert refused(pins.pin, backend, lounge.ann, int(said["id"]), True) == "forbidden"
    for who in (lounge.ann, lounge.mo):
        wish = Wish("kick", [lounge.bob.id], "rude", both)
        assert refused(sanctions.impose, backend, who, wish) in ("forbidden", "not_found")


def test_a_creator_appoints_who_moderates_the_room(backend, lounge):
    assert (
        refused(backend.db.write, moderators.appoint, lounge.bob, lounge.id, lounge.bob.id, True)
        == "forbidden"
    )
    backend.db.write(moderators.appoint, lounge.ann, lounge.id, lounge.bob.id, True)
    lounge.impose(lounge.bob, "mute", lounge.mia, minutes=5)
    assert refused(lounge.impose, lounge.bob, "mute", lounge.ann, minutes=5) == "forbidden"
    backend.db.write(moderators.appoint, lounge.ann, lounge.id, lounge.bob.id, False)
    assert refused(lounge.impose, lounge.bob, "mute", lounge.mia, minutes=5) == "forbidden"


def test_an_appeal_is_made_once_and_decided_by_somebody_else(backend, lounge):
    [mute] = lounge.impose(lounge.mo, "mute", lounge.bob, minutes=60)
    id_ = int(mute["id"])
    assert refused(sanctions.appeal, backend, lounge.mia, id_, "me too") == "not_found"
    assert "by" not in sanctions.appeal(backend, lounge.bob, id_, "It was a joke")
    assert refused(sanctions.appeal, backend, lounge.bob, id_, "Please") == "already_appealed"
    assert refused(sanctions.decide, backend, lounge.mo, id_, False, "No") == "forbidden"
    assert refused(sanctions.decide, backend, lounge.bob, id_, False, "Yes") in ("forbidden", "not_found")
    decided = sanctions.decide(backend, lounge.ada, id_, False, "Fair enough")
    assert (decided["upheld"], decided["answer"]) == (False, "Fair enough") and decided["lifted_at"]
    lounge.say(lounge.bob)
    [mine] = backend.db.read(sanctions.of_person, lounge.bob)
    assert mine["answer"] == "Fair enough" and "by" not in mine


def test_a_rooms_own_moderators_see_what_they_may_judge(backend, lounge, room):
    def seen(who, room_id=None):
        found = backend.db.read(sanctions.listed, who, room_id, None, True)
        return {(one["user"]["username"], *one["may"]) for one in found}

    backend.db.write(moderators.appoint, lounge.ann, lounge.id, lounge.mia.id, True)
    lounge.impose(lounge.mia, "mute", lounge.bob, minutes=60)
    [mute] = lounge.impose(lounge.ann, "mute", lounge.bob, minutes=60)
    sanctions.appeal(backend, lounge.bob, int(mute["id"]), "It was a joke")
    lounge.impose(lounge.mo, "ban", lounge.bob, everywhere=True)
    bob = lounge.bob.username
    assert seen(lounge.ann) == {(bob, "lift")}, "hers waits for somebody else, and she may lift Mia's"
    assert seen(lounge.mia) == {(bob, "lift"), (bob, "lift", "decide")} == seen(lounge.mia, lounge.id)
    assert len(backend.db.read(sanctions.listed, lounge.mia)) == 2, "what holds everywhere is for others"
    assert len(backend.db.read(sanctions.listed, lounge.mo)) == 3
    assert refused(sanctions.decide, backend, lounge.ann, int(mute["id"]), False, "") == "forbidden"
    sanctions.decide(backend, lounge.mia, int(mute["id"]), False, "Fair enough")
    assert seen(lounge.mia) == {(bob, "lift")}

    [above] = lounge.impose(lounge.mo, "mute", lounge.bob, minutes=60)
    sanctions.appeal(backend, lounge.bob, int(above["id"]), "Please")
    assert (bob,) in seen(lounge.mia) and (bob, "lift", "decide") in seen(lounge.ada)
    assert refused(sanctions.decide, backend, lounge.mia, int(above["id"]), False, "") == "forbidden"
    room(lounge.bob)
    assert seen(lounge.bob) == set(), "he moderates a room, but not this one"
    backend.db.write(moderators.appoint, lounge.ann, lounge.id, lounge.mia.id, False)
    assert refused(seen, lounge.mia) == "forbidden"


def test_an_appeal_of_what_does_not_last_waits_among_what_does(backend, lounge):
    def current():
        return [one["id"] for one in backend.db.read(sanctions.listed, lounge.ada, lounge.id, None, True)]

    [kick] = lounge.impose(lounge.mo, "kick", lounge.bob)
    assert current() == []
    sanctions.appeal(backend, lounge.bob, int(kick["id"]), "It was a joke")
    assert current() == [kick["id"]]
    sanctions.decide(backend, lounge.ada, int(kick["id"]), True, "Not a good one")
    assert current() == []


def test_a_rooms_rules_bind_all_but_who_moderates_it(backend, lounge):
    lounge.change(lounge.ann, locked=True)
    assert refused(lounge.say, lounge.bob) == "room_locked"
    lounge.say(lounge.ann)
    lounge.say(lounge.mo)
    lounge.change(lounge.ann, locked=False, unwanted_words=["Ass", "笨蛋"])
    assert refused(lounge.say, lounge.bob, "you ＡＳＳ") == "unwanted_word"
    said = lounge.say(lounge.bob, "first class")
    assert refused(messages.edit, backend, lounge.bob, int(said["id"]), "你是笨蛋吗") == "unwanted_word"
    lounge.change(lounge.ann, unwanted_words=[], slow_mode=60)
    first = lounge.say(lounge.bob, "one", "c1")
    with pytest.raises(Refused) as why:
        lounge.say(lounge.bob, "two", "c2")
    assert why.value.code == "slow_mode" and 58 <= why.value.retry_after <= 60
    assert lounge.say(lounge.bob, "one", "c1")["id"] == first["id"], "a repeat is no second message"
    lounge.say(lounge.mia)
    assert refused(lounge.change, lounge.bob, locked=True) == "forbidden"


def test_a_report_waits_for_who_moderates_and_is_decided_once(backend, lounge, person):
    said = lounge.say(lounge.bob, "buy this")
    id_ = int(said["id"])
    report, new = reports.make(backend, lounge.mia, id_, "spam")
    assert new and reports.make(backend, lounge.mia, id_, "again") == (report, False)
    reports.make(backend, lounge.ann, id_, "spam too")
    assert refused(reports.make, backend, person("eve"), 10**9, "x") == "not_found"
    assert refused(reports.make, backend, lounge.bob, id_, "mine") == "invalid"
    assert refused(backend.db.read, reports.listed, lounge.mia, "open") == "forbidden"
    waiting = backend.db.read(reports.listed, lounge.mo, "open")
    assert [one["reason"] for one in waiting] == ["spam", "spam too"]
    number = int(report["id"])
    assert backend.db.write(reports.take, lounge.mo, number, True)["assigned_to"]["id"] == str(lounge.mo.id)
    shown = backend.db.write(reports.decide, lounge.mo, number, True, "indeed")
    assert (shown["state"], shown["message"]["text"], shown["before"]["agreed_reports"]) == (
        "agreed",
        "buy this",
        2,
    )
    assert backend.db.read(reports.waiting, lounge.mo) == 0, (
        "the other report of the same message is decided alike"
    )
    assert refused(backend.db.write, reports.decide, lounge.ada, number, False, "") == "superseded"
    deletions.delete(backend, lounge.mo, id_)
    assert backend.db.read(reports.one, lounge.mo, number)["message"]["text"] is None


def test_a_report_from_a_private_room_shows_its_message_to_nobody_outside(backend, lounge, room):
    secret = room(lounge.ann, lounge.bob, private=True)
    said, _new = messages.post(backend, lounge.bob, secret, "a secret", "x")
    reports.make(backend, lounge.ann, int(said["id"]), "rude")
    [outside] = backend.db.read(reports.listed, lounge.mo, "open")
    assert (outside["message"], outside["room"], outside["reason"]) == (None, None, "rude")
    assert backend.db.read(reports.one, lounge.mo, int(outside["id"]))["context"] == []
    [inside] = backend.db.read(reports.listed, lounge.ann, "open")
    assert inside["message"]["text"] == "a secret"


def test_pins_are_for_who_moderates_and_go_with_their_message(backend, lounge):
    said = [lounge.say(lounge.bob, text) for text in ("one", "two")]
    assert refused(pins.pin, backend, lounge.bob, int(said[0]["id"]), True) == "forbidden"
    for message in said:
        pins.pin(backend, lounge.ann, int(message["id"]), True)
        pins.pin(backend, lounge.ann, int(message["id"]), True)
    deletions.delete(backend, lounge.bob, int(said[0]["id"]))
    assert [one["text"] for one in backend.db.read(pins.of_room, lounge.mia, lounge.id)] == ["two"]
    pins.pin(backend, lounge.mo, int(said[1]["id"]), False)
    assert backend.db.read(pins.of_room, lounge.mia, lounge.id) == []
    assert [act for act, _ in acts(backend, lounge.mo)] == ["unpin", "pin", "pin"]


def test_the_audit_log_is_only_added_to_and_hides_private_rooms(backend, lounge, room):
    secret = room(lounge.ann, lounge.bob, private=True)
    sanctions.impose(backend, lounge.ann, Wish("kick", [lounge.bob.id], "rude", secret))
    lounge.impose(lounge.ann, "kick", lounge.mia)
    assert [act["room"]["id"] for act in backend.db.read(moderators.acts, lounge.ada)] == [str(lounge.id)]
    assert refused(backend.db.read, moderators.acts, lounge.bob) == "forbidden"
    assert len(backend.db.read(moderators.acts, lounge.ann, secret)) == 1
    for change in (audit.update().values(act="nothing"), audit.delete()):
        with pytest.raises(sa.exc.DBAPIError, match="only added to"):
            backend.db.write(lambda conn, change=change: conn.execute(change))


# SQLite makes one change after the other: there nothing can come in between.
on_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@on_postgresql
def test_who_is_banned_while_they_join_is_no_member(backend, lounge):
    """As a flood does, which joins again and again: it has been let through, and is banned before it is a member."""

    def join(conn):
        rooms.for_user(conn, lounge.bob, lounge.id)
        lounge.impose(lounge.mo, "ban", lounge.bob)
        membership.let_in(conn, lounge.id, lounge.bob.id)

    assert refused(backend.db.write, join) == "banned"
    assert refused(lounge.say, lounge.bob) == "banned"


@on_postgresql
def test_who_joins_while_they_are_banned_is_no_member(backend, lounge):
    bans = []

    def join(conn):
        membership.let_in(conn, lounge.id, lounge.bob.id)
        banning = threading.Thread(target=lambda: bans.append(lounge.impose(lounge.mo, "ban", lounge.bob)))
        banning.start()
        banning.join(0.5)
        assert not bans, "the ban did not wait"
        return banning

    backend.db.write(membership.leave, lounge.bob, lounge.id)
    backend.db.write(join).join(10)
    assert bans
    assert refused(lounge.say, lounge.bob) == "banned"
