"""Segments, from what people do over the real doors to the room that they are offered."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sklearn.metrics import adjusted_rand_score

from tests.conftest import prepare
from tests.people import Client, picture, promote
from tests.servers import Postgres, RedisServer, Replica, Worker, wait_until

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
        self.groups: list[list[Client]] = []
        self.habits = (self.talk, self.drop, self.reply, self.react, self.talk, self.drop)

    def settle(self, *sizes: int) -> None:
        """So many people of each group; the groups' habits, and rooms, follow from their places."""
        names = [
            f"{'abcdef'[group]}{n}-{len(self.groups)}"
            for group, size in enumerate(sizes)
            for n in range(size)
        ]
        with ThreadPoolExecutor(HANDS) as pool:
            people = list(pool.map(self._bring, names))
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
        emoji = self.chance.choice(EMOJI)
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
    town.settle(30, 16, 8)
    town.live(15, 25)
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
