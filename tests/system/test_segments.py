"""Segments, from what people do over the real doors to the room that they are offered."""

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sklearn.metrics import adjusted_rand_score

from tests.conftest import prepare
from tests.people import Client, picture, promote
from tests.servers import ROOT, Postgres, RedisServer, Replica, Worker, wait_until

HANDS = 4  # people who do something at the same time
EMOJI = "👍👎😀😂😍😎😢😡🎉🔥🚀👀💯🍕🌍🌈🎵📷🐱🐶🦊🐼🐸🍎🍋🍇🍓🥑🌽🍄"


class Town:
    """A deployment of its own, in whose rooms planted groups of people live."""

    def __init__(self, replica: Replica, worker: Worker, environment: dict[str, str]):
        self.url = replica.url
        self.worker = worker
        self.environment = environment
        self.chance = random.Random(7)
        self.admin = Client(replica.url, "mayor")
        promote(environment, self.admin.id)
        self.rooms = [self.admin.room(name) for name in ("Art", "Bikes", "Cooking", "Dogs", "Elm", "Films")]
        self.first = {room: self.admin.say(room, "welcome")["id"] for room in self.rooms}
        self.png = picture()
        self.given: dict[tuple[str, str], Iterator[int]] = {}
        self.comings = itertools.count()
        self.groups: list[list[Client]] = []  # those who came last
        self.habits = (self.talk, self.drop, self.reply, self.react, self.talk, self.drop)

    def settle(self, *sizes: int) -> None:
        """So many people of each group; the groups' habits, and rooms, follow from their places."""
        come = next(self.comings)
        names = [f"{'abcdef'[group]}{n}-{come}" for group, size in enumerate(sizes) for n in range(size)]
        with ThreadPoolExecutor(HANDS) as pool:
            people = list(pool.map(self._bring, names))
        self.groups = []
        for size in sizes:
            self.groups.append(people[:size])
            people = people[size:]

    def _bring(self, name: str) -> Client:
        client = Client(self.url, name)
        for room in self.rooms:
            client.enter(room)
        return client

    def live(self, least: int, most: int) -> None:
        """Everybody does what their group does, and one time in ten something else, elsewhere."""
        plans: list[tuple[Callable[[Client, str], object], Client, str]] = []
        for group, people in enumerate(self.groups):
            for client in people:
                for _ in range(self.chance.randint(least, most)):
                    stray = self.chance.random() < 0.1
                    habit = self.chance.choice(self.habits) if stray else self.habits[group]
                    room = self.chance.choice(self.rooms) if stray else self.rooms[group]
                    plans.append((habit, client, room))
        with ThreadPoolExecutor(HANDS) as pool:
            for done in [pool.submit(habit, client, room) for habit, client, room in plans]:
                done.result()

    def talk(self, client: Client, room: str) -> None:
        client.say(room, "hello")

    def drop(self, client: Client, room: str) -> None:
        assert client.drop(room, self.png).status_code == 201

    def reply(self, client: Client, room: str) -> None:
        client.say(room, "yes", reply_to=self.first[room])

    def react(self, client: Client, room: str) -> None:
        emoji = EMOJI[next(self.given.setdefault((client.name, room), itertools.count())) % len(EMOJI)]
        assert client.put(f"/api/messages/{self.first[room]}/reactions/{emoji}").status_code == 204

    def fit(self, **wish: object) -> dict:
        """An admin asks for it on the page, and waits."""
        answer = self.admin.post("/api/segments/fit", wish)
        if answer.status_code == 202:
            path = f"/api/segments/runs/{answer.json()['run']}"
            wait_until(
                lambda: self.admin.get(path).json()["state"] not in ("asked", "fitting"), 60, "the fit"
            )
            answer = self.admin.get(path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def belonging(self) -> dict[str, str | None]:
        """{person: segment's name}, as each of them sees it."""
        found = {}
        for client in (client for people in self.groups for client in people):
            answer = client.get("/api/me/segment")
            found[client.name] = answer.json()["segment"]["name"] if answer.ok else None
        return found

    def recovered(self) -> float:
        """How well the segments are the planted groups: the adjusted Rand index."""
        belonging = self.belonging()
        truth = [group for group, people in enumerate(self.groups) for _ in people]
        return float(adjusted_rand_score(truth, [str(name) for name in belonging.values()]))


@pytest.fixture
def town(postgres: Postgres, redis_server: RedisServer, tmp_path: Path) -> Iterator[Town]:
    """Nobody lives there yet; the concierge is at work."""
    redis_server.flush()
    environment = prepare(postgres.create(f"town_{tmp_path.name[-12:]}".lower()), redis_server.url, tmp_path)
    replica, worker = Replica(environment, tmp_path), Worker(environment, tmp_path, "concierge")
    made = Town(replica, worker, environment)
    wait_until(lambda: made.admin.get("/api/bots").json()["bots"][0]["online"], 30, "the concierge")
    yield made
    worker.stop()
    replica.stop()


def test_three_planted_groups_are_found_and_keep_their_names(town):
    town.settle(20, 13, 8)
    town.live(12, 16)
    run = town.fit(dry_run=False)
    assert (run["state"], run["k"]) == ("applied", 3), run
    assert town.recovered() >= 0.95
    before = town.belonging()
    assert set(before.values()) == {"Talkers in Art", "Picture posters in Bikes", "Repliers in Cooking"}
    moved = 0
    for _ in range(10):
        town.live(1, 1)
        town.fit(dry_run=False)
        now = town.belonging()
        moved += sum(now[name] != before[name] for name in now)
        before = now
    assert moved < 0.05 * len(before), f"{moved} of {len(before)} have moved in ten fits"


def test_six_planted_groups_are_found_and_newcomers_belong_without_a_fit(town):
    town.settle(14, 12, 10, 9, 8, 8)
    town.live(10, 14)
    run = town.fit(dry_run=False)
    assert (run["state"], run["k"], run["users"]) == ("applied", 6, 61)
    assert town.recovered() >= 0.95
    names = set(town.belonging().values())
    town.settle(2, 2, 2, 2, 2, 2)
    town.live(10, 14)
    # a minute where counting takes long
    wait_until(lambda: None not in town.belonging().values(), 90, "a segment for each newcomer")
    assert town.recovered() >= 0.95
    assert set(town.belonging().values()) == names
    history = town.admin.get("/api/segments").json()["history"]
    assert history[-1]["run"] == run["run"], "there was another fit"


def test_the_doors_from_too_little_to_an_accepted_offer(town):
    member, moderator, admin = Client(town.url, "member"), Client(town.url, "guard"), town.admin
    promote(town.environment, moderator.id, "moderator")
    room = town.rooms[0]
    for person in (moderator, admin):
        check(person.get("/api/segments"), 404, "no_segments")
    check(admin.post("/api/segments/fit", {}), 409, "too_little_data")
    check(member.get("/api/me/segment"), 404, "no_segments")

    town.settle(13, 12)
    town.live(12, 15)
    tried = town.fit(k=2)
    assert (tried["state"], tried["dry_run"]) == ("proposed", True)
    # The schedule may have made one meanwhile.
    in_use = moderator.get("/api/segments").json().get("history", [])
    assert tried["run"] not in [run["run"] for run in in_use]
    assert town.fit(k=2, dry_run=False)["state"] == "applied"
    town.live(1, 1)
    painter = town.groups[0][0]
    wait_until(lambda: (painter.get("/api/me/segment").json()["offer"] or {}).get("message"), 20, "an offer")
    offer = painter.get("/api/me/segment").json()["offer"]
    said = painter.get(f"/api/messages/{offer['message']}").json()
    assert said["author"]["username"] == "concierge"
    for reason in painter.get("/api/me/segment").json()["reasons"]:
        assert reason in said["text"]
    for person in (member, moderator, admin, town.groups[0][1]):
        check(person.get(f"/api/messages/{offer['message']}"), 404, "not_found")
        check(person.get(f"/api/rooms/{said['room']}"), 404, "not_found")
    socket = painter.socket()
    answer = painter.put("/api/me/segment", {"choice": "accept"}).json()
    assert (answer["offer"]["state"], answer["room"]["member"]) == ("accepted", True)
    wait_until(lambda: {"room": answer["room"]["id"]} in socket.news("room"), 5, "word of the room")

    found = moderator.get("/api/segments").json()
    segment = found["segments"][0]["id"]
    for method, path, body in (
        ("GET", "/api/segments", None),
        ("GET", f"/api/rooms/{room}/stats", None),
        ("PUT", f"/api/segments/{segment}", {"name": "Mine"}),
        ("POST", "/api/segments/fit", {}),
        ("GET", f"/api/segments/runs/{tried['run']}", None),
        ("POST", f"/api/segments/runs/{tried['run']}/apply", None),
    ):
        answer = member.http.request(method, member.url + path, json=body, timeout=20)
        check(answer, 403, "forbidden")
    check(moderator.post("/api/segments/fit", {}), 403, "forbidden")
    check(moderator.put(f"/api/segments/{segment}", {"auto_join": True}), 403, "forbidden")
    check(moderator.post(f"/api/segments/runs/{tried['run']}/apply"), 409, "superseded")
    for id_ in ("0", "none", "9" * 30):
        check(admin.get(f"/api/segments/runs/{id_}"), 404, "not_found")
        check(admin.post(f"/api/segments/runs/{id_}/apply"), 404, "not_found")
        check(admin.put(f"/api/segments/{id_}", {"name": "Mine"}), 404, "not_found")
    renamed = moderator.put(f"/api/segments/{segment}", {"name": "The painters", "room": room})
    assert (renamed.json()["name"], renamed.json()["room"]) == ("The painters", {"id": room, "name": "Art"})
    stats = moderator.get(f"/api/rooms/{room}/stats").json()
    assert stats["total"]["messages"] > 150 and len(stats["by_day"]) >= 1
    assert found["bots_online"] and found["heat"]["rows"] and not found["waiting"]

    done = command(town, "--fit", "--k", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("There would be 2 segments of 25 people")
    assert "- **The painters**: 13 people, before 13" in done.stdout
    town.worker.stop()
    wait_until(lambda: admin.post("/api/segments/fit", {}).status_code == 503, 30, "the bot's silence")
    check(admin.post("/api/segments/fit", {}), 503, "bots_offline")
    check(moderator.post(f"/api/segments/runs/{tried['run']}/apply"), 503, "bots_offline")
    assert moderator.get("/api/segments").json()["bots_online"] is False


def check(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


def command(town: Town, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "bots", "concierge", *arguments]
    env = {**os.environ, **town.environment}
    return subprocess.run(line, check=False, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
