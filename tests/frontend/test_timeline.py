"""The timeline keeps its place, whatever comes."""

import re

from playwright.sync_api import Page, Route, expect

from tests.people import Client, picture

TOP_ROW = """() => {
    const box = document.querySelector('.timeline');
    const edge = box.getBoundingClientRect().top;
    const row = [...document.querySelectorAll('.message')].find((row) => row.getBoundingClientRect().top >= edge);
    return { key: row.dataset.key, top: row.getBoundingClientRect().top };
}"""
KEEP_WATCH = """key => {
    const row = document.querySelector(`[data-key="${key}"]`);
    const start = row.getBoundingClientRect().top;
    window.moved = 0;
    const look = () => {
        window.moved = Math.max(window.moved, Math.abs(row.getBoundingClientRect().top - start));
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def fill(bob: Client, room: str, count: int) -> None:
    for number in range(count):
        bob.say(room, f"message {number} " + "\nand so on" * (2 + number % 5))


def rows(page: Page) -> int:
    return page.locator(".message").count()


def test_older_messages_come_without_moving_what_one_reads(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    fill(bob, room, 170)
    ann = visit("ann", room)
    expect(ann.locator(".message", has_text="message 169 ")).to_be_in_viewport()
    loaded = rows(ann)
    ann.evaluate("document.querySelector('.timeline').scrollTop = 900")  # just out of reach of the next page
    ann.wait_for_timeout(100)
    assert rows(ann) == loaded
    ann.evaluate("document.querySelector('.timeline').scrollTop = 700")
    place = ann.evaluate(TOP_ROW)
    ann.evaluate(KEEP_WATCH, place["key"])
    ann.wait_for_function("count => document.querySelectorAll('.message').length > count", arg=loaded)
    bob.say(room, "and one from below")
    ann.wait_for_timeout(200)
    assert ann.evaluate("window.moved") < 1.5


def test_the_whole_history_can_be_scrolled_to_its_beginning(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    fill(bob, room, 120)
    ann = visit("ann", room)
    for _ in range(4):
        ann.evaluate("document.querySelector('.timeline').scrollTop = 0")
        ann.wait_for_timeout(150)
    expect(ann.get_by_text("This is where lounge begins")).to_be_visible()
    numbers = [int(text.split()[1]) for text in ann.locator(".text").all_inner_texts()]
    assert numbers == list(range(120))


def test_what_comes_late_to_the_end_does_not_push_one_away_from_it(visit, meet):
    """Between a row and the next frame the browser tells of the scrolling before it, as when a part's code arrives."""
    bob = meet("bob")
    room = bob.room("lounge")
    fill(bob, room, 30)
    ann = visit("ann", room)
    expect(ann.locator(".message", has_text="message 29 ")).to_be_in_viewport()
    below = ann.evaluate(
        """() => new Promise((done) => {
            const box = document.querySelector('.timeline');
            const late = document.createElement('div');
            late.style.height = '300px';
            box.firstElementChild.append(late);
            box.dispatchEvent(new Event('scroll'));
            const frames = (left) => (left ? requestAnimationFrame(() => frames(left - 1))
                : done(box.scrollHeight - box.clientHeight - box.scrollTop));
            frames(3);
        })"""
    )
    assert below < 1


def test_who_has_just_scrolled_up_is_not_taken_back_by_what_comes(visit, meet):
    """The browser tells of it with the next frame, and what is drawn before that must not take the end for their place."""
    ann = visit("ann", meet("bob").room("lounge"))
    tops = ann.evaluate(
        """async () => {
            const { Place } = await import('/static/js/place.js');
            const box = document.createElement('div');
            box.style.cssText = 'position: fixed; top: 0; height: 300px; width: 100px; overflow: auto';
            const rows = document.createElement('div');
            const add = (n) => {
                const row = rows.appendChild(document.createElement('div'));
                row.style.height = '100px';
                row.dataset.key = n;
            };
            for (let n = 0; n < 20; n += 1) add(n);
            box.append(rows);
            document.body.append(box);
            const place = new Place(box, () => undefined);
            place.settle(false, '19', false, true);
            const tops = [box.scrollTop];
            box.scrollTop = 500;
            add(20);
            place.settle(false, '20', false, true);
            tops.push(box.scrollTop);
            place.toEnd();
            tops.push(box.scrollTop);
            return tops;
        }"""
    )
    assert tops == [1700, 500, 1800]


def test_who_reads_above_is_told_how_much_came_and_can_jump(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    fill(bob, room, 60)
    ann = visit("ann", room)
    expect(ann.locator(".message", has_text="message 59 ")).to_be_in_viewport()
    ann.evaluate("document.querySelector('.timeline').scrollTop = 1200")
    expect(ann.get_by_role("button", name="Latest")).to_be_visible()
    place = ann.evaluate(TOP_ROW)
    for text in ("one more", "and another"):
        bob.say(room, text)
    jump = ann.get_by_role("button", name="2 new")
    expect(jump).to_be_visible()
    assert ann.evaluate(TOP_ROW) == place
    jump.click()
    expect(ann.locator(".message", has_text="and another")).to_be_in_viewport()
    expect(jump).to_have_count(0)
    expect(ann.locator(".new-line")).to_have_count(1)


def test_who_is_at_the_end_stays_there_when_a_picture_comes_late(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    fill(bob, room, 30)
    ann = visit("ann", room)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ann.route("**/images/**", hold)
    bob.drop(room, picture(size=(600, 600)))
    bob.say(room, "the end")
    last = ann.locator(".message", has_text="the end")
    expect(last).to_be_in_viewport(ratio=1)
    place = last.bounding_box()
    held[0].continue_()
    ann.wait_for_function("() => document.querySelector('.picture img').naturalWidth > 0")
    assert last.bounding_box() == place


def test_unread_messages_stand_below_a_line_that_stays(visit, meet):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    ann.get_by_role("button", name="Join to write here").wait_for()
    bob.say(room, "you have not seen this")
    bob.say(room, "nor this")
    ann.get_by_role("link", name="lounge 2 unread").click()
    order = ann.locator(".new-line, .message")
    expect(order).to_contain_text(["New", "you have not seen this", "nor this"])
    bob.say(room, "this comes while you read")
    expect(order).to_have_count(4)
    expect(order.first).to_have_text("New")


def test_a_room_opens_at_what_is_new_and_counts_until_it_has_been_seen(visit, meet):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    ann.get_by_role("button", name="Join to write here").wait_for()
    fill(bob, room, 20)
    ann.get_by_role("link", name="lounge 20 unread").click()
    expect(ann.locator(".message", has_text="message 0 ")).to_be_in_viewport()
    expect(ann.locator(".message", has_text="message 19 ")).not_to_be_in_viewport()
    unread = ann.get_by_role("link", name=re.compile(r"lounge \d+ unread"))
    expect(unread).to_be_visible()
    ann.get_by_role("button", name=re.compile(r"\d+ new")).click()
    expect(unread).to_have_count(0)


def test_reading_on_one_device_clears_the_badge_on_the_other(visit, meet, context, replica):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    phone = context()
    phone.add_cookies(ann.context.cookies())
    second = phone.new_page()
    second.goto(f"{replica.url}/#/rooms/{other}")
    second.get_by_role("button", name="Join to write here").wait_for()
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    ann.get_by_role("button", name="Join to write here").wait_for()
    bob.say(room, "for both")
    expect(second.get_by_label("1 unread")).to_be_visible()
    ann.get_by_role("link", name="lounge 1 unread").click()
    expect(second.get_by_label("1 unread")).to_have_count(0)


def test_search_finds_part_of_a_word_and_opens_it_in_context(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    bob.say(room, "the Quetzalcoatlus had wings")
    fill(bob, room, 120)
    bob.wait_until_found("quetzalcoatlus")
    ann = visit("ann", room)
    ann.get_by_role("button", name="Search messages").click()
    ann.get_by_label("Words to search for").fill("quetzal")
    result = ann.get_by_role("dialog").get_by_role("button", name="bob")
    expect(result.locator("mark")).to_have_text("Quetzal")
    result.click()
    expect(ann.locator(".message.is-target")).to_be_in_viewport()
    expect(ann.locator(".message", has_text="message 3 ").first).to_be_visible()
    expect(ann.get_by_role("button", name="Latest")).to_be_visible()


def test_a_link_to_a_message_opens_it(visit, meet, replica):
    bob = meet("bob")
    room = bob.room("lounge")
    message = bob.say(room, "the one that is linked")
    fill(bob, room, 80)
    ann = visit("ann", room)
    ann.goto("about:blank")
    ann.goto(f"{replica.url}/#/messages/{message['id']}")
    expect(ann.locator(".message.is-target")).to_contain_text("the one that is linked")


def test_what_was_marked_unread_stays_so_until_one_comes_back(visit, meet, context, replica):
    bob = meet("bob")
    room, other = bob.room("lounge"), bob.room("kitchen")
    ann = visit("ann", room)
    for text in ("seen", "to be answered later", "by the way"):
        bob.say(room, text)
    later = ann.locator(".message", has_text="to be answered later")
    later.hover()
    later.get_by_role("button", name="Mark as unread from here").click()
    expect(ann.get_by_label("2 unread")).to_be_visible()
    expect(ann.locator(".new-line, .message")).to_contain_text(
        ["seen", "New", "to be answered later", "by the way"]
    )
    bob.say(room, "and this")
    expect(ann.get_by_label("3 unread")).to_be_visible()
    phone = context()
    phone.add_cookies(ann.context.cookies())
    second = phone.new_page()
    second.goto(f"{replica.url}/#/rooms/{other}")
    expect(second.get_by_label("3 unread")).to_be_visible()
    ann.evaluate("id => location.hash = `#/rooms/${id}`", other)
    ann.get_by_role("button", name="Join to write here").wait_for()
    ann.get_by_role("link", name="lounge 3 unread").click()
    expect(ann.get_by_label("3 unread")).to_have_count(0)
    expect(ann.locator(".new-line + .message")).to_contain_text("to be answered later")
