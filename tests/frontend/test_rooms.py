"""Rooms in the browser: what they are called, who is in them, and what one wants to hear of them."""

import json
import re
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from tests.frontend.conftest import write
from tests.frontend.test_axe import violations

# What notifications and sounds would be, where there is nobody to see and hear them.
EARS = """
  if (location.protocol === 'http:') {
    window.shown = [];
    window.Notification = class {
        static get permission() { return localStorage.getItem('allowed') ?? 'default'; }
        static async requestPermission() {
            localStorage.setItem('allowed', 'granted');
            return 'granted';
        }
        constructor(title, { body }) { Object.assign(this, { title, body }); shown.push(this); }
        close() { this.closed = true; }
    };
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...times) { window.notes += 1; return start.apply(this, times); };
  }
"""


def test_a_new_name_and_topic_are_seen_at_once_and_only_the_creator_gives_them(visit):
    ann = visit("ann")
    ann.get_by_role("button", name="New room").first.click()
    ann.get_by_label("Name").fill("Tea")
    ann.get_by_role("button", name="Make the room").click()
    ann.locator("#composer").wait_for()
    bob = visit("bob", ann.url.rsplit("/", 1)[1])
    ann.get_by_role("button", name="Settings of this room").click()
    dialog = ann.get_by_role("dialog", name="Tea")
    dialog.get_by_label("Name").fill("Tea and cakes")
    dialog.get_by_label("Topic").fill("Which tea today?")
    dialog.get_by_label("Blur pictures of").fill("spider\n\n snake ")
    dialog.get_by_role("form", name="What it is about").get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Blur pictures of")).to_have_value("spider\nsnake")
    expect(bob.get_by_role("heading", name="Tea and cakes", exact=True)).to_be_visible()
    expect(bob.locator(".room-title p")).to_have_text("Which tea today?")
    expect(bob.get_by_role("link", name="Tea and cakes")).to_be_visible()
    bob.get_by_role("button", name="Settings of this room").click()
    his = bob.get_by_role("dialog", name="Tea and cakes")
    expect(his.get_by_role("radio", name="Mentions of me")).to_be_checked()
    expect(his.get_by_label("Name")).to_have_count(0)


def name_of(page: Page) -> str:
    return page.evaluate("fetch('/api/me').then((answer) => answer.json()).then(({ user }) => user.username)")


def assert_accessible(page: Page) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []


def look_at(page: Page, room: str) -> None:
    page.evaluate("room => { location.hash = `#/rooms/${room}`; }", room)
    page.get_by_role("button", name="Join to write here").click()
    page.locator("#composer").wait_for()


def mine(page: Page, name: str) -> Locator:
    """A room's link; other tests have rooms of the same name, to be joined."""
    return page.get_by_role("region", name="Your rooms").get_by_role("link", name=name)


def test_people_are_written_to_from_their_name_and_have_one_room(visit, meet):
    cy = meet("cy")
    room = cy.room("lounge")
    ann, bob = visit("ann", room), visit("bob", room)
    write(bob, "Hello")
    name = name_of(bob)
    for way in (ann.locator(".author", has_text=name), ann.locator(".person", has_text=name)):
        mine(ann, "lounge").click()
        way.first.click()
        card = ann.get_by_role("dialog", name=name)
        expect(card).to_be_visible()
        assert_accessible(ann)
        card.get_by_role("button", name="Message", exact=True).click()
        expect(ann.locator("h1")).to_have_text(name)
    write(ann, "Between us")
    written = bob.get_by_role("region", name="Direct messages").get_by_role("link", name=name_of(ann))
    expect(written.get_by_role("img", name="1 unread")).to_be_visible()
    expect(bob).to_have_title("(@1) lounge · Roomful")
    written.click()
    expect(bob.locator(".timeline .text")).to_have_text("Between us")
    expect(bob).to_have_title(f"{name_of(ann)} · Roomful")
    direct = ann.get_by_role("region", name="Direct messages")
    expect(direct.get_by_role("link")).to_have_count(1)
    direct.get_by_role("button", name="New message").click()
    for other in (name, cy.name):
        ann.get_by_role("dialog").get_by_label("Name").fill(other)
        ann.get_by_role("option", name=other).click()
    assert_accessible(ann)
    ann.get_by_role("dialog").get_by_role("button", name="Write").click()
    expect(ann.locator("h1")).to_have_text(", ".join(sorted((name, cy.name))))
    expect(ann.get_by_role("button", name="Members: 3")).to_be_visible()
    expect(bob.get_by_role("region", name="Direct messages").get_by_role("link")).to_have_count(1)


def test_mentions_stand_out_and_a_muted_room_is_quiet(visit, meet):
    bob = meet("bob")
    lounge, kitchen = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", kitchen)
    look_at(ann, lounge)
    badge, icon = mine(ann, "kitchen").locator(".badge"), ann.locator("link[rel=icon]")
    bob.say(kitchen, "Who cooks?")
    expect(badge).to_have_text("1")
    expect(ann).to_have_title("(1) lounge · Roomful")
    expect(icon).to_have_attribute("href", drawn("#3b352e", "1"))
    bob.say(kitchen, f"Perhaps @{name_of(ann)}?")
    expect(badge).to_have_text("@1")
    expect(badge).to_have_accessible_name("1 mention of you, 2 unread")
    expect(ann).to_have_title("(@1) lounge · Roomful")
    expect(icon).to_have_attribute("href", drawn("#d6402b", "1"))
    ann.add_init_script(BADGE)
    ann.reload()
    expect(badge).to_have_text("@1")
    ann.wait_for_function("onIcon === 1")
    settings = f"/api/rooms/{kitchen}/members/me"
    token = ann.evaluate("fetch('/api/me').then((answer) => answer.json()).then((me) => me.csrf_token)")
    headers = {"X-CSRF-Token": token}
    ann.context.request.patch(bob.url + settings, data={"muted": True}, headers=headers)  # on another device
    expect(ann).to_have_title("lounge · Roomful")
    expect(badge).to_have_class("badge badge-plain")
    expect(icon).to_have_attribute("href", re.compile(r"/img/icon\.svg$"))
    ann.wait_for_function("onIcon === 0")


# The number on the icon of an installed page, where there is none.
BADGE = """
    window.onIcon = 0;
    navigator.setAppBadge = async (count) => { window.onIcon = count; };
    navigator.clearAppBadge = async () => { window.onIcon = 0; };
"""


def drawn(colour: str, count: str) -> re.Pattern[str]:
    """The icon with a dot of this colour and a number."""
    return re.compile(f"^data:image/svg.*{quote(colour)}.*{quote(f'>{count}<')}")


def test_one_tab_notifies_of_what_one_wants_to_hear_and_leads_there(visit, meet):
    bob = meet("bob")
    lounge, kitchen = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", kitchen)
    ann.context.add_init_script(EARS)
    look_at(ann, lounge)
    ann.reload()
    ann.locator("#composer").wait_for()
    other = ann.context.new_page()
    other.goto(ann.url)
    tabs = (ann, other)
    me = f"@{name_of(ann)}"

    def told() -> list[str]:
        return [
            text
            for tab in tabs
            for text in tab.evaluate("shown.map(({ title, body }) => `${title}: ${body}`)")
        ]

    def say(text: str) -> None:
        """Seen by both tabs, and not so soon that it is taken for the same news."""
        bob.say(kitchen, text)
        for tab in tabs:
            expect(mine(tab, "kitchen").locator(".badge")).to_be_visible()
        ann.wait_for_timeout(1600)

    say(f"{me}, nobody may tell you yet")
    assert told() == []
    ann.get_by_role("button", name="Settings of this room").click()
    ann.get_by_role("button", name="Allow notifications").click()
    ann.get_by_role("checkbox", name="Play a sound").check()
    expect(ann.get_by_role("checkbox", name="Show notifications")).to_be_checked()
    ann.keyboard.press("Escape")
    notes = ann.evaluate("notes")
    assert notes == 2, "it was to be heard how it sounds"
    say("not to you")
    assert told() == []
    say(f"come, {me}")
    assert told() == [f"kitchen: {bob.name}: come, {me}"]
    assert sum(tab.evaluate("notes") for tab in tabs) == notes + 2
    teller = next(tab for tab in tabs if tab.evaluate("shown.length"))
    quiet = next(tab for tab in tabs if tab is not teller)
    teller.evaluate("shown[0].onclick()")
    expect(teller.locator("h1")).to_have_text("kitchen")
    assert teller.evaluate("shown[0].closed")
    bob.say(kitchen, f"{me}, there you are")
    expect(teller.locator(".timeline").get_by_text("there you are")).to_be_visible()
    quiet.wait_for_timeout(300)
    assert len(told()) == 1, "a tab shows the room"


def test_a_thousand_rooms_are_browsed(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    known = bob.get(f"/api/rooms/{room}").json()
    many = [
        {**known, "id": str(10**6 + n), "name": f"club {n}", "topic": f"for number {n}", "member": False}
        for n in range(1000)
    ]

    def rooms(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps({"rooms": answer.json()["rooms"] + many}))

    ann.route("**/api/rooms", rooms)
    ann.reload()
    ann.locator("#composer").wait_for()
    expect(ann.get_by_role("region", name="More to join")).to_have_count(0)
    ann.get_by_role("button", name="Browse rooms").click()
    dialog = ann.get_by_role("dialog", name="Browse rooms")
    rows = dialog.get_by_role("listitem")
    expect(rows).to_have_count(100)
    expect(rows.filter(has_text="lounge").filter(has_text="2 members · joined")).to_have_count(1)
    assert_accessible(ann)
    dialog.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(200)
    dialog.get_by_role("searchbox").fill("number 77")
    expect(dialog.get_by_role("status")).to_have_text("11 rooms")
    kitchen = bob.room("kitchen of ours")
    ann.unroute("**/api/rooms")
    ann.reload()
    ann.get_by_role("button", name="Browse rooms").click()
    dialog.get_by_role("searchbox").fill("kitchen of o")
    dialog.get_by_role("button", name="Join kitchen of ours").first.click()
    expect(ann.locator("h1")).to_have_text("kitchen of ours")
    ann.locator("#composer").wait_for()
    assert kitchen


def test_a_link_leads_into_a_private_room(visit, meet):
    ann, bob = visit("ann"), visit("bob")
    ann.get_by_role("button", name="New room").first.click()
    ann.get_by_label("Name").fill("The surprise")
    ann.get_by_label("Only those I add").check()
    ann.get_by_role("button", name="Make the room").click()
    ann.get_by_role("button", name="Settings of this room").click()
    ann.get_by_role("button", name="Make a link").click()
    link = ann.get_by_label("Link into this room").input_value()
    assert_accessible(ann)
    bob.goto(link)
    expect(bob.locator("h1")).to_have_text("The surprise")
    bob.locator("#composer").wait_for()
    assert "/join/" not in bob.url
