"""Who takes part: people who talk in rooms of their own, and accounts that flood one room and whatever else they can reach."""

import collections
import contextlib
import itertools
import os
import threading
import time
from pathlib import Path
from typing import Any

import requests

from tests.attack.line import Line
from tests.people import new_id, picture

ELSEWHERE = max(os.sched_getaffinity(0))  # the processor of those who are on other machines in truth
AUTOGROUP = Path("/proc/self/autogroup")
PACE = 0.5  # seconds between two messages of one pair
PUSH = 0.05  # seconds between two messages of one attacker: four times what is let through for long


class Pair:
    """Two in a room. One writes, the other notes how long each message took from key press to screen."""

    def __init__(self, url: str, room: str, tokens: list[str]):
        self.room = room
        self.took: list[float] = []
        self._sent: dict[str, float] = {}
        self._done = threading.Event()
        self._reader = Line(url, tokens[1], self._hear, lambda *_: None)
        self._reader.send("join", {"room": room})
        self._writer = Line(url, tokens[0], lambda *_: None, lambda *_: None)
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.say_no_more()
        self._reader.close()
        self._writer.close()

    def say_no_more(self) -> None:
        self._done.set()
        self._thread.join()

    def missing(self) -> int:
        """Messages that have not come."""
        return len(self._sent)

    def _talk(self) -> None:
        while not self._done.wait(PACE):
            client_id = new_id()
            self._sent[client_id] = time.monotonic()
            self._writer.send("send", {"room": self.room, "text": "How are you?", "client_id": client_id})

    def _hear(self, event: str, data: Any) -> None:
        if event == "event" and (began := self._sent.pop(data["message"]["client_id"], None)):
            self.took.append(time.monotonic() - began)


class Attacker:
    """One account: messages as fast as it likes, and pictures, joins and sign-ins under other people's names."""

    def __init__(self, url: str, room: str, token: str, names: list[str]):
        self.counts: collections.Counter[tuple[str, str]] = collections.Counter()
        self._url, self._room, self._token, self._names = url, room, token, itertools.cycle(names)
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._messages, self._knocks)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._done.set()

    def wait(self, until: float) -> None:
        """For what is under way; what takes longer is left behind."""
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _messages(self) -> None:
        line = Line(self._url, self._token, lambda *_: None, self._answered)
        while not self._done.wait(PUSH):
            try:
                line.send("send", {"room": self._room, "text": "Buy this now", "client_id": new_id()})
            except OSError:
                return
        line.close()

    def _answered(self, _number: int, answer: dict[str, Any]) -> None:
        self.counts["message", "stored" if answer["ok"] else answer["error"]["code"]] += 1

    def _knocks(self) -> None:
        with contextlib.suppress(requests.RequestException):  # the replica has stopped
            self._knock(requests.Session())

    def _knock(self, http: requests.Session) -> None:
        """One after the other, each as soon as the one before is answered: at most ten a second."""
        bearer = {"Authorization": f"Bearer {self._token}"}
        form, file = {"text": "Look"}, picture(size=(800, 600))
        doors = itertools.cycle(("join", "sign-in", "picture", "join", "sign-in"))
        while not self._done.wait(0.1):
            what = next(doors)
            if what == "picture":
                answer = http.post(
                    f"{self._url}/api/rooms/{self._room}/images",
                    data={**form, "client_id": new_id()},
                    files={"image": ("a.png", file)},
                    headers=bearer,
                    timeout=60,
                )
            elif what == "join":
                answer = http.put(
                    f"{self._url}/api/rooms/{self._room}/members/me", headers=bearer, timeout=60
                )
            else:
                account = {"username": next(self._names), "password": "guessed at"}
                answer = http.post(f"{self._url}/api/login", json=account, timeout=60)
            self.counts[what, "done" if answer.ok else answer.json()["code"]] += 1


def flood(url: str, room: str, tokens: list[str], names: list[str], stop: Any, results: Any) -> None:
    """A process of attackers, until `stop`; then what became of what they did."""
    _go_elsewhere()
    attackers = [Attacker(url, room, token, names) for token in tokens]
    stop.wait()
    for attacker in attackers:
        attacker.stop()
    until = time.monotonic() + 30
    for attacker in attackers:
        attacker.wait(until)
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for attacker in attackers:
        counts += attacker.counts
    results.put(dict(counts))


def _go_elsewhere() -> None:
    """In truth they are on other machines. Here they have one processor, and of that what nobody else wants."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    os.sched_setaffinity(0, {ELSEWHERE})
    if AUTOGROUP.exists():  # where Linux gives each session an equal share, whatever is in it
        os.setsid()
        AUTOGROUP.write_text("19")
