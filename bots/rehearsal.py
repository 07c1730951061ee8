"""A bot without the chat: in a terminal, and in the dialogues of docstrings.

    ann: [cat.jpg] look         a person posts a picture with a text
    bob, in reply: @vision      a reply to the line above it
    vision: A **cat**...        what the bot must answer; ... stands for anything
      - and so on               a line that is indented goes on

A person's line that no line of the bot's follows must not be answered. Blank lines mean nothing.
"""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bots.catalogue import Entry
from bots.contract import Answer, Bot, Message
from chat.desk import Desk
from chat.errors import Refused
from chat.lessons import Lesson, Lessons, Version
from chat.users import Person
from ml import models

LINE = re.compile(
    r"(?P<speaker>[\w-]+)(?P<reply>, in reply)?: (?:\[(?P<picture>[^\]]+)\] ?)?(?P<text>.*)", re.S
)


class Stage:
    """A `bots.contract.Chat` that holds its messages in memory."""

    def __init__(self) -> None:
        self.image_model = os.environ.get("IMAGE_MODEL", "").strip() or models.DEFAULT
        self.image_threads = 0
        self.spoken = "en"  # by everybody
        self.models_dir = models.default_folder()
        self.lessons: Lessons = MemoryLessons()
        self.desk: Desk = MemoryDesk()
        self._messages: dict[str, Message] = {}
        self._speakers: list[str] = []
        self._pictures: dict[str, bytes] = {}

    def message(self, id_: str) -> Message | None:
        return self._messages.get(id_)

    def picture(self, id_: str) -> bytes | None:
        return self._pictures.get(id_)

    def language(self, person_id: str) -> str | None:
        return self.spoken

    def say(
        self,
        speaker: str,
        text: str,
        picture: bytes | None = None,
        reply_to: str | None = None,
        bot: bool = False,
    ) -> Message:
        """Put a message into the chat."""
        id_ = str(len(self._messages) + 1)
        if speaker not in self._speakers:
            self._speakers.append(speaker)
        if picture is not None:
            self._pictures[id_] = picture
        self._messages[id_] = {
            "id": id_,
            "room": "1",
            "author": {
                "id": str(self._speakers.index(speaker) + 1),
                "username": speaker,
                "display_name": speaker,
                "role": "member",
                "bot": bot,
            },
            "text": text,
            "image": {"url": f"/images/{id_}"} if picture is not None else None,
            "labels": None,
            "reply_to": reply_to,
            "deleted_at": None,
        }
        return self._messages[id_]


class MemoryLessons(Lessons):
    """What is taught, as long as the rehearsal lasts; of one room."""

    def __init__(self) -> None:
        self._lessons: dict[tuple[int, int], Lesson] = {}
        self._looks: dict[tuple[int, str], bytes] = {}
        self._versions: list[Version] = []
        self._taken_back: dict[int, tuple[int, int]] = {}
        self._clock = itertools.count(1)

    def record(self, lesson: Lesson) -> None:
        key = lesson.message_id, lesson.user_id
        self._lessons.pop(key, None)
        self._lessons[key] = replace(lesson, created_at=next(self._clock))

    def of_room(self, room_id: int) -> list[Lesson]:
        return list(self._lessons.values())

    def looks(self, message_ids: list[int], model: str) -> dict[int, bytes]:
        return {id_: self._looks[id_, model] for id_ in message_ids if (id_, model) in self._looks}

    def keep_look(self, message_id: int, model: str, features: bytes) -> None:
        self._looks[message_id, model] = features

    def state(self, room_id: int, model: str) -> tuple[int, int, int]:
        newest = max((lesson.created_at for lesson in self._lessons.values()), default=0)
        version = self.version(room_id, model)
        return len(self._lessons), newest, version.number if version else 0

    def version(self, room_id: int, model: str) -> Version | None:
        taken = {number for number, _ in self._taken_back.values()}
        return next((one for one in reversed(self._versions) if one.number not in taken), None)

    def use(
        self, room_id: int, model: str, learnt: dict[str, str | None], accuracy: float, weights: bytes
    ) -> int:
        number = len(self._versions) + 1
        self._versions.append(Version(number, learnt, accuracy, weights, next(self._clock)))
        return number

    def roll_back(self, room_id: int, model: str, asked_by: int) -> tuple[int, int] | None:
        if asked_by not in self._taken_back:
            current = self.version(room_id, model)
            if current is None:
                return None
            self._taken_back[asked_by] = (current.number, 0)
            before = self.version(room_id, model)
            self._taken_back[asked_by] = (current.number, before.number if before else 0)
            since = before.created_at if before else 0
            self._lessons = {key: one for key, one in self._lessons.items() if one.created_at <= since}
        return self._taken_back[asked_by]

    def names(self, room_id: int) -> set[str]:
        return set()


class MemoryDesk(Desk):
    """Where nothing has been counted, and nobody is an admin."""

    def __init__(self) -> None:
        pass

    def mine(self, person: Person) -> None:
        return None

    def is_private(self, room_id: int, person: Person) -> bool:
        return False

    def choose(self, person: Person, choice: str) -> dict[str, Any]:
        return {"segment": None, "reasons": [], "room": None, "offer": None}

    def fit(self, person: Person, dry_run: bool, k: int | None, patience: float) -> dict[str, Any]:
        raise Refused("forbidden", "Only admins ask for a fit.")


@dataclass
class Turn:
    """One line of a dialogue, and what must be answered to it."""

    line: str
    speaker: str
    text: str
    picture: str | None
    in_reply: bool
    expected: list[str] = field(default_factory=list)


def play(entry: Entry, open_picture: Callable[[str], bytes]) -> Iterator[tuple[str, str | None, str | None]]:
    """Play a bot's examples.

    Parameters
    ----------
    open_picture : gives the bytes of a picture by the name that stands in brackets.

    Yields
    ------
    What was said, the answer expected and the one given; None is silence. `matches` compares.
    """
    stage = Stage()
    bot = entry.bot(stage)
    bot.warm_up()
    above: Message | None = None
    for turn in read_dialogue(entry):
        picture = open_picture(turn.picture) if turn.picture else None
        reply_to = above["id"] if above and turn.in_reply else None
        said = above = stage.say(turn.speaker, turn.text, picture, reply_to)
        answer = ask(bot, said)
        if answer:
            above = stage.say(entry.name, answer.text, answer.picture, said["id"], bot=True)
        expected = turn.expected[0] if turn.expected else None
        yield turn.line, expected, answer.text if answer else None


def ask(bot: Bot, message: Message) -> Answer | None:
    """What the bot says to one message, as the worker would ask it."""
    return bot.answer([message])[0] if bot.wants(message) else None


def matches(expected: str | None, given: str | None) -> bool:
    """Whether an answer is as expected, `...` standing for anything."""
    if expected is None or given is None:
        return expected is given
    pattern = ".*".join(map(re.escape, expected.split("...")))
    return re.fullmatch(pattern, given, re.DOTALL) is not None


def read_dialogue(entry: Entry) -> list[Turn]:
    """The turns of a bot's examples.

    Raises
    ------
    ValueError : a line is not `NAME: text`.
    """
    turns: list[Turn] = []
    for line in re.sub(r"\n[ \t]*(?=\n)", "", entry.examples).replace("\n  ", "\0").splitlines():
        found = LINE.fullmatch(line.replace("\0", "\n"))
        if not found:
            raise ValueError(f"bots/{entry.name}.py: a line of its examples is not `NAME: text`: {line!r}")
        if found["speaker"] == entry.name and turns:
            turns[-1].expected.append(found["text"])
        else:
            turns.append(
                Turn(found[0], found["speaker"], found["text"], found["picture"], bool(found["reply"]))
            )
    return turns


def try_out(entry: Entry, inputs: list[str]) -> Iterator[str]:
    """What a bot says to files and texts, in order; a text replies to the picture before it.

    Yields
    ------
    Lines for a terminal.
    """
    stage = Stage()
    bot = entry.bot(stage)
    bot.warm_up()
    picture: Message | None = None
    for one in inputs:
        path = Path(one)
        if _is_file(path):
            said = picture = stage.say("you", "", path.read_bytes())
        else:
            said = stage.say("you", one, reply_to=picture["id"] if picture else None)
        answer = ask(bot, said)
        yield answer.text if answer else f"({entry.name} has no answer to {one!r}, which is {_kind(path)}.)"
        for label in (answer and answer.labels) or []:
            yield f"  {label['probability']:6.1%}  {label['label']}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text can be too long for a path, or hold what no path may
        return False


def _kind(path: Path) -> str:
    return "a file" if _is_file(path) else "a text and no file"
