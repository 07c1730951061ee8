"""The dialog of one's account, and the links that bring somebody in."""

import time

import pyotp
import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import PASSWORD
from tests.frontend.test_axe import violations
from tests.people import new_name, promote
from tests.servers import Replica


def open_account(page, part):
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("dialog", name="Account").get_by_text(part, exact=True).click()
    return page.locator("details[open]")


def sign_in(page, name, password):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_second_factor_from_its_qr_code_to_the_next_sign_in(visit, meet):
    page = visit("ann", meet("bob").room("lounge"))
    name = page.evaluate("() => fetch('/api/me').then((answer) => answer.json())")["user"]["username"]
    part = open_account(page, "Second factor")
    part.get_by_label("Present password").fill("not the right one")
    part.get_by_role("button", name="Set it up").click()
    expect(part.get_by_role("alert")).to_contain_text("not your present password")
    part.get_by_label("Present password").fill(PASSWORD)
    part.get_by_role("button", name="Set it up").click()
    expect(part.get_by_alt_text("QR code")).to_be_visible()
    totp = pyotp.TOTP(part.locator("code").inner_text())
    part.get_by_role("textbox", name="Code").fill(totp.now())
    part.get_by_role("button", name="Switch it on").click()
    codes = part.get_by_role("textbox", name="Recovery codes").input_value().split()
    assert len(codes) == 10
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, name, PASSWORD)
    page.get_by_role("textbox", name="Code").fill(totp.at(time.time() + 30))
    page.get_by_role("button", name="Sign in").click()
    part = open_account(page, "Where you are signed in")
    expect(part.get_by_role("listitem")).to_have_count(1)
    expect(part.get_by_role("listitem")).to_contain_text("Chrome, Linux")
    page.get_by_text("Tokens for programs").click()
    part = page.locator("details[open]")
    part.get_by_label("What is it for?").fill("backup")
    part.get_by_role("button", name="Make a token").click()
    expect(part.get_by_label("The new token")).not_to_be_empty()
    part.get_by_role("button", name="Revoke backup").click()
    expect(part.get_by_role("listitem")).to_have_count(0)


def test_an_admins_link_gives_somebody_a_new_password(visit, context, replica, environment, meet):
    bob = meet("bob")
    page = visit("ann")
    ann = page.evaluate("() => fetch('/api/me').then((answer) => answer.json())")["user"]
    promote(environment, ann["id"])
    page.reload()
    part = open_account(page, "Reset links")
    part.get_by_label("Who has lost their password?").fill(bob.name)
    part.get_by_role("button", name="Make a reset link").click()
    link = part.get_by_label(f"Link for {bob.name}").input_value()
    his = context().new_page()
    his.goto(link)
    his.get_by_role("textbox", name="Password").fill("quiet purple mountain")
    his.get_by_role("button", name="Set it").click()
    expect(his.get_by_role("alert")).to_contain_text("Your password is set")
    sign_in(his, bob.name, "quiet purple mountain")
    expect(his.get_by_role("navigation", name="Rooms")).to_be_visible()


@pytest.fixture(scope="module")
def club(environment, tmp_path_factory):
    """A replica where one comes in by invitation, and moderators invite."""
    settings = {"REGISTRATION": "invited", "INVITERS": "moderators", "HOST": "0.0.0.0"}
    replica = Replica({**environment, **settings}, tmp_path_factory.mktemp("club"))
    yield replica
    replica.stop()


def test_a_moderator_invites_where_moderators_may(visit, context, environment, club):
    page = visit("mo")
    mo = page.evaluate("() => fetch('/api/me').then((answer) => answer.json())")["user"]
    promote(environment, mo["id"], "moderator")
    page.reload()
    with page.expect_response("**/api/door"):
        page.get_by_role("button", name="Account of").click()
    expect(page.get_by_text("Export and deletion")).to_be_visible()
    expect(page.get_by_text("Invitations", exact=True)).to_have_count(0)  # admins alone invite here

    page.goto(club.url)
    part = open_account(page, "Invitations")
    expect(page.get_by_text("Reset links")).to_have_count(0)
    part.get_by_role("button", name="Make an invitation").click()
    expect(part.get_by_role("listitem")).to_contain_text(f"made by {mo['username']}")
    link = part.get_by_label("Link for those whom you invite").input_value()
    assert violations(page) == []
    newcomer = context().new_page()
    newcomer.goto(link)
    newcomer.get_by_label("Name").fill(new_name("eva"))
    newcomer.get_by_label("Password").fill(PASSWORD)
    newcomer.get_by_role("button", name="Come in").click()
    expect(newcomer.get_by_role("navigation", name="Rooms")).to_be_visible()

    part.get_by_role("button", name="Make an invitation").click()
    expect(part.get_by_label("Link for those whom you invite")).not_to_have_value(link)
    expect(part.get_by_role("listitem")).to_have_count(1)  # the first one is used up
    part.get_by_role("button", name="Revoke the invitation").click()
    expect(part.get_by_role("listitem")).to_have_count(0)


def test_an_admin_signs_somebody_out_everywhere(visit, environment, meet):
    room = meet("mia").room("lounge")
    bob, page = visit("bob", room), visit("ann", room)
    ann = page.evaluate("() => fetch('/api/me').then((answer) => answer.json())")["user"]
    promote(environment, ann["id"])
    page.reload()
    page.locator(".members .person", has_text="bob-").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign-ins…").click()
    dialog = page.get_by_role("dialog", name="Where bob-")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.get_by_role("listitem")).to_contain_text("Chrome, Linux")
    assert violations(page) == []
    dialog.get_by_role("button", name="Sign out Chrome, Linux").click()
    expect(dialog.get_by_text("Nowhere.")).to_be_visible()
    expect(bob.get_by_role("button", name="Sign in")).to_be_visible()


def test_who_leaves_sees_the_door_and_cannot_come_back(visit):
    page = visit("ann")
    name = page.evaluate("() => fetch('/api/me').then((answer) => answer.json())")["user"]["username"]
    part = open_account(page, "Export and deletion")
    with page.expect_download() as download:
        part.get_by_role("link", name="Download all that is mine").click()
    assert download.value.suggested_filename == "roomful.zip"
    part.get_by_label("Present password").fill(PASSWORD)
    part.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    sign_in(page, name, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("no account with this name and password")
