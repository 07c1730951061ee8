"""`make attack`: fifty accounts flood one public room while people talk in others, and a moderator ends it by the page.

Prints how long messages of the others took, calm and under attack; what of the attack was let through and refused; how long it took
from the moment in which the moderator opens the page until the last message of the attack was stored; and until what it left was deleted. Ends
badly where others notice more than twice what they notice in calm, or the moderator needs a minute.
"""

import argparse
import math
import multiprocessing
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import sync_playwright

from chat import db, membership, rooms, schema, users
from tests.attack.people import ELSEWHERE, PACE, Pair, flood
from tests.conftest import prepare
from tests.frontend.conftest import ARGUMENTS
from tests.people import new_name
from tests.servers import Postgres, RedisServer, Replica, chromium_path

PAIRS = 10
WARM_UP = 5  # seconds of talk that are not counted: what is asked first, takes longer
PASSWORD = "a long enough password"


class House:
    """People, their tokens and their rooms, made in the database: registering a hundred would be what is limited."""

    def __init__(self, url: str, attackers: int):
        self.db = db.Database(url)
        self.tokens: dict[str, list[str]] = {}
        self.db.write(self._build, attackers)

    def _build(self, conn: sa.Connection, attackers: int) -> None:
        people = [users.create(conn, new_name("person")) for _ in range(2 * PAIRS)]
        self.victims = [person.username for person in people]
        self.spammers = [users.create(conn, new_name("spammer")) for _ in range(attackers)]
        self.talk = [users.open_token(conn, person, "attack") for person in people]
        self.spam = [users.open_token(conn, person, "attack") for person in self.spammers]
        self.quiet = []
        for one, two in zip(people[::2], people[1::2], strict=True):
            room = rooms.create(conn, one, "quiet")
            membership.let_in(conn, room, two.id)
            self.quiet.append(str(room))
        self.market = rooms.create(conn, people[0], "Market")
        for person in (*people, *self.spammers):
            if person is not people[0]:
                membership.let_in(conn, self.market, person.id)

    def left(self) -> int:
        """Messages of the attack that stand."""
        m = schema.messages.c
        theirs = m.author_id.in_([person.id for person in self.spammers]) & m.deleted_at.is_(None)
        return int(self.db.read(lambda conn: conn.execute(sa.select(sa.func.count()).where(theirs)).scalar()))

    def at_large(self, since: float) -> str | None:
        """One of those who have written since and are not banned."""
        m, bans = schema.messages.c, schema.sanctions.c
        late = m.author_id.in_([person.id for person in self.spammers]) & (m.created_at > since * 1000)
        free = ~sa.exists().where((bans.user_id == m.author_id) & (bans.kind == "ban"))
        select = sa.select(schema.users.c.username).join(schema.messages, m.author_id == schema.users.c.id)
        found = self.db.read(lambda conn: conn.execute(select.where(late & free).limit(1)).scalar())
        return str(found) if found else None

    def last_stored(self) -> float:
        """When the last message of the attack was stored, in seconds since 1970."""
        theirs = schema.messages.c.author_id.in_([person.id for person in self.spammers])
        select = sa.select(sa.func.max(schema.messages.c.created_at)).where(theirs)
        return float(self.db.read(lambda conn: conn.execute(select).scalar())) / 1000

    def promote(self, name: str) -> None:
        change = schema.users.update().where(schema.users.c.username == name).values(role="moderator")
        self.db.write(lambda conn: conn.execute(change))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make attack", description=__doc__.splitlines()[0])
    parser.add_argument("--attackers", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60, help="how long calm, and how long under attack")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        postgres, redis_server = Postgres(), RedisServer()
        try:
            environment = prepare(postgres.create("attack"), redis_server.url, Path(folder))
            environment = {**environment, "LIMITS": "on"}
            del environment["PASSWORD_HASH"]  # the real one: sign-ins cost what they cost
            _describe(environment, redis_server)
            replica = Replica(environment, Path(folder))
            try:
                good = _run(
                    replica, House(environment["DATABASE_URL"], options.attackers), options, Path(folder)
                )
            finally:
                replica.stop()
        finally:
            redis_server.kill()
            postgres.remove()
    sys.exit(not good)


def _describe(environment: dict[str, str], redis_server: RedisServer) -> None:
    found = db.Database(environment["DATABASE_URL"])
    version = found.read(lambda conn: conn.execute(sa.text("SHOW server_version")).scalar())
    load = os.getloadavg()[0]
    print(
        f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC; {os.cpu_count()} cores, load {load:.1f}; Python "
        f"{platform.python_version()}, PostgreSQL {version}, Redis {redis_server.version()}; one replica; attackers have of one of these cores what nobody else wants"
    )


def _run(replica: Replica, house: House, options: argparse.Namespace, folder: Path) -> bool:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_elsewhere(chromium_path(), folder), args=ARGUMENTS
        )
        page = browser.new_page()
        _talk(replica.url, house, WARM_UP)
        calm = _talk(replica.url, house, options.seconds)
        stop, results, attack = _begin_attack(replica.url, house)
        try:
            under = _talk(replica.url, house, options.seconds)
            called = time.time()
            # Only now: drawing a flood takes a processor, and the page is on another machine in truth.
            _open_as_moderator(page, replica.url, house)
            clicked = time.time()
            acts, banned, before = 0, clicked, house.left()
            while (left := house.left()) and time.time() < called + 60:
                if who := house.at_large(clicked) if acts else house.spammers[-1].username:
                    _end_it(page, who)  # later ones had all their messages refused until then
                    acts, banned = acts + 1, time.time()
                time.sleep(1)
            deleted = math.inf if left else time.time() - called
        finally:
            stop.set()
        counts = results.get(timeout=90)
        attack.join(30)
        last = house.last_stored()
        browser.close()
    print(f"The page was open after {clicked - called:.1f} s")
    return _report(calm, under, counts, last - called, banned - called, acts, before, deleted)


def _elsewhere(program: str | None, folder: Path) -> Path:
    """A program with the attackers: a moderator's browser is not on the server either."""
    path = folder / "elsewhere"
    path.write_text(f'#!/bin/sh\nexec taskset --cpu-list {ELSEWHERE} chrt --idle 0 {program} "$@"\n')
    path.chmod(0o700)
    return path


def _open_as_moderator(page: Any, url: str, house: House) -> None:
    page.goto(url)
    page.wait_for_selector(".door")
    name = new_name("mo")
    page.evaluate(
        "account => fetch('/api/register', { method: 'POST', body: JSON.stringify(account) })",
        {"username": name, "password": PASSWORD},
    )
    house.promote(name)
    page.goto(f"{url}/#/rooms/{house.market}")
    page.reload()
    page.get_by_role("button", name=house.spammers[0].username).first.wait_for(timeout=30_000)


def _talk(url: str, house: House, seconds: int) -> tuple[list[float], int]:
    """How long each message took, and how many never came."""
    tokens = [house.talk[n : n + 2] for n in range(0, 2 * PAIRS, 2)]
    pairs = []
    for room, two in zip(house.quiet, tokens, strict=True):
        pairs.append(Pair(url, room, two))
        time.sleep(PACE / PAIRS)  # they do not write in step
    time.sleep(seconds)
    for pair in pairs:
        pair.say_no_more()
    time.sleep(2)
    for pair in pairs:
        pair.close()
    return [took for pair in pairs for took in pair.took], sum(pair.missing() for pair in pairs)


def _begin_attack(url: str, house: House) -> tuple[Any, Any, Any]:
    context = multiprocessing.get_context("spawn")
    stop, results = context.Event(), context.Queue()
    arguments = (url, str(house.market), house.spam, house.victims, stop, results)
    attack = context.Process(target=flood, args=arguments)
    attack.start()
    time.sleep(3)
    return stop, results, attack


def _end_it(page: Any, name: str) -> None:
    """What a moderator clicks, beginning with one of those who write."""
    page.locator(".members button", has_text=name).last.click()
    page.get_by_role("button", name="Moderate…").click()
    ask = page.get_by_role("dialog").last
    ask.get_by_text("wrote here in the last ten minutes").click()
    ask.get_by_role("button", name="Choose all").click()
    ask.get_by_text("They neither read nor write.").click()
    ask.get_by_text("Delete what they wrote here").click()
    ask.get_by_label("Reason").fill("Advertising")
    ask.get_by_role("button", name="Ban", exact=True).click()
    ask.wait_for(state="hidden", timeout=60_000)


def _report(
    calm: Any, under: Any, counts: Any, last: float, banned: float, acts: int, before: int, deleted: float
) -> bool:
    (calm_took, calm_missing), (under_took, under_missing) = calm, under
    ratio = _p99(under_took) / _p99(calm_took)
    for name, took, missing in (
        ("calm", calm_took, calm_missing),
        ("under attack", under_took, under_missing),
    ):
        print(
            f"{name}: {len(took)} messages of others, median {statistics.median(took) * 1000:.1f} ms, "
            f"p99 {_p99(took) * 1000:.1f} ms, {missing} missing"
        )
    print(f"p99 under attack / calm: {ratio:.2f}")
    for (what, became), count in sorted(counts.items()):
        print(f"{what}: {became} {count}")
    print(
        f"From the moment in which the moderator opens the page: {banned:.1f} s and {acts} {'act' if acts == 1 else 'acts'} until all were banned, {max(0, last):.1f} s until the last message of the "
        f"attack was stored; after {deleted:.0f} s nothing was left of the {before} that stood"
    )
    return ratio <= 2 and max(last, deleted) < 60 and not under_missing


def _p99(took: list[float]) -> float:
    return statistics.quantiles(took, n=100)[98]


if __name__ == "__main__":
    main()
