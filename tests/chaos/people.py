"""People who write, roam, repeat themselves, and keep their own log: what they were promised, they note down.

A person is one thread with one websocket. What has not been acknowledged is asked again, under the same client id,
at whatever replica will listen: late, out of order, twice at once, or by HTTP at another one at the same time.
"""

import contextlib
import random
import threading
import time
from typing import Any

import requests
import websocket

from tests.chaos.line import Gone, Line
from tests.chaos.notes import Heard, Notes, Wish

PATIENCE = 4.0  # seconds without an answer after which a person tries another replica
STAY = 12.0  # seconds that somebody stays at a replica, on average
PAUSE = (0.2, 1.0)  # seconds until a refused request is tried again
BEAT = 2.0  # seconds between two marks of the reading position; an answer shows that the line is alive
FOREVER = float("inf")
UNANSWERED = 15  # messages without an acknowledgement beyond which a person writes no new ones
TEMPORARY = {"unavailable", "too_many_requests"}
ODDS = {  # of what a person does next
    "say": 70,
    "burst": 10,
    "repeat": 6,
    "race": 4,
    "edit": 3,
    "join_again": 3,
    "show": 4,
}


class Person(threading.Thread):
    """Parameters
    ----------
    name, user, token : who it is.
    doors : where the replicas are.
    rooms : ids of those in which it is.
    seed : of what it does.
    pace : messages a second.
    photographs : what it shows now and then.
    """

    def __init__(
        self,
        name: str,
        user: str,
        token: str,
        doors: list[str],
        rooms: list[str],
        seed: str,
        pace: float,
        photographs: list[bytes],
        stays: bool = False,
    ):
        super().__init__(name=name, daemon=True)
        self.notes = Notes(name, user, {room: [] for room in rooms})
        self._token, self._doors, self._rooms, self._pace = token, doors, rooms, pace
        self._photographs, self._stays = photographs, stays
        self._chance = random.Random(seed)
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._log_ids: dict[str, str] = {}
        self._pending: list[Wish] = []
        self._steps = 0
        self._quiet, self._over = threading.Event(), threading.Event()

    def say_no_more(self) -> None:
        """Begin nothing; bring to an end what has begun, and stay."""
        self._quiet.set()

    def leave(self) -> None:
        self._over.set()

    @property
    def is_settled(self) -> bool:
        """Whether everything that it wanted has been acknowledged."""
        edits = [wish for wish in self.notes.wishes if wish.edited and not wish.edit_done]
        return not self._pending and not edits

    def reached(self, room: str) -> int:
        """The number of the last event that it has heard."""
        log = self.notes.logs[room]
        return log[-1].seq if log else 0

    def run(self) -> None:
        door = self._chance.choice(self._doors)
        while not self._over.is_set():
            with contextlib.suppress(OSError, websocket.WebSocketException, Gone):
                self._visit(door)
            if not self._stays:
                door = self._chance.choice(self._doors)
            self._over.wait(self._chance.uniform(0.05, 0.4))

    def _visit(self, door: str) -> None:
        self._line = Line(door, self._token)
        with contextlib.closing(self._line):
            self._begin()
            end = time.monotonic() + (FOREVER if self._stays else self._chance.expovariate(1 / STAY))
            while not self._over.is_set() and (time.monotonic() < end or self._quiet.is_set()):
                self._take_in()
                self._ask_for_what_is_due()

    def _begin(self) -> None:
        self.notes.connections += 1
        self._asked: dict[int, tuple[str, Any, float]] = {}
        self._joining: set[str] = set()
        now = time.monotonic()
        self._next_word, self._next_beat = now, now + BEAT
        self._refused = dict.fromkeys(self._rooms, now)  # when to ask for each room that is not joined
        self._chance.shuffle(self._pending)  # what is asked again comes in another order
        for wish in self._pending:
            wish.not_before = 0.0

    def _take_in(self) -> None:
        packet = self._line.read(0.04)
        if packet is None:
            oldest = min((at for _what, _subject, at in self._asked.values()), default=float("inf"))
            if time.monotonic() - oldest > PATIENCE:
                raise Gone("no answer")
        elif packet[0] == "answer":
            if asked := self._asked.pop(packet[1], None):
                getattr(self, f"_{asked[0]}_answered")(asked[1], packet[2])
        elif packet[1] == "event":
            event = packet[2]
            if event["room"] not in self._joining:
                self.notes.logs[event["room"]].append(_heard(event))
        elif packet[1] == "draining":
            raise Gone("draining")

    def _ask_for_what_is_due(self) -> None:
        now = time.monotonic()
        for room in [room for room, at in self._refused.items() if at <= now]:
            del self._refused[room]
            self._join(room)
        for wish in [wish for wish in self._pending if wish.not_before <= now]:
            (self._send if wish.picture is None else self._upload)(wish)
        if now >= self._next_beat:
            self._next_beat = now + BEAT
            room = self._chance.choice(self._rooms)
            self._ask("read", {"room": room, "seq": self.reached(room)}, None)
        if self._quiet.is_set():
            for wish in self.notes.wishes:
                if wish.edited and not wish.edit_done:
                    self._patch(wish)
        elif now >= self._next_word and len(self._pending) < UNANSWERED:
            self._next_word = now + self._chance.expovariate(self._pace)
            getattr(self, f"_{self._chance.choices([*ODDS], [*ODDS.values()])[0]}")()

    # What a person does

    def _say(self) -> None:
        self._send(self._wish())

    def _burst(self) -> None:
        """Three in one room, without waiting."""
        room = self._chance.choice(self._rooms)
        for _ in range(3):
            self._send(self._wish(room))

    def _repeat(self) -> None:
        """What was acknowledged long ago, once more."""
        if done := [wish for wish in self.notes.wishes if wish.acknowledged and wish.picture is None]:
            self._send(self._chance.choice(done))

    def _race(self) -> None:
        """The same at two replicas at the same time."""
        wish = self._wish()
        self._send(wish)
        wish.tries += 1
        self._post(wish, self._chance.choice(self._doors))

    def _edit(self) -> None:
        """Once for a message: an old request that is held up somewhere may not undo a newer one."""
        last = [wish for wish in self.notes.wishes[-20:] if wish.acknowledged and not wish.edited]
        if last:
            last[-1].edited = f"{last[-1].text}, edited"
            self._patch(last[-1])

    def _join_again(self) -> None:
        room = self._chance.choice(self._rooms)
        if room not in self._joining:
            self._join(room)

    def _show(self) -> None:
        if self._photographs:
            wish = self._wish()
            wish.picture = self._chance.choice(self._photographs)
            self._upload(wish)

    # Asking

    def _wish(self, room: str | None = None) -> Wish:
        number = len(self.notes.wishes) + 1
        text = f"{self.notes.name} says {number}"
        wish = Wish(room or self._chance.choice(self._rooms), f"{self.notes.name}-{number}", text)
        self.notes.wishes.append(wish)
        self._pending.append(wish)
        return wish

    def _send(self, wish: Wish) -> None:
        self._note_try(wish)
        said = {"room": wish.room, "text": wish.text, "client_id": wish.client_id}
        self._ask("send", said, wish)
        if self._chance.random() < 0.05:
            wish.tries += 1
            self._ask("send", said, wish)

    def _note_try(self, wish: Wish) -> None:
        wish.not_before = float("inf")  # on this line, until it is refused
        wish.tries += 1
        if wish.tries == 1:
            wish.sent, wish.sent_at, wish.line = time.monotonic(), self._step(), self.notes.connections

    def _join(self, room: str) -> None:
        self._joining.add(room)
        wish: dict[str, Any] = {"room": room, "after": self.reached(room)}
        if room in self._log_ids:
            wish["log"] = self._log_ids[room]
        self._ask("join", wish, room)

    def _ask(self, event: str, data: Any, subject: Any) -> None:
        self._asked[self._line.ask(event, data)] = (event, subject, time.monotonic())

    def _upload(self, wish: Wish) -> None:
        self._note_try(wish)
        form = {"client_id": wish.client_id, "text": wish.text}
        files = {"image": ("photograph.jpg", wish.picture)}
        self._by_http(wish, "POST", f"/api/rooms/{wish.room}/images", data=form, files=files)

    def _post(self, wish: Wish, door: str) -> None:
        said = {"client_id": wish.client_id, "text": wish.text}
        self._by_http(wish, "POST", f"/api/rooms/{wish.room}/messages", door, json=said)

    def _patch(self, wish: Wish) -> None:
        with contextlib.suppress(requests.RequestException):
            said = {"text": wish.edited}
            answer = self._http.patch(
                f"{self._door()}/api/messages/{wish.message}", json=said, timeout=(2, PATIENCE)
            )
            wish.edit_done = answer.status_code == 200
            self._check(answer)

    def _by_http(self, wish: Wish, method: str, path: str, door: str = "", **body: Any) -> None:
        try:
            answer = self._http.request(method, (door or self._door()) + path, timeout=(2, PATIENCE), **body)
        except requests.RequestException:
            return self._put_off(wish)
        if answer.status_code in (200, 201):
            return self._acknowledge(wish, answer.json())
        self._check(answer)
        return self._put_off(wish)

    def _door(self) -> str:
        return self._chance.choice(self._doors)

    # Answers

    def _send_answered(self, wish: Wish, answer: dict[str, Any]) -> None:
        if answer["ok"]:
            self._acknowledge(wish, answer["message"])
        else:
            self._note_refusal("send", answer["error"])
            self._put_off(wish)

    def _join_answered(self, room: str, answer: dict[str, Any]) -> None:
        if not answer["ok"]:
            self._note_refusal("join", answer["error"])
            self._refused[room] = time.monotonic() + self._chance.uniform(*PAUSE)
            return
        self._log_ids[room] = answer["log"]
        self._joining.discard(room)
        if answer["reset"]:
            self.notes.flaws.append(f"{self.name}: room {room} began anew behind {self.reached(room)}")
        log = self.notes.logs[room]
        log += [_heard(event) for event in answer["events"]]

    def _read_answered(self, _subject: None, answer: dict[str, Any]) -> None:
        if not answer["ok"]:
            self._note_refusal("read", answer["error"])

    def _acknowledge(self, wish: Wish, message: dict[str, Any]) -> None:
        if wish.message and (wish.message, wish.seq) != (message["id"], message["seq"]):
            self.notes.flaws.append(f"{wish.text!r} is message {wish.message} and {message['id']}")
        if not wish.acknowledged:
            wish.acknowledged, wish.acknowledged_at = time.monotonic(), self._step()
        wish.message, wish.seq = message["id"], message["seq"]
        if wish in self._pending:
            self._pending.remove(wish)

    def _put_off(self, wish: Wish) -> None:
        wish.not_before = time.monotonic() + self._chance.uniform(*PAUSE)

    def _check(self, answer: requests.Response) -> None:
        if answer.status_code >= 400:
            self._note_refusal(answer.request.path_url, answer.json())

    def _note_refusal(self, what: str, error: dict[str, Any]) -> None:
        """Being told to come back later is fair; anything else is not."""
        if error["code"] not in TEMPORARY:
            self.notes.flaws.append(f"{self.name}: {what} was refused: {error}")

    def _step(self) -> int:
        self._steps += 1
        return self._steps


def _heard(event: dict[str, Any]) -> Heard:
    return Heard(event["seq"], event["type"], event["message"]["id"], event["message"]["text"])
