"""Websocket frames (RFC 6455) as a server reads and writes them. No extensions: nothing is compressed."""

import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CONTINUATION = 0
CONTROL_LIMIT = 125  # bytes in a control frame
PARTS_LIMIT = 1000  # frames in one message: empty ones would cost memory and count for nothing


class Violation(Exception):
    """The client broke the protocol.

    Parameters
    ----------
    status : the code of the closing frame that it deserves (RFC 6455, section 7.4.1).
    """

    def __init__(self, status: int, reason: str):
        super().__init__(reason)
        self.status = status


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole message or control frame, unmasked as a server's are."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + payload


def closing(status: int) -> bytes:
    return frame(struct.pack("!H", status), CLOSE)


class Reader:
    """Takes bytes as they come from one client, in whatever pieces, and gives whole messages.

    Parameters
    ----------
    limit : bytes of a message, be it in one frame or in many.
    """

    __slots__ = ("_buffer", "_limit", "_opcode", "_parts", "_size")

    def __init__(self, limit: int):
        self._limit = limit
        self._buffer = b""
        self._parts: list[bytes] = []  # of a message in several frames
        self._size = 0
        self._opcode = CONTINUATION

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The messages and control frames that `data` completes, as (opcode, payload).

        Raises
        ------
        Violation : nothing more must be read from this client.
        """
        buffer = self._buffer + data if self._buffer else data
        found: list[tuple[int, bytes]] = []
        start = 0
        while (end := self._take(buffer, start, found)) > start:
            start = end
        self._buffer = buffer[start:]
        return found

    def _take(self, buffer: bytes, start: int, found: list[tuple[int, bytes]]) -> int:
        """Take the frame at `start`; returns where the next one begins, or `start` if this one is not whole yet."""
        if len(buffer) < start + 6:  # a client's shortest frame: two bytes and the mask
            return start
        first, second = buffer[start], buffer[start + 1]
        opcode, size, body = first & 15, second & 127, start + 2
        if size == 126:
            (size,) = struct.unpack_from("!H", buffer, body)
            body += 2
        elif size == 127:
            if len(buffer) < body + 8:
                return start
            (size,) = struct.unpack_from("!Q", buffer, body)
            body += 8
        self._check(first, second, opcode, size)
        end = body + 4 + size
        if len(buffer) < end:
            return start
        payload = unmask(buffer[body + 4 : end], buffer[body : body + 4])
        if opcode >= CLOSE:
            found.append((opcode, payload))
        else:
            self._join(opcode, payload, bool(first & 0x80), found)
        return end

    def _check(self, first: int, second: int, opcode: int, size: int) -> None:
        """Before the payload has come: a frame that is too large is not waited for."""
        if first & 0x70:
            raise Violation(1002, "reserved bits")
        if not second & 0x80:
            raise Violation(1002, "not masked")
        if opcode >= CLOSE:
            if opcode > PONG or size > CONTROL_LIMIT or not first & 0x80:
                raise Violation(1002, "not a control frame")
        elif opcode > BINARY or (opcode == CONTINUATION) != bool(self._opcode):
            raise Violation(1002, "not the frame that was due")
        elif self._size + size > self._limit or len(self._parts) >= PARTS_LIMIT:
            raise Violation(1009, "too large")

    def _join(self, opcode: int, payload: bytes, last: bool, found: list[tuple[int, bytes]]) -> None:
        if last and not self._parts:
            found.append((opcode or self._opcode, payload))
            self._opcode = CONTINUATION
            return
        self._opcode = self._opcode or opcode
        self._parts.append(payload)
        self._size += len(payload)
        if last:
            found.append((self._opcode, b"".join(self._parts)))
            self._parts, self._size, self._opcode = [], 0, CONTINUATION


def unmask(data: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask, at the speed of long integers."""
    size = len(data)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")
