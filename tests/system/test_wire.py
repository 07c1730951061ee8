"""Websockets with real clients, on the fast path and on the stock one."""

import json
import os
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests
import socketio
from wsproto.frame_protocol import FrameProtocol, Opcode

from tests.people import Client, new_id, new_name
from tests.servers import Replica, wait_until

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module", params=["fast", "stock"])
def replica(request, environment, tmp_path_factory):
    started = Replica({**environment, "WIRE": request.param}, tmp_path_factory.mktemp(request.param))
    started.wire = request.param
    yield started
    started.stop()
    assert "Traceback" not in started.log.read_text()


fast_only = pytest.mark.parametrize("replica", ["fast"], indirect=True)


@pytest.fixture
def meet(replica):
    return lambda name: Client(replica.url, new_name(name))


class Raw:
    """A websocket client that is told byte by byte what to do."""

    def __init__(self, url: str, behind: bytes = b"", headers: str = ""):
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=5)
        request = (
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n{headers}\r\n"
        )
        self.socket.sendall(request.encode() + behind)
        self.protocol = FrameProtocol(client=True, extensions=[])
        self.head, data = b"", b""
        while b"\r\n\r\n" not in self.head:
            self.head += self.socket.recv(1)
        self.protocol.receive_bytes(data)

    def read(self) -> str:
        """The next text."""
        parts = []
        while True:
            for frame in self.protocol.received_frames():
                parts.append(frame.payload)
                if frame.message_finished:
                    return "".join(parts) if frame.opcode is Opcode.TEXT else repr(frame)
            data = self.socket.recv(65_536)
            if not data:
                raise ConnectionError("closed")
            self.protocol.receive_bytes(data)

    def write(self, *texts: str, size: int = 0) -> None:
        """In one piece, or `size` bytes at a time."""
        data = b"".join(masked(text) for text in texts)
        for start in range(0, len(data), size or len(data)):
            self.socket.sendall(data[start : start + (size or len(data))])
            time.sleep(0.001 if size else 0)


def masked(text: str) -> bytes:
    return FrameProtocol(client=True, extensions=[])._serialize_frame(Opcode.TEXT, bytearray(text.encode()))


def signed_in(person: Client, **options) -> Raw:
    raw = Raw(person.url, **options)
    assert raw.read().startswith('0{"sid"')
    raw.write("40" + json.dumps({"token": person.token}))
    assert raw.read().startswith('40{"sid"')
    return raw


@fast_only  # eventlet.websocket loses it; clients wait for the answer before they speak
def test_what_comes_right_behind_the_handshake_is_not_lost(meet, replica):
    ann = meet("ann")
    raw = Raw(ann.url, behind=masked("40" + json.dumps({"token": ann.token})))
    assert raw.read().startswith("0{")
    assert raw.read().startswith("40{")


def test_events_in_one_piece_and_in_crumbs_are_answered_in_order(meet):
    ann = meet("ann")
    room, raw = ann.room(), signed_in(ann)
    sends = [
        f'42{n}["send",{json.dumps({"room": room, "text": f"text {n}", "client_id": new_id()})}]'
        for n in range(20)
    ]
    raw.write(*sends)
    raw.write(*sends[:2], size=7)
    answers = [raw.read() for _ in range(22)]
    assert [answer[: answer.index("[")] for answer in answers] == [f"43{n}" for n in [*range(20), 0, 1]]
    assert [json.loads(answer[answer.index("[") :])[0]["message"]["seq"] for answer in answers] == [
        *range(1, 21),
        1,
        2,
    ]


def test_nothing_is_compressed_on_the_fast_path(meet, replica):
    raw = Raw(meet("ann").url, headers="Sec-WebSocket-Extensions: permessage-deflate\r\n")
    assert (b"permessage-deflate" in raw.head) == (replica.wire == "stock")


def test_a_client_that_begins_by_polling_hears_all_and_may_upgrade(meet, monkeypatch):
    ann, bob = meet("ann"), meet("bob")
    room = ann.room()
    for transports in (["polling"], ["polling", "websocket"]):
        heard: list[dict] = []
        client = socketio.Client(reconnection=False)
        client.on("event", heard.append)
        client.connect(bob.url, auth={"token": bob.token}, transports=transports, wait_timeout=10)
        assert client.call("join", {"room": room})["ok"]
        said = [ann.say(room, f"{transports} {number}")["seq"] for number in range(5)]
        wait_until(lambda heard=heard: len(heard) >= 5, what="five events")
        assert [event["seq"] for event in heard] == said
        assert client.transport() == transports[-1]
        client.disconnect()


@fast_only  # the stock server keeps everything for ever
def test_one_who_does_not_read_is_dropped_costs_little_and_catches_up(meet, replica):
    ann, bob, still = meet("ann"), meet("bob"), meet("still")
    room = ann.room()
    raw, listening = signed_in(still), bob.socket()
    listening.join(room)
    raw.write(f'421["join",{{"room":"{room}"}}]')
    assert raw.read().startswith("431")
    wait_until(lambda: connections(replica) >= 2, what="both")
    before, rss = connections(replica), resident(replica)
    writer = ann.socket()
    for number in range(1200):
        writer.send(room, f"{number} " + "x" * 9_900)
    listening.wait_for(room, 1200)
    assert listening.seqs(room) == list(range(1, 1201))
    wait_until(
        lambda: connections(replica) <= before, what="the end of the one who does not read"
    )  # the writer came
    assert resident(replica) - rss < 40_000_000
    again = still.socket()
    joined = again.join(room, after=300)
    assert [event["seq"] for event in joined["events"]] == list(range(301, 1201)) and not joined["reset"]
    for end in (again, writer, listening):
        end.close()


def connections(replica) -> int:
    text = requests.get(f"{replica.url}/metrics", timeout=5).text
    return int(
        float(next(line for line in text.splitlines() if line.startswith("roomful_connections ")).split()[1])
    )


def resident(replica) -> int:
    with open(f"/proc/{replica.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize(("wire", "most"), [("fast", 20), ("stock", 120)])
def test_a_thousand_idle_clients_need_little(environment, tmp_path, wire, most):
    fresh = Replica({**environment, "WIRE": wire}, tmp_path)
    ann = Client(fresh.url, new_name("ann"))
    signed_in(ann).socket.close()
    before = resident(fresh)
    idle = [signed_in(ann) for _ in range(1000)]
    each = (resident(fresh) - before) / len(idle) / 1024
    for raw in idle:
        raw.socket.close()
    wait_until(lambda: connections(fresh) == 0, what="their end")
    fresh.stop()
    assert each < most, f"{each:.1f} KB"


def test_a_graceful_stop_tells_everybody_and_ends(environment, tmp_path, replica):
    other = Replica({**environment, "WIRE": replica.wire}, tmp_path)
    ann = Client(other.url, new_name("ann"))
    clients = [ann.socket() for _ in range(10)]
    started = time.monotonic()
    assert other.stop() == 0
    assert time.monotonic() - started < 5
    for client in clients:
        wait_until(lambda client=client: client.news("draining"), what="the warning")
        wait_until(lambda client=client: not client.io.connected, what="the end")
