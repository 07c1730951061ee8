"""Direct rooms: one for each set of people; and who is mentioned."""

import threading

import pytest

from chat import deletions, direct, leaving, membership, mentions, messages, rooms, users
from chat.errors import Refused


@pytest.fixture
def cast(person):
    return [person(name) for name in ("ann", "bob", "cy", "eva")]


def open_(backend, who, *others):
    return backend.db.write(direct.open, who, [other.id for other in others])


def seen(backend, who):
    return {int(room["id"]): room for room in backend.db.read(rooms.all_for_user, who)}


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code


def test_the_same_people_have_one_room_however_often_it_is_asked_for(backend, cast):
    ann, bob, cy, eva = cast
    room, new = open_(backend, ann, bob)
    assert new and open_(backend, ann, bob) == open_(backend, bob, ann, ann) == (room, False)
    three, new = open_(backend, cy, bob, ann)
    assert new and three != room and open_(backend, bob, ann, cy) == (three, False)
    for who, name in ((ann, bob.display_name), (bob, ann.display_name)):
        mine = seen(backend, who)[room]
        assert (mine["name"], mine["direct"], mine["private"], mine["notify"]) == (name, True, True, "all")
        assert mine == backend.db.read(rooms.one_for_user, who, room)
        assert {user["id"] for user in mine["people"]} == {str(ann.id), str(bob.id)}
    assert seen(backend, ann)[three]["name"] == f"{bob.display_name}, {cy.display_name}"
    assert room not in seen(backend, eva) and three not in seen(backend, eva)
    assert refusal(backend.db.read, rooms.for_user, eva, room) == "not_found"


def test_two_who_write_to_each_other_at_once_find_each_other(backend, cast):
    ann, bob, *_ = cast
    found = []
    ready = threading.Barrier(2)

    def ask(who, other):
        ready.wait()
        found.append(open_(backend, who, other))

    threads = [threading.Thread(target=ask, args=pair) for pair in ((ann, bob), (bob, ann))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({room for room, _new in found}) == 1 and sorted(new for _room, new in found) == [False, True]
    assert len(backend.db.read(membership.people_in, ann, found[0][0])) == 2


def test_nobody_comes_into_a_direct_room_or_is_sent_away(backend, cast):
    ann, bob, cy, eva = cast
    two, _ = open_(backend, ann, bob)
    three, _ = open_(backend, ann, bob, cy)
    write = backend.db.write
    for room in (two, three):
        assert refusal(write, membership.add, ann, room, eva.id) == "forbidden"
        assert refusal(write, membership.remove, ann, room, bob.id) == "forbidden"
        assert refusal(write, rooms.change, ann, room, {"name": "ours"}) == "forbidden"
    assert (
        refusal(write, membership.leave, ann, two)
        == refusal(write, membership.remove, ann, two, ann.id)
        == "forbidden"
    )
    write(membership.leave, cy, three)
    assert three not in seen(backend, cy)
    assert open_(backend, ann, bob, cy) == (three, False)
    assert three not in seen(backend, cy), "who has left is not brought back by others"
    assert open_(backend, cy, bob, ann) == (three, False) and three in seen(backend, cy)


def test_one_writes_to_others_who_exist(backend, cast):
    ann, bob, *_ = cast
    room, _ = open_(backend, ann, bob)
    leaving.leave(backend, bob, False)
    assert seen(backend, ann)[room]["name"] == users.GONE
    assert bob.id not in [one.id for one in backend.db.read(users.find, "bob", 100)]
    assert refusal(open_, backend, cast[2], bob) == "not_found"
    assert refusal(open_, backend, ann, ann) == "invalid"
    assert refusal(backend.db.write, direct.open, ann, [10**9]) == "not_found"


def test_people_are_found_by_a_part_of_their_name(backend, person):
    made = [person(name) for name in ("xolotl", "Maxolo", "percent%x")]

    def found(words, most=20):
        return [one.id for one in backend.db.read(users.find, words, most)]

    assert found("XOLO") == [made[0].id, made[1].id]
    assert found("xolo", 1) == [made[0].id]
    assert found("%x") == [made[2].id] and found("_olo") == []
    assert set(found("")) >= {one.id for one in made}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ann", ["ann"]),
        ("hello @Ann.", ["ann"]),
        ("(@ann-marie, @bob)", ["ann-marie", "bob"]),
        ("mail ann@example.org or x.@ann", []),
        ("@ @. @-x 中文 @小明，好", ["小明"]),
        ("@" + "x" * 40, ["x" * 33]),
    ],
)
def test_who_is_mentioned(text, names):
    assert list(mentions.names(text)) == names


def test_unread_mentions_are_counted_as_far_as_they_are_unread(backend, cast, room):
    ann, bob, *_ = cast
    lounge = room(ann, bob)
    texts = [
        f"@{ann.username} come",
        f"@{ann.username}x",
        "nobody",
        f"and @{ann.username.upper()}!",
        f"@{bob.username}",
    ]
    said = [messages.post(backend, bob, lounge, text, f"c{n}")[0] for n, text in enumerate(texts)]
    messages.post(backend, ann, lounge, f"I, @{ann.username}", "mine")

    def counts(who):
        shown = seen(backend, who)[lounge]
        return shown["unread"], shown["mentions"]

    assert counts(ann) == (5, 2) and counts(bob) == (1, 0)
    deletions.delete(backend, bob, int(said[3]["id"]))
    assert counts(ann) == (4, 1)
    backend.db.write(membership.mark_read, ann, lounge, said[0]["seq"], False)
    assert counts(ann) == (3, 0)
