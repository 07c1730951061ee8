"""Finding what was said: words in any language, filters, page by page, marked, and only as long as it stands."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from chat import users
from chat.backend import Backend
from chat.config import Config
from chat.folding import normalise
from chat.lessons import Lesson, Lessons
from tests.people import new_name, picture

TEXTS = (
    "Straße nach MÜNCHEN",
    "今天天气很好",
    "ﬁne ＦＵＬＬ Ⅷ",
    "ΣΊΣΥΦΟΣ ς",
    "e\u0301te\u0301 İI ŉ",
    "각 가",
    "ẞ ﬀ 👩‍👩‍👧",
)
FOLDED = "texts => import('/static/js/folding.js').then(({ fold }) => texts.map(fold))"
MARKED = "() => [...(CSS.highlights.get('found') ?? [])].map(String)"


@pytest.fixture
def teach(environment) -> Iterator[Callable[..., None]]:
    """Says what a message's picture shows."""
    backend = Backend.open(Config.from_environment({**os.environ, **environment}))
    bot = users.ensure_bot(backend, "vision", "Says what is in a picture")
    school = Lessons(backend)

    def work(message: dict, label: str) -> None:
        ids = int(message["id"]), bot.id, int(message["room"])
        school.record(Lesson(*ids, "taught", label, None, False, "model"))

    yield work
    backend.close()


def ask(page: Page, text: str) -> None:
    """Type it into the search, which is opened for it."""
    if page.get_by_role("dialog").count() == 0:
        page.keyboard.press("Control+Shift+f")
    field = page.get_by_role("combobox", name="Words to search for")
    field.fill("")
    field.press_sequentially(text)


def test_enter_takes_nobody_who_is_not_typed(visit, meet):
    """However late the answer comes that says who is meant."""
    names = {meet("quentin").name, meet("quentin").name}
    ann = visit("ann")
    ask(ann, "from:quentin-")
    options = ann.get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    wanted = options.nth(1).locator("strong").inner_text()
    assert wanted in names
    ann.route("**/api/users?*", lambda route: None)
    field = ann.get_by_role("combobox")
    field.fill(f"from:{wanted}")
    field.press("Enter")
    expect(ann.locator(".chip > span:not(.avatar)")).to_have_text([wanted])


def test_filters_are_typed_completed_and_taken_away(visit, meet, teach):
    bob = meet("bob")
    room, other = bob.room("the lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    name = ann.locator(".me-name strong").inner_text()
    mine = {"text": "a walk", "client_id": "w"}
    csrf = {"X-CSRF-Token": ann.request.get(f"{bob.url}/api/me").json()["csrf_token"]}
    ann.request.post(f"{bob.url}/api/rooms/{room}/messages", data=mine, headers=csrf)
    dog = bob.drop(room, picture(), text="on a walk").json()
    teach(dog, "Golden Retriever")
    bob.drop(other, picture("red"), text="a walker")
    results = ann.locator(".result")
    bob.wait_until_found("walker")
    ask(ann, "walk")
    expect(results).to_have_count(3)
    field = ann.get_by_role("combobox")
    field.fill("walk from:")
    field.press_sequentially(name[:-2])  # a part of it is enough for the list
    option = ann.get_by_role("listbox", name="Suggestions").get_by_role("option", name=name)
    expect(option).to_be_visible()
    field.press("Enter")
    expect(ann.locator(".chip > span:not(.avatar)")).to_have_text([name])
    expect(results).to_have_count(1)
    expect(results).to_contain_text("a walk")
    ann.get_by_role("button", name=f"Remove {name}").click()
    expect(results).to_have_count(3)
    field.fill('in:"the lounge" has:picture walk')  # typed to the end, it needs no list
    expect(ann.locator(".chip")).to_have_text(["the lounge", "Has a picture"])
    expect(results.locator(".result-text")).to_have_text(["on a walk"])
    expect(field).to_have_value("walk")
    field.fill("")
    field.press("Backspace")
    field.press("Backspace")
    expect(ann.locator(".chip")).to_have_count(0)
    ann.get_by_role("button", name="Picture of…").click()
    expect(field).to_have_value("label:")
    field.fill("label:golden")  # others have pictures here, too: of all labels theirs may come first
    expect(ann.get_by_role("option", name="golden retriever")).to_be_visible()
    field.fill("label:")
    field.press_sequentially("dogs ")
    expect(ann.locator(".chip")).to_have_text(["dogs"])
    expect(results).to_have_count(1)
    expect(results.get_by_role("img")).to_be_visible()
    field.press_sequentially("from:nobody-at-all-")
    field.press("Space")
    expect(ann.get_by_text("Nobody is called “nobody-at-all-”.")).to_be_visible()


def test_labels_are_suggested_by_their_names_in_both_languages(visit, meet, teach):
    bob = meet("bob")
    room = bob.room("lounge")
    text = new_name("walk")
    teach(bob.drop(room, picture(), text=text).json(), "Golden Retriever")
    lin = visit("lin", locale="zh-CN")
    lin.keyboard.press("Control+Shift+f")
    field = lin.get_by_role("combobox")
    option = lin.get_by_role("option", name="金毛寻回犬")
    found = lin.locator(".result", has_text=text)
    for typed in ("标签:寻回", "标签:GOLDEN"):
        field.fill(typed)
        expect(lin.get_by_role("option").first).to_have_text(typed.removeprefix("标签:"))
        expect(option).to_be_visible()
    option.click()
    expect(lin.locator(".chip")).to_have_text("金毛寻回犬")
    expect(found).to_be_visible()
    field.press("Backspace")
    field.fill("标签:")
    field.press_sequentially("寻回犬 ")
    expect(lin.locator(".chip")).to_have_text("寻回犬")
    expect(found).to_be_visible()


def test_finds_are_marked_as_the_index_compares_them(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.say(room, "so " * 60 + "the **Seestraße** [map](https://example.org/hidden)")
    bob.say(room, "我们今天去公园，天气很好")
    for n in range(60):
        bob.say(room, f"noise {n}")
    bob.wait_until_found("天气")
    ann = visit("ann", room)
    assert ann.evaluate(FOLDED, TEXTS) == [normalise(text) for text in TEXTS]
    ask(ann, "STRASSE see")
    marks = ann.locator(".result mark")
    expect(marks).to_have_text(["Seestraße"])
    expect(ann.locator(".result-text")).to_have_text("…" + "so " * 11 + "the Seestraße map")
    ask(ann, "天气 公园")
    expect(marks).to_have_text(["公园", "天气"])
    ann.get_by_role("combobox").press("ArrowDown")
    expect(ann.locator(".result")).to_be_focused()
    ann.keyboard.press("Enter")
    expect(ann.locator(".message.is-target")).to_be_in_viewport()
    ann.wait_for_function(f"() => ({MARKED})().length")
    assert ann.evaluate(MARKED) == ["公园", "天气"]


def test_more_is_a_page_away_and_what_fails_is_tried_again(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    for n in range(23):
        bob.say(room, f"walrus {n}")
    bob.wait_until_found("walrus 22")
    ann = visit("ann", room)
    results = ann.locator(".result")
    ask(ann, "walrus")
    expect(results).to_have_count(20)
    ann.get_by_role("button", name="Show more").click()
    expect(results).to_have_count(23)
    expect(results.last).to_contain_text("walrus 0")
    expect(ann.get_by_role("button", name="Show more")).to_have_count(0)
    ask(ann, "unheard-of")
    expect(ann.get_by_text("Nothing found in the rooms that you may read.")).to_be_visible()
    ann.route("**/api/search?*", lambda route: route.abort("connectionrefused"))
    ask(ann, "walrus 1")
    again = ann.get_by_role("alert").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    ann.unroute("**/api/search?*")
    again.click()
    expect(results).to_have_count(12)  # 1, 10 to 19, 21


def test_nothing_of_a_deleted_message_is_left_on_any_page(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    secret = bob.say(room, "the swordfish")
    for n in range(60):
        bob.say(room, f"noise {n}")
    bob.say(room, "quite so", reply_to=secret["id"])
    bob.patch(f"/api/messages/{secret['id']}", {"text": "the swordfish, edited"})
    bob.wait_until_found("swordfish edited")
    reads, searches, looks = visit("ann", room), visit("chidi", room), visit("dora", room)
    expect(reads.locator(".quote")).to_contain_text("swordfish")
    ask(searches, "swordfish")
    expect(searches.locator(".result")).to_have_count(1)
    looks.locator(".quote").click()
    looks.locator(".message.is-target").hover()
    looks.locator(".message.is-target").get_by_role("button", name="Reply").click()
    expect(looks.locator(".replying")).to_contain_text("swordfish")
    looks.locator(".message.is-target .edited").click()
    expect(looks.get_by_role("dialog").locator(".versions li")).to_have_count(2)
    assert bob.delete(f"/api/messages/{secret['id']}").status_code == 204
    for page in (reads, searches, looks):
        expect(page.locator("body")).not_to_contain_text("swordfish")
        assert "swordfish" not in page.content().replace('value="swordfish"', "")
    expect(reads.locator(".quote")).to_have_text("A message that was deleted")
    for path in (
        f"/api/messages/{secret['id']}",
        f"/api/messages/{secret['id']}/versions",
        "/api/search?q=swordfish",
    ):
        assert "swordfish" not in bob.get(path).text
