"""Coming in and going out."""

from playwright.sync_api import expect

from tests.frontend.conftest import PASSWORD
from tests.people import new_name, picture


def test_a_newcomer_signs_up_joins_a_room_and_talks(context, replica, meet):
    name = new_name("Foyer")
    meet("bob").room(name)
    page = context().new_page()
    page.goto(replica.url)
    page.get_by_label("Name").fill(new_name("ann"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="Browse rooms").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill(name)
    page.get_by_role("button", name=f"Join {name}").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label(f"Message {name}")).to_be_focused()
    page.keyboard.type("Hello from the door")
    page.keyboard.press("Enter")
    expect(
        page.locator(".message:not(.is-sending):not(.is-waiting)", has_text="Hello from the door")
    ).to_be_visible()
    expect(page.get_by_role("complementary", name="Members")).to_contain_text("ann-")


def test_what_is_wrong_is_said_beside_the_fields(context, replica, meet):
    page = context().new_page()
    page.goto(f"{replica.url}/#/sign-in")
    page.get_by_label("Name").fill(meet("ann").name)
    page.get_by_label("Password").fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("no account with this name and password")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Rooms")).to_be_visible()


def test_an_address_that_leads_nowhere_says_so_and_shows_a_room(visit, meet, complaints):
    bob = meet("bob")
    lounge, secret = bob.room("lounge"), bob.room("secret", private=True)
    hidden = bob.say(secret, "for two")["id"]
    ann = visit("ann", lounge)
    said = ann.get_by_text("There is nothing at this address")
    for address in ("nowhere", f"#/rooms/{secret}", "#/moderation"):
        answer = ann.goto("about:blank") or ann.goto(f"{bob.url}/{address}")
        assert answer.status == (404 if address == "nowhere" else 200)
        expect(said).to_be_visible()
        expect(ann.locator("h1")).to_have_text("lounge")
        assert "nowhere" not in ann.url
    ann.goto("about:blank")
    ann.goto(f"{bob.url}/#/messages/{hidden}")
    expect(ann.get_by_text("or it is not yours to see")).to_be_visible()
    expect(ann.locator("h1")).to_have_text("lounge")
    assert bob.get("/nowhere").json()["code"] == "not_found"
    for address in ("/api/nowhere", "/images/1/nowhere", "/static/nowhere"):
        assert bob.get(address, headers={"Accept": "text/html"}).json()["code"] == "not_found"


def test_signing_out_shows_the_door_and_nothing_of_the_rooms(visit, meet, complaints):
    bob = meet("bob")
    room = bob.room("secret plans")
    shown = bob.drop(room, picture()).json()["image"]["thumbnail_url"]
    page = visit("ann", room)
    expect(page.locator(".picture img")).to_be_visible()
    kept = "url => fetch(url, { cache: 'only-if-cached', mode: 'same-origin' }).then((answer) => answer.ok, () => false)"
    assert page.evaluate(kept, shown)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text("secret plans")).to_have_count(0)
    assert not page.evaluate(kept, shown), "the browser has its picture still"
    assert [said for said in complaints if "ERR_CACHE_MISS" not in said] == []
    complaints.clear()
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
