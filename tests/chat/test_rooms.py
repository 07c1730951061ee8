"""Rooms: who sees which, who lets whom in and out, and how far each has read."""

import threading

import pytest
import sqlalchemy as sa

from chat import deletions, inputs, membership, messages, rooms, search
from chat import schema as tables
from chat.errors import Refused


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def bob(person):
    return person("bob")


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code


def say(backend, author, where, text, number=[0]):  # noqa: B006
    number[0] += 1
    return messages.post(backend, author, where, text, f"c{number[0]}")[0]


def seen_by(backend, who):
    return {int(room["id"]): room for room in backend.db.read(rooms.all_for_user, who)}


def members_of(backend, who, where):
    return backend.db.read(membership.people_in, who, where)


def names(backend, who, where):
    return [member.username for member in members_of(backend, who, where)]


def read_to(backend, who, where, seq, back=False):
    return backend.db.write(membership.mark_read, who, where, seq, back)


def test_whoever_makes_a_room_is_its_first_member(backend, ann):
    made = backend.db.write(rooms.create, ann, "Reading circle", "One book a month", True)
    room = backend.db.read(rooms.one_for_user, ann, made)
    log = room.pop("log")
    assert log and room == {
        "id": str(made),
        "name": "Reading circle",
        "topic": "One book a month",
        "private": True,
        "direct": False,
        "people": None,
        "creator": str(ann.id),
        "member": True,
        "last_seq": 0,
        "unread": 0,
        "mentions": 0,
        "read_seq": 0,
        "notify": "mentions",
        "muted": False,
        "moderates": True,
        "locked": False,
        "slow_mode": 0,
        "unwanted_words": [],
        "blur_labels": [],
        "hold_labels": [],
        "refuse_labels": [],
        "picture_sure": 50,
    }
    assert members_of(backend, ann, made) == [ann]


@pytest.fixture
def interrupted(backend, person, bob, room):
    """Reads while bob writes: after each statement of `interrupted(work, *args)` there is another message."""
    lounge = room(person("cy"))
    backend.db.write(membership.join, bob, lounge)

    def read(work, *args):
        def in_between(conn):
            def write(*_):
                thread = threading.Thread(target=say, args=(backend, bob, lounge, "in between"))
                thread.start()
                thread.join()

            sa.event.listen(conn, "after_cursor_execute", write)
            return work(conn, *args)

        return backend.db.read(in_between)

    return lounge, read


def test_the_unread_count_and_the_last_event_are_of_one_moment(backend, ann, interrupted):
    lounge, read = interrupted
    backend.db.write(membership.join, ann, lounge)
    for _ in range(2):
        listed = {int(room["id"]): room for room in read(rooms.all_for_user, ann)}[lounge]
        assert listed["unread"] == listed["last_seq"] - listed["read_seq"]
        one = read(rooms.one_for_user, ann, lounge)
        assert one["unread"] == one["last_seq"] - one["read_seq"]
    assert one["unread"] > 0


def test_a_page_ends_at_the_event_that_it_names(backend, ann, interrupted):
    lounge, read = interrupted
    for _ in range(3):
        page = read(messages.page, ann, lounge, None, None, 50)
        assert [message["seq"] for message in page["messages"]] == list(range(1, page["last_seq"] + 1))
    assert page["last_seq"] > 0


def test_two_rooms_may_have_one_name_and_never_one_log(backend, ann):
    first, second = (backend.db.write(rooms.create, ann, "Random") for _ in range(2))
    seen = seen_by(backend, ann)
    assert seen[first]["name"] == seen[second]["name"] == "Random"
    assert seen[first]["log"] != seen[second]["log"]


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "x" * 81, "a\0b", "\udcff", 7, None])
def test_what_is_no_name_of_a_room(name):
    with pytest.raises(Refused, match=r"^invalid: name: "):
        inputs.from_data(inputs.NewRoom, {"name": name})
    assert inputs.from_data(inputs.NewRoom, {"name": "Küche 🍲 " + "x" * 72}).private is False


def test_rooms_are_listed_by_name_whatever_its_case(backend, ann):
    for name in ("music", "Cooking", "Music", "books"):
        backend.db.write(rooms.create, ann, name)
    listed = [room["name"] for room in backend.db.read(rooms.all_for_user, ann) if room["member"]]
    assert listed == ["books", "Cooking", "music", "Music"]


def test_everybody_sees_a_public_room_and_only_its_members_a_private_one(backend, ann, bob, room, person):
    lounge, secret = room(ann), room(ann, private=True)
    for who in (bob, person("mo", "moderator"), person("ada", "admin")):
        assert seen_by(backend, who)[lounge]["member"] is False
        assert secret not in seen_by(backend, who)
        assert refusal(backend.db.read, rooms.for_user, who, secret) == "not_found"
        assert refusal(backend.db.read, membership.people_in, who, secret) == "not_found"
        assert names(backend, who, lounge) == [ann.username]
    assert seen_by(backend, ann).keys() >= {lounge, secret}


def test_a_private_room_and_none_at_all_are_refused_in_the_same_words(backend, ann, bob, room):
    secret = room(ann, private=True)
    details = set()
    for room_id in (secret, secret + 1000, 0, 2**63 - 1):
        with pytest.raises(Refused) as refused:
            backend.db.read(rooms.for_user, bob, room_id)
        details.add(refused.value.detail.replace(str(room_id), "ID"))
    assert len(details) == 1


def test_people_come_and_go_as_they_like_where_it_is_public(backend, ann, bob, room):
    lounge = room(ann)
    for _ in range(2):  # twice is as good as once
        backend.db.write(membership.join, bob, lounge)
    assert names(backend, ann, lounge) == [ann.username, bob.username]
    for _ in range(2):
        backend.db.write(membership.leave, bob, lounge)
    assert names(backend, bob, lounge) == [ann.username]
    assert refusal(messages.post, backend, bob, lounge, "still here?", "1") == "not_a_member"


def test_nobody_joins_a_private_room_by_themselves(backend, ann, bob, room, person):
    secret = room(ann, private=True)
    for who in (bob, person("ada", "admin")):
        assert refusal(backend.db.write, membership.join, who, secret) == "not_found"
        assert refusal(backend.db.write, membership.leave, who, secret) == "not_found"
        assert refusal(backend.db.write, membership.add, who, secret, who.id) == "not_found"
    assert members_of(backend, ann, secret) == [ann]


def test_a_member_brings_others_into_a_private_room(backend, ann, bob, room, person):
    secret, eva = room(ann, private=True), person("eva")
    backend.db.write(membership.add, ann, secret, bob.id)
    backend.db.write(membership.add, bob, secret, eva.id)
    backend.db.write(membership.add, bob, secret, eva.id)
    assert {member.id for member in members_of(backend, eva, secret)} == {ann.id, bob.id, eva.id}
    assert refusal(backend.db.write, membership.add, ann, secret, 10**9) == "not_found"


def test_nobody_is_brought_into_a_public_room(backend, ann, bob, room, person):
    lounge, eva = room(ann), person("eva")
    assert refusal(backend.db.write, membership.add, ann, lounge, bob.id) == "forbidden"
    assert refusal(backend.db.write, membership.add, bob, lounge, eva.id) == "not_a_member"
    assert refusal(backend.db.write, membership.add, bob, lounge, bob.id) == "not_a_member"
    assert members_of(backend, ann, lounge) == [ann]


def test_the_creator_and_moderators_remove_and_others_do_not(backend, ann, bob, room, person):
    eva, mo = person("eva"), person("mo", "moderator")
    lounge, secret = room(ann, bob, eva), room(ann, bob, eva, private=True)
    for where in (lounge, secret):
        assert refusal(backend.db.write, membership.remove, bob, where, eva.id) == "forbidden"
        assert refusal(backend.db.write, membership.remove, bob, where, ann.id) == "forbidden"
    backend.db.write(membership.remove, mo, lounge, eva.id)
    assert refusal(backend.db.write, membership.remove, mo, secret, eva.id) == "not_found"
    backend.db.write(membership.remove, ann, secret, eva.id)
    backend.db.write(membership.remove, bob, secret, bob.id)  # oneself, always
    assert names(backend, ann, lounge) == [ann.username, bob.username]
    assert members_of(backend, ann, secret) == [ann]


def test_a_creator_who_left_a_private_room_is_a_stranger_to_it(backend, ann, bob, room):
    secret = room(ann, bob, private=True)
    backend.db.write(membership.leave, ann, secret)
    assert refusal(backend.db.write, membership.remove, ann, secret, bob.id) == "not_found"
    assert refusal(backend.db.write, membership.join, ann, secret) == "not_found"
    backend.db.write(membership.add, bob, secret, ann.id)
    backend.db.write(membership.remove, ann, secret, bob.id)
    assert members_of(backend, ann, secret) == [ann]


def test_whoever_is_removed_from_a_private_room_has_no_more_of_it_than_a_stranger(backend, ann, bob, room):
    secret = room(ann, bob, private=True)
    mine = int(say(backend, bob, secret, "a sunken treasure")["id"])
    backend.db.write(search.index)
    find = (search.find, bob, search.Wish("treasure"), 10)
    assert backend.db.read(*find).ids == [mine]
    backend.db.write(membership.remove, ann, secret, bob.id)
    assert secret not in seen_by(backend, bob)
    assert backend.db.read(*find).ids == []
    for refused in (
        lambda: backend.db.read(messages.page, bob, secret, None, None, 50),
        lambda: backend.db.read(messages.one, bob, mine),
        lambda: messages.edit(backend, bob, mine, "changed"),
        lambda: deletions.delete(backend, bob, mine),
        lambda: messages.react(backend, bob, mine, "👍", True),
        lambda: messages.post(backend, bob, secret, "hello?", "x"),
        lambda: read_to(backend, bob, secret, 1),
    ):
        assert refusal(refused) == "not_found"
    assert backend.db.read(messages.one, ann, mine)["text"] == "a sunken treasure"


def test_the_reading_position_goes_forward_to_the_end_at_most(backend, ann, bob, room):
    lounge = room(ann, bob)
    for n in range(5):
        say(backend, ann, lounge, str(n))
    assert [read_to(backend, bob, lounge, seq) for seq in (2, 4, 3, 0)] == [2, 4, 4, 4]
    assert read_to(backend, bob, lounge, 10**12) == 5
    assert read_to(backend, bob, lounge, 1, back=True) == 1
    assert (seen_by(backend, bob)[lounge]["unread"], seen_by(backend, bob)[lounge]["read_seq"]) == (4, 1)
    assert seen_by(backend, ann)[lounge]["read_seq"] == 0  # everybody has their own


def test_devices_that_read_at_the_same_time_leave_the_furthest_position(backend, ann, bob, room):
    lounge = room(ann, bob)
    for n in range(12):
        say(backend, ann, lounge, str(n))
    threads = [
        threading.Thread(target=read_to, args=(backend, bob, lounge, seq))
        for seq in (5, 12, 3, 9, 1, 7, 11, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen_by(backend, bob)[lounge]["read_seq"] == 12


def test_only_members_have_a_reading_position(backend, ann, bob, room):
    lounge = room(ann)
    say(backend, ann, lounge, "hello")
    assert refusal(read_to, backend, bob, lounge, 1) == "not_a_member"
    assert (seen_by(backend, bob)[lounge]["unread"], seen_by(backend, bob)[lounge]["read_seq"]) == (0, 0)


def test_whoever_comes_in_or_comes_again_has_nothing_unread(backend, ann, bob, room):
    lounge = room(ann)
    say(backend, ann, lounge, "before")
    for _ in range(2):
        backend.db.write(membership.join, bob, lounge)
        assert seen_by(backend, bob)[lounge]["unread"] == 0
        say(backend, ann, lounge, "meanwhile")
        assert seen_by(backend, bob)[lounge]["unread"] == 1
        backend.db.write(membership.join, bob, lounge)  # joining once more reads nothing
        assert backend.db.read(rooms.one_for_user, bob, lounge)["unread"] == 1
        backend.db.write(membership.leave, bob, lounge)


def test_unread_counts_messages_and_no_other_events(backend, ann, bob, room):
    lounge, kitchen = room(ann, bob), room(ann, bob)
    message = int(say(backend, ann, lounge, "frist")["id"])
    messages.edit(backend, ann, message, "first")
    messages.react(backend, ann, message, "👍", True)
    say(backend, ann, kitchen, "soup")
    seen = seen_by(backend, bob)
    assert (seen[lounge]["unread"], seen[lounge]["last_seq"], seen[kitchen]["unread"]) == (1, 3, 1)
    read_to(backend, bob, lounge, 1)
    seen = seen_by(backend, bob)
    assert (seen[lounge]["unread"], seen[kitchen]["unread"]) == (0, 1)


def test_presence_is_for_small_rooms_only(backend, ann, bob, room, person):
    pair, three, alone = room(ann, bob), room(ann, bob, person("eva")), room(bob)
    small = backend.db.read(membership.small_rooms_of, [ann.id, bob.id], 2)
    assert set(small) == {(ann.id, pair), (bob.id, pair), (bob.id, alone)}
    assert set(backend.db.read(membership.small_rooms_of, [ann.id], 3)) == {(ann.id, pair), (ann.id, three)}
    assert backend.db.read(membership.small_rooms_of, [bob.id], 1) == [(bob.id, alone)]


def test_rights_are_read_for_many_at_once(backend, ann, bob, room):
    lounge, secret = room(ann, bob), room(ann, private=True)
    everybody = {ann.id, bob.id} | set(range(10**6, 10**6 + 600))
    assert backend.db.read(membership.memberships, everybody) == {
        (lounge, ann.id),
        (lounge, bob.id),
        (secret, ann.id),
    }
    assert backend.db.read(rooms.private_among, [lounge, secret, 10**6]) == {secret, 10**6}


def test_a_new_installation_has_one_public_room_however_many_begin_it(backend):
    everything = sa.select(tables.rooms)
    backend.db.write(lambda conn: conn.execute(tables.rooms.delete()))
    start = threading.Barrier(6)

    def begin():
        start.wait()
        backend.db.write(rooms.ensure_first)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = backend.db.read(lambda conn: conn.execute(everything).all())
    assert [(room.name, room.private, room.creator_id) for room in made] == [("Lobby", False, None)]


def test_an_installation_that_has_rooms_gets_no_other(backend, ann, room):
    room(ann, private=True)
    before = backend.db.read(rooms.all_for_user, ann)
    backend.db.write(rooms.ensure_first)
    assert backend.db.read(rooms.all_for_user, ann) == before


def test_after_a_restore_every_log_has_another_name_and_nothing_else_changes(backend, ann, room):
    lounge = room(ann)
    room(ann, private=True)
    say(backend, ann, lounge, "hello")
    before = seen_by(backend, ann)
    assert backend.db.write(rooms.renew_logs) == len(before)
    after = seen_by(backend, ann)
    for room_id, seen in after.items():
        assert seen.pop("log") != before[room_id].pop("log")
    assert after == before


def test_the_creator_or_a_moderator_who_is_there_changes_a_room(backend, ann, bob, person, room):
    lounge = room(ann, bob)
    write = backend.db.write
    write(rooms.change, ann, lounge, {"name": "Tea", "topic": "Which one?"})
    shown = seen_by(backend, bob)[lounge]
    assert (shown["name"], shown["topic"]) == ("Tea", "Which one?")
    write(rooms.change, ann, lounge, {"topic": ""})
    assert seen_by(backend, bob)[lounge]["topic"] == ""
    mia = person("mia", role="moderator")
    assert refusal(write, rooms.change, bob, lounge, {"name": "mine"}) == "forbidden"
    assert refusal(write, rooms.change, mia, lounge, {"name": "mine"}) == "not_a_member"
    write(membership.join, mia, lounge)
    write(rooms.change, mia, lounge, {"name": "Coffee"})
    secret = room(ann, private=True)
    assert refusal(write, rooms.change, mia, secret, {"name": "mine"}) == "not_found"
    assert seen_by(backend, bob)[lounge]["name"] == "Coffee"


def test_each_says_for_themselves_what_they_want_to_hear(backend, ann, bob, room):
    lounge = room(ann, bob)
    backend.db.write(membership.change, ann, lounge, {"notify": "nothing"})
    backend.db.write(membership.change, ann, lounge, {"muted": True})
    mine, his = (seen_by(backend, who)[lounge] for who in (ann, bob))
    assert (mine["notify"], mine["muted"]) == ("nothing", True)
    assert (his["notify"], his["muted"]) == ("mentions", False)
    assert refusal(backend.db.write, membership.change, bob, room(ann), {"muted": True}) == "not_a_member"
