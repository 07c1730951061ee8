"""A TCP proxy that can be told to misbehave, in a process of its own.

Each link is one listening port and one address behind it. What a link does with its connections:

    pass        what comes, goes
    delay       each piece goes on `seconds` late
    cut         every connection is reset; new ones pass
    half-close  one direction of every connection ends, the other stays open; new ones pass
    refuse      every connection is reset, and nothing listens any more
    swallow     a black hole: connections are taken, what comes disappears, nobody is told

TCP never loses a piece and goes on. So a connection that was swallowed from is reset when its link passes again.
"""

import asyncio
import json
import socket
import struct
import subprocess
import sys
import threading
from typing import Any

PIECE = 65_536
NO_GOODBYE = struct.pack("ii", 1, 0)  # a close that does not linger is a reset


class Proxy:
    """The process, as the one who started it sees it; its methods may be called from any thread."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.chaos.proxy"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._one_at_a_time = threading.Lock()

    def open(self, link: str, port: int, behind: int) -> None:
        """Begin to pass connections to `port` on to port `behind`."""
        self._tell(link=link, mode="open", port=port, behind=behind)

    def set(self, link: str, mode: str, seconds: float = 0.0) -> None:
        """Make a link do what the head of this file lists."""
        self._tell(link=link, mode=mode, seconds=seconds)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _tell(self, **order: Any) -> None:
        with self._one_at_a_time:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if answer != "done\n":
            raise RuntimeError(f"The proxy could not do {order}: {answer!r}")


class Pair:
    """One connection: the client's side and the server's."""

    def __init__(self, link: "Link", client: asyncio.StreamWriter):
        self._link = link
        self._sides = [client]
        self._ended = 0
        self._halved = False
        self.robbed = False  # something of it has been swallowed

    def join(self, server: asyncio.StreamWriter) -> None:
        self._sides.append(server)

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until it ends."""
        try:
            while piece := await reader.read(PIECE):
                await self._pass_on(piece, writer)
            writer.write_eof()
        except OSError:
            self.reset()
        self._ended += 1
        if self._ended == 2:
            self._finish()

    async def _pass_on(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        if self._link.delay:
            await asyncio.sleep(self._link.delay)
        if self._link.swallows:
            self.robbed = True
        elif not self._halved or writer is self._sides[0]:
            writer.write(piece)
            await writer.drain()

    def half_close(self) -> None:
        """The server hears that the client has nothing more to say."""
        if len(self._sides) == 2 and not self._sides[1].is_closing():
            self._halved = True
            self._sides[1].write_eof()

    def _finish(self) -> None:
        self._link.pairs.discard(self)
        for side in self._sides:
            side.close()

    def reset(self) -> None:
        self._link.pairs.discard(self)
        for side in self._sides:
            if not side.transport.is_closing():
                side.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_GOODBYE)
            side.transport.abort()


class Link:
    def __init__(self, port: int, behind: int):
        self._port, self._behind = port, behind
        self._server: asyncio.Server | None = None
        self.pairs: set[Pair] = set()
        self.delay = 0.0
        self.swallows = False

    async def set(self, mode: str, seconds: float) -> None:
        self.delay = seconds if mode == "delay" else 0.0
        self.swallows = mode == "swallow"
        await (self._deafen() if mode == "refuse" else self._listen())
        for pair in list(self.pairs):
            if mode in ("cut", "refuse") or (pair.robbed and not self.swallows):
                pair.reset()
            elif mode == "half-close":
                pair.half_close()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)

    async def _deafen(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = Pair(self, writer)
        self.pairs.add(pair)
        if self.swallows:  # the server never hears of this one; it is reset with the others
            pair.robbed = True
            return
        try:
            from_server, server = await asyncio.open_connection("127.0.0.1", self._behind)
        except OSError:
            pair.reset()
            return
        pair.join(server)
        for side in (writer, server):
            side.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if pair not in self.pairs:  # reset while it was being made
            pair.reset()
            return
        await asyncio.gather(pair.pump(reader, server), pair.pump(from_server, writer))


async def _serve() -> None:
    links: dict[str, Link] = {}
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        order = json.loads(line)
        if order["mode"] == "open":
            links[order["link"]] = Link(order["port"], order["behind"])
        try:
            await links[order["link"]].set(order["mode"], order.get("seconds", 0.0))
            print("done", flush=True)
        except OSError as error:
            print(error, flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
