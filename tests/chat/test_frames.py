"""Websocket frames, against wsproto as the client: another's reading of the same RFC."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from chat import frames
from chat.frames import Reader, Violation

LIMIT = 150_000


def client() -> FrameProtocol:
    return FrameProtocol(client=True, extensions=[])


texts = (
    st.text(max_size=300)
    | st.integers(120, 130).map("x".__mul__)
    | st.sampled_from((65_535, 65_536)).map("y".__mul__)
)


@given(st.lists(st.tuples(texts, st.integers(1, 5), st.booleans()), max_size=8), st.integers(1, 4000))
def test_what_a_client_writes_is_read_in_whatever_pieces_it_comes(messages, size):
    """Some messages in several frames, some with a ping between those."""
    stream, expected = b"", []
    for text, parts, ping in messages:
        data = text.encode()
        step = max(1, -(-len(data) // parts))
        pieces = [data[start : start + step] for start in range(0, len(data), step)] or [b""]
        writer = client()
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            stream += writer._serialize_frame(
                Opcode.TEXT if number == 0 else Opcode.CONTINUATION, bytearray(piece), fin=last
            )
            if ping and not last:
                stream += writer.ping(b"there?")
                expected.append((frames.PING, b"there?"))
        expected.append((frames.TEXT, data))
    reader, found = Reader(LIMIT), []
    size = max(size, len(stream) // 10_000)
    for start in range(0, len(stream), size):
        found += reader.feed(stream[start : start + size])
    assert found == expected


@given(texts)
def test_what_we_write_is_read_by_a_client(text):
    reading = client()
    reading.receive_bytes(frames.frame(text.encode()))
    received = list(reading.received_frames())
    assert "".join(part.payload for part in received) == text
    assert received[-1].message_finished and received[0].opcode is Opcode.TEXT


def masked(first: int, payload: bytes = b"", size: int | None = None) -> bytes:
    length = len(payload) if size is None else size
    head = bytes((first, 0x80 | length)) if length < 126 else struct.pack("!BBQ", first, 0xFF, length)
    return head + b"\0\0\0\0" + payload


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x81\x05hello", 1002),  # not masked
        (masked(0xC1, b"compressed"), 1002),
        (masked(0x83, b"?"), 1002),  # an opcode that does not exist
        (masked(0x8B, b"?"), 1002),
        (masked(0x80, b"of nothing"), 1002),  # a continuation
        (masked(0x01, b"a") + masked(0x81, b"b"), 1002),  # a beginning within a message
        (masked(0x09, b"half a ping"), 1002),
        (masked(0x89, b"", 200), 1002),  # a ping that is too long
        (masked(0x81, b"", LIMIT + 1), 1009),
        (masked(0x81, b"", 2**63), 1009),
        (masked(0x01, b"x" * 125) + masked(0x80, b"", LIMIT), 1009),
        (masked(0x01) + masked(0x00) * 2000, 1009),  # for ever
    ],
)
def test_what_breaks_the_protocol_is_refused_before_its_payload_has_come(data, status):
    with pytest.raises(Violation) as violation:
        Reader(LIMIT).feed(data)
    assert violation.value.status == status


def test_a_closing_frame_carries_its_status():
    reading = client()
    reading.receive_bytes(frames.closing(1009))
    (closing,) = reading.received_frames()
    assert closing.opcode is Opcode.CLOSE and closing.payload[0] == 1009
