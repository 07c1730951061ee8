"""Pictures: chosen, shown, sent, refused, and what a bot says of them."""

import io
import os
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from chat import messages, users
from chat.backend import Backend
from chat.config import Config
from chat.lessons import Lessons
from tests.frontend.conftest import drop
from tests.people import picture, promote


@pytest.fixture
def answer(environment) -> Iterator[Callable[..., None]]:
    """Answers as a bot does: `answer(message_id, text, labels)`."""
    backend = Backend.open(Config.from_environment({**os.environ, **environment}))
    bot = users.ensure_bot(backend, "vision", "Says what is in a picture")
    yield lambda message_id, text, labels: messages.answer(backend, bot, int(message_id), text, labels)
    backend.close()


def test_a_dropped_picture_is_previewed_sent_and_keeps_its_place(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    drop(ann, "wide.png", "image/png", picture(size=(800, 400)))
    expect(
        ann.get_by_role("list", name="Pictures to send").get_by_role("img", name="wide.png")
    ).to_be_visible()
    ann.locator("#composer").fill("Look at this")
    ann.locator("#composer").press("Enter")
    box = ann.locator(".picture")
    first = box.bounding_box()
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting) .picture img")).to_be_visible()
    assert box.bounding_box() == first
    assert first and abs(first["width"] / first["height"] - 2) < 0.02
    expect(ann.get_by_role("list", name="Pictures to send")).to_have_count(0)
    message = bob.get(f"/api/rooms/{room}/messages").json()["messages"][0]
    assert message["text"] == "Look at this" and message["image"]["width"] == 800


def test_a_chosen_picture_can_be_taken_out_again(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    files = [{"name": name, "mimeType": "image/png", "buffer": picture()} for name in ("one.png", "two.png")]
    ann.locator("input[type=file]").set_input_files(files)
    ann.get_by_role("button", name="Remove one.png").click()
    expect(ann.get_by_role("list", name="Pictures to send").get_by_role("img")).to_have_count(1)
    ann.get_by_role("button", name="Send").click()
    expect(ann.locator(".message .picture")).to_have_count(1)


def test_what_is_no_picture_does_not_keep_the_others_back(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    files = [
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"not a picture"},
        {"name": "fine.png", "mimeType": "image/png", "buffer": picture()},
    ]
    ann.locator("input[type=file]").set_input_files(files)
    expect(ann.get_by_text("“notes.txt” is not a picture")).to_be_visible()
    expect(ann.get_by_role("img", name="fine.png")).to_be_visible()


def test_a_picture_that_the_server_refuses_can_be_deleted(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    drop(ann, "mislabelled.png", "image/png", b"\x89PNG\r\n\x1a\n and then nothing")
    ann.get_by_role("button", name="Send").click()
    failed = ann.locator(".message.is-failed")
    expect(failed.get_by_role("alert")).to_contain_text("Not sent.")
    failed.get_by_role("button", name="Try again").click()
    expect(failed.get_by_role("alert")).to_contain_text("Not sent.")
    failed.get_by_role("button", name="Delete").click()
    expect(ann.locator(".message")).to_have_count(0)


def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    throttle(ann, 300_000)
    ann.locator("input[type=file]").set_input_files(
        {"name": "n.png", "mimeType": "image/png", "buffer": noise(700)}
    )
    ann.get_by_role("button", name="Send").click()
    progress = ann.get_by_role("progressbar", name="Upload")
    ann.wait_for_function(
        "() => { const { value } = document.querySelector('progress') ?? {}; return value > 0.1 && value < 1; }"
    )
    expect(progress).to_be_visible()
    ann.get_by_role("button", name="Cancel the upload").click()
    expect(ann.locator(".message")).to_have_count(0)
    assert bob.get(f"/api/rooms/{room}/messages").json()["messages"] == []


def test_labels_stand_as_chips_with_their_confidence_under_the_picture(visit, meet, answer):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    posted = bob.drop(room, picture(), text="Who is this?").json()
    answer(
        posted["id"],
        "That looks like an Egyptian cat.",
        [
            {"label": "Egyptian cat", "probability": 0.62},
            {"label": "tabby", "probability": 0.204},
            {"label": "lynx", "probability": 0.004},
        ],
    )
    said = ann.locator(".message", has_text="That looks like an Egyptian cat.")
    expect(said.locator(".badge-bot")).to_be_visible()
    expect(said.get_by_role("listitem")).to_have_text(["Egyptian cat62%", "tabby20%", "lynx<1%"])
    expect(said.locator(".quote")).to_have_count(0)  # it stands right below its picture


TWICE = (
    "key => [1, 2].forEach(() => window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))"
)
LABELS = [
    {"label": "our bag", "probability": 0.71, "room": True},
    {"label": "mailbag", "probability": 0.2},
]


@pytest.fixture
def lessons(environment) -> Iterator[Callable[[str], list]]:
    """What people have said of the pictures of a room: `[(verdict, label), …]`."""
    backend = Backend.open(Config.from_environment({**os.environ, **environment}))
    school = Lessons(backend)
    yield lambda room: [(one.verdict, one.label) for one in school.of_room(int(room))]
    backend.close()


def test_a_member_says_that_an_answer_is_right(visit, meet, answer, lessons):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    answer(bob.drop(room, picture()).json()["id"], "That looks like our bag.", LABELS)
    said = ann.locator(".message", has_text="That looks like our bag.")
    expect(said.get_by_title("our bag: 71%, taught in this room")).to_be_visible()
    said.get_by_role("button", name="Yes").click()
    expect(said.get_by_role("status")).to_have_text("You said that this is right.")
    assert lessons(room) == [("right", None)]


def test_a_member_says_what_it_is_instead(visit, meet, answer, lessons):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    answer(bob.drop(room, picture()).json()["id"], "That looks like our bag.", LABELS)
    said = ann.locator(".message", has_text="That looks like our bag.")
    said.get_by_role("button", name="No").click()
    field = said.get_by_label("Then it is")
    expect(field).to_be_focused()
    assert lessons(room) == [("wrong", None)]
    field.fill("a woman")
    field.press("Enter")
    expect(said.get_by_role("alert")).to_contain_text("by their looks")
    field.fill("Their bag")
    said.get_by_role("button", name="Tell").click()
    expect(said.get_by_role("status")).to_have_text("You said: Their bag.")
    assert lessons(room) == [("wrong", "Their bag")]


def test_what_one_said_is_there_after_a_reload_and_can_be_changed(visit, meet, answer, lessons):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    answer(bob.drop(room, picture()).json()["id"], "That looks like our bag.", LABELS)
    said = ann.locator(".message", has_text="That looks like our bag.")
    said.get_by_role("button", name="Yes").click()
    expect(said.get_by_role("status")).to_be_visible()
    ann.reload()
    expect(said.get_by_role("status")).to_have_text("You said that this is right.")
    expect(said.get_by_text("Is that right?")).to_have_count(0)
    said.get_by_role("button", name="Change").click()
    said.get_by_role("button", name="No").click()
    expect(said.get_by_label("Then it is")).to_be_focused()
    assert lessons(room) == [("wrong", None)]


def test_who_only_reads_is_not_asked(visit, meet, answer):
    bob = meet("bob")
    room = bob.room("lounge")
    answer(bob.drop(room, picture()).json()["id"], "That looks like our bag.", LABELS)
    ann = visit("ann")
    ann.goto(f"{bob.url}/#/rooms/{room}")
    said = ann.locator(".message", has_text="That looks like our bag.")
    expect(said).to_be_visible()
    expect(said.get_by_text("Is that right?")).to_have_count(0)


def test_a_moderator_labels_by_keyboard_what_the_bot_doubts(visit, meet, answer, lessons, environment):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    for number, margin in enumerate((0.05, 0.1, 0.3, 0.5)):
        labels = [{"label": "mailbag", "probability": 0.55}, {"label": "purse", "probability": 0.55 - margin}]
        answer(bob.drop(room, picture(), text=f"picture {number}").json()["id"], "A mailbag?", labels)
    expect(ann.get_by_role("button", name="Teach the bot about pictures")).to_have_count(0)
    promote(environment, ann.evaluate("async () => (await (await fetch('/api/me')).json()).user.id"))
    ann.reload()
    ann.get_by_role("button", name="Teach the bot about pictures").click()
    dialog = ann.get_by_role("dialog", name="What is in these pictures?")
    expect(dialog.get_by_text("1 of 4", exact=True)).to_be_visible()
    ann.evaluate(TWICE, "2")  # which answers for one picture
    for place, key in (("2 of 4", "1"), ("3 of 4", "s")):
        expect(dialog.get_by_text(place, exact=True)).to_be_visible()
        expect(dialog.get_by_role("img")).to_have_js_property("complete", True)
        ann.keyboard.press(key)
    expect(dialog.get_by_text("4 of 4", exact=True)).to_be_visible()
    ann.keyboard.press("e")
    ann.keyboard.type("school bag")
    ann.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("learns from these 3 pictures")
    dialog.get_by_role("button", name="Done").click()
    assert lessons(room) == [("wrong", "purse"), ("right", None), ("wrong", "school bag")]


def test_an_answer_further_down_quotes_its_picture(visit, meet, answer):
    bob = meet("bob")
    room = bob.room("lounge")
    posted = bob.drop(room, picture()).json()
    bob.say(room, "something in between")
    answer(posted["id"], "I am not sure.", None)
    ann = visit("ann", room)
    quote = ann.locator(".message", has_text="I am not sure.").locator(".quote")
    expect(quote.locator("img")).to_have_js_property("complete", True)
    assert quote.locator("img").evaluate("image => image.naturalWidth") > 0


def test_a_picture_opens_large_and_esc_returns_to_it(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.drop(room, picture(size=(900, 700)))
    ann = visit("ann", room)
    small = ann.get_by_role("button", name="show it large")
    small.click()
    expect(ann.get_by_role("dialog").get_by_role("img")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(ann.get_by_role("dialog")).to_have_count(0)
    expect(small).to_be_focused()


def throttle(page: Page, bytes_a_second: int) -> None:
    conditions = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": bytes_a_second,
    }
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def noise(side: int) -> bytes:
    """A picture that does not compress."""
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(file, "PNG")
    return file.getvalue()


def test_arrows_lead_from_picture_to_picture_and_one_can_look_closer(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    for width in (900, 1200, 1500):
        bob.drop(room, picture(size=(width, 1000)))
    ann = visit("ann", room)
    ann.get_by_role("button", name="show it large").nth(1).click()
    dialog = ann.get_by_role("dialog")
    shown = dialog.get_by_role("img")
    expect(dialog.get_by_role("status")).to_contain_text("2 of 3")
    expect(shown).to_have_js_property("naturalWidth", 1200)  # no thumbnail any more
    ann.keyboard.press("ArrowRight")
    expect(shown).to_have_js_property("naturalWidth", 1500)
    expect(dialog.get_by_role("button", name="Later picture")).to_be_disabled()
    ann.keyboard.press("ArrowRight")  # there is no further one
    ann.keyboard.press("ArrowLeft")
    ann.keyboard.press("ArrowLeft")
    expect(shown).to_have_js_property("naturalWidth", 900)
    assert shown.bounding_box()["height"] < 700
    dialog.get_by_role("button", name="Show it in full size").click()
    expect(shown).to_have_js_property("width", 900)
    assert shown.bounding_box()["height"] == 1000
