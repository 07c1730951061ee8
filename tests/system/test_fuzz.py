"""Hypothesis at the doors: whatever comes, the answer is one of the documented ones, and the room's log stays whole."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.errors import CODES
from tests.people import Client, new_name
from tests.system.test_bad_input import ADDRESSES, BODIES, EVENTS

seeded = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
texts = st.text(max_size=30) | st.sampled_from(
    ("", "0", "1", "2", "-1", "None", "true", "\0", "\ud800", "😀", "a" * 200)
)
numbers = st.integers() | st.floats() | st.sampled_from((0, 1, -1, 2**31, 2**53, 2**63, 2**64))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def nearly(good: dict) -> st.SearchStrategy:
    """A good wish with one to all of its fields changed, left out or added; or something else altogether."""
    fields = {name: st.just(value) | st.just(value) | values for name, value in good.items()}
    return st.fixed_dictionaries({}, optional={**fields, "colour": values}) | values


@pytest.fixture(scope="module")
def house(replicas):
    ann = Client(replicas[0].url, new_name("ann"))
    room = ann.room("house")
    names = {"room": room, "message": ann.say(room, "hello")["id"], "me": ann.id}
    size = replicas[0].log.stat().st_size
    yield ann, names
    written = replicas[0].log.read_text()[size:]
    assert "Traceback" not in written
    assert ann.get("/readyz").json()["status"] == "ok"
    last = ann.get(f"/api/rooms/{room}").json()["last_seq"]
    socket = ann.socket()
    joined = socket.join(room, after=max(0, last - 1000))
    socket.close()
    assert [event["seq"] for event in joined["events"]] == list(range(max(0, last - 1000) + 1, last + 1))


def check(answer) -> None:
    """Success, or a problem with a code that is documented; never an error of the server's."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] in CODES and answer.json()["detail"]


@pytest.mark.parametrize("door", BODIES)
def test_bodies(door, house):
    ann, names = house
    method, path, good, _bad = BODIES[door]
    headers = {"Authorization": f"Bearer {ann.token}", "Content-Type": "application/json"}

    @seeded
    @given(nearly(good))
    def knock(body):
        data = json.dumps(body).encode()
        check(
            ann.http.request(method, ann.url + path.format(**names), data=data, headers=headers, timeout=20)
        )

    knock()


@pytest.mark.parametrize("door", ADDRESSES)
def test_addresses(door, house):
    ann, names = house
    method, path = ADDRESSES[door]

    @seeded
    @given(texts)
    def knock(id_):
        if id_ in names.values():
            return  # what is Ann's own stays
        where = path.replace("{}", quote(id_, safe="", errors="surrogatepass") or "%20").format(**names)
        check(ann.http.request(method, ann.url + where, timeout=20))

    knock()


@seeded
@given(
    st.dictionaries(st.sampled_from(("q", "room", "limit", "before", "after", "colour")), texts, max_size=4)
)
def test_queries(house, words):
    ann, names = house
    params = {name: value.encode("utf-8", "surrogatepass") for name, value in words.items()}
    check(ann.http.get(f"{ann.url}/api/search", params=params, timeout=20))
    check(ann.http.get(f"{ann.url}/api/rooms/{names['room']}/messages", params=params, timeout=20))


@pytest.mark.parametrize("name", EVENTS)
def test_events(name, house):
    ann, names = house
    good = {"room": names["room"], **EVENTS[name][0]}
    socket = ann.socket()

    @seeded
    @given(nearly(good))
    def say(data):
        answer = socket.call(name, (data,) if isinstance(data, list) else data)
        assert answer["ok"] is True or answer["error"]["code"] in set(CODES) - {"internal", "unavailable"}, (
            answer
        )

    say()
    socket.close()


@seeded
@given(texts, values)
def test_events_of_any_name(house, name, data):
    ann, _names = house
    socket = ann.socket()
    if name not in EVENTS:
        assert socket.call(name, (data,))["error"]["code"] == "unknown_event"
    socket.close()
