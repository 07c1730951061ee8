"""States without content, as docs/page.md lists them: each says what is the matter and what one can do, and doing it helps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.frontend.conftest import write
from tests.frontend.test_axe import at_the_head, in_drawer, violations
from tests.frontend.test_looks import PHONE, sideways
from tests.people import promote
from tests.servers import wait_until

UNREACHED = "The server cannot be reached. Check your connection, then try again."


class Door:
    """A door of the server at which one waits until the test says what becomes of it."""

    def __init__(self, page: Page, path: str):
        self.page, self.path = page, path
        self.knocks: list[Route] = []
        page.route(path, self._keep_waiting)

    def _keep_waiting(self, knock: Route) -> None:
        self.knocks.append(knock)

    def fail(self) -> None:
        """Whoever waits cannot reach the server, as if there were none."""
        wait_until(lambda: self.page.wait_for_timeout(10) or self.knocks, 10, f"a question to {self.path}")
        for knock in self.knocks:
            knock.abort("connectionrefused")
        self.knocks.clear()

    def open(self) -> None:
        """Whoever waits is let in, and so is who comes from now on."""
        self.page.unroute(self.path)


@pytest.fixture
def official(visit, environment) -> Callable[..., Page]:
    """Brings somebody to a room who moderates all rooms, or is an admin."""

    def come(room: str, role: str = "moderator") -> Page:
        page = visit("mo", room)
        me = page.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]
        promote(environment, me["id"], role)
        page.reload()
        page.locator("#composer").wait_for()
        return page

    return come


def test_a_server_that_does_not_answer_is_waited_for(context, replica):
    page = context().new_page()
    page.route("**/api/me", lambda route: route.abort("connectionrefused"))
    page.goto(replica.url)
    expect(page.get_by_text("The server cannot be reached. Trying again…")).to_be_visible()
    page.unroute("**/api/me")
    expect(page.get_by_role("button", name="Come in")).to_be_visible()


def test_without_any_room_one_makes_the_first_or_writes_to_somebody(visit, meet):
    ann = visit("ann", meet("bob").room())
    ann.route("**/api/rooms", lambda route: route.fulfill(json={"rooms": []}))
    ann.reload()
    expect(ann.get_by_role("main")).to_contain_text("A room is a place to talk about one thing.")
    direct = ann.get_by_role("region", name="Direct messages")
    expect(direct).to_contain_text("Write to somebody.")
    direct.get_by_role("button", name="New message").click()
    ann.get_by_role("dialog", name="New message").get_by_role("button", name="Cancel").click()
    ann.unroute("**/api/rooms")
    ann.get_by_role("main").get_by_role("button", name="New room").click()
    ann.get_by_role("dialog").get_by_label("Name").fill("The first")
    ann.get_by_role("button", name="Make the room").click()
    expect(ann.get_by_role("heading", level=1)).to_have_text("The first")


def test_a_room_and_its_members_come_late_fail_and_are_there_after_another_try(visit, meet, complaints):
    bob = meet("bob")
    room = bob.room()
    bob.say(room, "here at last")
    ann = visit("ann", room)
    messages, members = Door(ann, f"**/rooms/{room}/messages?*"), Door(ann, f"**/rooms/{room}/members")
    ann.reload()
    expect(ann.get_by_role("log")).to_have_attribute("aria-busy", "true")
    expect(ann.locator(".skeleton")).to_be_visible()
    beside = ann.get_by_role("complementary", name="Members")
    expect(beside).to_contain_text("Loading…")
    messages.fail()
    expect(ann.get_by_role("log").get_by_role("alert")).to_contain_text(UNREACHED)
    messages.open()
    ann.get_by_role("log").get_by_role("button", name="Try again").click()
    expect(ann.locator(".message")).to_contain_text("here at last")
    members.fail()
    expect(beside).to_contain_text(UNREACHED)
    assert violations(ann) == []
    members.open()
    beside.get_by_role("button", name="Try again").click()
    expect(beside.get_by_role("button", name=bob.name)).to_be_visible()


def test_older_messages_that_do_not_come_are_asked_for_once_and_then_when_one_wants(visit, meet):
    bob = meet("bob")
    room = bob.room()
    for number in range(60):
        bob.say(room, f"number {number}.")
    ann = visit("ann", room)
    expect(ann.locator(".message", has_text="number 59.")).to_be_in_viewport()
    older = Door(ann, "**/messages?*before=*")
    ann.reload()
    expect(ann.locator(".message")).to_have_count(50)
    ann.get_by_role("log").evaluate("box => box.scrollTo(0, 0)")
    older.fail()
    expect(ann.get_by_role("log").get_by_role("alert")).to_contain_text(UNREACHED)
    ann.get_by_role("log").evaluate("box => box.scrollTo(0, 100)")
    expect(ann.get_by_role("log").get_by_role("alert")).to_have_count(1)
    assert older.knocks == []
    older.open()
    ann.get_by_role("log").get_by_role("button", name="Try again").click()
    expect(ann.locator(".message")).to_have_count(60)


def test_what_needs_a_connection_says_that_there_is_none(visit, meet):
    bob = meet("bob")
    room = bob.room()
    bob.say(room, "read this")
    ann = visit("ann", room)
    ann.route_web_socket(re.compile("socket.io"), lambda socket: socket.close())
    ann.reload()
    ann.locator(".message", has_text="read this").hover()
    ann.get_by_role("button", name="Mark as unread from here").click()
    expect(ann.get_by_text("Not connected. Try again when the connection is back.")).to_be_visible()


def test_before_and_while_one_searches_and_where_there_is_nothing_to_find(visit, meet):
    ann = visit("ann", meet("bob").room())
    ann.keyboard.press("Control+Shift+F")
    search = ann.get_by_role("dialog")
    expect(search).to_contain_text("Type any part of a word")
    asked = Door(ann, "**/api/search?*")
    search.get_by_role("combobox").fill("unheard-of")
    expect(search).to_contain_text("Searching…")
    asked.fail()
    search.get_by_role("button", name="Try again").click()
    expect(search).to_contain_text("Searching…")
    asked.open()
    expect(search).to_contain_text("Try a shorter part of the word")
    ann.keyboard.press("Escape")
    ann.get_by_role("button", name="Browse rooms").click()
    ann.get_by_role("searchbox").fill("unheard-of")
    expect(ann.get_by_role("dialog")).to_contain_text("or make the room by the plus")
    ann.keyboard.press("Escape")
    ann.get_by_role("button", name="Insert an emoji").click()
    ann.get_by_role("textbox", name="Find an emoji").fill("unheard-of")
    expect(ann.get_by_text("No emoji is called so. Try another word.")).to_be_visible()
    ann.keyboard.press("Escape")
    pins(ann)
    expect(ann.get_by_role("dialog")).to_contain_text("The room’s moderators pin what everybody should find")


def pins(page: Page) -> None:
    at_the_head(page, "Pinned messages")


def moderation(page: Page) -> None:
    page.get_by_role("link", name="Moderation").click()


def statistics(page: Page) -> None:
    page.get_by_role("link", name="Statistics").click()


def earlier_versions(page: Page) -> None:
    page.locator(".message .edited").click()


def rooms_that_suit(page: Page) -> None:
    in_drawer(page, "Rooms that suit you")


@pytest.mark.parametrize(
    ("door", "opens", "then"),
    [
        ("**/pins", pins, "Nothing is pinned here. Pin a message by the pin beside it."),
        ("**/api/reports?*", moderation, "Pictures held for review"),
        ("**/api/segments", statistics, "it takes 20 people"),
        ("**/versions", earlier_versions, "as it was"),
        ("**/api/me/segment", rooms_that_suit, "There is no room to suggest"),
    ],
)
def test_what_is_asked_for_loads_fails_and_is_there_after_another_try(official, meet, door, opens, then):
    mo = official(meet("bob").room())
    write(mo, "as it was")
    line = mo.locator(".message:not(.is-sending):not(.is-waiting)")
    line.hover()
    line.get_by_role("button", name="Edit").click()
    line.get_by_label("Edit the message").fill("as it is")
    line.get_by_label("Edit the message").press("Enter")
    mo.locator(".edited").wait_for()
    asked = Door(mo, door)
    opens(mo)
    where = mo.get_by_role("dialog").or_(mo.locator(".stats"))
    expect(where).to_contain_text("Loading…")
    expect(where).not_to_contain_text(then)
    asked.fail()
    expect(where.get_by_role("alert")).to_contain_text(UNREACHED)
    expect(where).not_to_contain_text(then)
    asked.open()
    where.get_by_role("button", name="Try again").click()
    expect(where).to_contain_text(then)
    expect(where).not_to_contain_text(UNREACHED)


def test_statistics_begin_with_a_fit_and_stand_still_without_a_worker(official, meet):
    admin = official(meet("bob").room(), "admin")
    statistics(admin)
    expect(admin.get_by_text("No segments have been made yet")).to_be_visible()
    expect(admin.get_by_role("button", name="Try again")).to_have_count(0)
    expect(admin.get_by_role("region", name="New fit").get_by_role("button", name="Try")).to_be_enabled()
    nothing = {"rows": [], "columns": [], "matrix": [], "counts": []}
    fit = {"users": 0, "fitted_at": "2026-01-01T00:00:00Z", "waiting": None, "history": [], "offers": []}
    found = {**fit, "segments": [], "heat": nothing, "hours": nothing, "days": 30, "bots_online": False}
    admin.route("**/api/segments", lambda route: route.fulfill(json=found))
    admin.reload()
    expect(admin.get_by_text("No worker runs the concierge: the figures stand still.")).to_be_visible()


def test_a_part_that_cannot_be_loaded_says_so_in_its_place_and_is_there_after_another_try(
    official, meet, complaints
):
    """Also where the browser keeps what failed, as it does where a sheet of the part is missing."""
    mo = official(meet("bob").room())
    mo.set_viewport_size(PHONE["viewport"])
    for part in ("**/views/stats.js", "**/css/stats.css"):
        door = Door(mo, part)
        mo.get_by_role("button", name="Rooms", exact=True).click()
        mo.get_by_role("link", name="Statistics").click()
        door.fail()
        said = mo.get_by_role("main").get_by_role("alert")
        expect(said).to_contain_text("This part of the page could not be loaded")
        assert violations(mo) == [] and not sideways(mo)
        door.open()
        said.get_by_role("button", name="Try again").click()
        expect(mo.get_by_role("heading", name="Statistics")).to_be_visible()
        mo.go_back()
        mo.reload()
        mo.locator("#composer").wait_for()


def test_a_dialog_that_cannot_be_loaded_says_so_and_is_there_after_another_try(visit, meet, complaints):
    ann = visit("ann", meet("bob").room())
    ann.evaluate("window.isTheSame = true")
    for button, title in (("Account of", "Account"), ("Pinned messages", "Pinned in lounge")):
        ann.context.set_offline(True)
        ann.get_by_role("button", name=button).click()
        said = ann.get_by_role("dialog", name="This part of the page could not be loaded")
        expect(said).to_contain_text("Check your connection, then try again.")
        assert violations(ann) == []
        said.get_by_role("button", name="Try again").click()
        expect(said.get_by_role("button", name="Try again")).to_be_visible()
        ann.context.set_offline(False)
        said.get_by_role("button", name="Try again").click()
        expect(ann.get_by_role("dialog", name=title)).to_be_visible()
        expect(said).to_have_count(0)
        ann.get_by_role("button", name="Close").click()
    assert ann.evaluate("isTheSame"), "the page need not begin anew where the browser asks again"
