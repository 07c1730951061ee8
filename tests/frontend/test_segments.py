"""Segments on the page: what a person is offered, and what moderators and admins see and do."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chat import activity
from chat.db import Database
from chat.offers import WEEK
from chat.schema import segment_people, users
from tests.conftest import prepare
from tests.frontend.test_axe import violations
from tests.frontend.test_looks import PHONE, sideways
from tests.people import Client, has_done, promote
from tests.servers import Postgres, RedisServer, Replica, Worker, wait_until


class Club:
    """A replica and a concierge of their own. Two groups of people talk in Art, or post pictures in Bikes."""

    def __init__(self, environment: dict[str, str], folder: Path):
        self.replica = Replica(environment, folder)
        self.worker = Worker(environment, folder, "concierge")
        self.environment = environment
        self.db = Database(environment["DATABASE_URL"])
        self.admin = Client(self.replica.url, "mayor")
        promote(environment, self.admin.id)
        self.art, self.bikes = self.admin.room("Art"), self.admin.room("Bikes")
        wait_until(lambda: self.admin.get("/api/bots").json()["bots"][0]["online"], 90, "the concierge")
        for number in range(26):
            person = self.db.write(users_create, f"member{number}")
            self.does(person, number, **({"texts": 20} if number < 16 else {"pictures": 15}))

    def does(self, person: int, number: int = 0, hour: int = 9, **times: int) -> None:
        room = self.art if "texts" in times else self.bikes
        for day in range(2):
            has_done(self.db, person, int(room), activity.today() - day, hour + number % 3, **times)

    def fit(self, **wish: object) -> None:
        """On a busy machine a worker's first fit takes longer than the door waits."""
        answer = self.admin.post("/api/segments/fit", {"dry_run": False, **wish})
        path = f"/api/segments/runs/{answer.json()['run']}"
        wait_until(lambda: self.admin.get(path).json()["state"] == "applied", 90, "the fit")

    def close(self) -> None:
        self.worker.stop()
        self.replica.stop()
        self.db.close()


def users_create(conn, name: str) -> int:
    row = {"username": name, "username_key": name, "display_name": name, "created_at": 0}
    return int(conn.execute(users.insert().values(row).returning(users.c.id)).scalar_one())


@pytest.fixture(scope="module")
def club(
    postgres: Postgres, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Club]:
    folder = tmp_path_factory.mktemp("club")
    redis_server.flush()
    made = Club(prepare(postgres.create("club_of_segments"), redis_server.url, folder), folder)
    made.fit(k=2)
    yield made
    made.close()


@pytest.fixture
def come(club: Club, visit):
    """Brings somebody to the club: `ann = come("ann", role="moderator", texts=20)`."""

    def come(name: str, role: str = "member", **options: object) -> Page:
        times = {kind: options.pop(kind) for kind in ("texts", "pictures") if kind in options}
        page: Page = visit(name, club.art, at=club.replica, **options)
        me = page.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]
        if times:
            club.does(int(me["id"]), **times)
        if role != "member":
            promote(club.environment, me["id"], role)
            page.reload()
        return page

    return come


def offered(page: Page) -> None:
    """The bot has written, and its room is open."""
    link = page.get_by_role("link", name="concierge")
    expect(link).to_be_visible(timeout=60_000)
    link.click()
    expect(page.locator(".message", has_text="may suit you")).to_be_visible()


def test_a_person_sees_the_offer_and_why_and_is_in_the_room(come):
    ann = come("ann", pictures=14)
    offered(ann)
    message = ann.locator(".message", has_text="may suit you")
    expect(message).to_contain_text("You posted 28 pictures in the last 30 days; the median is")
    expect(message).to_contain_text("Most people like you are active in Bikes")
    message.get_by_role("button", name="Join Picture posters in Bikes").click()
    expect(ann.get_by_role("heading", level=1)).to_have_text("Picture posters in Bikes")
    expect(ann.locator("#composer")).to_be_visible()
    ann.get_by_role("button", name="Rooms that suit you").click()
    dialog = ann.get_by_role("dialog")
    expect(dialog).to_contain_text("the people of Picture posters in Bikes do")
    expect(dialog.get_by_role("link", name="Picture posters in Bikes")).to_be_visible()
    expect(dialog.get_by_role("button", name="Join")).to_have_count(0)
    assert violations(ann) == []


def test_never_is_never(come, club):
    bob = come("bob", texts=20)
    offered(bob)
    bob.get_by_role("button", name="Never").click()
    expect(bob.get_by_text("nothing will be offered to you again")).to_be_visible()
    expect(bob.get_by_role("button", name="Never")).to_have_count(0)
    long_ago = segment_people.update().values(offered_at=segment_people.c.offered_at - 2 * WEEK)
    club.db.write(lambda conn: conn.execute(long_ago))
    club.fit(k=2)
    bob.wait_for_timeout(7000)  # the concierge looks every five seconds
    expect(bob.locator(".message", has_text="may suit you")).to_have_count(1)


def test_who_takes_no_part_is_forgotten(come):
    eve = come("eve", texts=20)
    offered(eve)
    eve.get_by_role("button", name="Rooms that suit you").click()
    eve.get_by_role("button", name="Take no part").click()
    eve.get_by_role("button", name="Leave and delete").click()
    expect(eve.get_by_text("what was counted of you is deleted")).to_be_visible()
    eve.get_by_role("button", name="Rooms that suit you").click()
    expect(eve.get_by_role("dialog")).to_contain_text("There is no room to suggest")


def test_a_member_sees_no_statistics(come, club):
    page = come("carl")
    expect(page.get_by_role("link", name="Statistics")).to_have_count(0)
    page.evaluate("location.hash = '#/stats'")
    expect(page.get_by_role("heading", name="Statistics")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_moderator_reads_the_heat_renames_and_chooses_a_room(come, club):
    page = come("mo", role="moderator")
    page.get_by_role("link", name="Statistics").click()
    table = page.get_by_role("table", name="Rooms by segment")
    cell = table.get_by_role("row", name="Art").get_by_role("cell").first
    expect(cell).to_have_text("100%")
    expect(cell).to_have_attribute("data-tint", "8")
    expect(table.get_by_role("columnheader", name="Talkers in Art")).to_be_visible()
    expect(page.get_by_role("region", name="New fit")).to_have_count(0)
    assert violations(page) == []

    with page.expect_download() as saved:
        page.get_by_role("region", name="Rooms by segment", exact=True).get_by_role(
            "button", name="CSV"
        ).click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))
    assert rows[0][:3] == ["Room", "Talkers in Art", "Picture posters in Bikes"]
    assert [row[:3] for row in rows if row[0] == "Art"] == [["Art", "1.0000", "0.0000"]]

    chart = page.get_by_role("region", name="Sizes over time", exact=True)
    expect(chart.locator("canvas")).to_be_visible()
    chart.get_by_role("button", name="As a table").click()
    expect(chart.get_by_role("columnheader", name="Talkers in Art")).to_be_visible()

    table.get_by_role("button", name="Bikes", exact=True).click()
    details = page.get_by_role("dialog", name="Statistics of Bikes")
    expect(
        details.get_by_role("row", name=re.compile(r"^Picture posters in Bikes 1\d 3\d\d"))
    ).to_be_visible()
    by_day = details.get_by_role("region", name="Segments by day", exact=True)
    expect(by_day.locator("canvas")).to_be_visible()
    by_day.get_by_role("button", name="As a table").click()
    expect(by_day.get_by_role("columnheader", name="Picture posters in Bikes")).to_be_visible()
    expect(by_day.get_by_role("cell", name=re.compile(r"^1\d\d$"))).to_have_count(2)
    assert violations(page) == []
    details.get_by_role("button", name="Close").click()

    card = page.get_by_role("article", name="Talkers in Art")
    card.get_by_label("Its room").select_option(label="Bikes")
    wait_until(lambda: room_of(club, "Talkers in Art") == "Bikes", 10, "the room")
    card.get_by_label("Name of the segment").fill("The talkative")
    card.get_by_label("Name of the segment").press("Enter")
    expect(page.get_by_role("article", name="The talkative")).to_be_visible()
    club.admin.put(f"/api/segments/{segment(club, 'The talkative')['id']}", {"name": "Talkers in Art"})


WRITTEN = """() => {
    window.written = [];
    const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
        window.written.push(text);
        return draw.call(this, text, ...more);
    };
}"""


@pytest.mark.parametrize(("place", "day"), [("zh-CN", r"\d+月\d+日"), ("en-GB", r"\d+ [A-Z][a-z]{2,3}")])
def test_a_charts_days_are_written_as_in_ones_language(come, club, place, day):
    page = come("mo", role="moderator", locale=place, timezone_id="Asia/Shanghai")
    page.evaluate(f"({WRITTEN})()")
    page.evaluate("location.hash = '#/stats'")
    page.get_by_role("button", name="Bikes", exact=True).click()
    expect(page.get_by_role("dialog").locator("canvas").first).to_be_visible()
    times = [text for text in page.evaluate("window.written") if not re.fullmatch(r"[\d,.]+", text)]
    days = [text for text in times if re.fullmatch(day, text)]
    assert len(set(days)) >= 2, times
    assert not [text for text in times if re.search(r"[ap]m$|/", text)]


def segment(club: Club, name: str) -> dict:
    found = club.admin.get("/api/segments").json()["segments"]
    return next(one for one in found if one["name"] == name)


def room_of(club: Club, name: str) -> str:
    return segment(club, name)["room"]["name"]


def test_an_admin_tries_a_fit_and_then_makes_it(come, club):
    page = come("ada", role="admin")
    page.goto(f"{club.replica.url}/stats")
    runs = len(club.admin.get("/api/segments").json()["history"])
    form = page.get_by_role("region", name="New fit")
    form.get_by_label("Segments").select_option("2")
    form.get_by_role("button", name="Try").click()
    expect(form.get_by_role("status")).to_contain_text("0% of the people would move", timeout=30_000)
    assert len(club.admin.get("/api/segments").json()["history"]) == runs
    form.get_by_role("button", name="Apply").click()
    expect(form.get_by_role("button", name="Apply")).to_have_count(0, timeout=30_000)
    assert len(club.admin.get("/api/segments").json()["history"]) == runs + 1
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_in_both_schemes(come, scheme):
    page = come("pia", role="moderator", color_scheme=scheme, **PHONE)
    page.evaluate("location.hash = '#/stats'")
    expect(page.get_by_role("table", name="Rooms by segment")).to_be_visible()
    assert sideways(page) == 0
    assert page.locator(".stats-body").evaluate("box => box.scrollWidth - box.clientWidth") == 0
    # Every tint with what is written on it, whether or not the matrix has it.
    page.locator(".heat td").first.evaluate(
        """(cell) => { for (let tint = 0; tint < 9; tint += 1) {
            const other = cell.cloneNode(true); other.dataset.tint = tint; cell.after(other); } }"""
    )
    assert violations(page) == []


def test_names_that_look_like_formulas_are_none_in_a_file(visit, meet):
    page = visit("ann", meet("bob").room())
    made = page.evaluate(
        """() => import('/static/js/csv.js').then(({ csv }) => csv(['a', 'b'], [['=1+1', 2], ['@x, "y"', '-3']]))"""
    )
    assert made == 'a,b\r\n\'=1+1,2\r\n"\'@x, ""y""",\'-3\r\n'
