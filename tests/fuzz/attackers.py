"""What is sent, and what is made of the answers: one attacker is one connection with a seed of its own."""

import contextlib
import json
import random
import re
import threading
from collections import Counter
from typing import Any

from chat.errors import CODES
from chat.http.site import NO_PAGES
from tests.fuzz import corpus, framing
from tests.fuzz.bending import Bender, write
from tests.fuzz.cast import Caller, Keeper
from tests.fuzz.corpus import RARE, Good
from tests.fuzz.wires import Line, Silent, Webs, frame, shout

BATCH = 12  # requests in a row
PACKETS = 40  # events in a row
LIFE = 3_000  # requests or events after which a caller begins anew: their rooms have been left, their messages deleted
BARE = (400, 412, 414, 416, 426, 431, 501)  # what HTTP itself refuses, before or instead of the application
AWAY = {"bots_offline"}  # the 503 that is documented: no bot worker runs here
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


class Fault(AssertionError):
    """An answer that the server must not give."""


class Attacker(threading.Thread):
    """Sends `count` requests or packets, unless it is told to stop before.

    Attributes
    ----------
    sent : how many were sent and, where there is an answer to each, answered.
    told : {status or code: how often}.
    """

    def __init__(self, port: int, seed: str, count: int, caller: "Caller | Keeper", stop: threading.Event):
        super().__init__(name=f"{type(self).__name__.lower()} {caller.role}", daemon=True)
        self._port, self._seed, self._count, self._caller, self._stop_all = port, seed, count, caller, stop
        self._bender = Bender(random.Random(seed))
        self.sent, self.told = 0, Counter[str]()
        self.fault: str | None = None
        self._batch: list[bytes] = []

    def run(self) -> None:
        born = 0
        try:
            while self.sent < self._count and not self._stop_all.is_set():
                if self.sent - born >= LIFE or not self._go_on():
                    self._caller.renew()
                    self._renewed()
                    born = self.sent
        except Exception as error:
            self.fault = f"{self.name}, seed {self._seed}, after {self.sent}: {error!r}"
            self._stop_all.set()

    def _go_on(self) -> bool:
        """Send a few; whether the caller still opens doors."""
        raise NotImplementedError

    def _renewed(self) -> None:
        pass

    def names(self) -> dict[str, str]:
        """Mostly one's own."""
        draw = self._bender.chance.random()
        return self._caller.names if draw < 0.7 else {**self._caller.names, **self._caller.others}


class Requests(Attacker):
    """Requests that HTTP can read, in a row on one connection."""

    goods: list[Good]

    def _go_on(self) -> bool:
        self._line = getattr(self, "_line", None) or Line(self._port)
        batch, doors = [], []
        for _ in range(BATCH):
            good = self._choose()
            batch.append(self._bender.request(good, self.names(), self._caller.heads()))
            doors.append(good)
        answers = self._line.ask(batch)
        self.sent += len(answers)
        for good, (_method, data), answer in zip(doors, batch, answers, strict=False):
            check(good.door, data, answer.status, answer.kind, answer.body)
            self.told[str(answer.status)] += 1
        if (
            not answers
        ):  # a request that ends the connection unread comes first: it counts, and is not sent twice
            self.sent += 1
            self.told["closed"] += 1
        shut_out = (
            sum(answer.status == 401 for answer in answers) > BATCH // 2 and self._caller.role != "stranger"
        )
        return not shut_out or self._caller.is_in()

    def _choose(self) -> Good:
        chance = self._bender.chance
        good = chance.choice(self.goods)
        while good.door == "engine.io" or (good.door in RARE and chance.random() < 0.9):
            good = chance.choice(self.goods)
        return good


def check(door: str, request: bytes, status: int, kind: str, body: bytes) -> None:
    """A success, or a problem with a code that is documented; what HTTP itself refuses has no more than its status."""
    if status < 400 or not body:
        return
    code = json.loads(body).get("code") if kind == "application/problem+json" else None
    if status >= 500 and code not in AWAY:
        raise Fault(f"{door} answered {status} {body[:300]!r} to {request[:3000]!r}")
    if kind == "application/problem+json" and code not in CODES:
        raise Fault(f"{door} answered with a code that is none: {body[:300]!r} to {request[:3000]!r}")
    if kind != "application/problem+json" and status not in BARE and not is_page(request, status, body):
        raise Fault(f"{door} answered {status} {kind} {body[:300]!r} to {request[:3000]!r}")


def is_page(request: bytes, status: int, body: bytes) -> bool:
    """Whether it is the page, for a browser at an address that leads nowhere: those of programs never answer so."""
    target = request.split(b" ", 2)[1] if b" " in request else b""
    led_nowhere = status == 404 and not target.startswith(tuple(path.encode() for path in NO_PAGES))
    return led_nowhere and body.startswith(b"<!doctype html>")


class Events(Attacker):
    """Events on a websocket. Each is acknowledged, but where the packet is none: that may end the connection."""

    events = corpus.events()

    def _renewed(self) -> None:
        self._end()

    def _go_on(self) -> bool:
        web: Webs | None = getattr(self, "_web", None)
        try:
            self._web = web = web or Webs(self._port, self._caller.heads()["Authorization"].split()[1])
        except ConnectionError:
            if self._caller.role == "banned":
                self.sent += 1
                self.told["banned"] += 1
                return True
            return False
        packets = [self._packet(number) for number in range(PACKETS)]
        packets.append(
            (b'42%d["leave",{"room":"0"}]' % PACKETS, True)
        )  # if it is answered, none before has ended it
        waited = {number for number, (_data, sure) in enumerate(packets) if sure}
        self.sent += len(packets)
        try:
            web.send(self._pieces([data for data, _sure in packets]))
            while waited:
                said = web.hear()
                if said.startswith(b"43"):
                    waited.discard(self._note(said))
        except ConnectionError:
            self._end()
            self.told["closed"] += 1
            if not self._caller.is_in():  # its token has been ended by another attacker
                return False
            if all(sure for _data, sure in packets):
                raise Fault(
                    f"closed upon events that can be read: {[data[:300] for data, _ in packets]}"
                ) from None
        except Silent:
            first = min(waited)
            raise Fault(f"no acknowledgement of {packets[first][0][:3000]!r}") from None
        return True

    def _packet(self, number: int) -> tuple[bytes, bool]:
        """An event, and whether its acknowledgement is certain."""
        chance, bender = self._bender.chance, self._bender
        if chance.random() < 0.004:
            return framing.packet(bender, number), False
        name = chance.choice([*self.events])
        data = bender.data(self._filled(name))
        if chance.random() < 0.03:
            name = chance.choice(
                ("connect", "disconnect", "*", "event", "", "Send", "__class__", bender.text())
            )
        more = [bender.value()] if chance.random() < 0.02 else []
        text = write([name, data, *more])
        sure = len(text) < 140_000 and readable(text)
        return f"42{number}{text}".encode("utf-8", "replace"), sure

    def _filled(self, name: str) -> dict[str, Any]:
        names = self.names()
        chance = self._bender.chance
        good = dict(self.events[name], room=names["room_id"])
        if "client_id" in good:
            good["client_id"] = f"{chance.random()}"
        return good

    def _pieces(self, packets: list[bytes]) -> bytes:
        """As frames: whole, masked, or in parts with pings between."""
        out = []
        for data in packets:
            draw = self._bender.chance.random()
            if draw < 0.9:
                out.append(frame(data))
            elif draw < 0.95:
                out.append(frame(data[:2000], mask=b"\x11\x22\x33\x44") if len(data) <= 2000 else frame(data))
            else:
                cut = self._bender.chance.randrange(len(data) or 1)
                out += [frame(data[:cut], last=False), frame(b"!", 9), frame(data[cut:], 0)]
        return b"".join(out)

    def _note(self, said: bytes) -> int:
        number, _, body = said[2:].partition(b"[")
        answer = json.loads(b"[" + body)[0]
        code = "ok" if answer["ok"] else answer["error"]["code"]
        if not answer["ok"] and (code not in CODES or code in ("internal", "unavailable")):
            raise Fault(f"acknowledged by {answer}")
        self.told[code] += 1
        return int(number)

    def _end(self) -> None:
        if web := getattr(self, "_web", None):
            web.close()
        self._web = None


def readable(text: str) -> bool:
    """Whether Python's own parser reads it: then the server has to answer."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return text.count("[") + text.count("{") < 500


class Noise(Attacker):
    """What is no HTTP, no websocket or no Socket.IO, each on a connection of its own."""

    def _go_on(self) -> bool:
        for data, hang_up in framing.noise(self._bender, self._caller):
            with contextlib.suppress(ConnectionError):
                heard = shout(self._port, data, 1.0, hang_up)
                for status in map(int, STATUS.findall(heard)):
                    if status >= 500 and status not in (501, 505):
                        raise Fault(f"answered {heard[:300]!r} to {data[:3000]!r}")
                    self.told[str(status)] += 1
            self.sent += 1
        return True
