"""Sockets of the wire, each at one end of a real pair of sockets."""

import socket

import eventlet
import pytest
import socketio
from wsproto.frame_protocol import FrameProtocol, Opcode

from chat import frames, wire
from chat.wire import Socket, Wire


class End:
    """The client's end."""

    def __init__(self, server, sid="ann"):
        ours, self.socket = socket.socketpair()
        self.socket.setblocking(False)
        self._protocol = FrameProtocol(client=True, extensions=[])
        server.eio._trigger_event("connect", sid, {}, run_async=False)
        self.server_side = server.eio.sockets[sid] = Socket(server.eio, sid, ours)
        server.eio.wire.watch(self.server_side)
        self.server_side.open(b"")

    def read(self, size=10_000_000) -> list[str]:
        """The texts that have come; a ping of Engine.IO is "2", the end of the connection None."""
        settle()
        return self._read(size)

    def _read(self, size) -> list[str]:
        try:
            while data := self.socket.recv(size):
                self._protocol.receive_bytes(data)
                eventlet.sleep(0)
            ended = True
        except BlockingIOError:
            ended = False
        found = [frame for frame in self._protocol.received_frames() if frame.opcode is Opcode.TEXT]
        return ["".join(frame.payload) for frame in found] + [None] * ended

    def read_all(self, count: int) -> list[str]:
        """So many texts, however long it takes."""
        found: list[str] = []
        with eventlet.Timeout(20):
            while len(found) < count:
                eventlet.sleep(0)
                found += self._read(10_000_000)
        return found

    def write(self, text: str) -> None:
        self.socket.send(self._protocol._serialize_frame(Opcode.TEXT, bytearray(text.encode())))


def settle() -> None:
    """Until all have done what they can: turns of the hub, not time, of which a busy machine gives them none."""
    for _ in range(100):
        eventlet.sleep(0)


@pytest.fixture
def server():
    made = socketio.Server(async_mode="eventlet", async_handlers=False, ping_interval=0.05, ping_timeout=0.05)
    made.eio.wire = Wire(made)
    made.heard = []
    made.on("*", lambda event, sid, data: made.heard.append(data) or {"ok": True, "data": data})
    made.on("disconnect", lambda sid, reason: made.heard.append(reason))
    return made


def connected(end: End) -> End:
    end.write("40")
    assert [text[:2] for text in end.read()] == ["40"]
    return end


def test_what_is_told_in_one_turn_leaves_in_one_piece_and_in_order(server):
    ends = [End(server, f"s{number}") for number in range(3)]
    for number in range(5):
        server.eio.wire.send(["s0", "s2", "nobody"], b"42[%d]" % number)
    settle()
    expected = b"".join(frames.frame(b"42[%d]" % number) for number in range(5))
    assert ends[0].socket.recv(1000) == ends[2].socket.recv(1000) == expected
    assert ends[1].read() == []


def test_events_of_a_client_are_handled_in_their_order_and_answered(server):
    end = connected(End(server))
    for number in range(200):  # more than the inbox takes at once
        end.write(f'42{number}["say",{number}]')
    answers = end.read_all(200)
    assert server.heard == list(range(200))
    assert answers == [f'43{number}[{{"ok":true,"data":{number}}}]' for number in range(200)]


def test_a_client_that_does_not_read_is_dropped_at_the_bound_and_the_others_are_not(server):
    still, reader = connected(End(server, "still")), connected(End(server, "reader"))
    message, got = b'42["event","' + b"x" * 10_000 + b'"]', 0
    for _ in range(300):
        server.eio.wire.send(["still", "reader"], message)
        got += len(reader.read_all(1))
    assert got == 300
    assert still.server_side.closed and "still" not in server.eio.sockets
    assert server.heard == ["transport close"]
    assert still.server_side._backlog == b"" and not still.server_side._out


def test_what_waits_for_a_client_never_exceeds_the_bound(server):
    still = connected(End(server, "still"))
    most = 0
    for _ in range(300):
        server.eio.wire.send(["still"], b"x" * 10_000)
        eventlet.sleep(0)
        most = max(most, len(still.server_side._backlog))
    assert 0.9 * wire.BACKLOG < most <= wire.BACKLOG + 2_000


def test_a_long_answer_is_no_reason_to_drop_who_asked_for_it(server):
    end = connected(End(server))
    server.on("history", lambda sid, data: {"all": "y" * (3 * wire.BACKLOG)})
    end.write('421["history",1]')
    settle()
    for number in range(3):
        server.eio.wire.send(["ann"], b"42[%d]" % number)
    found = end.read_all(4)
    assert len(found[0]) > 3 * wire.BACKLOG
    assert found[1:] == ["42[0]", "42[1]", "42[2]"]


def test_who_does_not_read_the_answers_is_not_asked_for_more(server):
    end = connected(End(server))
    server.on("history", lambda sid, data: server.heard.append(data) or "y" * 400_000)
    for number in range(50):
        end.write(f'42{number}["history",{number}]')
    eventlet.sleep(0.2)
    assert len(server.heard) < 10
    assert len(end.server_side._backlog) < wire.BACKLOG
    found = end.read_all(50)
    assert server.heard == list(range(50)) and len(found) == 50


def test_the_silent_are_ended_and_those_who_answer_pings_are_not(server):
    silent, lively = connected(End(server, "silent")), connected(End(server, "lively"))
    stranger = End(server, "stranger")  # who has not said who they are
    pings = 0
    for _ in range(4):
        eventlet.sleep(0.06)
        server.eio.wire.sweep()
        if lively.read() == ["2"]:
            pings += 1
            lively.write("3")
    settle()
    assert pings == 4
    assert stranger.server_side.closed
    assert silent.server_side.closed and not lively.server_side.closed
    assert server.heard == ["ping timeout"]


def test_a_closed_connection_says_goodbye_first(server):
    end = connected(End(server))
    server.eio.wire.send(["ann"], b'42["draining",{}]')
    server.eio.wire.close("ann")
    assert end.read() == ['42["draining",{}]', "1", None]
    assert server.heard == ["server disconnect"]


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"\x81\x05hello", b"\x82\x82\0\0\0\0\0\0", b"\x88\x80\0\0\0\0"]
)
def test_what_is_no_text_of_ours_ends_the_connection(server, data):
    end = connected(End(server))
    end.socket.send(data)
    assert end.read()[-1] is None
    assert end.server_side.closed and server.heard in (["transport close"], ["transport error"])


def test_what_was_sent_before_a_connection_ended_is_still_handled(server):
    end = connected(End(server))
    end.write('42["say",7]')
    end.socket.close()
    settle()
    assert server.heard == [7, "transport close"]
