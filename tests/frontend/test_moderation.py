"""Moderation on the page: a report, who looks at it, what it comes to, and what the person concerned is told."""

import pytest
from playwright.sync_api import expect

from chat import screening, users
from chat.backend import Backend
from chat.config import Config
from chat.messages import Reply
from tests.frontend.conftest import write
from tests.frontend.test_axe import violations
from tests.frontend.test_looks import PHONE, sideways
from tests.people import Client, picture, promote


@pytest.fixture
def moderator(visit, environment):
    """Brings somebody to a room who moderates all rooms."""

    def come(name: str, room: str, **options: object):
        page = visit(name, room, **options)
        me = page.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]
        promote(environment, me["id"], "moderator")
        page.reload()
        page.locator("#composer").wait_for()
        return page

    return come


def name_of(page) -> str:
    return page.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]["username"]


def test_a_report_becomes_a_ban_that_is_appealed(visit, meet, moderator):
    ann: Client = meet("ann")
    room = ann.room("Square")
    bob, mia, mo = visit("bob", room), visit("mia", room), moderator("mo", room, **PHONE)
    spammer = name_of(bob)
    write(bob, "Buy this now")

    line = mia.locator(".message", has_text="Buy this now")
    line.hover()
    line.get_by_role("button", name="Report to the moderators").click()
    mia.get_by_label("What is wrong with it?").fill("He sells things")
    assert violations(mia) == []
    mia.get_by_role("dialog").get_by_role("button", name="Report").click()
    expect(mia.locator(".notice")).to_have_text("Thank you. A moderator will look at it.")

    mo.get_by_role("button", name="Rooms").click()
    mo.get_by_role("link", name="Moderation").click()
    report = mo.get_by_role("article", name=f"Report of {spammer}")
    expect(report).to_contain_text("Buy this now")
    expect(report).to_contain_text("He sells things")
    assert violations(mo) == [] and not sideways(mo)
    report.get_by_role("button", name="Moderate…").click()
    ask = mo.get_by_role("dialog")
    ask.get_by_text("They neither read nor write.").click()
    ask.get_by_text("everywhere", exact=True).click()
    ask.get_by_label("Reason").fill("Advertising")
    assert violations(mo) == []
    ask.get_by_role("button", name="Ban", exact=True).click()
    report.get_by_role("button", name="Agree", exact=True).click()
    expect(report).to_have_count(0)  # others may wait: the replica is shared
    act = mo.get_by_role("row").filter(has_text=spammer)
    expect(act.get_by_role("cell", name="banned", exact=True)).to_be_visible()

    expect(bob.get_by_role("heading", name="A moderator has banned you")).to_be_visible()
    expect(bob.get_by_text("The reason: Advertising")).to_be_visible()
    assert violations(bob) == []
    bob.get_by_label("What do you say to it?").fill("It was my brother")
    bob.get_by_role("button", name="Appeal").click()
    expect(bob.get_by_text("A moderator will answer.")).to_be_visible()
    bob.reload()
    expect(bob.get_by_role("heading", name="A moderator has banned you")).to_be_visible()


def test_whoever_made_a_room_locks_it_and_pins(visit):
    ann = visit("ann")
    ann.get_by_role("button", name="New room").first.click()
    ann.get_by_label("Name").fill("Quiet place")
    ann.get_by_role("button", name="Make the room").click()
    ann.locator("#composer").wait_for()
    room = ann.evaluate("location.hash.split('/')[2]")
    bob = visit("bob", room)
    write(ann, "Read this first")
    line = ann.locator(".message", has_text="Read this first")
    line.hover()
    line.get_by_role("button", name="Pin for all").click()
    ann.get_by_role("button", name="Settings of this room").click()
    ann.get_by_text("Lock the room").click()
    expect(ann.get_by_label("Lock the room")).to_be_checked()
    assert violations(ann) == []

    expect(bob.get_by_text("This room is locked")).to_be_visible()
    expect(bob.locator("#composer")).to_have_count(0)
    bob.get_by_role("button", name="Pinned messages").click()
    expect(bob.get_by_role("dialog").get_by_text("Read this first")).to_be_visible()
    assert violations(bob) == []


def test_who_was_removed_appeals_where_the_page_says_so_and_is_answered(visit, meet, moderator):
    ann: Client = meet("ann")
    room = ann.room("Square")
    bob, mo = visit("bob", room), moderator("mo", room)
    who = bob.evaluate("fetch('/api/me').then((answer) => answer.json())")["user"]
    for reason in ("Too loud", "Too loud again"):
        kick = {"kind": "kick", "users": [who["id"]], "room": room, "reason": reason}
        assert ann.post("/api/sanctions", kick).status_code == 201
        expect(bob.get_by_role("dialog")).to_contain_text(f"The reason: {reason}")
        bob.get_by_role("button", name="Close").click()
    bob.get_by_role("button", name="Account of").click()
    bob.get_by_text("Notices of moderators").click()
    notice = bob.get_by_role("article").filter(has_text="Too loud again")
    expect(bob.get_by_role("button", name="Appeal")).to_have_count(1)  # the older one's is folded away
    notice.get_by_label("What do you say to it?").fill("It was my brother")
    notice.get_by_role("button", name="Appeal").click()
    expect(notice).to_contain_text("A moderator will answer.")
    expect(notice.get_by_role("button", name="Appeal")).to_have_count(0)
    assert violations(bob) == []

    mo.get_by_role("link", name="Moderation").click()
    waits = mo.get_by_role("region", name="In force, and appeals").get_by_role(
        "article", name=who["username"]
    )
    expect(waits).to_contain_text("It was my brother")
    waits.get_by_role("button", name="Accept the appeal").click()
    expect(waits).to_have_count(0)
    expect(bob.get_by_text("A moderator has accepted your appeal.")).to_be_visible()


def test_an_appeal_in_a_room_is_decided_by_its_own_moderators_but_for_who_imposed_it(visit, meet):
    ann: Client = meet("ann")
    room = ann.room("Square")
    mia, bob, eve = visit("mia", room), meet("bob"), meet("eve")
    own = mia.evaluate("fetch('/api/me').then((answer) => answer.json())")
    assert ann.put(f"/api/rooms/{room}/moderators/{own['user']['id']}").status_code == 204
    mute = {"kind": "mute", "room": room, "reason": "Too loud", "minutes": 60}
    assert ann.post("/api/sanctions", mute | {"users": [bob.id]}).status_code == 201
    address, headers = f"{ann.url}/api/sanctions", {"X-CSRF-Token": own["csrf_token"]}
    assert mia.request.post(address, data=mute | {"users": [eve.id]}, headers=headers).status == 201
    for who in (bob, eve):
        who.enter(room)
        [mute] = who.get("/api/me/sanctions").json()["sanctions"]
        assert who.post(f"/api/sanctions/{mute['id']}/appeal", {"text": "It was a joke"}).status_code == 201

    mia.get_by_role("link", name="Moderation").click()
    cards = mia.get_by_role("region", name="In force, and appeals").get_by_role("article")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text(bob.name)  # it waits for her; Eve's, which is newer, does not
    theirs = mia.get_by_role("article", name=eve.name)
    expect(theirs).to_contain_text("The appeal is for another moderator to decide.")
    expect(theirs.get_by_role("button")).to_have_text(["Lift"])
    expect(mia.get_by_role("heading", name="Log")).to_have_count(0)
    assert violations(mia) == []
    mia.get_by_role("article", name=bob.name).get_by_role("button", name="Accept the appeal").click()
    expect(cards).to_have_count(1)
    bob.say(room, "Thank you")
    [told] = bob.get("/api/me/sanctions").json()["sanctions"]
    assert told["upheld"] is False


@pytest.fixture
def says(environment):
    """Has a bot say what a picture shows."""
    backend = Backend.open(Config.from_environment(environment))
    bot = users.ensure_bot(backend, "vision", "Says what is in a picture")

    def say(message: dict, label: str, sure: float):
        reply = Reply(int(message["id"]), "I think so.", [{"label": label, "probability": sure}])
        screening.answer_all(backend, bot, [reply])

    yield say
    backend.close()


def test_a_room_holds_pictures_for_review_and_refuses_others(visit, meet, says):
    ann = visit("ann")
    ann.get_by_role("button", name="New room").first.click()
    ann.get_by_label("Name").fill("Garden")
    ann.get_by_role("button", name="Make the room").click()
    ann.locator("#composer").wait_for()
    room = ann.evaluate("location.hash.split('/')[2]")
    ann.get_by_role("button", name="Settings of this room").click()
    ann.get_by_label("Hold pictures of").fill("spider")
    ann.get_by_label("Refuse pictures of").fill("scorpion")
    ann.get_by_label("How sure the bot must be").fill("60")
    ann.get_by_role("button", name="Save the rules for pictures").click()
    expect(ann.locator(".notice")).to_be_visible()
    assert violations(ann) == []
    ann.get_by_role("dialog").get_by_role("button", name="Close").click()

    mia: Client = meet("mia")
    mia.enter(room)
    bob = visit("bob", room)
    spider, scorpion = (mia.drop(room, picture(size=(400, 300))).json() for _ in range(2))
    expect(bob.get_by_text("Being looked at: it is shown as soon as")).to_have_count(2)
    expect(bob.locator(".picture img")).to_have_count(0)
    expect(ann.locator(".picture img")).to_have_count(2)
    says(spider, "Spider", 0.8)
    says(scorpion, "scorpion", 0.95)
    expect(bob.get_by_text("Held for review by a moderator.")).to_be_visible()
    expect(bob.locator(".picture")).to_have_count(1)
    expect(ann.get_by_text("only its sender and moderators see it.")).to_be_visible()
    assert violations(bob) == []

    ann.get_by_role("link", name="Moderation").click()
    card = ann.get_by_role("region", name="Pictures held for review").get_by_role("article")
    expect(card).to_contain_text("Spider, 80 % sure")
    expect(card.get_by_role("img")).to_have_js_property("naturalWidth", 400)
    assert violations(ann) == []
    card.get_by_role("button", name="Let it be seen").click()
    expect(ann.get_by_text("No picture waits.")).to_be_visible()
    expect(bob.get_by_role("button", name="show it large")).to_have_count(1)
    [told] = mia.get("/api/me/sanctions").json()["sanctions"]
    assert (told["kind"], told["reason"]) == ("refuse", "scorpion (95%)")


def test_rules_for_pictures_are_typed_and_told_in_chinese(meet, moderator, says):
    bob: Client = meet("bob")
    room = bob.room("lounge")
    lin = moderator("lin", room, locale="zh-CN")
    lin.get_by_role("button", name="房间设置").click()
    lin.get_by_label("需审核的图片").fill("狼蛛")
    lin.get_by_label("拒绝的图片").fill("蝎子")
    lin.get_by_role("button", name="保存图片规则").click()
    expect(lin.locator(".notice")).to_be_visible()
    rules = next(one for one in bob.get("/api/rooms").json()["rooms"] if one["id"] == room)
    assert (rules["hold_labels"], rules["refuse_labels"]) == (["wolf spider"], ["scorpion"])
    lin.reload()
    lin.get_by_role("button", name="房间设置").click()
    expect(lin.get_by_label("需审核的图片")).to_have_value("狼蛛")
    lin.get_by_role("dialog").get_by_role("button", name="关闭").click()

    mia: Client = meet("mia")
    mia.enter(room)
    spider, scorpion = (mia.drop(room, picture()).json() for _ in range(2))
    says(spider, "wolf spider", 0.8)
    says(scorpion, "scorpion", 0.95)
    lin.get_by_role("link", name="管理").click()
    card = lin.get_by_role("region", name="待审核的图片").get_by_role("article", name=mia.name)
    expect(card).to_contain_text("狼蛛，把握 80%")
    log = lin.locator(".figure-of-words")
    expect(log).to_contain_text("狼蛛 (80%)")
    expect(log).to_contain_text("蝎子 (95%)")


def test_a_flood_of_many_is_ended_in_one_act(visit, meet):
    ann = visit("ann")
    ann.get_by_role("button", name="New room").first.click()
    ann.get_by_label("Name").fill("Market")
    ann.get_by_role("button", name="Make the room").click()
    ann.locator("#composer").wait_for()
    room = ann.evaluate("location.hash.split('/')[2]")
    spammers: list[Client] = [meet("spammer") for _ in range(4)]
    for spammer in spammers:
        spammer.enter(room)
        for number in range(3):
            spammer.say(room, f"Buy this {number}")
    expect(ann.locator(".message", has_text="Buy this")).to_have_count(12)
    ann.get_by_role("button", name=spammers[0].name).last.click()
    ann.get_by_role("button", name="Moderate…").click()
    ask = ann.get_by_role("dialog").last
    ask.get_by_text("3 others wrote here in the last ten minutes").click()
    ask.get_by_role("button", name="Choose all").click()
    ask.get_by_label(spammers[3].name).uncheck()
    ask.get_by_text("They neither read nor write.").click()
    ask.get_by_text("Delete what they wrote here").click()
    ask.get_by_label("Reason").fill("Advertising")
    assert violations(ann) == []
    ask.get_by_role("button", name="Ban", exact=True).click()
    expect(ann.locator(".notice", has_text="and 2 more")).to_be_visible()
    expect(ann.locator(".message", has_text="Buy this")).to_have_count(3)
    assert [len(one.get("/api/me/sanctions").json()["sanctions"]) for one in spammers] == [1, 1, 1, 0]
