"""What a room teaches its vision bot: labels of its own, learnt from a few pictures, version by version.

A lesson is kept at once. What can be learnt from all of the room's lessons replaces what was learnt before only if it
names pictures better that it did not learn from (`ml.head.judge`). The network itself stays as it is.
"""

import threading
from collections import Counter
from dataclasses import dataclass

import numpy as np

from bots.contract import Chat, Message
from chat.lessons import Lesson, Version, refusal
from ml import head
from ml.classify import Classifier, Label
from ml.head import Head


@dataclass(frozen=True)
class Opinion:
    """What a picture may show, the room's labels among the network's.

    Attributes:
        labels: most probable first.
        of_room: those of them that the room has taught.
    """

    labels: list[Label]
    of_room: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What became of a lesson.

    Attributes:
        version: that is in use now.
        changed: whether it is new.
        counts: of the pictures for each label of the room.
    """

    version: Version | None
    changed: bool
    counts: Counter[str]


class School:
    """All rooms' lessons, for one model. Several threads may share one; they learn in turn."""

    def __init__(self, chat: Chat, classifier: Classifier):
        self._chat = chat
        self._classifier = classifier
        self._model = f"{classifier.name} {classifier.version}"
        self._background = classifier.background()
        self._heads: dict[str, tuple[int, Head | None]] = {}  # of each room, with the number of its version
        self._fresh: set[str] = set()  # rooms whose head is the newest
        self._learnt: dict[str, tuple[int, int]] = {}  # which of each room's lessons have been looked at
        self._turn = threading.RLock()

    @property
    def is_open(self) -> bool:
        """Whether this model can be taught: it needs a background."""
        return len(self._background) > 0

    def look_anew(self) -> None:
        """From now on, what others taught meanwhile counts, too: each room is looked up once more."""
        with self._turn:
            self._fresh.clear()

    def opinion(self, room: str, picture: np.ndarray, top: int) -> Opinion:
        """What a picture shows, as its room has taught it."""
        logits, features = self._classifier.look([picture])
        return self._opinion(self._classifier.believe(logits)[0], features, self._head(room), top)

    def refuse(self, room: str, name: str) -> str | None:
        """Why a name can be no label, if so: which of the chat's texts says it."""
        return refusal(name, self._chat.lessons.names(int(room)))

    def spelling(self, room: str, name: str) -> str:
        """A label as it has been written before."""
        return self._spellings(self._chat.lessons.of_room(int(room))).get(name.casefold(), name)

    def teach(
        self, picture: Message, by: Message, verdict: str, label: str | None, opinion: Opinion
    ) -> Outcome:
        """Keep a person's word on a picture, and learn.

        Args:
            picture: the message that shows it.
            by: the message that says so.
            verdict: "right", "wrong" or "taught".
            label: what it shows, if that was said.
            opinion: what the bot thinks of it.
        """
        said = opinion.labels[0].label
        ids = int(picture["id"]), int(by["author"]["id"]), int(picture["room"])
        self._chat.lessons.record(Lesson(*ids, verdict, label, said, said in opinion.of_room, self._model))
        return self.learn(picture["room"])

    def learn(self, room: str) -> Outcome:
        """Learn from all of a room's lessons, if that makes the room's labels better."""
        with self._turn:
            self._fresh.discard(room)
            self._learnt[room] = self._chat.lessons.state(int(room), self._model)[:2]
            truths = self._truths(room)
            counts = Counter(label for label in truths.values() if label)
            current = self._chat.lessons.version(int(room), self._model)
            better = self._better(truths, current.learnt if current else {})
            if better is None:
                return Outcome(current, False, counts)
            self._chat.lessons.use(int(room), self._model, *better)
            return Outcome(self._chat.lessons.version(int(room), self._model), True, counts)

    def roll_back(self, room: str, by: Message) -> tuple[int, int] | None:
        """As `chat.lessons.Lessons.roll_back`."""
        with self._turn:
            self._fresh.discard(room)
            return self._chat.lessons.roll_back(int(room), self._model, int(by["id"]))

    def _better(
        self, truths: dict[str, str | None], learnt: dict[str, str | None]
    ) -> tuple[dict[str, str | None], float, bytes] | None:
        """What is to replace what was learnt, with its accuracy and its weights; None if that is to stay."""
        if not self.is_open:
            return None
        features = self._features(truths)
        truths = {id_: truth for id_, truth in truths.items() if id_ in features}
        # What was deleted must not be remembered, whatever that costs.
        forgotten = learnt.keys() - truths.keys()
        if truths == learnt:
            return None
        if not truths:
            return truths, 0.0, b""
        lesson = head.Lesson(np.stack([*features.values()]), tuple(truths.values()), self._background)
        if not lesson.labels:
            return (truths, 0.0, b"") if forgotten else None
        now = head.judge(lesson)
        before = head.judge(lesson, [id_ in learnt and learnt[id_] == truth for id_, truth in truths.items()])
        if not forgotten and (now.accuracy, -now.surprise) <= (before.accuracy, -before.surprise):
            return None
        return truths, now.accuracy, head.train(lesson).to_bytes()

    def _opinion(self, believed: np.ndarray, features: np.ndarray, taught: Head | None, top: int) -> Opinion:
        beliefs = dict(zip(self._classifier.labels, believed, strict=True))
        if taught:
            *ours, none = taught.probabilities(features)[0]
            beliefs = {label: belief * none for label, belief in beliefs.items()}
            for label, belief in zip(taught.labels, ours, strict=True):
                beliefs[label] = beliefs.get(label, 0.0) + belief
        best = sorted(beliefs, key=lambda label: -beliefs[label])[:top]
        names = taught.labels if taught else ()
        return Opinion(
            [Label(label, float(beliefs[label])) for label in best], frozenset(names) & frozenset(best)
        )

    def _head(self, room: str) -> Head | None:
        """What is in use in a room; lessons that came, or went, by another way than this bot's are learnt first."""
        with self._turn:
            if room in self._fresh:
                return self._heads[room][1]
            *seen, number = self._chat.lessons.state(int(room), self._model)
            if tuple(seen) != self._learnt.get(room, (0, 0)):
                self.learn(room)
                *_, number = self._chat.lessons.state(int(room), self._model)
            if room not in self._heads or self._heads[room][0] != number:
                version = self._chat.lessons.version(int(room), self._model)
                self._heads[room] = (
                    number,
                    Head.from_bytes(version.weights) if version and version.weights else None,
                )
            self._fresh.add(room)
            return self._heads[room][1]

    def _truths(self, room: str) -> dict[str, str | None]:
        """What each picture of a room's lessons shows; None: none of the room's labels. The newest word counts."""
        found: dict[str, str | None] = {}
        lessons = self._chat.lessons.of_room(int(room))
        spellings = self._spellings(lessons)
        for lesson in lessons:
            id_ = str(lesson.message_id)
            if lesson.label:
                found[id_] = spellings[lesson.label.casefold()]
            elif lesson.verdict == "right":
                found[id_] = lesson.said if lesson.said_by_room else None
            elif lesson.said_by_room:
                found[id_] = None
            else:
                found.pop(id_, None)
        return found

    def _spellings(self, lessons: list[Lesson]) -> dict[str, str]:
        """How labels are written, by their lower case: as the network has them, or whoever said them first."""
        found = {label.casefold(): label for label in self._classifier.labels}
        for lesson in lessons:
            if lesson.label:
                found.setdefault(lesson.label.casefold(), lesson.label)
        return found

    def _features(self, truths: dict[str, str | None]) -> dict[str, np.ndarray]:
        """Of those pictures that can still be seen; kept once they were."""
        kept = self._chat.lessons.looks([int(id_) for id_ in truths], self._model)
        found: dict[str, np.ndarray] = {}
        for id_ in truths:
            if data := kept.get(int(id_)):
                found[id_] = np.frombuffer(data, np.float32)
            elif (picture := self._chat.picture(id_)) is not None:
                try:
                    found[id_] = self._classifier.features([picture])[0]
                except ValueError:
                    continue
                self._chat.lessons.keep_look(int(id_), self._model, found[id_].tobytes())
        return found
