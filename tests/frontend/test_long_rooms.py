"""Rooms with more messages than anybody holds at once: only a part of them is in the document, wherever one reads."""

import re

from playwright.sync_api import Page, expect

from chat.db import Database, now
from chat.schema import events, messages, rooms
from tests.frontend.conftest import Visit, write
from tests.frontend.test_timeline import TOP_ROW
from tests.servers import wait_until

NUMBERS = "() => [...document.querySelectorAll('.message .text')].map((text) => parseInt(text.innerText.split(' ')[1], 10))"
TOP_OF = 'key => document.querySelector(`[data-key="${key}"]`).getBoundingClientRect().top'
MOST = 330  # messages in the document


def stuff(environment: dict[str, str], room: str, author: str, count: int) -> None:
    """Put messages into a room as if they had been sent, without the time that sending takes."""

    def work(conn):
        row = conn.execute(rooms.select().where(rooms.c.id == int(room)).with_for_update()).one()
        seqs = range(row.last_seq + 1, row.last_seq + count + 1)
        common = {"room_id": row.id, "created_at": now()}
        texts = {seq: f"message {seq} " + "\nand so on" * (seq % 4) for seq in seqs}
        new = [
            {**common, "author_id": int(author), "client_id": f"stuffed {seq}", "seq": seq, "text": text}
            for seq, text in texts.items()
        ]
        made = messages.insert().returning(messages.c.id, messages.c.seq)
        logged = [
            {"room_id": row.id, "seq": one.seq, "type": "message", "message_id": one.id, "at": now()}
            for one in conn.execute(made, new)
        ]
        conn.execute(events.insert(), logged)
        conn.execute(rooms.update().where(rooms.c.id == row.id).values(last_seq=seqs[-1]))

    db = Database(environment["DATABASE_URL"])
    db.write(work)
    db.close()


def check_document(page: Page) -> list[int]:
    numbers = page.evaluate(NUMBERS)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert len(numbers) <= MOST
    return numbers


def scroll(page: Page, pixels: int) -> None:
    """One turn of the wheel. Beyond the turn nothing moves: neither by what is added nor by what is let go."""
    page.evaluate("by => document.querySelector('.timeline').scrollBy(0, by)", pixels)
    place = page.evaluate(TOP_ROW)
    page.wait_for_timeout(80)
    assert abs(page.evaluate(TOP_OF, place["key"]) - place["top"]) < 1.5


def test_a_room_of_thousands_opens_at_what_is_new_and_scrolls_both_ways(visit: Visit, meet, environment):
    bob = meet("bob")
    room = bob.room("lounge")
    stuff(environment, room, bob.id, 2500)
    ann = visit("ann", room)
    ann.goto("about:blank")
    stuff(environment, room, bob.id, 2500)
    ann.goto(f"{bob.url}/#/rooms/{room}")
    line = ann.locator(".new-line")
    expect(line).to_be_in_viewport()
    expect(ann.locator(".new-line + .message")).to_contain_text("message 2501 ")
    first = check_document(ann)
    assert first[0] < 2501 < first[-1] < 5000
    for _ in range(14):
        scroll(ann, 700)
    below = check_document(ann)
    assert below[-1] > first[-1]
    for _ in range(40):
        scroll(ann, -700)
    above = check_document(ann)
    assert above[0] < first[0] and above[-1] - above[0] > 200
    ann.get_by_role("button", name=re.compile(r"\d new")).click()
    expect(ann.locator(".message", has_text="message 5000 ")).to_be_in_viewport()
    expect(ann.get_by_label(re.compile(r"\d unread"))).to_have_count(0)
    link = bob.get(f"/api/rooms/{room}/messages?after=999&limit=1").json()["messages"][0]["id"]
    ann.evaluate("id => location.hash = `#/messages/${id}`", link)
    expect(ann.locator(".message.is-target")).to_contain_text("message 1000 ")
    expect(ann.locator(".message.is-target")).to_be_in_viewport()
    expect(ann.locator(".message", has_text="message 999 ")).to_be_visible()
    expect(ann.locator(".message", has_text="message 1001 ")).to_be_visible()
    check_document(ann)
    write(ann, "far below")
    expect(ann.locator(".message", has_text="far below")).to_be_in_viewport()


def test_only_what_was_on_the_screen_of_a_tab_that_is_looked_at_is_read(visit: Visit, meet):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    ann.get_by_role("button", name="Join to write here").wait_for()
    for number in range(40):
        bob.say(room, f"message {number}")
    hide(ann)
    ann.evaluate("id => location.hash = `#/rooms/${id}`", room)
    expect(ann.locator(".message", has_text="message 0")).to_be_in_viewport()
    expect(ann.get_by_label("40 unread")).to_be_visible()  # nobody has looked
    show(ann)
    expect(ann.get_by_label("40 unread")).to_have_count(0)
    lowest = ann.evaluate(LOWEST)
    assert 5 < lowest < 39
    expect(ann.get_by_label(f"{39 - lowest} unread")).to_be_visible()
    ann.evaluate("document.querySelector('.timeline').scrollBy(0, 200)")
    expect(ann.get_by_label(f"{39 - lowest} unread")).to_have_count(0)
    lowest, shown = ann.evaluate(LOWEST), ann.locator(".badge").first.inner_text()
    assert int(shown) == 39 - lowest
    expect(ann.locator(".new-line + .message")).to_contain_text("message 0")  # it stays while one reads
    wait_until(lambda: ann.evaluate(READ, room) > lowest, what="the server's word of it")
    ann.reload()
    expect(ann.locator(".new-line + .message")).to_contain_text(f"message {lowest + 1}")
    expect(ann.get_by_label(re.compile(r"\d unread"))).to_have_count(0)  # the rest is on the screen
    hide(ann)
    bob.say(room, "while nobody looked")
    expect(ann.locator(".message", has_text="while nobody looked")).to_be_in_viewport()
    expect(ann.get_by_label("1 unread")).to_be_visible()
    show(ann)
    expect(ann.get_by_label("1 unread")).to_have_count(0)


READ = "async (room) => (await (await fetch(`/api/rooms/${room}`)).json()).read_seq"
LOWEST = """() => {
    const edge = document.querySelector('.timeline').getBoundingClientRect().bottom + 1;
    const rows = [...document.querySelectorAll('.message')].filter((row) => row.getBoundingClientRect().bottom <= edge);
    return Number(rows.at(-1).querySelector('.text').innerText.split(' ')[1]);
}"""


def hide(page: Page) -> None:
    """As when another tab is chosen."""
    turn(page, "hidden")


def show(page: Page) -> None:
    turn(page, "visible")


def turn(page: Page, state: str) -> None:
    page.evaluate(
        """state => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        state,
    )


def test_an_answer_that_is_older_than_what_was_read_brings_nothing_back(visit: Visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    kept = ann.evaluate(
        """async (id) => {
            const module = (name) => import(document.querySelector('script[type=module]').src.replace(/main.js.*/, name));
            const [{ changeRoom, keepRoom, untold }, { rooms }] = await Promise.all([module('rooms.js'), module('state.js')]);
            const older = { ...rooms.value.get(id), read_seq: 2, unread: 3 };
            changeRoom(id, { read_seq: 5, unread: 0 });
            untold.set(id, 5); // the server is being told
            keepRoom(older);
            const { read_seq, unread } = rooms.value.get(id);
            untold.delete(id); // it knows
            keepRoom({ ...older, read_seq: 4, unread: 1 }); // unread from there on, by another device
            return [read_seq, unread, rooms.value.get(id).unread];
        }""",
        room,
    )
    assert kept == [5, 0, 1]
