"""Axe visits every page and dialog, in light and dark, on a desktop and on 360 pixels, and finds nothing to mend.

A new dialog is one more function below: it opens it, and returns what to wait for.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.frontend.test_looks import FRONTEND, furnish, sideways
from tests.people import new_name, promote

AXE = FRONTEND / "node_modules/axe-core/axe.min.js"
NARROW = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1280, "height": 800}}
DIALOGS: list[Callable[[Page], Locator]] = []


def dialog(opens: Callable[[Page], Locator]) -> Callable[[Page], Locator]:
    DIALOGS.append(opens)
    return opens


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def press(page: Page, name: str, exact: bool = True) -> None:
    page.get_by_role("button", name=name, exact=exact).first.click()


def at_the_head(page: Page, name: str, in_settings: str = "") -> None:
    """What stands at the head of the room, or on a phone in its settings."""
    if page.get_by_role("button", name=name, exact=True).is_visible():
        return press(page, name)
    press(page, "Settings of this room")
    return press(page, in_settings or name)


@dialog
def new_room(page: Page) -> Locator:
    in_drawer(page, "New room")
    return named(page, "New room")


@dialog
def language(page: Page) -> Locator:
    in_drawer(page, "Language")
    return named(page, "Language")


@dialog
def rooms_that_suit(page: Page) -> Locator:
    in_drawer(page, "Rooms that suit you")
    return named(page, "Rooms that suit you")


@dialog
def search(page: Page) -> Locator:
    page.locator("body").press("Control+Shift+F")
    page.get_by_label("Words to search for").fill("picture")
    return page.locator(".result").first


@dialog
def switcher(page: Page) -> Locator:
    page.locator("body").press("Control+k")
    return named(page, "Go to a room")


@dialog
def keys(page: Page) -> Locator:
    page.locator("body").press("?")
    return named(page, "Keyboard shortcuts")


@dialog
def large_picture(page: Page) -> Locator:
    page.get_by_role("button", name="show it large").first.click()
    return page.get_by_role("dialog")


@dialog
def room_settings(page: Page) -> Locator:
    press(page, "Settings of this room")
    return page.get_by_role("dialog")


@dialog
def room_statistics(page: Page) -> Locator:
    at_the_head(page, "Statistics of this room", "Statistics")
    return page.get_by_role("dialog", name="Statistics of")


@dialog
def teaching(page: Page) -> Locator:
    at_the_head(page, "Teach the bot about pictures")
    return page.get_by_role("dialog", name="What is in these pictures?")


@dialog
def pinned(page: Page) -> Locator:
    at_the_head(page, "Pinned messages")
    return page.get_by_role("dialog", name="Pinned in")


@dialog
def browse(page: Page) -> Locator:
    in_drawer(page, "Browse rooms")
    return named(page, "Browse rooms")


@dialog
def account(page: Page) -> Locator:
    in_drawer(page, "Account of", exact=False)
    return named(page, "Account")


@dialog
def reporting(page: Page) -> Locator:
    page.get_by_role("button", name="Report to the moderators").first.evaluate("button => button.click()")
    return page.get_by_role("dialog", name="Report a message")


@dialog
def person(page: Page) -> Locator:
    if not page.get_by_role("complementary", name="Members").is_visible():
        page.locator(".members-button").click()
    page.locator(".members .person").last.click()
    return page.get_by_role("dialog")


@dialog
def deleting(page: Page) -> Locator:
    page.locator(".message", has_text="one of mine").get_by_role("button", name="Delete").evaluate(
        "button => button.click()"
    )
    return page.get_by_role("dialog")


@dialog
def emoji(page: Page) -> Locator:
    if page.get_by_role("complementary", name="Members").is_visible() and page.viewport_size["width"] < 1180:
        press(page, "Hide members")
    press(page, "Insert an emoji")
    return page.get_by_role("button", name="grinning face with big eyes")


@dialog
def completion(page: Page) -> Locator:
    page.locator("#composer").press_sequentially(":ro")
    return page.get_by_role("option").first


def in_drawer(page: Page, name: str, exact: bool = True) -> None:
    """What stands in the list of rooms, which is a drawer on a phone."""
    opener = page.get_by_role("button", name="Rooms", exact=True)
    if opener.is_visible() and page.locator(".frame[data-drawer=closed]").count():
        opener.click()
    press(page, name, exact)


def violations(page: Page) -> list[str]:
    # By the debugger's way in, because the page's Content-Security-Policy rightly lets no script be added to it.
    page.evaluate(AXE.read_text())
    page.wait_for_timeout(300)  # colours in transition have no contrast to measure
    # Targets of 24 by 24 pixels, or as much place around them (WCAG 2.5.8), are asked for only by who wants them.
    options = "{ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }"
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


# Contrast hangs on the colours and what is hidden on the size: two of the four pairs show all of either.
@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["light", "dark"])
def test_axe_finds_nothing_to_mend(visit, meet, context, replica, environment, scheme, size):
    look = {"color_scheme": scheme, **size}
    door = context(**look).new_page()
    door.goto(replica.url)
    door.get_by_label("Name").wait_for()
    found = {"the door": violations(door)}
    page = visit("ann", furnish(meet("bob")), **look)
    promote(
        environment,
        page.evaluate("fetch('/api/me').then((a) => a.json()).then((a) => a.user.id)"),
        "moderator",
    )
    page.reload()
    page.locator(".message").first.wait_for()
    page.locator("#composer").fill("and one of mine, @bob!")
    page.locator(".send-button").click()  # Enter is a new line where one touches
    expect(page.locator(".message:not(.is-sending):not(.is-waiting)", has_text="one of mine")).to_be_visible()
    found["a room"] = violations(page)
    for opens in DIALOGS:
        expect(opens(page)).to_be_visible()
        found[opens.__name__] = violations(page)
        if sideways(page):
            found[opens.__name__].append("scrolls sideways")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.locator("#composer").evaluate("field => { field.value = ''; }")
        if page.locator(".frame[data-drawer=open]").count():
            page.locator(".scrim").click(position={"x": 340, "y": 300})
    for place, heading in (("stats", "Statistics"), ("moderation", "Moderation")):
        page.goto(f"{replica.url}/#/{place}")
        page.get_by_role("heading", level=1, name=heading).wait_for()
        found[place] = violations(page)
    assert {where: what for where, what in found.items() if what} == {}


def test_a_room_without_anything_and_no_room_at_all(visit, meet, replica):
    """The states that have nothing to show say what to do."""
    page = visit("ann", meet("bob").room(new_name("empty")))
    expect(page.locator(".beginning")).to_contain_text("Say hello")
    assert violations(page) == []
