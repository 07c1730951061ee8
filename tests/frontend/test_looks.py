"""Every size, both colour schemes, keyboard and screen reader, and the types of the page's own code."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.people import Client, new_id, picture

FRONTEND = Path(__file__).parents[2] / "frontend"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def furnish(bob: Client) -> str:
    """A room with everything that can stand in one."""
    room = bob.room(
        "lounge", topic="A topic that is long enough to be cut where there is no place for all of it"
    )
    first = bob.say(
        room, "Some `code`, a [link](https://example.org), **bold**\n```\n" + "wide " * 60 + "\n```"
    )
    bob.say(room, "w" * 300, reply_to=first["id"])
    bob.drop(room, picture(size=(1600, 900)), text="A wide picture")
    bob.put(f"/api/messages/{first['id']}/reactions/👍")
    gone = bob.say(room, "gone")
    bob.delete(f"/api/messages/{gone['id']}")
    return room


def sideways(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [360, 390, 640, 760, 1024])  # 640: 1,280 at 200 % zoom
def test_nothing_scrolls_sideways(visit, meet, width):
    page = visit("ann", furnish(meet("bob")), viewport={"width": width, "height": 800})
    expect(page.locator(".picture img")).to_be_visible()
    assert sideways(page) == 0
    assert page.locator(".timeline").evaluate("box => box.scrollWidth - box.clientWidth") == 0


def test_on_a_phone_the_rooms_are_a_drawer(visit, meet):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room(f"kitchen of {bob.name}", private=True)
    page = visit_phone(visit, room)
    ann = page.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]["id"]
    assert bob.put(f"/api/rooms/{other}/members/{ann}").status_code == 204
    expect(page.get_by_role("link", name="kitchen")).to_have_count(0)
    page.get_by_role("button", name="Rooms", exact=True).tap()
    page.get_by_role("link", name=f"kitchen of {bob.name}").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"kitchen of {bob.name}")
    expect(page.get_by_role("button", name="Close the list of rooms")).not_to_be_in_viewport()
    assert other in page.url


def test_on_a_phone_a_touch_shows_what_can_be_done(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.say(room, "touch me")
    page = visit_phone(visit, room)
    actions = page.locator(".actions")
    expect(actions).to_have_css("opacity", "0")
    page.locator(".message .text").tap()
    expect(actions).to_have_css("opacity", "1")
    actions.get_by_role("button", name="React: heart").tap()
    expect(page.get_by_role("button", name="❤️, 1")).to_be_visible()


def visit_phone(visit, room: str) -> Page:
    page = visit("ann", None, **PHONE)
    page.evaluate("id => location.hash = `#/rooms/${id}`", room)
    page.get_by_role("button", name="Join to write here").tap()
    page.locator("#composer").wait_for()
    return page


def test_the_system_chooses_the_colours_until_a_person_does(visit, meet):
    page = visit("ann", meet("bob").room("lounge"), color_scheme="dark")
    dark = "rgb(25, 23, 22)"
    expect(page.locator("body")).to_have_css("background-color", dark)
    page.emulate_media(color_scheme="light")
    light = "rgb(255, 253, 250)"
    expect(page.locator("body")).to_have_css("background-color", light)
    page.get_by_role("button", name="Colours: as the system").click()
    page.get_by_role("button", name="Colours: light").click()
    expect(page.locator("body")).to_have_css("background-color", dark)
    page.reload()
    expect(page.locator("body")).to_have_css("background-color", dark)


def test_what_others_say_is_spoken_and_history_is_not(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.say(room, "long ago")
    page = visit("ann", room)
    spoken = page.locator("[aria-live=polite].for-screen-readers")
    expect(spoken).to_be_empty()
    bob.say(room, "just now")
    expect(spoken).to_have_text(f"{bob.name}: just now")
    page.evaluate(
        """() => {
            window.said = [];
            const region = document.querySelector('[aria-live=polite].for-screen-readers');
            new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    socket = bob.socket()
    for number in range(50):
        socket.io.emit("send", {"room": room, "text": f"number {number}", "client_id": new_id()})
    expect(spoken).to_contain_text("number 49", timeout=20_000)
    said = page.evaluate("window.said")
    assert len(said) <= 5 and any("new messages" in one for one in said), said


def test_a_private_room_is_made_and_people_are_added(visit, meet, replica):
    bob = meet("bob")
    lobby = bob.room("foyer")
    page = visit("ann", lobby)
    page.get_by_role("button", name="New room").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("The surprise")
    dialog.get_by_label("Only those I add").check()
    dialog.get_by_role("button", name="Make the room").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The surprise")
    page.get_by_role("button", name="Add people").click()
    page.get_by_role("dialog").get_by_label("Name").fill(bob.name)
    page.get_by_role("option", name=bob.name).click()
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("complementary", name="Members")).to_contain_text(bob.name)
    assert "The surprise" in [room["name"] for room in bob.get("/api/rooms").json()["rooms"]]


def test_the_policy_lets_nothing_in_from_elsewhere(visit, meet, complaints):
    page = visit("ann", meet("bob").room("lounge"))
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')") == "refused"
    inline = """() => {
        const script = document.createElement('script');
        script.textContent = 'window.broken = true';
        document.body.append(script);
        return window.broken ?? false;
    }"""
    assert page.evaluate(inline) is False
    assert len(complaints) >= 2 and all("Content Security Policy" in complaint for complaint in complaints)
    complaints.clear()


def test_the_pages_code_has_right_types():
    checked = subprocess.run(
        [FRONTEND / "node_modules/.bin/tsc", "--project", FRONTEND / "jsconfig.json"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
