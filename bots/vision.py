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
from chat import label_names
from chat.lessons import THREAD
from chat.words import Words
from ml import models, numbers
from ml.classify import Classifier, Label
from ml.why import explain

CLASSIFICATION = Histogram(
    "roomful_classification_seconds",
    "To read a picture and to classify it",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5),
)
# What people say in English and in Chinese.
IT_IS = r"(?:(?:it|this|that)(?:'s|’s|\s+is)\s+)"
IT_IS_ZH = r"(?:它|这|那|其实|应该)*是(?:一?[只个条张头匹]|一[位名辆艘架列台部把支根件顶双块片座棵朵本])?"
END = r"[\s.!。！]*"
TEACH = re.compile(rf"(?:teach[:\s]+|[教学][：:\s]*)(?P<name>.+?){END}", re.I | re.S)
WHY = re.compile(
    r"(?:why\b|为什么|为何)[\s?:,？：，]*(?:(?<=[为何么])是)?(?P<name>.*?)[\s?.!？。！]*", re.I | re.S
)
RIGHT = re.compile(rf"(?:right|yes|correct|对|对的|对了|是的|没错|正确){END}", re.I)
WRONG = re.compile(
    rf"(?:(?:no|nope|wrong)(?:[\s,:;.]+{IT_IS}?(?:(?:an?|the)\s+)?(?P<name>[^?]+?))?"
    rf"|(?:不对|不是|错了|不)(?:[\s,:;，：；。]*{IT_IS_ZH}\s*(?P<zh>[^?？]+?))?){END}",
    re.I,
)
IS = re.compile(rf"(?:{IT_IS}(?:(?:an?|the)\s+)?(?P<name>[^?]+?)|{IT_IS_ZH}\s*(?P<zh>[^?？]+?)){END}", re.I)
ROLLBACK = re.compile(rf"(?:roll\s?back|撤销|退回|回退){END}", re.I)
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

    def warm_up(self) -> None:
        models.prepare(self.chat.image_model, self.chat.models_dir, say=logger.info)
        threads = self.chat.image_threads or None
        self._classifier = Classifier.open(self.chat.image_model, self.chat.models_dir, threads)
        self._classifier.warm_up()
        self._school = School(self.chat, self._classifier)
        self._reading = ThreadPoolExecutor(READERS, "reading")

    def apologise(self, message: Message) -> str:
        return self.words(message)("vision-apology")

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
            return Answer(self.words(message)("vision-usage"))
        picture = self.chat.picture(shown["id"]) if shown["image"] else None
        try:
            pixels = None if picture is None else self._classifier.read(picture)
        except ValueError as error:
            return Answer(self.words(message)("vision-unreadable", reason=str(error)))
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
            return self._describe(question, opinion)
        if found := WHY.fullmatch(asked):
            return self._explain(question, opinion, found["name"])
        if RIGHT.fullmatch(asked):
            return self._note(question, opinion, "right", None)
        if found := WRONG.fullmatch(asked) or IS.fullmatch(asked):
            return self._note(question, opinion, "wrong", found["name"] or found["zh"])
        return self._describe(question, opinion)

    def _describe(self, question: Question, opinion: Opinion) -> Answer:
        words = self.words(question.message)
        labels: list[dict[str, Any]] = [
            {"label": label.label, "probability": round(label.probability, 4)}
            | ({"room": True} if label.label in opinion.of_room else {})
            for label in opinion.labels
        ]
        text = describe(words, opinion.labels, self._classifier.is_sure(opinion.labels))
        if opinion.labels[0].label in opinion.of_room:
            text = _together(words, text, words("vision-of-room"))
        return Answer(text, labels)

    def _explain(self, question: Question, opinion: Opinion, wanted: str) -> Answer | None:
        """Where in the picture a label was found."""
        words = self.words(question.message)
        of_model = [label for label in opinion.labels if label.label in self._classifier.labels]
        names = {name.casefold(): name for name in self._classifier.labels}
        name = names.get(label_names.canonical(wanted).casefold()) if wanted else of_model[0].label
        if name is None:
            thought = _either(words, [_called(words, label.label) for label in opinion.labels])
            return Answer(words("vision-no-label", name=wanted, labels=thought))
        picture = self.chat.picture(question.shown["id"])
        if picture is None:
            return None
        belief = next((label.probability for label in of_model if label.label == name), 0.0)
        painted = explain(self._classifier, picture, name)
        text = words("vision-why", name=_called(words, name), share=_percent(words, belief))
        return Answer(text, picture=painted, picture_of=question.shown["id"])

    def _teach(self, question: Question, opinion: Opinion, name: str) -> Answer:
        words, room = self.words(question.message), question.shown["room"]
        name = label_names.canonical(name)
        closed = None if self._school.is_open else "vision-unteachable"
        if problem := closed or self._school.refuse(room, name):
            return Answer(words(problem))
        name = self._school.spelling(room, name)
        outcome = self._school.teach(question.shown, question.message, "taught", name, opinion)
        count, least = outcome.counts[name], numbers.TAUGHT_BY
        called = _called(words, name)
        if count < least:
            return Answer(words("vision-first", name=called, count=count, least=least, more=least - count))
        if outcome.changed:
            learnt = words("vision-learnt", name=called, count=count)
            return Answer(_together(words, learnt, _about(words, outcome)))
        return Answer(words("vision-kept", name=called, count=count, version=_version(words, outcome)))

    def _note(self, question: Question, opinion: Opinion, verdict: str, name: str | None) -> Answer:
        """What somebody says of an answer."""
        words, room = self.words(question.message), question.shown["room"]
        name = name and label_names.canonical(name)
        if name and (problem := self._school.refuse(room, name)):
            return Answer(words(problem))
        name = name and self._school.spelling(room, name)
        outcome = self._school.teach(question.shown, question.message, verdict, name, opinion)
        thanks = words("vision-is", name=_called(words, name)) if name else words(f"vision-{verdict}")
        learnt = [words("vision-learnt-this"), _about(words, outcome)] if outcome.changed else []
        return Answer(_together(words, thanks, *learnt))

    def _roll_back(self, message: Message) -> Answer:
        words = self.words(message)
        numbers_ = self._school.roll_back(message["room"], message)
        if numbers_ is None:
            return Answer(words("vision-untaught"))
        taken, left = numbers_
        now = words("vision-version", number=str(left)) if left else words("vision-before-room")
        return Answer(words("vision-taken-back", taken=str(taken), left=now))


def _about(words: Words, outcome: Outcome) -> str:
    assert outcome.version
    share = _percent(words, outcome.version.accuracy)
    return words("vision-about", share=share, version=_version(words, outcome))


def _version(words: Words, outcome: Outcome) -> str:
    return (
        words("vision-version", number=str(outcome.version.number))
        if outcome.version
        else words("vision-before")
    )


def _together(words: Words, *sentences: str) -> str:
    return words("vision-space").join(sentences)


def describe(words: Words, labels: list[Label], sure: bool) -> str:
    """In words, what labels say of a picture.

    >>> from bots.contract import LANG
    >>> from chat.words import read
    >>> english = read("en", LANG)
    >>> describe(english, [Label("Egyptian cat", 0.72), Label("tabby cat", 0.18)], sure=True)
    'That looks like an **Egyptian cat** (72 %). It could also be a tabby cat (18 %).'
    >>> describe(english, [Label("hourglass", 0.31), Label("unicycle", 0.2), Label("wool", 0.1)], sure=False)
    'I am not sure. It might be an **hourglass** (31 %), a unicycle (20 %) or wool (10 %).'
    >>> describe(read("zh-CN", LANG), [Label("lynx", 0.72), Label("tabby cat", 0.18)], sure=True)
    '这看起来像 **猞猁**（72%）。也可能是 虎斑猫（18%）。'
    """
    first, *others = labels[:3]
    if not sure:
        choices = _either(words, [_said(words, first, bold=True), *(_said(words, one) for one in others)])
        return words("vision-unsure", labels=choices)
    sentences = [words("vision-looks", label=_said(words, first, bold=True))]
    if others and others[0].probability >= MENTIONED:
        sentences.append(words("vision-also", label=_said(words, others[0])))
    return _together(words, *sentences)


def _said(words: Words, label: Label, bold: bool = False) -> str:
    called = _called(words, label.label)
    name = f"**{called}**" if bold else called
    return words(
        "vision-label",
        article=_article(label.label),
        name=name,
        share=_percent(words, label.probability),
    )


def _called(words: Words, label: str) -> str:
    return label_names.name(label, words.language)


def _article(name: str) -> str:
    if NO_ARTICLE.fullmatch(name):
        return ""
    return "an " if re.match(r"(?!eu|uni|one\b)[aeiou]|hour", name, re.I) else "a "


def _percent(words: Words, probability: float) -> str:
    if probability < 0.005:
        return words("vision-little")
    return words("vision-share", percent=f"{100 * probability:.0f}")


def _either(words: Words, choices: list[str]) -> str:
    return words("vision-or").join(filter(None, [words("vision-comma").join(choices[:-1]), choices[-1]]))
