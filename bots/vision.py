"""Says what is in a picture.

Each picture gets one answer. Its five most probable labels come with it, as chips under the text. When the best of
them is not probable enough, the answer says so. What a room teaches stays in the room.

Commands
    a picture           says what is in it
    @vision             as a reply to a picture: looks at it again
    @vision why         as a reply: shows where in the picture it found its best label
    @vision why X       the same for the label X
    @vision right       as a reply: the answer is right
    @vision no, an X    as a reply: it is an X
    @vision teach X     with a picture, or as a reply to one: this shows X; from three pictures on it knows X in this room
    @vision rollback    takes back what it learnt last in this room

Examples
    ann: [chelsea.png] who is this?
    vision: That looks like an **Egyptian cat** (... %)...

    bob, in reply: @vision
    vision: That looks like an **Egyptian cat** (... %)...

    bob, in reply: @vision why
    vision: Where it is yellow, I found the **Egyptian cat** (... %).

    bob, in reply: @vision why unicorn
    vision: I have no label "unicorn". For this picture I thought of Egyptian cat, ...

    bob, in reply: @vision no, a tabby cat
    vision: Thank you. I have noted that this is **tabby cat**.

    ann: [chelsea.png] @vision teach Chelsea
    vision: Noted: **Chelsea**, picture 1 of the 3 from which I can learn. Show me 2 more.

    ann: @vision rollback
    vision: This room has taught me nothing yet.

    ann: [coffee.png]
    vision: ... **espresso** (... %)...

    ann: @vision
    vision: Post a picture, or reply to one with `@vision`, and I say what is in it; `/help vision` has more.

    bob: what a vision
"""

import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from prometheus_client import Histogram

from bots.contract import Answer, Bot, Message
from bots.school import Opinion, Outcome, School
from chat.lessons import THREAD
from ml import models, numbers
from ml.classify import Classifier, Label
from ml.why import explain

CLASSIFICATION = Histogram(
    "roomful_classification_seconds",
    "To read a picture and to classify it",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5),
)
USAGE = "Post a picture, or reply to one with `@vision`, and I say what is in it; `/help vision` has more."
UNTEACHABLE = "The model that I use here cannot be taught: it has no background to tell new things from."
IT_IS = r"(?:(?:it|this|that)(?:'s|’s|\s+is)\s+)"
TEACH = re.compile(r"teach[:\s]+(?P<name>.+?)[\s.!]*", re.I | re.S)
WHY = re.compile(r"why\b[\s?:,]*(?P<name>.*?)[\s?.!]*", re.I | re.S)
RIGHT = re.compile(r"(?:right|yes|correct)[\s.!]*", re.I)
WRONG = re.compile(
    rf"(?:no|nope|wrong)(?:[\s,:;.]+{IT_IS}?(?:(?:an?|the)\s+)?(?P<name>[^?]+?))?[\s.!]*", re.I
)
IS = re.compile(rf"{IT_IS}(?:(?:an?|the)\s+)?(?P<name>[^?]+?)[\s.!]*", re.I)
ROLLBACK = re.compile(r"roll\s?back[\s.!]*", re.I)
MENTIONED = 0.1  # probability from which the second label is worth a sentence beside a sure first
READERS = 1  # threads that read pictures ahead; two would take the network's core as well (measured: 40, not 45 a second)
NO_ARTICLE = re.compile(
    "binoculars|broccoli|carbonara|chain mail|chocolate syrup|clogs|corn|dough|eggnog|face powder|guacamole|hair spray"
    "|hay|ice cream|jeans|lotion|mashed potato|pajamas|parallel bars|perfume|rapeseed|red wine|sunglasses|sunscreen"
    "|swimming trunks|toilet paper|velvet|wool"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What somebody wants to know, or to say, of a picture.

    Attributes:
        shown: the message with the picture.
        pixels: as the model looks at it.
        seconds: that it took to read.
    """

    message: Message
    shown: Message
    pixels: np.ndarray
    seconds: float


class Vision(Bot):
    hands = 2  # the network never waits for the database
    apology = "Sorry, I tried three times and could not look at this picture."

    def warm_up(self) -> None:
        models.prepare(self.chat.image_model, self.chat.models_dir, say=logger.info)
        threads = self.chat.image_threads or None
        self._classifier = Classifier.open(self.chat.image_model, self.chat.models_dir, threads)
        self._classifier.warm_up()
        self._school = School(self.chat, self._classifier)
        self._reading = ThreadPoolExecutor(READERS, "reading")

    def wants(self, message: Message) -> bool:
        return bool(message["image"]) or self.request(message) is not None

    def answer(self, messages: list[Message]) -> list[Answer | None]:
        """While the network looks at one picture, the next ones are read."""
        self._school.look_anew()
        seen = self._reading.map(self._see, messages)
        return [self._answer_one(message, one) for message, one in zip(messages, seen, strict=True)]

    def _answer_one(self, message: Message, seen: Question | Answer | None) -> Answer | None:
        """In the messages' order: one may teach what the next one asks about."""
        if ROLLBACK.fullmatch(self.request(message) or ""):
            return self._roll_back(message)
        return self._say(seen) if isinstance(seen, Question) else seen

    def _see(self, message: Message) -> Question | Answer | None:
        """The picture as the model looks at it, or the answer if it need not be asked."""
        started = time.monotonic()
        shown = self._shown(message)
        if shown is None:
            return Answer(USAGE)
        picture = self.chat.picture(shown["id"]) if shown["image"] else None
        try:
            pixels = None if picture is None else self._classifier.read(picture)
        except ValueError as error:
            return Answer(f"I cannot look at this picture: {error}.")
        return None if pixels is None else Question(message, shown, pixels, time.monotonic() - started)

    def _shown(self, message: Message) -> Message | None:
        """The message with the picture that is meant: this one, or one that it replies to, be it through others."""
        above: Message | None = message
        for _ in range(THREAD):
            if above is None or above["deleted_at"] or (above["image"] and not above["author"]["bot"]):
                return above
            above = self.chat.message(above["reply_to"]) if above["reply_to"] else None
        return None

    def _say(self, question: Question) -> Answer | None:
        started = time.monotonic()
        opinion = self._school.opinion(question.shown["room"], question.pixels, numbers.TOP)
        CLASSIFICATION.observe(question.seconds + time.monotonic() - started)
        asked = self.request(question.message) or ""
        if found := TEACH.fullmatch(asked):
            return self._teach(question, opinion, found["name"])
        if question.message["image"]:  # whatever is written under it, it is to be looked at
            return self._describe(opinion)
        if found := WHY.fullmatch(asked):
            return self._explain(question, opinion, found["name"])
        if RIGHT.fullmatch(asked):
            return self._note(question, opinion, "right", None)
        if found := WRONG.fullmatch(asked) or IS.fullmatch(asked):
            return self._note(question, opinion, "wrong", found["name"])
        return self._describe(opinion)

    def _describe(self, opinion: Opinion) -> Answer:
        labels: list[dict[str, Any]] = [
            {"label": label.label, "probability": round(label.probability, 4)}
            | ({"room": True} if label.label in opinion.of_room else {})
            for label in opinion.labels
        ]
        text = describe(opinion.labels, self._classifier.is_sure(opinion.labels))
        if opinion.labels[0].label in opinion.of_room:
            text += " This room taught me that."
        return Answer(text, labels)

    def _explain(self, question: Question, opinion: Opinion, wanted: str) -> Answer | None:
        """Where in the picture a label was found."""
        of_model = [label for label in opinion.labels if label.label in self._classifier.labels]
        names = {name.casefold(): name for name in self._classifier.labels}
        name = names.get(wanted.casefold()) if wanted else of_model[0].label
        if name is None:
            thought = _either([label.label for label in opinion.labels])
            return Answer(f'I have no label "{wanted}". For this picture I thought of {thought}.')
        picture = self.chat.picture(question.shown["id"])
        if picture is None:
            return None
        belief = next((label.probability for label in of_model if label.label == name), 0.0)
        painted = explain(self._classifier, picture, name)
        text = f"Where it is yellow, I found the **{name}** ({_percent(belief)})."
        return Answer(text, picture=painted, picture_of=question.shown["id"])

    def _teach(self, question: Question, opinion: Opinion, name: str) -> Answer:
        room = question.shown["room"]
        if problem := (None if self._school.is_open else UNTEACHABLE) or self._school.refuse(room, name):
            return Answer(problem)
        name = self._school.spelling(room, name)
        outcome = self._school.teach(question.shown, question.message, "taught", name, opinion)
        count, least = outcome.counts[name], numbers.TAUGHT_BY
        if count < least:
            return Answer(
                f"Noted: **{name}**, picture {count} of the {least} from which I can learn. Show me {least - count} more."
            )
        if outcome.changed:
            return Answer(f"I have learnt **{name}** from {count} pictures. {_about(outcome)}")
        return Answer(
            f"Noted: {count} pictures of **{name}**. With this one I would not name pictures better that I have not "
            f"seen, so I keep to {_version(outcome)}."
        )

    def _note(self, question: Question, opinion: Opinion, verdict: str, name: str | None) -> Answer:
        """What somebody says of an answer."""
        room = question.shown["room"]
        if name and (problem := self._school.refuse(room, name)):
            return Answer(problem)
        name = name and self._school.spelling(room, name)
        outcome = self._school.teach(question.shown, question.message, verdict, name, opinion)
        learnt = f" I have learnt from it. {_about(outcome)}" if outcome.changed else ""
        if verdict == "right":
            return Answer(f"Thank you. I have noted that I was right.{learnt}")
        if name:
            return Answer(f"Thank you. I have noted that this is **{name}**.{learnt}")
        return Answer(
            f"Thank you. I have noted that I was wrong; `@vision it is …` tells me what it is.{learnt}"
        )

    def _roll_back(self, message: Message) -> Answer:
        numbers_ = self._school.roll_back(message["room"], message)
        if numbers_ is None:
            return Answer("This room has taught me nothing yet.")
        taken, left = numbers_
        now = f"version {left}" if left else "what I knew before this room taught me"
        return Answer(
            f"I have taken back version {taken} and am at {now} again. The pictures that you showed me since do not count "
            "any more."
        )


def _about(outcome: Outcome) -> str:
    assert outcome.version
    return (
        f"Of pictures that I had not learnt from, I name {_percent(outcome.version.accuracy)} rightly. This is "
        f"{_version(outcome)}; `@vision rollback` takes it back."
    )


def _version(outcome: Outcome) -> str:
    return f"version {outcome.version.number}" if outcome.version else "what I knew before"


def describe(labels: list[Label], sure: bool) -> str:
    """In words, what labels say of a picture.

    >>> describe([Label("Egyptian cat", 0.72), Label("tabby cat", 0.18)], sure=True)
    'That looks like an **Egyptian cat** (72 %). It could also be a tabby cat (18 %).'
    >>> describe([Label("hourglass", 0.31), Label("unicycle", 0.2), Label("wool", 0.1)], sure=False)
    'I am not sure. It might be an **hourglass** (31 %), a unicycle (20 %) or wool (10 %).'
    """
    first, *others = labels[:3]
    if not sure:
        return f"I am not sure. It might be {_either([_said(first, bold=True), *map(_said, others)])}."
    sentence = f"That looks like {_said(first, bold=True)}."
    if others and others[0].probability >= MENTIONED:
        sentence += f" It could also be {_said(others[0])}."
    return sentence


def _said(label: Label, bold: bool = False) -> str:
    name = f"**{label.label}**" if bold else label.label
    return f"{_article(label.label)}{name} ({_percent(label.probability)})"


def _article(name: str) -> str:
    if NO_ARTICLE.fullmatch(name):
        return ""
    return "an " if re.match(r"(?!eu|uni|one\b)[aeiou]|hour", name, re.I) else "a "


def _percent(probability: float) -> str:
    return "under 1 %" if probability < 0.005 else f"{probability:.0%}".replace("%", " %")


def _either(choices: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(choices[:-1]), choices[-1]]))
