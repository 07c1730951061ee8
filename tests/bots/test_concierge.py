"""The concierge at its desk: what it fits, whom it offers what, and what moderators and admins may do about it."""

import contextlib
import json
import shutil
import threading

import pytest
import redis
import sqlalchemy as sa

from bots import _segmenting as segmenting
from bots import concierge
from bots.concierge import Concierge
from bots.contract import LANG
from bots.worker import RealChat
from chat import activity, fits, membership, offers, rooms, sanctions, segments, statistics, users
from chat.errors import Refused
from chat.sanctions import Wish
from chat.schema import active_hours, members, segment_offers, segment_people, segment_runs
from chat.schema import activity as cells
from chat.schema import messages as message_rows
from chat.schema import rooms as room_rows
from chat.words import read
from tests.conftest import open_backend
from tests.people import has_done, new_name

WEEK = offers.WEEK


def more(n):
    """By how much the n-th person of a group does more than the first one."""
    return n * 7 % 11


class House:
    """Rooms, and people in them whose habits are written into the counts; `settled` are those who are there already."""

    def __init__(self, backend, settled=None):
        self.backend = backend
        self.account = users.ensure_bot(backend, "concierge", "Offers rooms.")
        self.concierge = Concierge(RealChat(backend))
        self.concierge.warm_up()
        if settled:
            vars(self).update(settled)
            return
        self.admin = self.person("admin")
        self.moderator = self.person("moderator")
        self.rooms = {name: self.room(name) for name in ("Art", "Bikes", "Cooking", "Dogs")}

    def person(self, role="member"):
        return self.backend.db.write(lambda conn: users.create(conn, new_name(role), None, role))

    def people(self, count):
        return [self.person() for _ in range(count)]

    def room(self, name, private=False, creator=None):
        return self.backend.db.write(rooms.create, creator or self.admin, name, "", private)

    def does(self, person, room, days_ago=0, hour=9, **times):
        """So many texts, pictures, replies, reactions."""
        has_done(self.backend.db, person.id, room, activity.today() - days_ago, hour, **times)

    def group(self, count, room, **times):
        """So many people who do alike, each a little differently."""
        found = self.people(count)
        for n, person in enumerate(found):
            self.does(person, room, **{kind: number + more(n) for kind, number in times.items()})
        return found

    def fit(self, dry_run=False, k=None):
        """As an admin asks, and a worker takes it up at once."""
        run = self.concierge.chat.desk.fits.ask(dry_run, k)
        while taken := self.concierge.chat.desk.fits.take():
            self.concierge.make(taken)
        return self.backend.db.read(fits.one, run)

    def round(self):
        """All that is due."""
        self.concierge._next.clear()
        self.concierge.look_round()

    def segment(self, person):
        found = self.read(sa.select(segment_people.c.segment_id).where(segment_people.c.user_id == person.id))
        return found[0].segment_id if found else None

    def read(self, select):
        return self.backend.db.read(lambda conn: conn.execute(select).all())

    def write(self, change):
        self.backend.db.write(lambda conn: conn.execute(change))

    def mine(self, person):
        return self.backend.db.read(offers.mine, person)

    def said_to(self, person):
        """What the bot has written to this person."""
        desk = sa.select(segment_people.c.desk_id).where(segment_people.c.user_id == person.id)
        select = sa.select(message_rows.c.text).where(message_rows.c.room_id.in_(desk))
        return [row.text for row in self.read(select.order_by(message_rows.c.id))]

    def rooms_of(self, person):
        select = sa.select(room_rows.c.name).join(members, members.c.room_id == room_rows.c.id)
        return {row.name for row in self.read(select.where(members.c.user_id == person.id))}

    def says(self, person, text, room=None):
        """What the bot answers to a text."""
        author = {**person.json(), "id": str(person.id)}
        message = {"room": str(room or self.rooms["Art"]), "author": author, "text": text}
        return self.concierge.answer([message])[0].text

    def everything(self, person):
        """All that a moderator can see, as one text."""
        found = self.backend.db.read(statistics.of_segments, person)
        runs = [self.backend.db.read(fits.one, row.id) for row in self.read(sa.select(segment_runs.c.id))]
        of_rooms = []
        for row in self.read(sa.select(room_rows.c.id)):
            try:
                of_rooms.append(self.backend.db.read(statistics.of_room, person, row.id))
            except Refused as refused:
                assert refused.code == "not_found"
        return json.dumps([found, runs, of_rooms])


@pytest.fixture
def backend(redis_server, tmp_path):
    with database_of(tmp_path, redis_server) as opened:
        yield opened


@contextlib.contextmanager
def database_of(folder, redis_server):
    """SQLite alone: the tests in a browser and those of the whole product have the concierge on PostgreSQL."""
    opened = open_backend(f"sqlite:///{folder}/roomful.db", redis_server.url, folder)
    yield opened
    opened.close()


@pytest.fixture
def house(backend):
    return House(backend)


@pytest.fixture(scope="module")
def settlement(redis_server, tmp_path_factory):
    """Three groups, fitted: the folder of their database, and who and what is there."""
    folder = tmp_path_factory.mktemp("town")
    with database_of(folder, redis_server) as opened:
        house = House(opened)
        house.talkers = house.group(14, house.rooms["Art"], texts=20)
        house.photographers = house.group(10, house.rooms["Bikes"], pictures=15)
        house.repliers = house.group(8, house.rooms["Cooking"], replies=18)
        assert house.fit(k=3)["state"] == "applied"
        house.round()
    there = ("admin", "moderator", "rooms", "talkers", "photographers", "repliers")
    return folder, {name: vars(house)[name] for name in there}


@pytest.fixture
def town(settlement, redis_server, tmp_path):
    """Three groups, fitted: a copy, for the test alone."""
    folder, settled = settlement
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with database_of(tmp_path, redis_server) as opened:
        yield House(opened, settled)


def refused(work, *args):
    with pytest.raises(Refused) as caught:
        work(*args)
    return caught.value.code


# Fits


def test_groups_become_segments_with_names_from_what_they_do(town):
    names = {row.name: row.size for row in town.backend.db.read(segments.current)}
    assert names == {"Talkers in Art": 14, "Picture posters in Bikes": 10, "Repliers in Cooking": 8}
    assert len({town.segment(person) for person in town.talkers}) == 1


@pytest.mark.parametrize(("count", "times"), [(19, 15), (40, 9)])
def test_too_little_is_said_and_changes_nothing(house, count, times):
    house.people(3)
    for n, person in enumerate(house.people(count)):
        house.does(person, house.rooms["Art" if n % 2 else "Bikes"], texts=times)
    run = house.fit()
    assert (run["state"], run["error"]["code"]) == ("failed", "too_little_data")
    assert "20 are needed" in run["error"]["detail"]
    assert refused(house.mine, house.admin) == "no_segments"
    assert refused(house.backend.db.read, statistics.of_segments, house.moderator) == "no_segments"


def test_twenty_people_with_fifteen_acts_each_are_enough(house):
    house.group(10, house.rooms["Art"], texts=15)
    house.group(10, house.rooms["Bikes"], pictures=15)
    assert house.fit()["state"] == "applied"


def test_a_dry_run_says_what_it_would_change_and_changes_nothing(town):
    before = {person.id: town.segment(person) for person in town.talkers}
    for person in town.talkers[:9]:
        town.does(person, town.rooms["Dogs"], reactions=200)
    run = town.fit(dry_run=True, k=4)
    assert (run["state"], run["k"], run["users"]) == ("proposed", 4, 32)
    assert sorted(one["size"] for one in run["segments"]) == [5, 8, 9, 10]
    assert run["moved"] == pytest.approx(9 / 32)
    assert [(flow["people"], flow["from"]) for flow in run["flows"]] == [(9, str(before[town.talkers[0].id]))]
    assert {person.id: town.segment(person) for person in town.talkers} == before
    assert town.fit(k=4)["state"] == "applied"
    assert town.segment(town.talkers[0]) != before[town.talkers[0].id] == town.segment(town.talkers[12])


def test_a_scheduled_fit_that_moves_too_many_waits_for_a_moderator(town):
    for person in town.talkers[:9]:
        town.does(person, town.rooms["Dogs"], reactions=200)
    desk = town.concierge.chat.desk.fits
    desk.schedule(concierge.FIT_EVERY)
    assert desk.take() is None, "the last fit is of today"
    town.write(segment_runs.update().values(asked_at=segment_runs.c.asked_at - concierge.FIT_EVERY))
    town.round()
    waiting = town.backend.db.read(statistics.of_segments, town.moderator)["waiting"]
    assert waiting["state"] == "waiting" and waiting["moved"] > segmenting.MOST_MOVED
    before = town.segment(town.talkers[0])
    town.round()
    assert town.segment(town.talkers[0]) == before
    town.backend.bus.bot_alive("concierge", 15)
    assert refused(fits.ask_to_apply, town.backend, town.talkers[0], int(waiting["run"])) == "forbidden"
    fits.ask_to_apply(town.backend, town.moderator, int(waiting["run"]))
    town.round()
    assert town.segment(town.talkers[0]) != before
    assert town.backend.db.read(statistics.of_segments, town.moderator)["waiting"] is None
    assert refused(fits.ask_to_apply, town.backend, town.moderator, int(waiting["run"])) == "superseded"


def test_a_run_is_made_once_however_many_workers_there_are(town):
    other = Concierge(RealChat(town.backend))
    other.warm_up()
    asked = [town.concierge.chat.desk.fits.ask(False, 3) for _ in range(3)]
    failures = []

    def work(one):
        try:
            for _ in range(6):
                one._next.clear()
                one.look_round()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in (town.concierge, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    states = {run: town.backend.db.read(fits.one, run)["state"] for run in asked}
    assert set(states.values()) <= {"applied", "superseded"} and "applied" in states.values()
    made = town.read(sa.select(segment_offers.c.user_id))
    assert len(made) == len(set(made)), "somebody was offered something twice"
    for person in town.talkers + town.photographers + town.repliers:
        assert len(town.said_to(person)) == 1


def test_a_run_whose_worker_died_is_made_by_another(town):
    desk = town.concierge.chat.desk.fits
    run = desk.ask(True, None)
    assert desk.take().id == run
    assert desk.take() is None
    town.write(segment_runs.update().where(segment_runs.c.id == run).values(held_until=1))
    town.round()
    assert town.backend.db.read(fits.one, run)["state"] == "proposed"


def test_a_fit_that_another_one_overtook_is_not_applied(town):
    desk = town.concierge.chat.desk.fits
    desk.ask(False, None)
    run = desk.take()
    report = {"segments": [], "k": 0, "silhouette": 0, "users": 0, "moved": 0}
    assert not desk.apply(run, None, report, b"", [])
    assert town.backend.db.read(fits.one, run.id)["state"] == "superseded"
    assert town.segment(town.talkers[0]) is not None


def test_newcomers_belong_without_a_fit(town):
    newcomer, idler = town.people(2)
    town.does(newcomer, town.rooms["Bikes"], pictures=12)
    town.does(idler, town.rooms["Bikes"], pictures=2)
    town.round()
    assert town.segment(newcomer) == town.segment(town.photographers[0])
    assert town.segment(idler) is None
    assert len(town.read(sa.select(segment_runs.c.id))) == 1


def test_who_fell_silent_belongs_nowhere_after_the_next_fit(town):
    silent = town.talkers[0]
    for table in (cells, active_hours):
        town.write(table.update().where(table.c.user_id == silent.id).values(day=activity.today() - 40))
    town.fit()
    assert town.segment(silent) is None


def test_the_first_fit_comes_by_itself(house):
    house.round()
    assert not house.read(sa.select(segment_runs.c.id)), "nobody has done anything"
    house.group(12, house.rooms["Art"], texts=15)
    house.group(12, house.rooms["Bikes"], pictures=15)
    house.round()
    assert [row.state for row in house.read(sa.select(segment_runs.c.state))] == ["applied"]


# Offers


def test_each_is_offered_the_room_of_their_segment_once_and_privately(town):
    for _ in range(3):
        town.round()
    for person in town.talkers:
        assert town.said_to(person) == [
            "**Talkers in Art** may suit you: the people of your segment, **Talkers in Art**, meet there.\n\n"
            "Why I think so:\n"
            + "\n".join(f"- {reason}" for reason in town.mine(person)["reasons"])
            + "\n\nSay `@concierge accept`, `@concierge not now` or `@concierge never`."
        ]
    desk = town.read(
        sa.select(segment_people.c.desk_id).where(segment_people.c.user_id == town.talkers[0].id)
    )[0][0]
    here = {row.user_id for row in town.read(sa.select(members.c.user_id).where(members.c.room_id == desk))}
    assert here == {town.talkers[0].id, town.account.id}
    assert refused(town.backend.db.read, rooms.for_user, town.admin, desk) == "not_found"


def test_the_reasons_are_ones_own_figures(town):
    mine = town.mine(town.photographers[1])
    assert mine["segment"]["name"] == "Picture posters in Bikes"
    assert mine["reasons"] == [
        "You posted 22 pictures in the last 30 days; the median is 0.",
        "You were active 22 times in Bikes; the median is 0.",
        "Most people like you are active in Bikes (100 %).",
    ]
    assert mine["offer"]["state"] == "open" and mine["offer"]["room"] == {
        "id": mine["room"]["id"],
        "name": "Picture posters in Bikes",
    }


def test_accepted_is_joined(town):
    person = town.talkers[0]
    assert "Talkers in Art" not in town.rooms_of(person)
    town.backend.db.write(lambda conn: None)
    answer = offers.choose(town.backend, person, "accept")
    assert (answer["offer"]["state"], answer["room"]["member"]) == ("accepted", True)
    assert "Talkers in Art" in town.rooms_of(person)
    rest(town, person)
    town.round()
    assert len(town.said_to(person)) == 1


def rest(town, *people):
    """More than a week goes by."""
    ids = [person.id for person in people]
    mine = segment_people.update().where(segment_people.c.user_id.in_(ids))
    town.write(mine.values(offered_at=segment_people.c.offered_at - WEEK - 1))


@pytest.mark.parametrize("choice", ["later", None])
def test_at_most_one_offer_a_week_and_three_in_all(town, choice):
    person = town.talkers[0]
    if choice:
        offers.choose(town.backend, person, choice)
    for before, expected in ((1, 2), (2, 3), (3, 3)):
        town.round()
        assert len(town.said_to(person)) == before
        rest(town, person)
        town.round()
        assert len(town.said_to(person)) == expected
        if choice:
            offers.choose(town.backend, person, choice)


def test_never_is_never(town):
    person = town.talkers[0]
    assert offers.choose(town.backend, person, "never")["offer"]["state"] == "never"
    rest(town, person)
    town.write(segments.segments.update().values(auto_join=True))
    town.fit()
    town.round()
    assert len(town.said_to(person)) == 1
    assert "Talkers in Art" not in town.rooms_of(person)


def test_who_leaves_is_in_no_segment_and_is_offered_nothing(town):
    person = town.talkers[0]
    assert offers.choose(town.backend, person, "leave") == {
        "segment": None,
        "reasons": [],
        "room": None,
        "offer": None,
    }
    town.fit()
    town.round()
    assert refused(town.mine, person) == "no_segments"
    for table in (cells, active_hours):
        assert not town.read(sa.select(table).where(table.c.user_id == person.id))
    assert not town.read(sa.select(segment_offers).where(segment_offers.c.user_id == person.id))


def test_who_left_an_accepted_room_is_not_asked_again(town):
    person = town.talkers[0]
    room = int(offers.choose(town.backend, person, "accept")["room"]["id"])
    town.backend.db.write(membership.leave, person, room)
    rest(town, person)
    town.round()
    assert len(town.said_to(person)) == 1


def test_nobody_is_led_where_they_are_banned(town):
    person = town.talkers[0]
    room = int(town.mine(person)["offer"]["room"]["id"])
    before = town.said_to(person)
    sanctions.impose(town.backend, town.moderator, Wish("ban", [person.id], "spam", room))
    for auto_join in (False, True):
        town.write(segments.segments.update().values(auto_join=auto_join))
        rest(town, person)
        town.round()
    assert town.said_to(person) == before
    assert refused(offers.choose, town.backend, person, "accept") == "banned"
    assert "Talkers in Art" not in town.rooms_of(person)


def test_an_admin_lets_people_join_by_themselves(town):
    segment = town.segment(town.talkers[0])
    change(town, town.admin, segment, auto_join=True)
    town.round()
    for person in town.talkers:
        assert "Talkers in Art" in town.rooms_of(person)
        assert town.said_to(person)[-1].startswith("You are in **Talkers in Art** now")
    assert "Picture posters in Bikes" not in town.rooms_of(town.photographers[0])


def test_an_offer_that_a_dead_worker_left_is_posted_once(town, monkeypatch):
    newcomer = town.person()
    town.does(newcomer, town.rooms["Bikes"], pictures=12)
    with monkeypatch.context() as dying:
        dying.setattr(type(town.concierge.chat.desk.offers), "post", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            town.round()
    assert town.said_to(newcomer) == []
    town.round()
    assert town.said_to(newcomer) == [], "somebody may be about to post it"
    town.write(segment_offers.update().values(made_at=segment_offers.c.made_at - offers.LATE - 1))
    town.round()
    town.round()
    assert len(town.said_to(newcomer)) == 1


def test_small_segments_get_no_room(house):
    house.group(20, house.rooms["Art"], texts=20)
    few = house.group(4, house.rooms["Bikes"], pictures=20)
    house.fit(k=2)
    house.round()
    assert house.mine(few[0])["room"] is None
    assert house.said_to(few[0]) == []


# Moderators


def change(house, person, segment, **wish):
    return house.backend.db.write(segments.change, person, segment, wish)


def test_a_moderator_names_a_segment_and_gives_it_a_room_for_good(town):
    segment = town.segment(town.talkers[0])
    changed = change(town, town.moderator, segment, name="The painters", room=town.rooms["Dogs"])
    assert (changed["name"], changed["room"]["name"]) == ("The painters", "Dogs")
    town.fit()
    assert town.mine(town.talkers[0])["segment"]["name"] == "The painters"
    assert change(town, town.moderator, segment, room=None)["room"] is None
    town.round()
    assert town.mine(town.talkers[0])["room"] is None, "the bot made a room that a moderator does not want"


def test_what_moderators_may_not(town):
    segment = town.segment(town.talkers[0])
    private = town.room("secret", private=True, creator=town.moderator)
    foreign = town.room("hidden", private=True)
    assert refused(change_of(town, town.talkers[0]), segment, "Mine") == "forbidden"
    assert refused(change_of(town, town.moderator), 999, "Mine") == "not_found"
    assert refused(change_of(town, town.moderator), segment, "Repliers in Cooking") == "invalid"
    for room, code in ((private, "invalid"), (foreign, "not_found"), (999, "not_found")):
        with pytest.raises(Refused) as caught:
            change(town, town.moderator, segment, room=room)
        assert caught.value.code == code
    with pytest.raises(Refused) as caught:
        change(town, town.moderator, segment, auto_join=True)
    assert caught.value.code == "forbidden"


def change_of(town, person):
    return lambda segment, name: change(town, person, segment, name=name)


def test_statistics_are_for_moderators(town):
    member = town.talkers[0]
    assert refused(town.backend.db.read, statistics.of_segments, member) == "forbidden"
    assert refused(town.backend.db.read, statistics.of_room, member, town.rooms["Art"]) == "forbidden"
    assert refused(fits.ask, town.backend, town.moderator, True, None) == "forbidden"
    assert refused(fits.ask, town.backend, town.admin, True, None) == "bots_offline"


def test_heat_is_what_one_person_of_each_segment_does(town):
    found = town.backend.db.read(statistics.of_segments, town.moderator)
    heat = found["heat"]
    rows = {row["name"]: n for n, row in enumerate(heat["rows"])}
    columns = [column["name"] for column in heat["columns"]]
    assert columns == ["Talkers in Art", "Picture posters in Bikes", "Repliers in Cooking"]
    assert rows.keys() == {"Art", "Bikes", "Cooking"}
    assert heat["matrix"][rows["Art"]] == [1, 0, 0]
    assert heat["counts"][rows["Bikes"]][1] == sum(15 + more(n) for n in range(10))
    for line in heat["matrix"] + found["hours"]["matrix"]:
        assert sum(line) == pytest.approx(1)
    talker = town.talkers[0]
    town.does(talker, town.rooms["Bikes"], texts=100)
    town.round()
    line = town.backend.db.read(statistics.of_segments, town.moderator)["heat"]["matrix"][rows["Bikes"]]
    per_head = [100 / 14, sum(15 + more(n) for n in range(10)) / 10, 0]
    assert line == pytest.approx([share / sum(per_head) for share in per_head])


def test_a_rooms_statistics_by_segment_and_time(town):
    town.does(town.talkers[0], town.rooms["Bikes"], days_ago=2, hour=20, texts=3, replies=1)
    found = town.backend.db.read(statistics.of_room, town.moderator, town.rooms["Bikes"])
    pictures = sum(15 + more(n) for n in range(10))
    assert found["total"] == {
        "messages": pictures + 4,
        "images": pictures,
        "replies": 1,
        "reactions": 0,
        "people": 11,
    }
    assert [(line["name"], line["people"]) for line in found["segments"]] == [("others", 11)], (
        "one talker alone is nobody's business, nor is what is left when they are taken away"
    )
    assert [(day["messages"], day["people"]) for day in found["by_day"]] == [(4, 1), (pictures, 10)]
    assert [(hour["hour"], hour["messages"]) for hour in found["by_hour"]] == [(9, pictures), (20, 4)]


def test_a_private_room_is_named_to_nobody_else(house):
    owner, secret = house.person(), "Zebra-secret"
    private = house.room(secret, private=True, creator=owner)
    insiders = house.group(12, private, texts=20)
    for person in (owner, *insiders):
        house.backend.db.write(membership.let_in, private, person.id)
    house.group(12, house.rooms["Art"], pictures=20)
    house.fit()
    house.round()
    for person in (house.moderator, house.admin):
        assert secret not in house.everything(person)
        assert refused(house.backend.db.read, statistics.of_room, person, private) == "not_found"
    mine = house.mine(insiders[0])
    assert "You were active 20 times in private rooms; the median is 0." in " ".join(mine["reasons"]).replace(
        "the median is 10", "the median is 0"
    )
    assert secret not in json.dumps([house.mine(person) for person in insiders])
    rows = house.backend.db.read(statistics.of_segments, house.moderator)["heat"]["rows"]
    assert {"room": None, "name": "private rooms"} in rows
    promoted = house.person("moderator")
    house.backend.db.write(membership.let_in, private, promoted.id)
    assert house.backend.db.read(statistics.of_room, promoted, private)["total"]["people"] == 12


def test_few_people_are_shown_together(house):
    house.group(20, house.rooms["Art"], texts=20)
    house.group(6, house.rooms["Bikes"], pictures=20)
    house.group(3, house.rooms["Cooking"], replies=20)
    house.fit(k=3)
    house.round()
    found = house.backend.db.read(statistics.of_segments, house.moderator)
    assert [(one["name"], one["size"]) for one in found["segments"]] == [
        ("Talkers in Art", 20),
        ("others", 9),
    ]
    assert [column["name"] for column in found["heat"]["columns"]] == ["Talkers in Art", "others"]
    assert [size["name"] for size in found["history"][-1]["sizes"]] == ["Talkers in Art", "others"]
    runs = [house.fit(dry_run=True, k=3), house.backend.db.read(fits.one, int(found["run"]))]
    assert "Cooking" not in json.dumps(
        [found["segments"], found["history"], [run["segments"] for run in runs]]
    )


@pytest.mark.parametrize(
    ("sizes", "together"),
    [
        ([], ""),
        ([("a", 5), ("b", 40)], ""),
        ([("a", 4), ("b", 40), ("c", 6)], "ac"),
        ([("a", 2), ("b", 3), ("c", 6)], "ab"),
        ([("a", 1), ("b", 1)], "ab"),
        ([("a", 0), ("b", 9)], ""),
    ],
)
def test_which_groups_are_shown_together(sizes, together):
    assert fits.merged(sizes) == set(together)


# Talk


def test_what_it_says(town):
    talker, stranger = town.talkers[0], town.person()
    assert town.says(stranger, "@concierge").startswith("You are in no segment")
    assert town.says(talker, "@concierge").startswith("That is between you and me")
    desk = town.read(sa.select(segment_people.c.desk_id).where(segment_people.c.user_id == talker.id))[0][0]
    told = town.says(talker, "@concierge why?", desk)
    assert told.startswith("You are in the segment **Talkers in Art**.\n- You wrote 20 plain messages")
    assert town.says(talker, "@concierge Accept!") == "You are in **Talkers in Art** now."
    assert town.says(talker, "@concierge not now") == read("en", LANG)("concierge-later")
    assert town.says(talker, "@concierge never") == read("en", LANG)("concierge-never")
    assert town.says(talker, "@concierge leave") == read("en", LANG)("concierge-leave")
    assert town.says(talker, "@concierge accept") == "I count what you do again, from now on."
    town.backend.db.write(users.choose_language, talker, "zh-CN")
    assert town.says(talker, "@concierge 永不") == read("zh-CN", LANG)("concierge-never")
    assert town.says(talker, "@concierge 分组") == "只有管理员可以要求分组。"
    town.backend.db.write(users.choose_language, talker, "en")
    assert town.says(talker, "@concierge fit") == "Only admins ask for a fit."


def test_an_admin_asks_for_a_fit_in_the_chat(town):
    assert "No worker runs" in town.says(town.admin, "@concierge fit")
    town.backend.bus.bot_alive("concierge", 15)
    stopping = threading.Event()

    def work():
        while not stopping.wait(0.05):
            town.concierge.look_round()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        said = town.says(town.admin, "@concierge fit 3")
        assert said.startswith("There would be 3 segments of 32 people (silhouette 0.")
        assert "**Talkers in Art**: 14 people, before 14" in said and said.endswith(
            "\n\n`@concierge fit now` makes it so."
        )
        assert town.says(town.admin, "@concierge fit now").startswith("There are 3 segments of 32 people")
    finally:
        stopping.set()
        worker.join()


@pytest.mark.parametrize(
    ("telling", "name"),
    [
        ([("room:private", 2.0), ("hours:8", 1.5)], "Active 8 to 12 h UTC"),
        ([("room:private", 2.0)], "Everybody else"),
        ([("(amount)", 2.0), ("kind:reactions", 0.5)], "Everybody else"),
        ([("room:9", 2.0), ("kind:texts", 1.9)], "Talkers"),
        ([("room:4", 2.0)], f"{'x' * 51} regulars"),
    ],
)
def test_names_from_features(telling, name):
    assert segmenting.name_of(telling, {"4": "x" * 80}) == name


# What goes wrong


def test_a_fit_that_breaks_has_failed_and_keeps_nobody_waiting(town, monkeypatch):
    broken, fine = (town.concierge.chat.desk.fits.ask(True, None) for _ in range(2))
    with monkeypatch.context() as breaking:
        breaking.setattr(segmenting, "fit", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            town.round()
    assert town.backend.db.read(fits.one, broken)["error"]["code"] == "internal"
    town.round()
    assert town.backend.db.read(fits.one, fine)["state"] == "proposed"


def test_without_redis_nobody_can_say_that_a_worker_runs(town, monkeypatch):
    def away(*_):
        raise redis.ConnectionError

    monkeypatch.setattr(town.backend.bus, "bots_alive", away)
    assert not fits.is_online(town.backend)
    assert refused(fits.ask, town.backend, town.admin, True, None) == "bots_offline"
