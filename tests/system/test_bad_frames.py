"""Sockets that say what is no Socket.IO, or nothing that is known here. Nobody else notices."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

from chat.sockets import FRAME_LIMIT
from tests.conftest import prepare
from tests.servers import Postgres, RedisServer, wait_until
from tests.system.siege import Siege, check_peace

EVENTS = ("join", "leave", "send", "typing", "read")
DEEP = 20_000
ENDED = (websocket.WebSocketConnectionClosedException, ConnectionError)
UNAUTHENTICATED = '44{"message":"unauthenticated"}'


@pytest.fixture(scope="module")
def siege(
    postgres: Postgres, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Siege]:
    folder: Path = tmp_path_factory.mktemp("frames")
    url = postgres.create(f"frames_{folder.name[-8:]}")
    besieged = Siege(prepare(url, redis_server.url, folder), folder)
    yield besieged
    besieged.close()


@pytest.fixture(autouse=True)
def nobody_notices(siege: Siege) -> Iterator[None]:
    """Nothing is stored, nothing is told to Bob, who is in the room, and nothing breaks."""
    bob = siege.bob.socket()
    bob.join(siege.names["room"])
    with siege.unchanged():
        yield
    heard = [kind for kind, _data in bob.heard if kind != "presence"]
    bob.close()
    assert heard == [] and len(bob.seqs(siege.names["room"])) == 2
    check_peace(siege)


def knock(siege: Siege, auth: str, **options: Any) -> tuple[websocket.WebSocket, str]:
    """A websocket that has asked for a hand-shake with these data, and what it was told."""
    address = f"ws://127.0.0.1:{siege.replica.port}/socket.io/?EIO=4&transport=websocket"
    raw = websocket.create_connection(address, timeout=5, **options)
    assert raw.recv().startswith("0{")
    raw.send(f"40{auth}")
    return raw, raw.recv()


def connect(siege: Siege, **options: Any) -> websocket.WebSocket:
    """Ann's websocket."""
    raw, told = knock(siege, json.dumps({"token": siege.ann.token}), **options)
    assert told.startswith('40{"sid"')
    return raw


def answer_of(raw: websocket.WebSocket, id_: int) -> dict:
    """The acknowledgement `id_`; what comes before it is passing news."""
    while not (said := raw.recv()).startswith(f"43{id_}["):
        if said in ("", "1"):
            raise ConnectionResetError("the server has said goodbye")
        assert said[:2] in ("42", "2"), said
    return dict(json.loads(said.removeprefix(f"43{id_}"))[0])


def refusal(raw: websocket.WebSocket, data: object) -> tuple[str, str]:
    raw.send(f"427{json.dumps(data)}")
    answer = answer_of(raw, 7)
    assert answer.keys() == {"ok", "error"} and answer["ok"] is False
    return answer["error"]["code"], answer["error"]["detail"]


UNREADABLE = [  # what is no packet of Socket.IO
    "4",
    "49",
    "4{",
    "42",
    "42[]",
    "42{}",
    '421["send",',
    f'421["join",{"[" * DEEP}{"]" * DEEP}]',
    f'421["join",{"[" * DEEP}',
    f'42{"1" * 200}["send"]',
    '45999999999-["send"]',
    "44{}",
    f'421["send",{{"text":"{"x" * FRAME_LIMIT}"}}]',
]


@pytest.mark.parametrize("packet", UNREADABLE, ids=lambda packet: packet[:20])
def test_what_is_no_socket_io_ends_the_connection(packet, siege):
    """And its person is gone, as if they had closed it."""
    raw = connect(siege)
    wait_until(lambda: online(siege), 5, "Ann's presence")
    raw.send(packet)
    with pytest.raises(ENDED):
        answer_of(raw, 1)
    wait_until(lambda: not online(siege), 5, "the end of Ann's presence")


def online(siege: Siege) -> bool:
    members = siege.bob.get(f"/api/rooms/{siege.names['room']}/members").json()["members"]
    return next(member["online"] for member in members if member["id"] == siege.ann.id)


@pytest.mark.parametrize(
    "name", ["connect", "disconnect", "*", "connect_error", "event", "", 5, None, True, [], {}]
)
def test_an_event_that_is_not_known(name, siege):
    """Also those names by which the server calls its own: the connection is neither made anew nor ended."""
    raw = connect(siege)
    for more in ([], [{}], [{}, {"token": siege.bob.token}], [1, 2, 3]):
        assert refusal(raw, [name, *more])[0] == "unknown_event"
    raw.send(f'428["join",{{"room":"{siege.names["room"]}"}}]')
    assert answer_of(raw, 8)["ok"] is True
    raw.close()
    wait_until(lambda: not online(siege), 5, "the end of Ann's presence")


@pytest.mark.parametrize("event", EVENTS)
def test_fields_that_only_a_socket_can_bring(event, siege):
    raw = connect(siege)
    good = {"room": siege.names["room"], "text": "hello", "client_id": "x", "seq": 1}
    fields = {"send": ("text", "client_id"), "read": ("seq",)}.get(event, ())
    good = {name: good[name] for name in ("room", *fields)}
    for field in ("room", "text", "client_id", "seq", "reply_to", "after", "log"):
        for value in ("a\0", float("nan"), 2**70, {"_placeholder": True, "num": 3}):
            code, detail = refusal(raw, [event, {**good, field: value}])
            assert code == "invalid" and detail.startswith(f"{field}:"), (field, value, detail)
        assert refusal(raw, [event, {**good, field: "\ud800"}])[0] == "invalid"
    assert refusal(raw, [event, {**good, "\ud800": 1}])[0] == "invalid"
    for data in ([], [None], ["x"], [5], [[]], [good, good]):
        assert refusal(raw, [event, *data])[0] == "invalid"
    raw.close()


def test_bytes_are_no_text(siege):
    """Refused, or the end of the connection: never a message."""
    raw = connect(siege)
    wish = {"room": siege.names["room"], "text": {"_placeholder": True, "num": 0}, "client_id": "x"}
    raw.send(f"451-7{json.dumps(['send', wish])}")
    raw.send_binary(b"hello")
    try:
        answer = answer_of(raw, 7)
    except ENDED:
        return
    assert answer["error"]["code"] == "invalid"


def test_what_is_said_before_the_hand_shake_is_not_heard(siege):
    wish = {"room": siege.names["room"], "text": "hello", "client_id": "x"}
    raw, told = knock(siege, '{"token":"wrong"}')
    assert told == UNAUTHENTICATED
    raw.send(f"421{json.dumps(['send', wish])}")
    raw.close()


@pytest.mark.parametrize(
    "auth",
    [
        "",
        "null",
        '""',
        "5",
        "[]",
        "{}",
        '{"token":null}',
        '{"token":5}',
        '{"token":[]}',
        '{"token":""}',
        '{"token":"wrong"}',
        '{"token":"\\ud800"}',
        '{"token":"a\\u0000"}',
        '{"Token":"TOKEN"}',
        '["TOKEN"]',
        '"TOKEN"',
    ],
)
def test_a_hand_shake_by_nobody(auth, siege):
    raw, told = knock(siege, auth.replace("TOKEN", siege.ann.token))
    assert told == UNAUTHENTICATED
    raw.close()


def test_a_cookie_does_not_stand_in_for_a_wrong_token(siege):
    cookie = "; ".join(f"{c.name}={c.value}" for c in siege.ann.http.cookies)
    for auth, sent in (
        ('{"token":"wrong"}', cookie),
        ('{"token":null}', cookie),
        ("", f"{cookie[:-3]}xxx"),
        ("", "roomful="),
    ):
        raw, told = knock(siege, auth, cookie=sent)
        assert told == UNAUTHENTICATED
        raw.close()
    raw, told = knock(siege, "", cookie=cookie)
    assert told.startswith('40{"sid"')
    raw.close()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "https://{own}", "http://{own}.evil"]
)
def test_a_page_of_another_site_gets_no_socket(origin, siege):
    own = siege.url.removeprefix("http://")
    cookie = "; ".join(f"{c.name}={c.value}" for c in siege.ann.http.cookies)
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        knock(siege, "", cookie=cookie, origin=origin.format(own=own))
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        connect(siege, origin=origin.format(own=own))
    connect(siege, origin=siege.url).close()
    connect(siege, suppress_origin=True).close()
