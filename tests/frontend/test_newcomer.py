"""Somebody who has never seen it: comes in, talks, shows a picture, and finds what was said yesterday (docs/page.md)."""

import sqlite3
import time

import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import PASSWORD, write
from tests.people import Client
from tests.servers import Replica, wait_until

DAY = 86_400_000  # milliseconds


@pytest.fixture
def new_chat(tmp_path):
    """As `make run` starts it, with the bot that needs no model."""
    chat = Replica({"DATA_DIR": str(tmp_path), "BOTS": "help"}, tmp_path)
    yield chat
    chat.stop()


@pytest.fixture
def admin(new_chat, context):
    """The page of whoever came first."""
    profile = context()
    profile.request.post(f"{new_chat.url}/api/register", data={"username": "ann", "password": PASSWORD})
    page = profile.new_page()
    page.goto(new_chat.url)
    return page


def test_who_comes_in_is_seen_by_those_who_are_there(new_chat, admin):
    people = admin.get_by_role("complementary", name="Members")
    expect(people.get_by_role("button", name="ann")).to_be_visible()
    Client(new_chat.url, "bob")
    expect(people.get_by_role("button", name="bob")).to_be_visible()
    expect(admin.get_by_role("button", name="Members: 2")).to_be_visible()


def test_where_nothing_was_done_the_log_says_so(admin):
    admin.get_by_role("link", name="Moderation").click()
    expect(admin.get_by_role("region", name="Log")).to_contain_text("Nothing has been done yet.")
    expect(admin.get_by_role("table")).to_have_count(0)


def test_a_newcomer_needs_no_explanation(new_chat, context, tmp_path):
    bob = Client(new_chat.url, "bob")
    lobby = next(room["id"] for room in bob.get("/api/rooms").json()["rooms"] if room["name"] == "Lobby")
    said = lambda: [m["text"] for m in bob.get(f"/api/rooms/{lobby}/messages").json()["messages"]]  # noqa: E731
    wait_until(said, 60, "the bot's introduction")
    bob.say(lobby, "The umbrella is in the cupboard")
    with sqlite3.connect(tmp_path / "roomful.db") as db:
        db.execute("UPDATE messages SET created_at = created_at - ? WHERE text LIKE '%umbrella%'", (DAY,))
    page = context().new_page()
    began = time.monotonic()
    page.goto(new_chat.url)
    page.get_by_label("Name").fill("Zoe")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    # In the Lobby at once, where there is something to read, and to try.
    expect(page.get_by_role("heading", level=1)).to_have_text("Lobby")
    expect(page.get_by_text("Hello, I am help")).to_be_visible()
    page.get_by_role("button", name="Say hello").click()
    expect(
        page.locator(".message:not(.is-sending):not(.is-waiting)", has_text="Hello, everybody!")
    ).to_be_visible()
    write(page, "I am Zoe")
    page.get_by_role("button", name="Show a bot a picture of a cat").click()
    expect(page.locator(".message:not(.is-sending):not(.is-waiting) .picture img")).to_be_visible(
        timeout=20_000
    )
    expect(page.get_by_role("button", name="Show a bot a picture of a cat")).to_have_count(0)
    page.get_by_role("button", name="Search messages").click()
    page.get_by_label("Words to search for").fill("umbrel")
    result = page.locator(".result").first
    expect(result).to_contain_text("The umbrella is in the cupboard")
    result.click()
    expect(page.locator(".message.is-target")).to_contain_text("umbrella")
    assert time.monotonic() - began < 120
