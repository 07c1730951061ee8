"""Bytes that break HTTP, websockets, Engine.IO or Socket.IO."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.fuzz.bending import Bender, write
from tests.fuzz.wires import frame

if TYPE_CHECKING:
    from tests.fuzz.cast import Caller, Keeper

SHAKE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
PACKETS = (
    "4",
    "49",
    "4{",
    "42",
    "42[]",
    "42{}",
    '42["',
    '421["send",',
    "44{}",
    "41",
    "40",
    '40{"token":"x"}',
    "2probe",
    "3",
    "5",
    "6",
    "1",
    "",
)
PACKETS = (
    *PACKETS,
    '45999999999-["send"]',
    '451-["send",{"_placeholder":true,"num":0}]',
    "43[]",
    "431[]",
    "42/admin,[]",
    "4" + "9" * 400,
    "b",
    "bAAAA",
    "0{}",
)
LINES = (
    *(
        b"GET /",
        b"GET",
        b"",
        b"GET / HTTP/9.9",
        b"GET / HTTP/1.1 x",
        b"GET  / HTTP/1.1",
        b"get / http/1.1",
        b"GET / HTTP/0.9",
        b"G\0T / HTTP/1.1",
    ),
    *(
        b"GET http://evil.example/ HTTP/1.1",
        b"GET * HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"CONNECT evil.example:443 HTTP/1.1",
        b"GET \xff HTTP/1.1",
    ),
    *(
        b"GET /" + b"a" * 9000 + b" HTTP/1.1",
        b"GET /" + b"%" * 70_000 + b" HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    ),
    *(
        b"POST /api/login HTTP/1.1",
        b"POST /api/register HTTP/1.0",
        b"PUT /api/me HTTP/1.1",
        b"GET //evil.example HTTP/1.1",
        b"GET /\\..\\ HTTP/1.1",
    ),
)
HEADS = (
    *(
        b"Host: x",
        b"Host: x\r\nHost: y",
        b"Host x",
        b": x",
        b"\0: x",
        b"A: b\r\n c",
        b" A: b",
        b"A" * 9000 + b": x",
        b"A: " + b"x" * 70_000,
        b"A:\0",
    ),
    *(
        b"Content-Length: abc",
        b"Content-Length: -5",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: 1e3",
    ),
    *(
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: xchunked",
    ),
    *(
        b"Transfer-Encoding : chunked",
        b"Content-Length: +2",
        b"Content-Length: 0x2",
        b"Content-Length: 2 2",
        b"Connection: close",
        b"Connection: upgrade",
    ),
    *(
        b"Upgrade: h2c",
        b"Upgrade: websocket",
        b"Expect: 100-continue\r\nContent-Length: 2",
        b"\r\n".join(b"H%d: x" % n for n in range(300)),
        b"A: b\nC: d",
        b"\xff\xfe: x",
    ),
)
BODIES = (
    b"",
    b"{}",
    b"2\r\n{}\r\n0\r\n\r\n",
    b"zz\r\n{}",
    b"99\r\n{",
    b"-1\r\n\r\n",
    b"ffffffffffffffffff\r\nx",
    b"0\r\nA: b\r\n\r\n",
    b"1;ext=1\r\n{\r\n0\r\n\r\n",
    b"\0" * 3000,
)
SHAKES = (
    *(
        (b"Version: 13", b"Version: 99"),
        (b"Version: 13", b"Version: x"),
        (b"MDEyMzQ1Njc4OWFiY2RlZg==", b""),
        (b"MDEyMzQ1Njc4OWFiY2RlZg==", b"\xff" * 20),
    ),
    *(
        (b"EIO=4", b"EIO=3"),
        (b"EIO=4", b"EIO=x"),
        (b"websocket HTTP", b"nothing HTTP"),
        (b"Upgrade: websocket", b"Upgrade: x"),
        (b"GET", b"POST"),
    ),
    *(
        (b"Host: x", b"Host: x\r\nOrigin: https://evil.example"),
        (b"EIO=4", b"EIO=4&sid=nobody"),
        (b"EIO=4", b"EIO=4&sid=" + b"%00" * 50),
        (b"HTTP/1.1", b"HTTP/1.0"),
    ),
)


def packet(bender: Bender, number: int) -> bytes:
    """What no parser of Socket.IO may be expected to read."""
    chance = bender.chance
    text = chance.choice(PACKETS)
    if chance.random() < 0.3:
        text = f"42{number}{bender.nest()}"
    elif chance.random() < 0.3:
        text = bender.noise(f'42{number}["send",{write(bender.value())}]'.encode("utf-8", "replace")).decode(
            "utf-8", "replace"
        )
    elif chance.random() < 0.02:
        text = f'42{number}["send",{{"text":"{"x" * 160_000}"}}]'
    return text.encode("utf-8", "replace")


def noise(bender: Bender, caller: "Caller | Keeper") -> Iterator[tuple[bytes, bool]]:
    """Some of each: (bytes for a connection, whether to hang up behind them)."""
    chance = bender.chance
    head = caller.heads().get("Authorization", "x").encode()
    yield chance.choice(LINES) + b"\r\n" + chance.choice(HEADS) + b"\r\n\r\n" + chance.choice(BODIES), True
    lines = (
        b"POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: "
        + head
        + b"\r\n"
    )
    yield lines + chance.choice(HEADS) + b"\r\n\r\n" + chance.choice(BODIES), True
    yield bender.noise(lines + b'Content-Length: 12\r\n\r\n{"name":"a"}'), True
    yield chance.randbytes(chance.choice((1, 50, 3000))), True
    yield SHAKE.replace(*chance.choice(SHAKES)) + frame(b'40{"token":"x"}'), True
    token = head.removeprefix(b"Bearer ")
    yield SHAKE + frame(b'40{"token":"%s"}' % token) + _frames(bender), True
    yield _polling(bender, token), True


def _frames(bender: Bender) -> bytes:
    """Frames that RFC 6455 forbids, or bytes of binary."""
    chance = bender.chance
    data = chance.randbytes(chance.choice((0, 5, 200)))
    return chance.choice(
        (
            lambda: frame(data, chance.randrange(16)),
            lambda: frame(data, mask=None),
            lambda: frame(data, 2),
            lambda: frame(b"x" * 200, 9),
            lambda: frame(b"x", 8, last=False),
            lambda: frame(b"x", 0),
            lambda: frame(b"4", 1, last=False) * 3,
            lambda: frame(b"", 1, last=False) + frame(b"", 0, last=False) * 1200,
            lambda: b"\xc1" + frame(data)[1:],
            lambda: b"\x81\xff" + b"\xff" * 8 + data,
            lambda: b"\x81\xff" + (150_001).to_bytes(8, "big") + data,
            lambda: frame(b"\xff\xfe\xfd"),
            lambda: frame(b"x", 8),
            lambda: frame(packet(bender, 1)),
            lambda: (
                frame(b'451-7["send",{"room":"1","text":{"_placeholder":true,"num":0},"client_id":"x"}]')
                + frame(data, 2)
            ),
            lambda: frame(data)[: chance.randrange(1, 6)],
            lambda: bender.noise(frame(b'421["typing",{"room":"1"}]') * 3),
        )
    )()


def _polling(bender: Bender, token: bytes) -> bytes:
    """Engine.IO without a websocket: begun, or gone on with under an id that there is not."""
    chance = bender.chance
    query = chance.choice(
        (
            b"EIO=4&transport=polling",
            b"EIO=4",
            b"transport=polling",
            b"EIO=3&transport=polling",
            b"EIO=4&transport=polling&j=x",
            b"",
            b"EIO=4&transport=polling&b64=1",
        )
    )
    query += chance.choice((b"", b"", b"&sid=nobody", b"&sid=%00", b"&sid=" + b"a" * 3000, b"&sid=1&sid=2"))
    body = chance.choice(
        (b"", b'40{"token":"%s"}' % token, b"4" * 200_000, b"\x1e" * 100, packet(bender, 1), b"\xff" * 20)
    )
    method = chance.choice((b"GET", b"POST", b"POST", b"PUT", b"OPTIONS"))
    return (
        method
        + b" /socket.io/?"
        + query
        + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )
