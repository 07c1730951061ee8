"""Says what is in a picture.

Each picture gets one answer. Its five most probable labels come with it, as chips under the text. When the best of
them is not probable enough, the answer says so.

Commands
    a picture       says what is in it
    @vision         as a reply to a picture: looks at it again
    @vision why     as a reply: shows where in the picture it found its best label
    @vision why X   the same for the label X

Examples
    ann: [chelsea.png] who is this?
    vision: That looks like an **Egyptian cat** (... %)...

    bob, in reply: @vision
    vision: That looks like an **Egyptian cat** (... %)...

    bob, in reply: @vision why
    vision: Where it is yellow, I found the **Egyptian cat** (... %).

    bob, in reply: @vision why unicorn
    vision: I have no label "unicorn". For this picture I thought of Egyptian cat, ...

    ann: [coffee.png]
    vision: ... **espresso** (... %)...

    ann: @vision
    vision: Post a picture, or reply to one with `@vision`, and I say what is in it; with `@vision why`, I show where.

    bob: what a vision
"""

import logging
import re
import time

import numpy as np
from prometheus_client import Histogram

from bots.contract import Answer, Bot, Message
from ml import models
from ml.classify import Classifier, Label
from ml.why import explain

CLASSIFICATION = Histogram(
    "roomful_classification_seconds",
    "To read a picture and to classify it, its share of the batch",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5),
)
USAGE = "Post a picture, or reply to one with `@vision`, and I say what is in it; with `@vision why`, I show where."
WHY = re.compile(r"why\b[\s?:,]*(?P<label>.*?)[\s?.!]*", re.I | re.S)
MENTIONED = 0.1  # probability from which the second label is worth a sentence beside a sure first
THREAD = 8  # replies that are followed upwards to find the picture that `@vision` means
NO_ARTICLE = re.compile(
    "binoculars|broccoli|carbonara|chain mail|chocolate syrup|clogs|corn|dough|eggnog|face powder|guacamole|hair spray"
    "|hay|ice cream|jeans|lotion|mashed potato|pajamas|parallel bars|perfume|rapeseed|red wine|sunglasses|sunscreen"
    "|swimming trunks|toilet paper|velvet|wool"
)

logger = logging.getLogger(__name__)


class Vision(Bot):
    apology = "Sorry, I tried three times and could not look at this picture."

    def warm_up(self) -> None:
        models.prepare(self.chat.image_model, self.chat.models_dir, say=logger.info)
        self._classifier = Classifier.open(self.chat.image_model, self.chat.models_dir)
        self._classifier.warm_up()

    def wants(self, message: Message) -> bool:
        return bool(message["image"]) or self.request(message) is not None

    def answer(self, messages: list[Message]) -> list[Answer | None]:
        started = time.monotonic()
        seen = [self._see(message) for message in messages]
        pictures = [one for one in seen if isinstance(one, np.ndarray)]
        labels = iter(self._classifier.classify(pictures))
        for _ in pictures:
            CLASSIFICATION.observe((time.monotonic() - started) / len(pictures))
        return [
            self._say(message, next(labels)) if isinstance(one, np.ndarray) else one
            for message, one in zip(messages, seen, strict=True)
        ]

    def _see(self, message: Message) -> np.ndarray | Answer | None:
        """The picture as the model looks at it, or the answer if it need not be asked."""
        shown = self._shown(message)
        if shown is None:
            return Answer(USAGE)
        picture = self.chat.picture(shown["id"]) if shown["image"] else None
        try:
            return None if picture is None else self._classifier.read(picture)
        except ValueError as error:
            return Answer(f"I cannot look at this picture: {error}.")

    def _shown(self, message: Message) -> Message | None:
        """The message with the picture that is meant: this one, or one that it replies to, be it through others."""
        above: Message | None = message
        for _ in range(THREAD):
            if above is None or above["deleted_at"] or (above["image"] and not above["author"]["bot"]):
                return above
            above = self.chat.message(above["reply_to"]) if above["reply_to"] else None
        return None

    def _say(self, message: Message, found: list[Label]) -> Answer | None:
        why = WHY.fullmatch(self.request(message) or "")
        if why and not message["image"]:
            return self._explain(message, found, why["label"])
        labels = [{"label": label.label, "probability": round(label.probability, 4)} for label in found]
        return Answer(describe(found, self._classifier.is_sure(found)), labels)

    def _explain(self, message: Message, found: list[Label], wanted: str) -> Answer | None:
        """Where in the picture a label was found."""
        names = {name.casefold(): name for name in self._classifier.labels}
        name = names.get(wanted.casefold()) if wanted else found[0].label
        if name is None:
            return Answer(
                f'I have no label "{wanted}". For this picture I thought of {_either([one.label for one in found])}.'
            )
        shown = self._shown(message)
        picture = self.chat.picture(shown["id"]) if shown else None
        if shown is None or picture is None:
            return None
        belief = next((one.probability for one in found if one.label == name), None)
        said = f"**{name}** ({'under 1 %' if belief is None else _percent(belief)})"
        painted = explain(self._classifier, picture, name)
        return Answer(f"Where it is yellow, I found the {said}.", picture=painted, picture_of=shown["id"])


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
