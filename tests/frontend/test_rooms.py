"""Rooms in the browser: what they are called, who is in them, and what one wants to hear of them."""

from playwright.sync_api import expect


def test_a_new_name_and_topic_are_seen_at_once_and_only_the_creator_gives_them(visit):
    ann = visit("ann")
    ann.get_by_role("button", name="New room").first.click()
    ann.get_by_label("Name").fill("Tea")
    ann.get_by_role("button", name="Make the room").click()
    ann.locator("#composer").wait_for()
    bob = visit("bob", ann.url.rsplit("/", 1)[1])
    ann.get_by_role("button", name="Settings of this room").click()
    dialog = ann.get_by_role("dialog", name="Tea")
    dialog.get_by_label("Name").fill("Tea and cakes")
    dialog.get_by_label("Topic").fill("Which tea today?")
    dialog.get_by_role("button", name="Save").click()
    expect(bob.get_by_role("heading", name="Tea and cakes", exact=True)).to_be_visible()
    expect(bob.locator(".room-title p")).to_have_text("Which tea today?")
    expect(bob.get_by_role("link", name="Tea and cakes")).to_be_visible()
    bob.get_by_role("button", name="Settings of this room").click()
    his = bob.get_by_role("dialog", name="Tea and cakes")
    expect(his.get_by_role("radio", name="Mentions of me")).to_be_checked()
    expect(his.get_by_label("Name")).to_have_count(0)
