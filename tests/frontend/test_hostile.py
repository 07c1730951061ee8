"""Texts that try to run something, in every place where the page shows what people have written: nothing runs."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.frontend.hostile import SHORT, TEXTS
from tests.people import Client, new_name, promote

# What a message may be made of, and what the page puts beside code by itself.
ALLOWED = {
    "P",
    "BR",
    "STRONG",
    "EM",
    "DEL",
    "CODE",
    "PRE",
    "BLOCKQUOTE",
    "UL",
    "OL",
    "LI",
    "A",
    "SPAN",
    "BUTTON",
    "svg",
    "path",
    "DIV",
}

WATCH = """
window.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
FOUND = """() => ({
    marker: window.marker ?? null,
    violations,
    tags: [...new Set([...document.querySelectorAll('.message .text *')].map((element) => element.tagName))],
    handlers: [...document.querySelectorAll('*')].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'srcdoc' || name === 'style' && element.closest('.text'))),
    links: [...new Set([...document.querySelectorAll('.message .text a')].map((link) => link.protocol))],
    foreign: [...document.querySelectorAll('script, iframe, object, embed, base, meta[http-equiv], link, form, video, audio')]
        .filter((element) => element.closest('.frame, .dialog') && !element.matches('form, link[rel=stylesheet]'))
        .map((element) => element.outerHTML.slice(0, 200)),
})"""


@pytest.fixture
def watched(visit):
    """Opens a page that notes where it asks for something, and what opens by itself."""

    def open_one(name, room):
        page = visit(name, room)
        page.asked, page.opened = [], []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("dialog", lambda dialog: (page.opened.append(dialog.message), dialog.dismiss()))
        page.on("popup", lambda popup: page.opened.append(popup.url))
        page.add_init_script(WATCH)
        page.reload()
        page.locator("#composer").wait_for()
        return page

    return open_one


def check(page, origin):
    found = page.evaluate(FOUND)
    assert found["marker"] is None, "something has run"
    assert found["violations"] == []
    assert set(found["tags"]) <= ALLOWED, set(found["tags"]) - ALLOWED
    assert found["handlers"] == []
    assert set(found["links"]) <= {"http:", "https:", "mailto:"}
    assert found["foreign"] == []
    assert {urlsplit(url).netloc for url in page.asked} <= {urlsplit(origin).netloc, ""}
    assert page.opened == []


@pytest.mark.timeout(120)
def test_no_text_of_a_message_runs(watched, replica):
    assert len(TEXTS) > 150
    bob = Client(replica.url, new_name("bob"))
    room = bob.room(new_name("den"))
    stored = 0
    for text in TEXTS:
        answer = bob.post(f"/api/rooms/{room}/messages", {"text": text[:10_000], "client_id": f"t{stored}"})
        assert answer.status_code in (201, 422), answer.text  # what cannot be stored is refused
        stored += answer.status_code == 201
    assert stored > 0.9 * len(TEXTS)
    page = watched("ann", room)
    for _ in range(60):
        check(page, replica.url)
        if page.locator(".message").count() >= stored:
            break
        page.locator(".timeline").evaluate("box => (box.scrollTop = 0)")
        page.wait_for_timeout(150)
    assert page.locator(".message").count() >= min(stored, 280)
    slowest = page.evaluate(
        """async (texts) => {
            const { render } = await import(document.querySelector('script[type=module]').src.replace(/main.js.*/, 'text.js'));
            const taken = texts.map((text) => {
                const began = performance.now();
                render(text);
                return [performance.now() - began, text.slice(0, 40)];
            });
            return taken.sort(([a], [b]) => b - a)[0];
        }""",
        [text[:10_000] for text in TEXTS],
    )
    assert slowest[0] < 1000, slowest  # milliseconds; 10,000 characters that were made to be slow
    for link in page.locator(".message .text a").all()[:40]:  # what a pointer does on its way
        link.dispatch_event("mouseover")
        link.dispatch_event("focus")
    for _ in range(10):
        page.locator(".timeline").evaluate("box => (box.scrollTop += box.scrollHeight / 10)")
    check(page, replica.url)
    page.locator("#composer").fill("The page still works")
    page.locator("#composer").press("Enter")
    expect(page.locator(".message", has_text="The page still works")).to_be_visible()


def test_no_name_topic_reason_or_search_runs(watched, replica, environment):
    bob, eva = (Client(replica.url, new_name(name)) for name in ("bob", "eva"))
    rooms = [bob.room(text[:80], topic=text) for text in SHORT]
    for text, room in zip(SHORT, rooms, strict=True):
        eva.enter(room)
        said = eva.say(room, text)
        assert bob.post(f"/api/messages/{said['id']}/report", {"reason": text}).ok
        assert bob.put(f"/api/messages/{said['id']}/pin").ok
        bob.say(room, text, reply_to=said["id"])
        assert bob.patch(f"/api/rooms/{room}", {"unwanted_words": ["zzz"], "blur_labels": [text[:60]]}).ok
    page = watched("mo", rooms[0])
    promote(
        environment,
        page.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]["id"],
        "moderator",
    )
    wish = {"kind": "mute", "users": [eva.id], "minutes": 5, "reason": SHORT[0]}
    mo = page.request
    csrf = mo.get(f"{replica.url}/api/me").json()["csrf_token"]
    assert mo.post(f"{replica.url}/api/sanctions", data=wish, headers={"X-CSRF-Token": csrf}).ok
    page.reload()
    page.locator("#composer").wait_for()
    check(page, replica.url)
    page.get_by_role("button", name="Pinned messages").click()
    page.get_by_role("dialog").locator("li").first.wait_for()
    check(page, replica.url)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Browse rooms").click()
    page.get_by_role("dialog").locator("li").first.wait_for()
    check(page, replica.url)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search messages").click()
    for text in SHORT:
        page.get_by_label("Words to search for").fill(text)
        page.wait_for_timeout(300)
        check(page, replica.url)
    page.keyboard.press("Escape")
    for place in ("moderation", "stats"):
        page.goto(f"{replica.url}/#/{place}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(500)
        check(page, replica.url)
    page.goto(f"{replica.url}/#/rooms/{'%3Cimg%20src=x%20onerror=window.marker=1%3E'}")
    page.wait_for_timeout(300)
    check(page, replica.url)
