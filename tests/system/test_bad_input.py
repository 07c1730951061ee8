"""Bad input at every door: its documented error, and nothing has changed.

The doors are listed from the application itself, so that none can be added without saying what it refuses.
"""

import json
import re

import pytest
import requests

from chat.app import create_app
from chat.errors import CODES
from chat.sockets import _Doors
from tests.people import Client, new_id, new_name

LONG = "x" * 10_001
NUL = "a\0b"
HALF = '"\\ud800"'  # of a surrogate pair, as JSON
IDS = ("0", "-1", "1.5", "none", "99999999", "9" * 30, "٣", "' OR 1=1 --", "%00", "a" * 500)
NUMBERS = ("-1", "x", "1.5", "", "9" * 30, "٣")

Fields = dict[str, tuple]
ACCOUNT: Fields = {
    "username": ("", " ", "a b", "x" * 33, "x" * 201, ".ann", "ann/", NUL, "<b>", 7, None, ["ann"]),
    "password": ("", "seven77", "x" * 257, "x" * 2001, 12345678, None, {}),
}
CONFIRMED: Fields = {"password": ("x" * 2001, NUL, 7, None, [])}
MESSAGE: Fields = {
    "text": ("", "  \n", LONG, NUL, 7, None, ["hello"], {"text": "hello"}),
    "client_id": ("", "x" * 129, NUL, 7, None, []),
    "reply_to": ("", "0", "none", "99999999", "9" * 30, 7, ["1"]),
}
ROOM: Fields = {
    "name": ("", "  ", "x" * 81, NUL, 7, None, []),
    "topic": ("x" * 301, NUL, 7, None),
    "private": ("true", 1, None, []),
}
LABELS = ("spider", 7, None, {}, [7], [""], ["  "], [NUL], ["x" * 61], ["x"] * 51)
REASON = ("", "  ", "x" * 501, NUL, 7, None, [])
BODIES: dict[
    str, tuple[str, str, dict, Fields]
] = {  # door: (method, path, a good body, what is bad of each field)
    "accounts.register": ("POST", "/api/register", {"username": "zoe", "password": "long enough"}, ACCOUNT),
    "accounts.change_me": (
        "PUT",
        "/api/me",
        {"language": "zh-CN"},
        {"language": ("", "zh", "EN", NUL, 7, None, [])},
    ),
    "accounts.make_token": (
        "POST",
        "/api/tokens",
        {"name": "mine"},
        {"name": ("", "  ", "x" * 81, NUL, 7, None), "scope": ("", "all", "Read", 7, None, [])},
    ),
    "accounts.change_password": (
        "PUT",
        "/api/me/password",
        {"old": "a long enough password", "new": "another good one", "end_others": False},
        {
            "old": ("x" * 2001, NUL, 7, None, []),
            "new": ("x" * 2001, NUL, 7, None, []),
            "end_others": ("yes", 1, None),
        },
    ),
    "links.invite": (
        "POST",
        "/api/invitations",
        {"uses": 1, "days": 1},
        {"uses": (0, -1, 1001, 1.5, "1", None), "days": (0, 91, "1", None, [])},
    ),
    "links.make_reset": (
        "POST",
        "/api/resets",
        {"username": "ann", "second_factor": False},
        {"username": ("x" * 201, NUL, 7, None), "second_factor": ("yes", 1, None)},
    ),
    "links.use_reset": (
        "POST",
        "/api/reset",
        {"secret": "x", "password": "another good one"},
        {"secret": ("x" * 201, NUL, 7, None), "password": ("x" * 2001, NUL, 7, None)},
    ),
    "leaving.leave": (
        "DELETE",
        "/api/me",
        {"password": "not the right one", "messages": "keep"},
        {**CONFIRMED, "messages": ("", "all", 7, None, [])},
    ),
    "second_factor.begin": ("POST", "/api/me/second-factor", {"password": "x"}, CONFIRMED),
    "second_factor.switch_off": ("DELETE", "/api/me/second-factor", {"password": "x"}, CONFIRMED),
    "second_factor.renew": ("POST", "/api/me/second-factor/recovery-codes", {"password": "x"}, CONFIRMED),
    "second_factor.switch_on": (
        "PUT",
        "/api/me/second-factor",
        {"code": "123456"},
        {"code": ("x" * 41, NUL, 7, None, [])},
    ),
    "rooms.make_room": ("POST", "/api/rooms", {"name": "zoo", "topic": "", "private": False}, ROOM),
    "rooms.change_room": (
        "PATCH",
        "/api/rooms/{room}",
        {},
        {
            "name": ROOM["name"],
            "topic": ROOM["topic"],
            "locked": ("yes", 1, None),
            "slow_mode": (-1, 21_601, 1.5, "5", None),
            "unwanted_words": ("ass", [7], ["x" * 61], ["x"] * 201, None),
            "blur_labels": LABELS,
            "hold_labels": LABELS,
            "refuse_labels": LABELS,
            "picture_sure": (0, 101, 1.5, "5", None),
        },
    ),
    "rooms.change_membership": (
        "PATCH",
        "/api/rooms/{room}/members/me",
        {},
        {"notify": ("", "some", 7, None, []), "muted": ("yes", 1, None, [])},
    ),
    "people.follow_link": (
        "POST",
        "/api/join",
        {"link": "nowhere"},
        {"link": ("", "x" * 101, NUL, 7, None, [])},
    ),
    "people.open_direct": (
        "PUT",
        "/api/direct",
        {"users": ["1"]},
        {"users": ([], ["1"] * 8, "1", 7, None, {}, [7], [None], [""], ["x" * 41])},
    ),
    "messages.post": (
        "POST",
        "/api/rooms/{room}/messages",
        {"text": "hello", "client_id": "bad", "reply_to": None},
        {**MESSAGE, "reply_to": MESSAGE["reply_to"]},
    ),
    "messages.edit": ("PATCH", "/api/messages/{message}", {"text": "changed"}, {"text": MESSAGE["text"]}),
    "messages.judge": (
        "PUT",
        "/api/messages/{message}/verdict",
        {"verdict": "right"},
        {"verdict": ("", "maybe", 7, None, []), "label": ("x" * 201, NUL, 7, [])},
    ),
    "segments.choose": (
        "PUT",
        "/api/me/segment",
        {"choice": "later"},
        {"choice": ("", "maybe", "Accept", 7, None, [])},
    ),
    "segments.fit": (
        "POST",
        "/api/segments/fit",
        {"dry_run": True, "k": "auto"},
        {"dry_run": ("yes", 1, None), "k": (1, 9, 2.5, -1, "", "7", "many", None, [])},
    ),
    "segments.change": (
        "PUT",
        "/api/segments/1",
        {"name": "Painters", "room": None, "auto_join": False},
        {
            "name": ("", "  ", "x" * 61, NUL, 7, None),
            "room": ("", "x" * 41, 7, []),
            "auto_join": ("yes", 1, None),
        },
    ),
    "moderation.impose": (
        "POST",
        "/api/sanctions",
        {"kind": "kick", "users": ["1"], "reason": "spam", "room": "1", "minutes": 5, "delete_minutes": 5},
        {
            "kind": ("", "hang", 7, None),
            "users": ([], "1", 7, None, [7], [""], ["x" * 41], ["1"] * 101),
            "reason": REASON,
            "room": ("", "x" * 41, 7),
            "minutes": (0, -1, 1.5, "5", 5_256_001),
            "delete_minutes": (0, -1, 1.5, "5", 10_081),
        },
    ),
    "moderation.appeal": (
        "POST",
        "/api/sanctions/1/appeal",
        {"text": "It was a joke"},
        {"text": ("", "  ", "x" * 2001, NUL, 7, None)},
    ),
    "moderation.decide_appeal": (
        "PUT",
        "/api/sanctions/1/appeal",
        {"upheld": True, "answer": "no"},
        {"upheld": ("yes", 1, None), "answer": ("x" * 2001, NUL, 7, None)},
    ),
    "moderation.report": ("POST", "/api/messages/{message}/report", {"reason": "spam"}, {"reason": REASON}),
    "moderation.change_report": (
        "PATCH",
        "/api/reports/1",
        {"agreed": True, "note": "indeed"},
        {"agreed": ("yes", 1), "mine": ("yes", 1, True), "note": ("x" * 2001, NUL, 7, None)},
    ),
}
WANT_NOTHING = {
    "links.invite",
    "segments.fit",
    "segments.change",
    "rooms.change_room",
    "rooms.change_membership",
    "moderation.impose",
    "moderation.change_report",
}  # doors of whose fields none is needed
OPTIONAL = {
    "messages",
    "label",
    "scope",
    "end_others",
    "second_factor",
    "topic",
    "private",
    "reply_to",
    "after",
    "log",
    "back",
    "answer",
}
QUERIES: dict[str, tuple[str, dict[str, tuple]]] = {
    "messages.list_messages": (
        "/api/rooms/{room}/messages",
        {"before": NUMBERS, "after": NUMBERS, "limit": (*NUMBERS, "0", "201")},
    ),
    "moderation.list_reports": (
        "/api/reports",
        {"state": ("", "closed", NUL), "limit": (*NUMBERS, "0", "101")},
    ),
    "moderation.list_acts": ("/api/audit", {"act": ("", "hang", NUL), "limit": (*NUMBERS, "0", "201")}),
    "moderation.export_acts": ("/api/audit.csv", {"act": ("", "hang", NUL)}),
    "people.find": ("/api/users?q=ann", {"q": ("x" * 81, NUL), "limit": (*NUMBERS, "0", "101")}),
    "messages.find": (
        "/api/search?q=hello",
        {
            "q": ("", " ", "x" * 201, NUL, "a b c d e f g h i j k"),
            "limit": (*NUMBERS, "0", "101"),
            "has": ("", "pictures", "Picture", NUL),
            "label": ("", " ", "x" * 61, NUL),
        },
    ),
}
ADDRESSES: dict[str, tuple[str, str]] = {  # doors whose only input is an id in the address
    "rooms.read_room": ("GET", "/api/rooms/{}"),
    "rooms.list_members": ("GET", "/api/rooms/{}/members"),
    "people.make_link": ("PUT", "/api/rooms/{}/link"),
    "people.end_link": ("DELETE", "/api/rooms/{}/link"),
    "rooms.unsure": ("GET", "/api/rooms/{}/unsure"),
    "rooms.verdicts": ("GET", "/api/rooms/{}/verdicts"),
    "segments.of_room": ("GET", "/api/rooms/{}/stats"),
    "rooms.join": ("PUT", "/api/rooms/{}/members/me"),
    "rooms.leave": ("DELETE", "/api/rooms/{}/members/me"),
    "rooms.add": ("PUT", "/api/rooms/{room}/members/{}"),
    "rooms.remove": ("DELETE", "/api/rooms/{}/members/{me}"),
    "messages.read": ("GET", "/api/messages/{}"),
    "messages.delete": ("DELETE", "/api/messages/{}"),
    "messages.history": ("GET", "/api/messages/{}/versions"),
    "messages.forget_history": ("DELETE", "/api/messages/{}/versions"),
    "messages.react": ("PUT", "/api/messages/{}/reactions/👍"),
    "messages.take_back": ("DELETE", "/api/messages/{}/reactions/👍"),
    "moderation.release": ("DELETE", "/api/messages/{}/hold"),
    "moderation.pin": ("PUT", "/api/messages/{}/pin"),
    "moderation.unpin": ("DELETE", "/api/messages/{}/pin"),
    "moderation.list_pins": ("GET", "/api/rooms/{}/pins"),
    "moderation.appoint": ("PUT", "/api/rooms/{room}/moderators/{}"),
    "moderation.dismiss": ("DELETE", "/api/rooms/{}/moderators/{me}"),
    "moderation.lift": ("DELETE", "/api/sanctions/{}"),
    "moderation.read_report": ("GET", "/api/reports/{}"),
    "moderation.list_sanctions": ("GET", "/api/sanctions?room={}"),
    "pictures.show": ("GET", "/images/{}"),
    "accounts.revoke_token": ("DELETE", "/api/tokens/{}"),
    "accounts.end_session": ("DELETE", "/api/sessions/{}"),
}
ELSEWHERE = {  # tests of their own, below, in test_bad_pictures.py, test_segments.py, test_accounts.py and test_identity.py
    "links.revoke",
    "accounts.list_sessions_of",
    "accounts.end_session_of",
    "accounts.end_sessions_of",
    "identity.go",
    "identity.come_back",
    "accounts.login",
    "pictures.post",
    "segments.show_run",
    "segments.apply",
}
TAKE_NOTHING = {
    "moderation.list_held",
    "messages.list_labels",
    "accounts.logout",
    "accounts.me",
    "accounts.door",
    "leaving.take_along",
    "accounts.list_sessions",
    "accounts.end_others",
    "links.list_invitations",
    "second_factor.show",
    "accounts.list_tokens",
    "rooms.list_rooms",
    "rooms.sizes",
    "segments.show",
    "segments.mine",
    "moderation.mine",
    "operations.bots",
    "operations.health",
    "operations.ready",
    "operations.metrics",
    "site.index",
    "site.release",
    "site.service_worker",
    "site.stats",
    "site.static",
}
EVENTS: dict[str, tuple[dict, Fields]] = {
    "join": ({}, {"after": (-1, 1.5, "1", 2**53, [], True), "log": (7, "x" * 41, [])}),
    "leave": ({}, {}),
    "send": ({"text": "hello", "client_id": "bad"}, MESSAGE),
    "typing": ({}, {}),
    "read": ({"seq": 1}, {"seq": (-1, 1.5, "1", None, 2**53, True), "back": ("yes", 1, None)}),
}


@pytest.fixture
def ann(meet) -> Client:
    return meet("ann")


@pytest.fixture
def house(ann) -> dict[str, str]:
    """Ann's room with a message; what may stand in addresses."""
    room = ann.room(private=True)
    return {"room": room, "message": ann.say(room, "hello")["id"], "me": ann.id}


@pytest.fixture(autouse=True)
def nothing_breaks(replica, ann, house):
    """After each test all is as it was, nothing failed on the server, and it is ready."""
    before = state(ann, house)
    size = replica.log.stat().st_size
    yield
    assert state(ann, house) == before
    written = replica.log.read_text()[size:]
    assert "Traceback" not in written and '"status": 5' not in written
    assert ann.get("/readyz").status_code == 200


def state(ann: Client, house: dict[str, str]) -> list:
    """All of Ann's that bad input could have changed."""
    room = f"/api/rooms/{house['room']}"
    paths = (room, f"{room}/messages", f"{room}/members", "/api/rooms", "/api/tokens", "/api/me")
    answers = [ann.get(path).json() for path in paths]
    for member in answers[2]["members"]:
        member.pop("online")
    answers[3]["rooms"] = [found["id"] for found in answers[3]["rooms"] if found["member"]]
    return answers


def assert_refused(answer: requests.Response, *codes: str) -> str:
    """It is a problem with one of these codes; its detail."""
    assert answer.headers["Content-Type"] == "application/problem+json", (
        answer.status_code,
        answer.text[:300],
    )
    problem = answer.json()
    assert problem["code"] in codes, problem
    assert (answer.status_code, problem["title"]) == CODES[problem["code"]]
    assert problem["status"] == answer.status_code and problem["detail"]
    return str(problem["detail"])


def test_no_door_is_forgotten(backend) -> None:
    listed = BODIES.keys() | QUERIES.keys() | ADDRESSES.keys() | ELSEWHERE | TAKE_NOTHING
    assert {rule.endpoint for rule in create_app(backend).url_map.iter_rules()} == listed


@pytest.mark.parametrize("door", BODIES)
def test_each_field_of_a_body(door, ann, house):
    method, path, good, bad = BODIES[door]
    for field, values in bad.items():
        for value in values:
            if value is None and field == "reply_to":
                continue
            answer = send(ann, method, path.format(**house), {**good, field: value})
            assert field in assert_refused(answer, "invalid"), (field, value)
        if field not in OPTIONAL and door not in WANT_NOTHING:
            without = {name: value for name, value in good.items() if name != field}
            detail = assert_refused(send(ann, method, path.format(**house), without), "invalid")
            assert field in detail and "missing" in detail
    assert "colour" in assert_refused(
        send(ann, method, path.format(**house), {**good, "colour": 1}), "invalid"
    )


def send(ann: Client, method: str, path: str, body: object) -> requests.Response:
    return ann.http.request(method, ann.url + path, json=body, timeout=20)


@pytest.mark.parametrize("door", [*BODIES, "accounts.login"])
def test_a_body_that_is_no_object(door, ann, house):
    method, path, good, bad = BODIES.get(
        door, ("POST", "/api/login", {"username": "a", "password": "b"}, ACCOUNT)
    )
    url = ann.url + path.format(**house)
    for body in (b"", b"{", b"\xff\xfe", b"nonsense", b"{'a': 1}", json.dumps(good).encode() + b"]", b"\x00"):
        assert_refused(ann.http.request(method, url, data=body, timeout=20), "bad_json")
    for body in (b"[]", b'"text"', b"7", b"null", b"[" * 500 + b"]" * 500):
        assert_refused(ann.http.request(method, url, data=body, timeout=20), "invalid", "bad_json")
    deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    assert_refused(ann.http.request(method, url, data=deep, timeout=20), "invalid", "bad_json")
    half = json.dumps({**good, next(iter(bad)): "HALF"}).replace('"HALF"', HALF)
    assert_refused(ann.http.request(method, url, data=half.encode(), timeout=20), "invalid", "bad_json")
    assert_refused(ann.http.request(method, url, data=b'"' + b"x" * 200_001 + b'"', timeout=20), "too_large")


@pytest.mark.parametrize("door", QUERIES)
def test_each_word_of_a_query(door, ann, house):
    path, bad = QUERIES[door]
    for name, values in bad.items():
        for value in values:
            url = ann.url + re.sub(rf"\?{name}=\w+$", "", path.format(**house))
            answer = ann.http.get(
                url, params={name: value, **({} if name == "q" else {"q": "hello"})}, timeout=20
            )
            assert name in assert_refused(answer, "invalid"), (name, value)


def test_a_query_that_contradicts_itself(ann, house):
    path = f"/api/rooms/{house['room']}/messages"
    assert "before" in assert_refused(ann.get(f"{path}?before=3&after=1"), "invalid")
    assert_refused(ann.get("/api/search"), "invalid")
    for id_ in ("0", "none", "9" * 30):
        assert_refused(ann.get("/api/search", params={"q": "hello", "room": id_}), "not_found")
    for name in ("author", "before"):
        assert_refused(ann.get("/api/search", params={"q": "hello", name: "none"}), "not_found")
    assert_refused(ann.get("/api/search", params={"before": "7"}), "invalid")


@pytest.mark.parametrize("door", ADDRESSES)
def test_each_id_of_an_address(door, ann, house):
    method, path = ADDRESSES[door]
    for id_ in IDS:
        url = ann.url + path.replace("{}", requests.utils.quote(id_, safe="%")).format(**house)
        assert_refused(ann.http.request(method, url, timeout=20), "not_found")


@pytest.mark.parametrize("emoji", ["x", "ok", "👍👍", "1", "%20", "%00", "<b>", ":+1:", "👍" * 41, "a/b"])
def test_a_reaction_that_is_no_emoji(emoji, ann, house):
    url = f"{ann.url}/api/messages/{house['message']}/reactions/{emoji}"
    for method in ("PUT", "DELETE"):
        assert_refused(ann.http.request(method, url, timeout=20), "invalid")


def test_there_are_no_other_doors(ann, house):
    assert_refused(ann.get("/api/nothing"), "not_found")
    assert_refused(ann.get("/static/js/../../pyproject.toml"), "not_found")
    assert_refused(ann.get("/static/js/%2e%2e/%2e%2e/pyproject.toml"), "not_found")
    assert_refused(ann.get("/static/node_modules/.package-lock.json"), "not_found")
    assert_refused(ann.post("/api/me"), "method_not_allowed")
    assert_refused(ann.delete(f"/api/rooms/{house['room']}"), "method_not_allowed")


@pytest.mark.parametrize("name", EVENTS)
def test_each_field_of_an_event(name, ann, house):
    good, bad = EVENTS[name]
    good = {"room": house["room"], **good}
    socket = ann.socket()
    for id_ in IDS:
        if name == "leave" and id_.isdecimal():
            continue  # to leave a room that one is not in changes nothing, and is what one wants
        code, _detail = refusal(socket.call(name, {**good, "room": id_}))
        assert code in ("not_found", "invalid"), id_
    for field, values in {"room": ("", "x" * 41, 7, None, [], {}), **bad}.items():
        for value in values:
            code, detail = refusal(socket.call(name, {**good, field: value}))
            assert code == "invalid" and field in detail, (field, value, detail)
        if field not in OPTIONAL:
            without = {key: value for key, value in good.items() if key != field}
            code, detail = refusal(socket.call(name, without))
            assert code == "invalid" and field in detail and "missing" in detail
    for data in (None, "text", 7, [], [good], True, {**good, "colour": 1}, (good, good)):
        assert refusal(socket.call(name, data))[0] == "invalid", data
    socket.close()


def test_events_that_do_not_exist(ann, house):
    socket = ann.socket()
    for name in ("nothing", "event", "presence", "draining", "Send", "__class__", "connection", "x" * 1000):
        assert refusal(socket.call(name, {"room": house["room"]}))[0] == "unknown_event"
    socket.close()


def test_every_event_that_the_server_takes_is_tried_here():
    doors = {name for name in vars(_Doors) if not name.startswith("_")}
    assert doors - {"open", "connect", "disconnect"} == EVENTS.keys()


def refusal(answer: dict) -> tuple[str, str]:
    assert answer["ok"] is False and answer.keys() == {"ok", "error"}, answer
    assert answer["error"]["code"] in CODES
    return answer["error"]["code"], answer["error"]["detail"]


def test_the_longest_of_everything_is_taken(meet):
    bob = meet("bob")
    room = bob.room("x" * 80, topic="y" * 300)
    longest = "\U0001f600" * 10_000
    assert bob.say(room, longest, client_id="z" * 128)["text"] == longest
    socket = bob.socket()
    assert socket.send(room, longest, client_id="s" * 128)["message"]["text"] == longest
    socket.close()


# Who is asking


def test_a_session_needs_its_csrf_token_and_a_bearer_token_does_not(ann, house):
    session = requests.Session()
    session.cookies.update(ann.http.cookies)
    url, body = f"{ann.url}/api/rooms/{house['room']}/messages", {"text": "x", "client_id": new_id()}
    other = Client(ann.url, new_name("eve")).http.headers["X-CSRF-Token"]
    for token in (None, "", "x", other, "ü"):
        headers = {} if token is None else {"X-CSRF-Token": token.encode()}
        assert_refused(session.post(url, json=body, headers=headers, timeout=20), "csrf")
    bearer = {"Authorization": f"Bearer {ann.token}"}
    assert requests.get(f"{ann.url}/api/me", headers=bearer, timeout=20).status_code == 200
    assert (
        requests.delete(f"{ann.url}/api/tokens/0", headers=bearer, timeout=20).json()["code"] == "not_found"
    )


@pytest.mark.parametrize("token", ["", " ", "x", "ü", "x" * 5000])
def test_a_token_that_is_none_is_refused_and_no_cookie_counts_beside_it(token, ann):
    headers = {"Authorization": f"Bearer {token}".encode()}
    assert_refused(ann.http.get(f"{ann.url}/api/me", headers=headers, timeout=20), "unauthenticated")


@pytest.mark.parametrize("authorization", ["", "Basic YTpi", "x"])
def test_what_a_proxy_asked_for_is_none_of_our_business(authorization, ann):
    headers = {"Authorization": authorization}
    assert ann.http.get(f"{ann.url}/api/me", headers=headers, timeout=20).status_code == 200
    assert_refused(requests.get(f"{ann.url}/api/me", headers=headers, timeout=20), "unauthenticated")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", "file://"]
)
def test_pages_of_other_sites_are_refused(origin, ann, house):
    url, body = f"{ann.url}/api/rooms/{house['room']}/messages", {"text": "x", "client_id": new_id()}
    assert_refused(ann.http.post(url, json=body, headers={"Origin": origin}, timeout=20), "foreign_origin")
    account = {"username": ann.name, "password": "a long enough password"}
    answer = requests.post(f"{ann.url}/api/login", json=account, headers={"Origin": origin}, timeout=20)
    assert_refused(answer, "foreign_origin")
    assert not answer.cookies


def test_a_name_is_taken_in_any_case_and_the_first_keeps_it(ann):
    for name in (ann.name, ann.name.upper(), ann.name.replace("ann", "ａｎｎ")):
        answer = requests.post(
            f"{ann.url}/api/register", json={"username": name, "password": "other password"}, timeout=20
        )
        assert_refused(answer, "username_taken")
    again = {"username": ann.name, "password": "a long enough password"}
    assert requests.post(f"{ann.url}/api/login", json=again, timeout=20).status_code == 200


def test_a_wrong_name_and_a_wrong_password_are_one_error(ann):
    answers = [
        requests.post(f"{ann.url}/api/login", json={"username": name, "password": password}, timeout=20)
        for name, password in (
            (ann.name, "wrong password"),
            ("nobody-" + new_id(), "wrong password"),
            ("", ""),
            (ann.name, "x" * 1999),
        )
    ]
    for answer in answers:
        assert_refused(answer, "bad_credentials")
        assert not answer.cookies
    assert len({answer.text for answer in answers}) == 1
