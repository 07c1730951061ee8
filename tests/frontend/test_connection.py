"""What happens while the server is away, and when it is back."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import write
from tests.frontend.test_long_rooms import check_document, hide, show, stuff
from tests.people import Client, new_name
from tests.servers import Replica, wait_until


@pytest.fixture
def own_replica(environment, tmp_path) -> Iterator[Replica]:
    """One that the test may stop; the others share it."""
    replica = Replica(environment, tmp_path)
    yield replica
    replica.stop()


def test_what_is_written_while_away_is_sent_once_and_in_order(visit, own_replica, replica):
    bob = Client(replica.url, new_name("bob"))
    room = bob.room("lounge")
    ann = visit("ann", room, at=own_replica)
    write(ann, "before")
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)", has_text="before")).to_be_visible()
    own_replica.kill()
    away = time.monotonic()
    for text in ("first", "second", "third"):
        write(ann, text)
    expect(ann.locator(".message.is-waiting")).to_have_count(3)
    bob.say(room, "meanwhile, elsewhere")
    expect(ann.get_by_role("status").filter(has_text="Connection lost")).to_be_visible()
    assert time.monotonic() - away > 4.8  # a short loss is not worth a word
    own_replica.start()
    expect(ann.locator(".is-waiting, .is-sending")).to_have_count(0, timeout=15_000)
    expect(ann.get_by_text("Connection lost")).to_have_count(0)
    expected = ["before", "meanwhile, elsewhere", "first", "second", "third"]
    assert [
        message["text"] for message in bob.get(f"/api/rooms/{room}/messages").json()["messages"]
    ] == expected
    expect(ann.locator(".message .text")).to_have_text(expected)


def test_what_waits_survives_a_reload_and_can_be_given_up(visit, own_replica, replica):
    bob = Client(replica.url, new_name("bob"))
    room = bob.room("lounge")
    ann = visit("ann", room, at=own_replica)
    own_replica.kill()
    write(ann, "keep this")
    write(ann, "forget this")
    ann.locator(".message", has_text="forget this").get_by_role("button", name="Delete").click()
    own_replica.start()
    ann.reload()
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)", has_text="keep this")).to_be_visible()
    assert [m["text"] for m in bob.get(f"/api/rooms/{room}/messages").json()["messages"]] == ["keep this"]


REFUSED = {"trouble": "internal", "bad": "unwanted_word"}


def test_what_the_server_could_not_take_holds_back_what_follows_and_what_it_refused_does_not(visit, meet):
    bob = meet("bob")
    name = new_name("lounge")
    room, other = bob.room(name), bob.room("kitchen")
    ann = visit("ann", room)
    in_trouble = [True]

    def between(browser):
        server = browser.connect_to_server()

        def hear(frame):
            question = re.match(r'42(\d+)\["send",.*"text":"(trouble|bad)', frame)
            if question and (question[2] == "bad" or in_trouble[0]):
                error = {"ok": False, "error": {"code": REFUSED[question[2]], "detail": "No."}}
                browser.send(f"43{question[1]}{json.dumps([error])}")
            else:
                server.send(frame)

        browser.on_message(hear)

    def said():
        return [message["text"] for message in bob.get(f"/api/rooms/{room}/messages").json()["messages"]]

    ann.route_web_socket(re.compile("socket.io"), between)
    ann.reload()
    for text in ("bad word", "one", "trouble", "two", "bad again", "three"):
        write(ann, text)
    held = ann.locator(".is-waiting", has_text="Waits for the one above")
    expect(held).to_have_count(3)
    expect(ann.locator(".is-waiting, .is-sending").filter(has_text="Trying again")).to_have_count(1)
    expect(ann.locator(".is-failed").filter(has_text="Not sent")).to_have_count(2, timeout=15_000)
    expect(held).to_have_count(3)
    assert said() == ["one"]
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    expect(ann.get_by_role("link", name=name).get_by_label("Something was not sent")).to_be_visible()
    ann.get_by_role("link", name=name).click()
    ann.reload()
    expect(held).to_have_count(3)
    held.filter(has_text="two").get_by_role("button", name="Delete").click()
    in_trouble[0] = False
    ann.locator(".is-failed", has_text="trouble").get_by_role("button", name="Try again").click()
    expect(ann.locator(".is-waiting, .is-sending")).to_have_count(0)
    expect(ann.locator(".is-failed")).to_have_count(2)
    assert said() == ["one", "trouble", "three"]
    in_trouble[0] = True
    write(ann, "trouble once more")
    write(ann, "and the last")
    ann.locator(".is-failed", has_text="trouble").get_by_role("button", name="Delete").click(timeout=15_000)
    expect(ann.locator(".is-waiting, .is-sending")).to_have_count(0)
    assert said() == ["one", "trouble", "three", "and the last"]


def test_a_tab_that_wakes_while_it_says_hello_says_it_once(visit, meet):
    """The server shows the door to who says it twice, and the page took that for the end."""
    ann = visit("ann", meet("bob").room("lounge"))
    greetings = []

    def between(browser):
        server = browser.connect_to_server()
        browser.on_message(
            lambda frame: greetings.append(server) if frame.startswith("40") else server.send(frame)
        )

    ann.route_web_socket(re.compile("socket.io"), between)
    ann.reload()
    expect(ann.get_by_role("heading", name="lounge", level=1)).to_be_visible()
    wait_until(lambda: ann.wait_for_timeout(20) or greetings, what="its greeting")
    show(ann)
    ann.wait_for_timeout(100)
    greetings[0].send("40")
    write(ann, "here I am")
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)", has_text="here I am")).to_be_visible()
    assert len(greetings) == 1


# The network is away for five tries; the sixth would come after three seconds or more.
AWAY = """
    const { WebSocket } = window;
    window.tries = 0;
    window.failed = 0;
    window.WebSocket = function (...args) {
        window.tries += 1;
        if (window.tries > 5) return new WebSocket(...args);
        this.close = () => undefined;
        setTimeout(() => {
            this.onerror({});
            window.failed += 1;
        });
    };
"""


def test_a_tab_that_wakes_does_not_wait_for_its_next_try(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    ann.add_init_script(AWAY)
    ann.reload()
    wait_until(
        lambda: ann.wait_for_timeout(20) or ann.evaluate("window.failed") == 5, what="the fifth try's end"
    )
    show(ann)
    ann.wait_for_timeout(500)
    assert ann.evaluate("window.tries") == 6
    write(ann, "here I am")
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)", has_text="here I am")).to_be_visible()


# Many pages' connections in one, to a server that is not there: each is cut as soon as it stands, by the network or by a
# last word of the server. What they wait for until they come back is noted. Chance is a list, so that each run is the same.
CROWD = """
    window.pauses = [];
    let chance = 0;
    Math.random = () => (chance = (chance + 0.618034) % 1);
    const { setTimeout } = window;
    window.setTimeout = (work, pause = 0, ...rest) => {
        const waits = /socket|wire/.test(new Error().stack) && pause > 100 && pause < 5900;
        return waits ? pauses.push(pause) : setTimeout(work, pause, ...rest); // nobody comes back
    };
    window.WebSocket = class {
        constructor() {
            const first = { sid: 'a', upgrades: [], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 };
            setTimeout(() => { this.onopen(); this.say('0' + JSON.stringify(first)); });
        }
        say(data) { this.onmessage({ data }); }
        send(data) {
            if (data !== '40') return;
            this.say('40{"sid":"a"}');
            setTimeout(() => (window.lastWord ? this.say('41') : this.onclose({ code: 1006 })));
        }
        close() {}
    };
"""
CONNECT = """async ([path, count, lastWord]) => {
    window.lastWord = lastWord;
    for (let number = 0; number < count; number += 1) {
        const { connect } = await import(`${path}&${number}`);
        connect({ onOpen() {}, onClose() {}, onStranger() {}, on: {} });
    }
}"""


def test_many_that_are_cut_at_once_do_not_come_back_in_one_instant(context, replica):
    page = context().new_page()
    page.add_init_script(CROWD)
    page.goto(replica.url)
    page.locator(".door").wait_for()
    for last_word, shortest, longest in ((False, 200, 600), (True, 300, 1800)):
        page.evaluate("pauses.length = 0")
        page.evaluate(CONNECT, [f"/static/js/wire.js?{last_word}", 50, last_word])
        page.wait_for_function("pauses.length >= 50")
        pauses = sorted(page.evaluate("pauses"))
        assert len(pauses) == 50 and shortest <= pauses[0] and pauses[-1] <= longest
        tenth = (longest - shortest) / 10
        at_once = max(sum(first <= pause < first + tenth for pause in pauses) for first in pauses)
        assert at_once <= 10, pauses  # evenly it would be 5


def test_a_replica_that_drains_is_left_quietly(visit, own_replica, replica):
    bob = Client(replica.url, new_name("bob"))
    room = bob.room("lounge")
    ann = visit("ann", room, at=own_replica)
    own_replica.stop()
    bob.say(room, "while it restarted")
    own_replica.start()
    expect(ann.locator(".message", has_text="while it restarted")).to_have_count(1, timeout=15_000)
    expect(ann.locator(".new-line, .message")).to_have_count(1)


def test_what_was_missed_in_other_rooms_is_counted(visit, own_replica, replica):
    bob = Client(replica.url, new_name("bob"))
    room, name = bob.room("lounge"), new_name("kitchen")
    kitchen = bob.room(name)
    ann = visit("ann", kitchen, at=own_replica)
    ann.evaluate("id => location.hash = `#/rooms/${id}`", room)
    own_replica.kill()
    for number in range(3):
        bob.say(kitchen, f"soup {number}")
    own_replica.start()
    expect(ann.get_by_role("link", name=name).get_by_label("3 unread")).to_be_visible(timeout=15_000)
    expect(ann).to_have_title("(3) lounge · Roomful")
    ann.get_by_role("link", name=name).click()
    expect(ann.locator(".new-line")).to_be_visible()
    expect(ann.locator(".message", has_text="soup")).to_have_count(3)
    expect(ann.get_by_role("link", name=name).get_by_label("unread")).to_have_count(0)
    expect(ann).to_have_title(f"{name} · Roomful")


def test_a_session_that_ended_leads_to_the_door(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    ann.evaluate(
        """async () => {
            const { csrf_token } = await (await fetch('/api/me')).json();
            await fetch('/api/logout', { method: 'POST', headers: { 'X-CSRF-Token': csrf_token } });
        }"""
    )
    expect(ann.get_by_role("button", name="Sign in")).to_be_visible(timeout=15_000)


def test_a_tab_that_slept_is_right_when_one_returns(visit, own_replica, meet, environment):
    bob = meet("bob")
    room = bob.room("lounge")
    stuff(environment, room, bob.id, 40)
    ann = visit("ann", room, at=own_replica)
    expect(ann.locator(".message", has_text="message 40")).to_be_in_viewport()
    hide(ann)
    own_replica.kill()
    stuff(environment, room, bob.id, 1300)  # more than can be told one by one
    own_replica.start()
    show(ann)
    first_new = ann.locator(".new-line + .message")
    expect(first_new).to_contain_text("message 41 ", timeout=30_000)
    expect(first_new).to_be_in_viewport()
    expect(ann.locator(".message", has_text="message 40")).to_be_in_viewport()  # where one was
    for _ in range(40):
        if check_document(ann)[-1] == 1340:
            break
        ann.evaluate("document.querySelector('.timeline').scrollBy(0, 6000)")
        ann.wait_for_timeout(100)
    ann.evaluate("document.querySelector('.timeline').scrollBy(0, -3000)")  # it may be at the end
    ann.get_by_role("button", name=re.compile("new|Latest")).click()
    expect(ann.locator(".message", has_text="message 1340 ")).to_be_in_viewport()
    hide(ann)
    stuff(environment, room, bob.id, 60)  # the connection has stayed
    expect(ann.locator(".new-line + .message")).to_contain_text("message 1341")
    expect(ann.locator(".new-line")).to_be_in_viewport()
    show(ann)
    expect(ann.locator(".message", has_text="message 1400")).not_to_be_in_viewport()
    check_document(ann)
