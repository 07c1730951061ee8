"""What people do is counted once, whoever counts, and nothing of who takes no part."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from chat import activity, deletions, images, messages, offers
from chat.activity import DAY, PRIVATE, Item
from chat.schema import active_hours, room_hours, users
from chat.schema import activity as cells
from chat.schema import messages as message_rows
from tests.people import has_done, new_id, picture

TABLES = (cells, active_hours, room_hours)


@pytest.fixture
def ann(person):
    return person("ann")


@pytest.fixture
def bob(person):
    return person("bob")


@pytest.fixture
def say(backend):
    def say(person, room, text="hello", **more):
        return int(messages.post(backend, person, room, text, new_id(), **more)[0]["id"])

    return say


@pytest.fixture
def drop(backend, say):
    return lambda person, room: say(person, room, "", picture=images.keep(backend, io.BytesIO(picture())))


def done(backend, person=None):
    """{(person, what): how often}."""
    rows = backend.db.read(activity.done, person and [person.id])
    return {(user, str(item)): times for user, item, times in rows}


def kinds(backend, person):
    found = {item.removeprefix("kind:"): n for (_, item), n in done(backend, person).items()}
    return {kind: found[kind] for kind in activity.KINDS if kind in found}


def test_each_act_counts_once_in_each_group(backend, ann, bob, room, say, drop):
    lounge, attic = room(ann, bob), room(ann, private=True)
    first = say(ann, lounge)
    drop(ann, lounge)
    say(bob, lounge, reply_to=first)
    say(ann, attic)
    messages.react(backend, bob, first, "👍", True)
    assert activity.count(backend) == 5
    assert activity.count(backend) == 0
    found = done(backend)
    hours = next(item for _, item in found if item.startswith("hours:"))
    assert found == {
        (ann.id, "kind:texts"): 2,
        (ann.id, "kind:pictures"): 1,
        (ann.id, f"room:{lounge}"): 2,
        (ann.id, str(PRIVATE)): 1,
        (ann.id, hours): 3,
        (bob.id, "kind:replies"): 1,
        (bob.id, "kind:reactions"): 1,
        (bob.id, f"room:{lounge}"): 2,
        (bob.id, hours): 2,
    }


def test_a_picture_that_replies_is_a_picture(backend, ann, room, say):
    lounge = room(ann)
    first = say(ann, lounge)
    pinned = images.keep(backend, io.BytesIO(picture()))
    say(ann, lounge, "", picture=pinned, reply_to=first)
    activity.count(backend)
    assert kinds(backend, ann) == {"texts": 1, "pictures": 1}


def test_a_reaction_that_was_taken_back_in_time_does_not_count(backend, ann, bob, room, say):
    lounge = room(ann, bob)
    first = say(ann, lounge)
    messages.react(backend, bob, first, "👍", True)
    messages.react(backend, bob, first, "🎉", True)
    messages.react(backend, bob, first, "👍", False)
    activity.count(backend)
    assert kinds(backend, bob) == {"reactions": 1}
    messages.react(backend, bob, first, "👍", True)
    activity.count(backend)
    assert kinds(backend, bob) == {"reactions": 2}


def test_what_was_deleted_before_it_was_counted_does_not_count(backend, ann, room, say):
    lounge = room(ann)
    gone, later = say(ann, lounge), say(ann, lounge)
    deletions.delete(backend, ann, gone)
    activity.count(backend)
    assert kinds(backend, ann) == {"texts": 1}
    deletions.delete(backend, ann, later)
    activity.count(backend)
    assert kinds(backend, ann) == {"texts": 1}


def test_bots_are_not_counted(backend, ann, room, say):
    lounge = room(ann)
    bot = backend.db.write(lambda conn: users_bot(conn, ann))
    say(bot, lounge)
    activity.count(backend)
    assert done(backend) == {}


def users_bot(conn, somebody):
    conn.execute(users.update().where(users.c.id == somebody.id).values(bot=True))
    return somebody


def test_many_events_and_rooms_in_many_steps(backend, ann, room, say, monkeypatch):
    monkeypatch.setattr(activity, "STEP", 3)
    monkeypatch.setattr(activity, "ROOMS", 2)
    rooms = [room(ann) for _ in range(5)]
    for lounge in rooms:
        for _ in range(7):
            say(ann, lounge)
    assert activity.count(backend) == 35
    found = done(backend, ann)
    assert [found[ann.id, f"room:{lounge}"] for lounge in rooms] == [7] * 5


def test_two_who_count_at_once_count_nothing_twice(backend, ann, room, say, monkeypatch):
    monkeypatch.setattr(activity, "STEP", 5)
    rooms = [room(ann) for _ in range(4)]
    for n in range(60):
        say(ann, rooms[n % 4])
    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(lambda _: activity.count(backend), range(4)))
    assert sum(counted) == 60, counted
    assert kinds(backend, ann) == {"texts": 60}


def test_the_day_and_hour_are_those_of_the_message(backend, ann, room, say):
    lounge = room(ann)
    at = (activity.today() - 3) * DAY + 13 * activity.HOUR + 59 * 60_000
    shown = say(ann, lounge)
    moved = message_rows.update().where(message_rows.c.id == shown).values(created_at=at)
    backend.db.write(lambda conn: conn.execute(moved))
    activity.count(backend)
    for columns, expected in (
        ((cells.c.day,), (activity.today() - 3,)),
        ((active_hours.c.day, active_hours.c.hour, active_hours.c.acts), (activity.today() - 3, 13, 1)),
        ((room_hours.c.day, room_hours.c.hour, room_hours.c.messages), (activity.today() - 3, 13, 1)),
    ):
        rows = backend.db.read(lambda conn, columns=columns: conn.execute(sa.select(*columns)).all())
        assert [tuple(row) for row in rows] == [expected]
    assert (ann.id, "hours:12") in done(backend, ann)


def test_what_lies_before_the_window_is_not_looked_at_and_then_dropped(backend, ann, room, say):
    lounge = room(ann)
    say(ann, lounge)
    activity.count(backend)
    for back, seen, kept in ((activity.WINDOW - 1, 3, 1), (activity.WINDOW, 0, 1), (activity.KEPT + 1, 0, 0)):
        for table in TABLES:
            write(backend, table.update().values(day=activity.today() - back))
        activity.forget(backend)
        assert len(done(backend, ann)) == seen, back
        for table in TABLES:
            count = sa.select(sa.func.count()).select_from(table)
            assert backend.db.read(lambda conn, count=count: conn.execute(count).scalar()) == kept


def write(backend, change):
    backend.db.write(lambda conn: conn.execute(change))


def test_who_leaves_is_forgotten_and_not_counted_until_they_are_back(backend, ann, bob, room, say):
    lounge = room(ann, bob)
    say(ann, lounge)
    say(bob, lounge)
    activity.count(backend)
    offers.choose(backend, ann, "leave")
    assert kinds(backend, ann) == {}
    say(ann, lounge)
    activity.count(backend)
    assert kinds(backend, ann) == {}
    offers.choose(backend, ann, "accept")
    say(ann, lounge)
    activity.count(backend)
    assert kinds(backend, ann) == {"texts": 1}
    assert kinds(backend, bob) == {"texts": 1}


def test_an_account_that_is_deleted_takes_its_counts_along(backend, person, ann, room, say):
    """Its messages go first: who wrote them is said in each."""
    eve, lounge = person("eve"), room(ann)
    has_done(backend.db, eve.id, lounge, activity.today(), texts=5)
    assert kinds(backend, eve) == {"texts": 5}
    write(backend, users.delete().where(users.c.id == eve.id))
    assert done(backend, eve) == {}


def test_enough_people_did_enough(backend, ann, bob, room, say):
    lounge = room(ann, bob)
    for _ in range(3):
        say(ann, lounge)
    say(bob, lounge)
    activity.count(backend)
    assert backend.db.read(activity.busy, 3, 9) == 1
    assert backend.db.read(activity.busy, 1, 9) == 2
    assert backend.db.read(activity.busy, 1, 1) == 1


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (PRIVATE, "private rooms"),
        (Item("room", "4"), "Photography"),
        (Item("room", "5"), "a room"),
        (Item("kind", "texts"), "messages"),
        (Item("hours", "8"), "8 to 12 h UTC"),
        (Item("(amount)", ""), "much of everything"),
        (Item("(other room)", ""), "other rooms"),
    ],
)
def test_items_in_words(item, words):
    assert item.in_words({"4": "Photography"}) == words
    assert Item.read(str(item)).in_words({"4": "Photography"}) == words
