"""Writing, and what can be done with what was written."""

import datetime
import re

from playwright.sync_api import expect

from tests.frontend.conftest import write
from tests.frontend.test_axe import violations


def test_two_people_see_each_others_messages_at_once(visit, meet):
    room = meet("chidi").room("lounge")
    ann, bob = visit("ann", room), visit("bob", room)
    write(ann, "Is anybody **here**?")
    expect(bob.locator(".message strong", has_text="here")).to_be_visible()
    write(bob, "I am")
    expect(ann.locator(".message", has_text="I am")).to_be_visible()


def test_one_authors_messages_stand_under_one_name_and_one_day(visit, meet):
    room = meet("chidi").room("lounge")
    ann = visit("ann", room)
    for text in ("one", "two", "three"):
        write(ann, text)
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)")).to_have_count(3)
    expect(ann.locator(".message.is-head")).to_have_count(1)
    expect(ann.get_by_text("Today")).to_have_count(1)


SEND = """() => new Promise((resolve) => {
    const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
    document.getElementById('composer').dispatchEvent(enter);
    requestAnimationFrame(() => resolve(document.querySelector('.timeline').innerText));
})"""


def test_a_row_is_there_within_a_frame_and_stays_the_same_element_from_pending_to_stored(visit, meet):
    ann = visit("ann", meet("chidi").room("lounge"))
    ann.evaluate(
        """() => new MutationObserver((records) => {
            for (const { addedNodes } of records)
                for (const node of addedNodes) if (node.matches?.('.message')) (window.rows ??= []).push(node.className);
        }).observe(document.querySelector('.timeline-rows'), { childList: true, subtree: true })"""
    )
    ann.locator("#composer").fill("once")
    assert "once" in ann.evaluate(SEND)
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)", has_text="once")).to_be_visible()
    rows = ann.evaluate("window.rows")
    assert len(rows) == 1 and re.search("is-(waiting|sending)", rows[0])


def test_enter_sends_shift_enter_breaks_the_line(visit, meet):
    ann = visit("ann", meet("chidi").room("lounge"))
    field = ann.locator("#composer")
    field.press_sequentially("first")
    field.press("Shift+Enter")
    field.press_sequentially("second")
    expect(field).to_have_value("first\nsecond")
    field.press("Enter")
    expect(ann.locator(".message br")).to_have_count(1)
    expect(field).to_have_value("")


def test_enter_that_ends_a_composition_does_not_send(visit, meet):
    ann = visit("ann", meet("chidi").room("lounge"))
    field = ann.locator("#composer")
    field.focus()
    session = ann.context.new_cdp_session(ann)
    session.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    for key_code in (13, 229):  # by isComposing, and as the browsers that say it by the key's code
        session.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": key_code},
        )
    expect(field).to_have_value("にほん")
    expect(ann.locator(".message")).to_have_count(0)
    session.send("Input.insertText", {"text": "日本"})
    field.press("Enter")
    expect(ann.locator(".message", has_text="日本")).to_be_visible()


def test_enter_is_a_new_line_where_one_touches(visit, meet):
    ann = visit("ann", meet("chidi").room("lounge"), has_touch=True, is_mobile=True)
    field = ann.locator("#composer")
    field.fill("first")
    field.press("Enter")
    expect(field).to_have_value("first\n")
    ann.get_by_role("button", name="Send").tap()
    expect(ann.locator(".message", has_text="first")).to_be_visible()


def test_a_draft_survives_a_reload_and_stays_in_its_room(visit, meet):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    ann.locator("#composer").fill("half a thought")
    ann.reload()
    expect(ann.locator("#composer")).to_have_value("half a thought")
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    ann.get_by_role("button", name="Join to write here").click()
    expect(ann.get_by_label("Message kitchen")).to_have_value("")


def test_hostile_text_stays_text(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    hostile = (
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script><b onclick=alert(1)>bold</b>",
        "[click](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>)",
        "![pixel](http://127.0.0.1:9/pixel.png)",
        "<svg/onload=alert(1)>",
        "[mail](mailto:a@example.org) https://example.org/?a=<script>",
    )
    ann = visit("ann", room)
    alerts: list[str] = []
    asked: list[str] = []
    ann.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    ann.on("request", lambda request: asked.append(request.url))
    for text in hostile:
        bob.say(room, text)
    expect(ann.locator(".message")).to_have_count(len(hostile))
    texts = ann.locator(".text")
    assert texts.locator("img, script, svg, b, iframe").count() == 0
    addresses = texts.locator("a").evaluate_all("links => links.map((link) => [link.protocol, link.rel])")
    assert addresses == [["mailto:", "noopener noreferrer"], ["https:", "noopener noreferrer"]]
    expect(texts.first).to_have_text(hostile[0])
    assert alerts == []
    assert not any("pixel" in url for url in asked)


def test_reactions_count_and_are_taken_back(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    message = bob.say(room, "Good news")
    bob.put(f"/api/messages/{message['id']}/reactions/🎉")
    ann = visit("ann", room)
    reaction = ann.get_by_role("button", name=f"🎉, 1: {bob.name}", exact=True)
    names = ann.locator(".reaction-names")
    expect(reaction).to_be_visible()  # or the first Tab passes a log in which nothing is yet
    expect(names).to_be_hidden()
    expect(ann.locator("#composer")).to_be_focused()  # or it would take the focus later
    ann.get_by_role("log").focus()
    for _ in range(20):  # by the keyboard alone one learns who
        ann.keyboard.press("Tab")
        if reaction.evaluate("button => button === document.activeElement"):
            break
    else:
        raise AssertionError(ann.evaluate("document.activeElement.outerHTML"))
    expect(names).to_be_visible()
    expect(names).to_have_text(bob.name)
    reaction.click()
    mine = ann.get_by_role("button", name=f"🎉, 2: you and {bob.name}")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(reaction).to_have_attribute("aria-pressed", "false")
    ann.locator(".message").hover()
    ann.get_by_role("button", name="React", exact=True).click()
    ann.get_by_role("group", name="Emoji").get_by_role("button", name="rocket").click()
    expect(ann.get_by_role("button", name="🚀, 1")).to_be_visible()


def test_a_reply_quotes_and_the_quote_leads_there(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.say(room, "The **question** of the `day`")
    for number in range(80):
        bob.say(room, f"noise {number}")
    question = bob.get(f"/api/rooms/{room}/messages?after=0&limit=1").json()["messages"][0]
    bob.say(room, "The answer", reply_to=question["id"])
    ann = visit("ann", room)
    expect(ann.locator(".quote")).to_contain_text("The question of the day")
    ann.locator(".quote").click()
    expect(ann.locator(".message.is-target")).to_contain_text("The question of the day")
    expect(ann.locator(".message.is-target")).to_be_in_viewport()
    ann.get_by_role("button", name="Latest").click()
    expect(ann.locator(".message", has_text="The answer")).to_be_in_viewport()
    ann.locator(".message").last.hover()
    ann.locator(".message").last.get_by_role("button", name="Reply").click()
    write(ann, "Thanks")
    expect(ann.locator(".message").last.locator(".quote")).to_contain_text("The answer")


def test_ones_own_message_is_edited_and_deleted(visit, meet):
    room = meet("chidi").room("lounge")
    ann, bob = visit("ann", room), visit("bob", room)
    write(ann, "teh cat")
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)")).to_have_count(1)
    ann.locator("#composer").press("ArrowUp")
    ann.get_by_label("Edit the message").fill("the cat")
    ann.get_by_label("Edit the message").press("Enter")
    expect(bob.locator(".message")).to_contain_text("the cat")
    expect(bob.locator(".message")).to_contain_text("edited")
    bob.locator(".message").hover()
    expect(bob.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    ann.locator(".message").hover()
    ann.get_by_role("button", name="Delete").click()
    ann.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(bob.locator(".message")).to_have_text(re.compile("was deleted"))
    expect(ann.get_by_text("the cat")).to_have_count(0)


def test_what_a_message_said_before_is_shown_and_can_be_forgotten(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    write(ann, "we meet at 6")
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)")).to_have_count(1)
    for text in ("we meet at **7**, the key is 1234", "we meet at **7**"):
        ann.locator("#composer").press("ArrowUp")
        ann.get_by_label("Edit the message").fill(text)
        ann.get_by_label("Edit the message").press("Enter")
        expect(ann.get_by_label("Edit the message")).to_have_count(0)
    edited = ann.get_by_role("button", name="edited")
    edited.click()
    versions = ann.get_by_role("dialog", name="What this message said").get_by_role("listitem")
    expect(versions.locator(".text")).to_have_text(
        ["we meet at 7", "we meet at 7, the key is 1234", "we meet at 6"]
    )
    expect(versions.first.locator("strong").last).to_have_text("7")
    assert violations(ann) == []
    ann.get_by_role("button", name="Forget earlier versions").click()
    expect(ann.get_by_role("dialog")).to_have_count(0)
    expect(edited).to_be_focused()
    message = bob.get(f"/api/rooms/{room}/messages").json()["messages"][0]
    left = bob.get(f"/api/messages/{message['id']}/versions").json()["versions"]
    assert [version["text"] for version in left] == ["we meet at **7**"]


ROWS = """texts => import('/static/js/rows.js').then(({ rowsOf }) => {
    const me = { id: '1' };
    const messages = texts.map(([author, time], n) => ({
        id: String(n), seq: n + 1, author: { id: author }, client_id: String(n), created_at: time, reply_to: null, deleted_at: null }));
    return rowsOf(messages, [], me, null).map(({ kind, head }) => (kind === 'day' ? 'day' : head ? 'head' : 'same'));
})"""


def test_times_are_local_and_rows_belong_together_for_five_minutes(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    said = bob.say(room, "what time is it?")
    ann = visit("ann", room, timezone_id="Asia/Shanghai", locale="en-GB")
    at = datetime.datetime.fromisoformat(said["created_at"])
    there = at.astimezone(datetime.timezone(datetime.timedelta(hours=8)))
    time = ann.locator(".message .time")
    expect(time).to_have_text(there.strftime("%-H:%M"))
    expect(time).to_have_attribute("datetime", said["created_at"])
    expect(time).to_have_attribute("title", re.compile(there.strftime("%A.* %Y.*%H:%M:%S")))
    rows = ann.evaluate(
        ROWS,
        [
            ("2", "2026-03-01T03:00:00Z"),
            ("2", "2026-03-01T03:04:59Z"),
            ("2", "2026-03-01T03:10:00Z"),
            ("3", "2026-03-01T03:10:01Z"),
            ("3", "2026-03-01T15:59:00Z"),
            ("3", "2026-03-01T16:01:00Z"),  # midnight in Shanghai lies between
        ],
    )
    assert rows == ["day", "head", "same", "head", "head", "head", "day", "head"]


def test_somebody_writing_is_shown_and_goes_when_they_have_sent_or_stopped(visit, meet):
    chidi = meet("chidi")
    room = chidi.room("lounge")
    ann, bob = visit("ann", room), visit("bob", room)
    for _ in range(20):  # one sign may pass before ann's page has joined; who goes on writing gives another
        bob.locator("#composer").press_sequentially("well ", delay=100)
        if ann.locator(".typing").inner_text():
            break
    expect(ann.locator(".typing")).to_contain_text("is writing")
    bob.locator("#composer").press("Enter")
    expect(ann.locator(".typing")).not_to_contain_text("is writing")
    chidi.socket().call("typing", {"room": room})
    expect(ann.locator(".typing")).to_contain_text("is writing")
    ann.wait_for_timeout(4000)
    expect(ann.locator(".typing")).to_contain_text("is writing")
    expect(ann.locator(".typing")).not_to_contain_text("is writing", timeout=2500)  # after five seconds


CODE = "```python\nfor n in range(3):\n    print('<b>hello</b>')  # wave\n```"


def test_code_is_coloured_and_copied(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    ann.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bob.say(room, CODE)
    shown = ann.locator(".message pre")
    expect(shown.locator(".hljs-keyword")).to_have_text(["for", "in"])
    expect(shown.locator(".hljs-string")).to_have_text("'<b>hello</b>'")
    ann.get_by_role("button", name="Copy the code").click()
    expect(ann.get_by_text("The code is in the clipboard.")).to_be_visible()
    copied = ann.evaluate("() => navigator.clipboard.readText()")
    assert copied == "for n in range(3):\n    print('<b>hello</b>')  # wave"
    bob.say(room, "```no-such-language\nas it is\n```")
    expect(ann.locator(".message pre").last).to_have_text("as it is")
