"""Pictures: chosen, shown, sent, refused, and what a bot says of them."""

import io
import os
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from chat import messages, users
from chat.backend import Backend
from chat.config import Config
from chat.lessons import Lessons
from tests.frontend.conftest import drop
from tests.people import Client, picture, promote


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


TABLES = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/labels/')).length"


def test_labels_have_chinese_names_on_the_chinese_page_and_stay_english_behind_it(
    visit, meet, answer, lessons
):
    bob = meet("bob")
    room = bob.room("lounge")
    lin, ann = visit("lin", room, locale="zh-CN"), visit("ann", room)
    assert lin.evaluate(TABLES) == 0, "before a label is drawn"
    labels = [
        {"label": "Egyptian cat", "probability": 0.62},
        LABELS[0],
        {"label": "tick", "probability": 0.01},
    ]
    answer(bob.drop(room, picture(), text="Who is this?").json()["id"], "A cat.", labels)
    chips = [page.locator(".message", has_text="A cat.").get_by_role("listitem") for page in (lin, ann)]
    expect(chips[0]).to_have_text(["埃及猫62%", "our bag71%", "蜱虫1%"])
    expect(chips[1]).to_have_text(["Egyptian cat62%", "our bag71%", "tick1%"])
    assert (lin.evaluate(TABLES), ann.evaluate(TABLES)) == (1, 0)

    said = lin.locator(".message", has_text="A cat.")
    said.get_by_role("button", name="不对").click()
    field = said.get_by_label("其实是")
    expect(field).to_be_focused()
    assert said.locator("option").evaluate_all("all => all.map(({ value }) => value)") == ["our bag", "蜱虫"]
    field.fill("猞猁")
    field.press("Enter")
    expect(said.get_by_role("status")).to_have_text("你说是：猞猁。")
    assert lessons(room) == [("wrong", "lynx")]
    listed = bob.patch(f"/api/rooms/{room}", {"blur_labels": ["埃及猫"]}).json()["blur_labels"]
    assert listed == ["Egyptian cat"]
    expect(lin.locator(".blurred")).to_contain_text("本房间对此类图片做模糊处理：埃及猫")

    lin.get_by_role("button", name="语言").click()
    lin.get_by_role("dialog").get_by_role("button", name="English").click()
    expect(chips[0]).to_have_text(["Egyptian cat62%", "our bag71%", "tick1%"])
    expect(said.get_by_role("status")).to_have_text("You said: lynx.")
    expect(lin.locator(".blurred")).to_contain_text("Blurred in this room: Egyptian cat")


def test_labels_stand_in_english_until_their_names_are_there(visit, meet, answer):
    bob = meet("bob")
    room = bob.room("lounge")
    lin = visit("lin", room, locale="zh-CN")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    lin.route("**/labels/*.json", hold)
    chips = lin.locator(".label")
    for number in (1, 2):
        with lin.expect_request("**/labels/*.json"):
            answer(
                bob.drop(room, picture()).json()["id"], f"{number}.", [{"label": "lynx", "probability": 0.9}]
            )
        expect(chips).to_have_text(["lynx90%"] * number)
        if number == 1:
            waiting[0].abort("connectionrefused")
    waiting[1].continue_()
    expect(chips).to_have_text(["猞猁90%"] * 2)


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


def test_a_moderator_labels_in_chinese(visit, meet, answer, lessons, environment):
    bob = meet("bob")
    room = bob.room("lounge")
    lin = visit("lin", room, locale="zh-CN")
    labels = [{"label": "mailbag", "probability": 0.5}, {"label": "purse", "probability": 0.45}]
    answer(bob.drop(room, picture()).json()["id"], "A mailbag?", labels)
    promote(environment, lin.evaluate("async () => (await (await fetch('/api/me')).json()).user.id"))
    lin.reload()
    lin.get_by_role("button", name="教机器人认图").click()
    dialog = lin.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_text(["1 邮差包", "2 手提包"])
    lin.keyboard.press("e")
    lin.keyboard.type("邮差包")
    lin.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("1 张图片")
    assert lessons(room) == [("right", None)], "what is typed is the bot's own best label"


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


def test_what_a_room_lists_is_blurred_until_one_wants_to_see_it(visit, meet, answer):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    labels = [{"label": "Zebra spider", "probability": 0.6}, {"label": "tick", "probability": 0.1}]
    spider = bob.drop(room, picture(size=(400, 300)), text="Look out").json()
    bob.say(room, "What a beast!", reply_to=spider["id"])
    large = ann.get_by_role("button", name="show it large")
    expect(large).to_have_count(1)
    answer(spider["id"], "A zebra spider.", labels)
    assert bob.patch(f"/api/rooms/{room}", {"blur_labels": ["zebra SPIDER"]}).json()["blur_labels"] == [
        "zebra SPIDER"
    ]
    show = ann.get_by_role("button", name="Show", exact=True)
    expect(show).to_have_count(1)
    expect(large).to_have_count(0)
    expect(ann.locator(".message .quote .small-picture.is-blurred")).to_have_count(2)
    bob.wait_until_found("look out")
    ann.get_by_role("button", name="Search messages").click()
    ann.get_by_role("combobox", name="Words to search for").fill("look out")
    expect(ann.locator(".result .small-picture.is-blurred")).to_have_count(1)
    ann.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(ann.get_by_role("dialog")).to_have_count(0)
    second = bob.drop(room, picture(size=(400, 300))).json()
    unseen = ann.locator(".blurred", has_text="Covered until the bot has looked at it")
    expect(unseen).to_have_count(1)  # however long that takes
    answer(second["id"], "One more.", labels)
    expect(unseen).to_have_count(0)
    expect(show).to_have_count(2)
    attach(ann, "mine.png", picture(size=(200, 200)), "image/png")
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(
        ann.locator(".message:not(.is-sending):not(.is-waiting)").get_by_role("button", name="show it large")
    ).to_have_count(1)
    ann.reload()
    expect(large).to_have_count(1)  # one knows what one has sent
    third = bob.drop(room, picture(size=(300, 300))).json()
    expect(unseen).to_have_count(1)
    bob.say(room, "Nice one", reply_to=third["id"])
    expect(ann.locator(".message .quote .small-picture.is-blurred")).to_have_count(3)
    unseen.get_by_role("button", name="Show").click()
    expect(large).to_have_count(2)
    ann.reload()  # what was wanted once is not wanted for ever
    expect(unseen).to_have_count(1)
    answer(third["id"], "A carrot.", [{"label": "carrot", "probability": 0.9}])
    expect(large).to_have_count(2)
    expect(ann.locator(".message .quote .small-picture.is-blurred")).to_have_count(2)
    large.last.click()  # it shows nothing of the kind; the arrows lead to one that does
    dialog = ann.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("4 of 4")
    ann.keyboard.press("ArrowLeft")
    ann.keyboard.press("ArrowLeft")
    expect(dialog.locator(".blurred")).to_contain_text("Zebra spider")
    dialog.get_by_role("button", name="Show", exact=True).click()
    expect(dialog.locator(".lightbox-picture > img")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(show).to_have_count(1)
    show.click()
    expect(large).to_have_count(4)
    expect(ann.locator(".small-picture.is-blurred")).to_have_count(0)


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


def photograph(width: int, height: int, orientation: int = 1) -> bytes:
    """As a telephone takes it: red on the left, large, with a note in which direction it was held."""
    image = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    image.paste("red", (0, 0, width // 4, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue()


def attach(page: Page, name: str, data: bytes, kind: str = "image/jpeg") -> Locator:
    """Choose a picture; returns its chip."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    chip = page.locator(".chip").filter(has=page.get_by_role("img", name=name))
    chip.wait_for()
    return chip


def fetch(client: Client, message: dict) -> Image.Image:
    return Image.open(io.BytesIO(client.get(message["image"]["url"]).content))


def test_a_large_photo_is_made_smaller_upright_and_sent_whole_by_choice(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    chip = attach(ann, "held.jpg", photograph(3000, 2250, orientation=6))
    original = chip.get_by_role("checkbox", name="Original")
    expect(original).not_to_be_checked()
    expect(chip.locator("b")).to_contain_text("kB")
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting) .picture")).to_have_count(1)
    message = bob.get(f"/api/rooms/{room}/messages").json()["messages"][0]
    assert (message["image"]["width"], message["image"]["height"]) == (1536, 2048)
    red, _, blue = fetch(bob, message).getpixel((700, 100))
    assert red > 150 and blue < 90  # its left has come to the top
    chip = attach(ann, "whole.jpg", photograph(3000, 2250))
    chip.get_by_role("checkbox", name="Original").check()
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting) .picture")).to_have_count(2)
    message = bob.get(f"/api/rooms/{room}/messages").json()["messages"][1]
    assert (message["image"]["width"], message["image"]["height"]) == (3000, 2250)


def test_a_picture_is_turned_and_cut_by_keys_and_by_touch(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room, has_touch=True)
    chip = attach(ann, "cut.jpg", photograph(800, 400))
    chip.get_by_role("button", name="Crop or turn cut.jpg").click()
    dialog = ann.get_by_role("dialog", name="Crop and turn")
    expect(dialog.get_by_role("status")).to_have_text("800 × 400")
    dialog.get_by_role("button", name="Turn right").click()
    expect(dialog.get_by_role("status")).to_have_text("400 × 800")
    dialog.get_by_role("button", name="Lower right corner").press("Shift+ArrowUp")
    dialog.get_by_role("button", name="Lower right corner").press("Shift+ArrowUp")
    expect(dialog.get_by_role("status")).to_have_text("400 × 640")
    drag_by_touch(
        ann, dialog.get_by_role("button", name="Upper left corner"), ann.locator(".crop-stage"), 0.5
    )
    expect(dialog.get_by_role("status")).to_have_text("200 × 640")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    chip.get_by_role("button", name="Crop or turn cut.jpg").click()
    expect(dialog.get_by_role("status")).to_have_text("200 × 640")  # nothing is lost: it can be changed
    dialog.get_by_role("button", name="Cancel").click()
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting) .picture")).to_have_count(1)
    message = bob.get(f"/api/rooms/{room}/messages").json()["messages"][0]
    assert (message["image"]["width"], message["image"]["height"]) == (200, 640)
    red, _, blue = fetch(bob, message).getpixel((100, 50))
    assert red > 150 and blue < 90  # its left has come to the top


def drag_by_touch(page: Page, grip: Locator, stage: Locator, share: float) -> None:
    """With a finger, by a share of the stage's width to the right."""
    box, width = grip.bounding_box(), stage.bounding_box()["width"]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind: str, at: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": at, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x)
    for step in range(1, 11):
        touch("touchMove", x + width * share * step / 10)
    touch("touchEnd", x)


def test_what_is_on_its_way_survives_a_reload_with_its_picture(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    ann.route("**/api/rooms/*/images", lambda route: route.abort("connectionrefused"))
    attach(ann, "first.png", picture(size=(300, 200)), "image/png")
    attach(ann, "second.png", picture(size=(200, 200)), "image/png")
    ann.locator("#composer").fill("Two of them")
    ann.get_by_role("button", name="Send", exact=True).click()
    expect(ann.locator(".is-waiting, .is-sending")).to_have_count(2)
    ann.locator("#composer").fill("and a word")
    ann.locator("#composer").press("Enter")
    ann.reload()
    waiting = ann.locator(".is-waiting, .is-sending, .is-failed")
    expect(waiting).to_have_count(3)
    expect(waiting.locator(".picture img")).to_have_count(2)
    expect(ann.locator(".is-failed")).to_have_count(
        1, timeout=15_000
    )  # a server that is there gets three tries
    expect(ann.locator(".is-waiting", has_text="Waits for the one above")).to_have_count(2)
    ann.unroute("**/api/rooms/*/images")
    ann.get_by_role("button", name="Try again").click()
    expect(ann.locator(".is-waiting, .is-sending, .is-failed")).to_have_count(0)
    sent = bob.get(f"/api/rooms/{room}/messages").json()["messages"]
    assert [(one["text"], (one["image"] or {}).get("width")) for one in sent] == [
        ("Two of them", 300),
        ("", 200),
        ("and a word", None),
    ]
    ann.reload()
    expect(ann.locator(".message")).to_have_count(3)
    assert ann.evaluate("async () => (await indexedDB.databases()).length") == 1
    assert ann.evaluate(KEPT) == 0


KEPT = """() => new Promise((resolve) => {
    const opening = indexedDB.open('keyval-store');
    opening.onsuccess = () => {
        const count = opening.result.transaction('keyval').objectStore('keyval').count();
        count.onsuccess = () => resolve(count.result);
    };
})"""


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
    ann = visit("ann", room, has_touch=True)
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
    fitting = shown.bounding_box()
    assert fitting["height"] < 700
    dialog.get_by_role("button", name="Look closer").click()
    assert shown.bounding_box()["height"] > 1000
    ann.keyboard.press("ArrowLeft")  # now it moves the picture
    expect(dialog.get_by_role("status")).to_contain_text("1 of 3")
    ann.keyboard.press("0")
    assert shown.bounding_box() == fitting
    ann.keyboard.press("+")
    assert abs(shown.bounding_box()["height"] / fitting["height"] - 1.4) < 0.01
    ann.keyboard.press("-")
    corner = (fitting["x"] + 5, fitting["y"] + 5)
    ann.mouse.move(*corner)
    ann.mouse.wheel(0, -400)
    expect(dialog.get_by_role("button", name="Fit into the window")).to_be_visible()
    grown = shown.bounding_box()
    assert (
        grown["height"] > 2 * fitting["height"] and abs(grown["y"] - fitting["y"]) < 20
    )  # towards the pointer
    ann.mouse.dblclick(*corner)
    assert shown.bounding_box() == fitting
    ann.mouse.dblclick(*corner)
    assert shown.bounding_box()["height"] >= 2.5 * fitting["height"] - 1
    ann.keyboard.press("0")
    pinch(ann, fitting["x"] + fitting["width"] / 2, fitting["y"] + fitting["height"] / 2)
    assert abs(shown.bounding_box()["height"] / fitting["height"] - 3) < 0.1
    ann.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def pinch(page: Page, x: float, y: float) -> None:
    """Two fingers that go apart, from 40 pixels to 120."""
    session = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60), ("touchEnd", 0)):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}] if apart else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
