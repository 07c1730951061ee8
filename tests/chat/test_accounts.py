"""Accounts over HTTP: passwords, sessions, tokens and their scopes, invitations, resets, and the second factor."""

import dataclasses
import time

import pyotp
import pytest
import sqlalchemy as sa

from chat import passwords, second_factor, sessions, users
from chat.db import now
from chat.limits import Attempts, Limits
from chat.schema import recovery_codes, second_factors
from chat.schema import sessions as session_rows
from chat.times import rfc3339
from tests.chat.test_users import everything_stored
from tests.people import Visitor, new_name

PASSWORD, NEW = "correct horse battery", "quiet purple mountain"


def again(app, visitor, password=PASSWORD, agent="Safari", **fields):
    """The same person on another device; the visitor, or why not."""
    other = Visitor(app, agent)
    code = other.code("POST", "/api/login", username=visitor.name, password=password, **fields)
    return other if code == 200 else code


def promote(backend, visitor, role="admin"):
    backend.db.write(
        lambda conn: conn.execute(
            users.users.update().where(users.users.c.id == visitor.id).values(role=role)
        )
    )


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("password", False),
        ("PassWord", False),
        ("1234567890", False),
        ("iloveyou", False),
        ("mountaineer", False),
        ("mountaineer1", False),
        ("roomful1", False),
        ("chat.example", False),
        ("mountaineer and a goat", True),
        ("aaaaaaaaaaab", True),
        ("只有我知道的那一句话", True),
        ("        x", True),
    ],
)
def test_which_passwords_are_refused(password, fine):
    """Common ones, and those that are the name or the place; nothing is said of digits and capitals."""
    try:
        passwords.check(password, "Mountaineer", "https://chat.example.org")
        assert fine
    except passwords.Refused as refused:
        assert not fine and refused.code == "invalid" and "password" in refused.detail


def test_the_list_of_common_passwords_is_long():
    """ASVS wants three thousand of those that the rules would accept."""
    assert len(passwords.common()) > 3000
    assert {"password", "qwertyuiop", "11111111"} <= passwords.common()


def test_a_password_is_changed_by_who_knows_the_old_one(backend, app, enter):
    ann = enter("ann")
    other = again(app, ann)
    change = ("PUT", "/api/me/password")
    assert ann.code(*change, old="not the old one", new=NEW) == "wrong_password"
    assert ann.code(*change, old=PASSWORD, new="short") == "invalid"
    assert ann.code(*change, old=PASSWORD, new=ann.name + "1") == "invalid"
    assert ann.code(*change, old=PASSWORD, new=NEW, end_others=False) == 204
    assert other.code("GET", "/api/me") == 200
    assert again(app, ann) == "bad_credentials"
    assert ann.code(*change, old=NEW, new=PASSWORD) == 204
    assert other.code("GET", "/api/me") == "unauthenticated"
    assert ann.code("GET", "/api/me") == 200


def test_guessing_at_an_open_screen_ends_and_locks_nobody_out(backend, app, enter):
    backend.limits = Limits(on=True)
    backend.attempts = Attempts(backend.limits)
    ann = enter("ann")
    for _ in range(10):
        assert ann.code("PUT", "/api/me/password", old="a guess of mine", new=NEW) == "wrong_password"
    assert ann.code("PUT", "/api/me/password", old=PASSWORD, new=NEW) == "too_many_requests"
    assert isinstance(again(app, ann), Visitor)


def test_sessions_are_listed_and_ended(backend, app, enter):
    ann, bob = enter("ann", agent="Firefox on Linux"), enter("bob")
    phone = again(app, ann, agent="Safari on a phone")
    again(app, ann, agent="x" * 2000)
    listed = ann.ask("GET", "/api/sessions").json["sessions"]
    assert [each["agent"] for each in listed if each["current"]] == ["Firefox on Linux"]
    assert len(listed) == 3 and max(len(each["agent"]) for each in listed) == users.AGENT_LENGTH
    of_phone = next(each["id"] for each in listed if each["agent"] == "Safari on a phone")
    assert bob.code("DELETE", f"/api/sessions/{of_phone}") == "not_found"
    assert phone.code("GET", "/api/me") == 200
    assert ann.code("DELETE", f"/api/sessions/{of_phone}") == 204
    assert phone.code("GET", "/api/me") == "unauthenticated"
    assert ann.code("DELETE", "/api/sessions") == 204
    assert len(ann.ask("GET", "/api/sessions").json["sessions"]) == 1


def test_an_admin_lists_and_ends_the_sessions_of_others(backend, app, enter):
    """Of other admins as well; each end stands in the log of acts, each look does not."""
    ann, bob = enter("ann", agent="Firefox on Linux"), enter("bob", agent="Safari on a phone")
    laptop = again(app, bob, agent="Chrome on a laptop")
    his = f"/api/users/{bob.id}/sessions"
    assert bob.code("GET", his) == bob.code("DELETE", his) == "forbidden"
    promote(backend, bob, "moderator")
    assert bob.code("GET", his) == bob.code("DELETE", his) == "forbidden"
    promote(backend, ann)
    listed = ann.ask("GET", his).json["sessions"]
    assert {one["agent"] for one in listed} == {"Safari on a phone", "Chrome on a laptop"}
    assert not any(one["current"] for one in listed)
    of_laptop = next(one["id"] for one in listed if one["agent"].startswith("Chrome"))
    of_ann = ann.ask("GET", "/api/sessions").json["sessions"][0]["id"]
    for address in (
        f"{his}/{of_ann}",
        f"{his}/none",
        "/api/users/987654321/sessions",
        "/api/users/x/sessions",
    ):
        assert ann.code("DELETE", address) == "not_found", address
    assert ann.code("GET", "/api/users/987654321/sessions") == "not_found"
    assert ann.code("DELETE", f"{his}/{of_laptop}") == 204
    assert laptop.code("GET", "/api/me") == "unauthenticated"
    assert bob.code("GET", "/api/me") == 200
    assert ann.code("DELETE", his) == 204
    assert bob.code("GET", "/api/me") == "unauthenticated"
    assert ann.ask("GET", his).json["sessions"] == []
    acts = ann.ask("GET", f"/api/audit?user={bob.id}").json["acts"]
    assert [(act["act"], act["actor"]["username"], act["detail"]) for act in acts] == [
        ("end_sessions", ann.name, {"sessions": 1})
    ] * 2


def test_who_signs_in_anew_in_the_same_browser_leaves_no_session_behind(enter):
    ann = enter("ann")
    assert ann.code("POST", "/api/login", username=ann.name, password=PASSWORD) == 200
    assert len(ann.ask("GET", "/api/sessions").json["sessions"]) == 1


def turn_back(backend, visitor, began, used):
    """Their sessions began and were used last so many milliseconds ago."""
    theirs = session_rows.update().where(session_rows.c.user_id == visitor.id)
    past = {"created_at": now() - began, "seen_at": now() - used}
    backend.db.write(lambda conn: conn.execute(theirs.values(past)))


def test_a_session_ends_in_time_however_much_it_is_used(backend, enter):
    ann, lasts = enter("ann"), backend.config.session_days * users.DAY
    turn_back(backend, ann, began=lasts - 60_000, used=0)
    assert ann.code("GET", "/api/me") == 200
    turn_back(backend, ann, began=lasts + 1000, used=0)
    assert ann.code("GET", "/api/me") == "unauthenticated"


def test_a_session_ends_that_is_not_used_and_its_use_is_noted(backend, enter):
    backend.config = dataclasses.replace(backend.config, session_idle_days=2)
    ann, bob, idle = enter("ann"), enter("bob"), 2 * users.DAY
    turn_back(backend, ann, began=5 * users.DAY, used=idle - 60_000)
    assert ann.code("GET", "/api/me") == 200  # which is a use
    for _ in range(100):
        [listed] = ann.ask("GET", "/api/sessions").json["sessions"]
        if listed["seen_at"] > rfc3339(now() - 60_000):
            break
        time.sleep(0.05)
    assert listed["seen_at"] > rfc3339(now() - 60_000)
    turn_back(backend, bob, began=5 * users.DAY, used=idle + 1000)
    assert bob.code("GET", "/api/me") == "unauthenticated"
    backend.db.write(sessions.sweep, backend.config)
    left = sa.select(session_rows.c.user_id)
    assert backend.db.read(lambda conn: conn.scalars(left).all()) == [ann.id]


def test_what_a_token_may(backend, app, enter):
    """Each scope, at a door of each kind; an admin's limited token has no powers over others."""
    ann, bob = enter("ann"), enter("bob")
    promote(backend, ann)
    room = bob.ask("POST", "/api/rooms", name="lounge").json["id"]
    ann.ask("PUT", f"/api/rooms/{room}/members/me")
    message = bob.ask("POST", f"/api/rooms/{room}/messages", text="hello", client_id="1").json["id"]
    made = [ann.ask("POST", "/api/tokens", name=scope, scope=scope).json for scope in ("read", "write")]
    made.append(ann.ask("POST", "/api/tokens", name="as ever").json)
    assert [each["scope"] for each in made] == ["read", "write", "full"]
    assert {each["scope"] for each in ann.ask("GET", "/api/tokens").json["tokens"]} == {
        "read",
        "write",
        "full",
    }
    read, write, full = (Visitor(app, token=each["token"]) for each in made)
    say = ("POST", f"/api/rooms/{room}/messages")
    may = {
        ("GET", "/api/me"): (200, 200, 200),
        ("GET", f"/api/rooms/{room}/messages"): (200, 200, 200),
        ("GET", "/api/tokens"): ("forbidden", "forbidden", 200),
        ("GET", "/api/sessions"): ("forbidden", "forbidden", 200),
        ("POST", "/api/tokens"): ("forbidden", "forbidden", 201),
        ("PUT", "/api/me/password"): ("forbidden", "forbidden", "wrong_password"),
        ("POST", "/api/me/second-factor"): ("forbidden", "forbidden", "wrong_password"),
        ("POST", "/api/invitations"): ("forbidden", "forbidden", 201),
        ("PUT", "/api/me/segment"): ("forbidden", "forbidden", 200),
        say: ("forbidden", 201, 200),
        ("DELETE", f"/api/messages/{message}"): ("forbidden", "forbidden", 204),
        ("POST", "/api/logout"): (204, 204, 204),
    }
    bodies = {
        "/api/tokens": {"name": "another"},
        "/api/me/password": {"old": "a wrong one", "new": NEW},
        "/api/me/second-factor": {"password": "a wrong one"},
        "/api/invitations": {},
        "/api/me/segment": {"choice": "later"},
        say[1]: {"text": "by a program", "client_id": "p"},
    }
    for (method, path), wanted in may.items():
        body = bodies.get(path) if method in ("POST", "PUT") else None
        assert tuple(each.code(method, path, body) for each in (read, write, full)) == wanted, (method, path)
    assert read.code("GET", "/api/me") == "unauthenticated"


def test_registration_by_invitation(backend, app, enter):
    ann, bob = enter("ann"), enter("bob")
    promote(backend, ann)
    promote(backend, bob, "moderator")
    backend.config = dataclasses.replace(backend.config, registration="invited")
    stranger = Visitor(app)
    assert stranger.ask("GET", "/api/door").json["registration"] == "invited"
    fields = {"username": new_name("eva"), "password": PASSWORD}
    join = ("POST", "/api/register")
    assert stranger.code(*join, **fields) == "registration_closed"
    assert stranger.code(*join, **fields, invitation="made up") == "bad_link"
    assert bob.code("POST", "/api/invitations") == "bad_json"
    assert bob.code("POST", "/api/invitations", {}) == "forbidden"
    made = ann.ask("POST", "/api/invitations", uses=2, days=3).json
    secret = made["url"].rpartition("/#/invited/")[2]
    assert secret and secret not in everything_stored(backend)
    assert stranger.code(*join, **{**fields, "username": ann.name}, invitation=secret) == "username_taken"
    assert stranger.code(*join, **fields, invitation=secret) == 201  # the use was not lost by what failed
    (listed,) = ann.ask("GET", "/api/invitations").json["invitations"]
    assert (listed["uses_left"], listed["made_by"]) == (1, ann.name) and "url" not in listed
    assert Visitor(app).code(*join, username=new_name("f"), password=PASSWORD, invitation=secret) == 201
    assert (
        Visitor(app).code(*join, username=new_name("g"), password=PASSWORD, invitation=secret) == "bad_link"
    )
    assert ann.ask("GET", "/api/invitations").json["invitations"] == []
    backend.config = dataclasses.replace(backend.config, inviters="moderators")
    assert ann.code("POST", "/api/invitations", {}) == 201
    assert bob.ask("GET", "/api/invitations").json["invitations"] == []
    mine = bob.ask("POST", "/api/invitations", {}).json
    assert ann.code("DELETE", f"/api/invitations/{mine['id']}") == 204
    by_mine = {"invitation": mine["url"].rpartition("/")[2]}
    assert Visitor(app).code(*join, username=new_name("h"), password=PASSWORD, **by_mine) == "bad_link"
    backend.config = dataclasses.replace(backend.config, registration="closed")
    assert Visitor(app).code(*join, **fields, invitation=secret) == "registration_closed"


def test_a_link_by_which_a_password_is_reset(backend, app, enter):
    ann, bob = enter("ann"), enter("bob")
    promote(backend, ann)
    token = bob.ask("POST", "/api/tokens", name="laptop").json["token"]
    assert bob.code("POST", "/api/resets", username=bob.name) == "forbidden"
    assert ann.code("POST", "/api/resets", username="nobody") == "not_found"
    first, second = (ann.ask("POST", "/api/resets", username=bob.name.upper()).json for _ in range(2))
    old, secret = (made["url"].rpartition("/#/reset/")[2] for made in (first, second))
    assert second["username"] == bob.name and secret not in everything_stored(backend)
    stranger = Visitor(app)
    assert stranger.code("POST", "/api/reset", secret=old, password=NEW) == "bad_link"
    assert stranger.code("POST", "/api/reset", secret=secret, password="short") == "invalid"
    assert stranger.code("POST", "/api/reset", secret=secret, password=NEW) == 204
    assert stranger.code("POST", "/api/reset", secret=secret, password=PASSWORD) == "bad_link"
    assert bob.code("GET", "/api/me") == "unauthenticated"
    assert Visitor(app, token=token).code("GET", "/api/me") == "unauthenticated"
    assert again(app, bob) == "bad_credentials"
    assert isinstance(again(app, bob, NEW), Visitor)


def switch_on(visitor, password=PASSWORD):
    """The second factor: the app's secret, and the recovery codes."""
    begun = visitor.ask("POST", "/api/me/second-factor", password=password).json
    assert begun["qr"].startswith("data:image/svg+xml") and visitor.name in begun["uri"]
    assert visitor.ask("GET", "/api/me/second-factor").json == {"on": False, "recovery_codes_left": 0}
    assert visitor.code("PUT", "/api/me/second-factor", code="000000") == "bad_code"
    codes = visitor.ask("PUT", "/api/me/second-factor", code=code_of(begun)).json["recovery_codes"]
    return begun["secret"], codes


def code_of(begun, steps=0):
    return pyotp.TOTP(begun["secret"]).at(time.time() + 30 * steps)


def test_who_has_a_second_factor_signs_in_with_a_code_once(backend, app, enter):
    ann = enter("ann")
    assert ann.code("POST", "/api/me/second-factor", password="a wrong one") == "wrong_password"
    secret, codes = switch_on(ann)
    stored = everything_stored(backend)
    assert secret not in stored and not any(code in stored for code in codes)
    assert len(set(codes)) == 10
    # Each character is one of 32: beyond 112 bits a code may be kept by a hash that is neither slow nor salted.
    assert all(5 * len(code.replace("-", "")) >= 112 for code in codes)
    assert again(app, ann) == "second_factor_required"
    assert again(app, ann, "a wrong one", code="123456") == "bad_credentials"
    totp = pyotp.TOTP(secret)
    assert again(app, ann, code=totp.at(time.time())) == "bad_code"  # it has switched it on already
    following = totp.at(time.time() + 30)
    assert isinstance(again(app, ann, code=f"{following[:3]} {following[3:]}"), Visitor)
    assert again(app, ann, code=following) == "bad_code"
    assert again(app, ann, code=totp.at(time.time() - 300)) == "bad_code"
    assert isinstance(again(app, ann, code=codes[0].upper()), Visitor)
    assert again(app, ann, code=codes[0]) == "bad_code"
    assert ann.ask("GET", "/api/me/second-factor").json == {"on": True, "recovery_codes_left": 9}
    renewed = ann.ask("POST", "/api/me/second-factor/recovery-codes", password=PASSWORD).json[
        "recovery_codes"
    ]
    assert again(app, ann, code=codes[1]) == "bad_code"
    assert isinstance(again(app, ann, code=renewed[1]), Visitor)
    assert ann.code("DELETE", "/api/me/second-factor", password="a wrong one") == "wrong_password"
    assert ann.code("DELETE", "/api/me/second-factor", password=PASSWORD) == 204
    assert isinstance(again(app, ann), Visitor)


def test_two_who_come_with_one_code_are_not_both_let_in(backend, app, enter):
    """The step is taken in one statement: whoever is second finds it taken."""
    ann = enter("ann")
    secret, codes = switch_on(ann)
    following = pyotp.TOTP(secret).at(time.time() + 30)
    for code in (following, codes[3]):
        take = [
            backend.db.write(second_factor.take, ann.id, code, backend.config.secret_key) for _ in range(2)
        ]
        assert take == [True, False]


def test_codes_of_the_app_cannot_be_guessed_and_recovery_codes_still_let_in(backend, app, enter):
    ann = enter("ann")
    _secret, codes = switch_on(ann)
    backend.limits = Limits(on=True)
    backend.attempts = Attempts(Limits(on=False))  # as if each guess came from another address
    for number in range(10):
        assert again(app, ann, code=f"{number:06}") == "bad_code"
    assert again(app, ann, code="123456") == "too_many_requests"
    assert isinstance(again(app, ann, code=codes[0]), Visitor)


def test_another_secret_key_opens_no_second_factor_and_an_admins_link_ends_it(backend, app, enter):
    ann, bob = enter("ann"), enter("bob")
    promote(backend, ann)
    secret, codes = switch_on(bob)
    backend.config = dataclasses.replace(backend.config, secret_key="another key, of another day")
    assert again(app, bob, code=pyotp.TOTP(secret).at(time.time() + 30)) == "bad_code"
    assert isinstance(again(app, bob, code=codes[0]), Visitor)
    made = ann.ask("POST", "/api/resets", username=bob.name).json
    stranger = Visitor(app)
    reset = {"secret": made["url"].rpartition("/")[2], "password": NEW}
    assert stranger.code("POST", "/api/reset", **reset) == 204
    assert again(app, bob, NEW) == "second_factor_required"
    made = ann.ask("POST", "/api/resets", username=bob.name, second_factor=True).json
    reset = {"secret": made["url"].rpartition("/")[2], "password": PASSWORD}
    assert stranger.code("POST", "/api/reset", **reset) == 204
    assert isinstance(again(app, bob), Visitor)
    for table in (second_factors, recovery_codes):
        left = sa.select(table).where(table.c.user_id == bob.id)
        assert backend.db.read(lambda conn, left=left: conn.execute(left).first()) is None
