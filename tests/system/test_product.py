"""The product: two replicas, a bot worker, two browsers, a picture of a cat, and what the bot says; and how often it is right."""

import base64
import importlib.util
import io
import json
import re
import statistics
import time
from pathlib import Path

import pytest
import skimage.data
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.people import Client, new_name
from tests.servers import chromium_path
from tests.system.conftest import MODELS

pytestmark = pytest.mark.alone

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
DROP = """([name, type, data]) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const what = new DataTransfer();
    what.items.add(new File([bytes], name, { type }));
    const where = document.querySelector("#composer");
    for (const kind of ["dragenter", "dragover", "drop"])
        where.dispatchEvent(new DragEvent(kind, { dataTransfer: what, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def browser():
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield chromium
        chromium.close()


def cat() -> bytes:
    file = io.BytesIO()
    Image.fromarray(skimage.data.chelsea()).save(file, "JPEG", quality=92)
    return file.getvalue()


def come_in(page: Page, url: str, name: str) -> None:
    page.goto(url)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_text(name).first).to_be_visible()


def open_room(page: Page, url: str, room: str, name: str) -> None:
    page.goto(f"{url}/#/rooms/{room}")
    join = page.get_by_role("button", name="Join", exact=False)
    expect(page.get_by_text(name).first).to_be_visible()
    if join.first.is_visible():
        join.first.click()
    expect(page.get_by_label(f"Message {name}")).to_be_visible()


def test_ann_drops_a_cat_and_bob_sees_it_and_what_the_bot_says(replicas, worker, browser):
    host = Client(replicas[0].url, new_name("host"))
    name = new_name("cats")
    room = host.room(name)
    ann, bob = browser.new_page(), browser.new_page()
    for page, replica, who in ((ann, replicas[0], "ann"), (bob, replicas[1], "bob")):
        come_in(page, replica.url, new_name(who))
        open_room(page, replica.url, room, name)

    ann.get_by_label(f"Message {name}").fill("Look who is here!")
    ann.keyboard.press("Enter")
    ann.evaluate(DROP, ["chelsea.jpg", "image/jpeg", base64.b64encode(cat()).decode()])
    ann.get_by_role("button", name="Send", exact=True).click()

    for page in (bob, ann):
        expect(page.get_by_text("Look who is here!", exact=True)).to_be_visible()
        expect(page.locator("img[src^='/images/']").first).to_be_visible()
        expect(page.get_by_text("Egyptian cat").first).to_be_visible(timeout=15_000)
    said = [m for m in host.get(f"/api/rooms/{room}/messages").json()["messages"] if m["author"]["bot"]]
    assert len(said) == 1 and said[0]["labels"][0]["label"] == "Egyptian cat"


def photographs() -> list[tuple[str, bytes]]:
    """Twenty labelled photographs from ImageNet, each with the name of what it shows.

    They lie in foolbox's wheel as `imagenet_NUMBER_CLASS.jpg`; the library itself is not imported.
    """
    found = importlib.util.find_spec("foolbox")
    assert found and found.submodule_search_locations
    names = json.loads((MODELS / "efficientnet-lite2" / "labels.json").read_text())
    paths = sorted(Path(found.submodule_search_locations[0], "data").glob("imagenet_*.jpg"))
    return [(names[int(re.findall(r"\d+", path.stem)[1])], path.read_bytes()) for path in paths]


def test_vision_is_right_on_imagenets_photographs_and_quick(replicas, worker, meet, capsys):
    ann, bob = meet("ann"), meet("bob", at=1)
    room = ann.room()
    socket = bob.socket()
    socket.join(room)
    first = within_five = 0
    seconds = []
    for name, photo in photographs():
        question = ann.drop(room, photo).json()
        asked = time.monotonic()
        labels = [label["label"] for label in socket.answer(room, question["id"])["labels"]]
        seconds.append(time.monotonic() - asked)
        first += labels[0] == name
        within_five += name in labels
    socket.close()
    with capsys.disabled():
        print(
            f" {first} and {within_five} of {len(seconds)}, {statistics.median(seconds) * 1000:.0f} ms ",
            end="",
        )
    assert len(seconds) == 20
    assert first >= 17 and within_five >= 19
    assert statistics.median(seconds) <= 0.4
