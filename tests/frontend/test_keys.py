"""By keyboard: going to a room, the list of keys, and what is offered while one writes."""

from playwright.sync_api import expect

from tests.frontend.conftest import write


def test_ctrl_k_goes_to_a_room_by_a_part_of_its_name(visit, meet):
    bob = meet("bob")
    first, second = bob.room("a lounge of ours"), bob.room("the darkroom of ours")
    ann = visit("ann", first)
    ann.request.put(f"{bob.url}/api/rooms/{second}/members/me")
    ann.keyboard.press("Control+k")
    dialog = ann.get_by_role("dialog", name="Go to a room")
    field = dialog.get_by_role("combobox", name="Name of the room")
    expect(field).to_be_focused()
    field.press_sequentially("DARKROOM of")
    expect(dialog.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(dialog).to_have_count(0)
    expect(ann.get_by_role("heading", name="the darkroom of ours", exact=True)).to_be_visible()
    expect(ann.locator("#composer, .join-bar button").first).to_be_visible()
    ann.keyboard.press("Control+k")
    field.press_sequentially("no such room anywhere")
    expect(dialog.get_by_text("No room is called so.")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_arrows_choose_among_rooms(visit, meet):
    bob = meet("bob")
    rooms = [bob.room(f"arrows {n}") for n in range(3)]
    ann = visit("ann", rooms[0])
    ann.keyboard.press("Control+k")
    field = ann.get_by_role("combobox")
    field.press_sequentially("arrows ")
    options = ann.get_by_role("option")
    chosen = ann.locator('[role="option"][aria-selected="true"]')
    expect(chosen).to_have_id(field.get_attribute("aria-activedescendant"))
    first = chosen.inner_text()
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    field.press("ArrowUp")
    field.press("ArrowUp")  # round to the last
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    assert chosen.inner_text() == first


def test_a_question_mark_shows_the_keys_but_not_while_one_writes(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    field = ann.locator("#composer")
    field.press_sequentially("what?")
    expect(ann.get_by_role("dialog")).to_have_count(0)
    field.evaluate("field => field.blur()")
    ann.keyboard.press("?")
    dialog = ann.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog.get_by_text("Go to another room")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(field).to_have_value("what?")
    ann.get_by_role("button", name="Account of").click()
    ann.get_by_role("button", name="Keyboard shortcuts").click()
    expect(dialog.get_by_text("Go to another room")).to_be_visible()


def test_arrow_up_edits_ones_last_message_and_esc_gives_up(visit, meet):
    bob = meet("bob")
    room = bob.room("lounge")
    ann = visit("ann", room)
    write(ann, "mine")
    expect(ann.locator(".message:not(.is-sending):not(.is-waiting)", has_text="mine")).to_be_visible()
    bob.say(room, "somebody else's")
    expect(ann.locator(".message", has_text="somebody else's")).to_be_visible()
    ann.locator("#composer").press("ArrowUp")
    editor = ann.get_by_role("textbox", name="Edit the message")
    expect(editor).to_have_value("mine")
    editor.press("Escape")
    expect(editor).to_have_count(0)
    field = ann.locator("#composer")
    expect(field).to_be_focused()
    for keys, name in (("Control+k", "Go to a room"), ("Control+Shift+f", "Search messages")):
        field.press(keys)
        ann.get_by_role("dialog", name=name).get_by_role("combobox").press("Escape")
        expect(ann.get_by_role("dialog")).to_have_count(0)
        expect(field).to_be_focused()
    ann.locator(".message", has_text="somebody else's").hover()
    ann.get_by_role("button", name="Reply").last.click()
    expect(ann.locator(".replying")).to_contain_text("somebody else's")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(ann.locator(".replying")).to_have_count(0)


def test_people_and_bots_are_offered_after_an_at(visit, meet):
    bob = meet("bob")
    ann = visit("ann", bob.room("lounge"))
    expect(ann.locator(".person")).to_have_count(2)
    field = ann.locator("#composer")
    field.press_sequentially("hello @bo")
    options = ann.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_count(1)
    field.press("Enter")
    name = ann.locator(".person-name", has_text="bob").inner_text()
    expect(field).to_have_value(f"hello @{name} ")
    expect(ann.locator(".message")).to_have_count(0)  # it chose, and did not send
    field.press_sequentially("and me@bo")
    expect(options).to_have_count(0)  # an address is no mention
    field.fill("")
    field.press_sequentially("@bo")
    expect(options).to_have_count(1)
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("@bo")
    field.fill(f"@{name}")
    expect(options).to_have_count(0)
    field.press("Enter")  # a whole name wants no help
    expect(ann.locator(".message .mention")).to_have_text(f"@{name}")


def test_emoji_are_found_by_their_names(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    field = ann.locator("#composer")
    field.press_sequentially("well :tad")
    expect(ann.get_by_role("option").first).to_contain_text(":tada:")
    field.press("Tab")
    expect(field).to_have_value("well 🎉 ")
    field.press_sequentially("and :rocket:")
    expect(field).to_have_value("well 🎉 and 🚀")
    field.press("Enter")
    expect(ann.locator(".message", has_text="well 🎉 and 🚀")).to_be_visible()


def test_times_and_addresses_are_no_emoji(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    field = ann.locator("#composer")
    field.press_sequentially("at 10:30: see http://x")
    expect(ann.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("at 10:30: see http://x")


def test_an_emoji_is_inserted_where_one_writes(visit, meet):
    ann = visit("ann", meet("bob").room("lounge"))
    field = ann.locator("#composer")
    field.fill("ab")
    field.press("ArrowLeft")
    ann.get_by_role("button", name="Insert an emoji").click()
    search = ann.get_by_role("textbox", name="Find an emoji")
    expect(search).to_be_focused()
    search.press_sequentially("otter")
    expect(ann.get_by_role("button", name="otter")).to_be_visible()
    search.press("Enter")
    expect(field).to_have_value("a🦦b")
    expect(field).to_be_focused()
