"""What a bot is, and what it may ask of the chat.

A bot is one file with one subclass of `Bot`. The file's name is the bot's name, the first line of its docstring its
description; `bots.catalogue` reads the rest.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from chat.desk import Desk
from chat.lessons import Lessons
from chat.words import LANGUAGES, Words, read

LANG = Path(__file__).parent / "lang"

Message = dict[str, Any]  # as in docs/protocol.md


@dataclass(frozen=True)
class Answer:
    """What a bot says to one message.

    Parameters
    ----------
    text : may hold light Markdown: bold, code, lists.
    labels : of a picture, `[{"label", "probability"}, …]`, most probable first.
    picture : a file's bytes, shown under the text.
    picture_of : the id of the message whose picture it was made from; when that is deleted, so is this answer.
    """

    text: str
    labels: list[dict[str, Any]] | None = None
    picture: bytes | None = None
    picture_of: str | None = None


class Chat(Protocol):
    """The chat as a bot sees it: the real one, or `bots.rehearsal`'s."""

    image_model: str
    image_threads: int
    models_dir: Path
    lessons: Lessons
    desk: Desk

    def message(self, id_: str) -> Message | None:
        """A message as it stands; one that was deleted has neither text nor picture."""

    def picture(self, id_: str) -> bytes | None:
        """The picture of a message, as a file's bytes; None if it has none any more."""

    def language(self, person_id: str) -> str | None:
        """What a person wants to be spoken to in, as `zh-CN`; None if they have not said."""


class Bot:
    """Answers messages of people. Subclasses write `answer`, and `wants` unless they only answer to their name.

    One thread calls a bot's methods, or as many as it has `hands`; several processes may run the same bot.
    """

    # Batches that one process asks it at once. Two where it waits for a device or computes outside the interpreter's
    # lock: while one batch is read and its answers are stored, the other is thought about.
    hands = 1
    every = 0.0  # seconds between two calls of `look_round`; 0: it is not called
    apology = ""  # what is said after three attempts that failed, where the usual words do not suit

    def __init__(self, chat: Chat):
        self.chat = chat

    @classmethod
    def name(cls) -> str:
        return cls.__module__.rpartition(".")[2]

    def warm_up(self) -> None:
        """Load what takes long. Called before the first message; what it raises is logged, and it is tried again."""

    def wants(self, message: Message) -> bool:
        """Whether this message gets an answer. Quick: asked for each message with a picture, an `@` or a `/`."""
        return self.request(message) is not None

    def answer(self, messages: list[Message]) -> list[Answer | None]:
        """One answer for each message, in their order; None for silence.

        What it raises counts as a failed attempt: each message is tried again by itself, and after three attempts
        the bot apologises. The same message may be asked twice; the first answer stands.
        """
        raise NotImplementedError(
            f"bots/{self.name()}.py: class {type(self).__name__} has no method `answer`"
        )

    def apologise(self, message: Message) -> str:
        """What is said after three attempts that failed."""
        return self.apology or self.words(message)("apology")

    def words(self, message: Message) -> Words:
        """The bots' texts in the language of a message's author."""
        return read(self.chat.language(message["author"]["id"]), LANG)

    @classmethod
    def introduction(cls) -> str:
        """What it says of itself in a new chat's first room, in all languages: who will read it is not known."""
        id_ = f"introduction-{cls.name()}"
        spoken = (read(language, LANG) for language in LANGUAGES)
        return "\n\n".join(words(id_) for words in spoken if id_ in words)

    def look_round(self) -> None:
        """What is to be done without being asked, on a thread of its own. What it raises is logged, and it is called again."""

    def request(self, message: Message) -> str | None:
        """What follows `@NAME` in a message, or `/NAME` at its beginning; None if neither is there."""
        text, name = message["text"] or "", re.escape(self.name())
        found = re.search(rf"(?:(?<![\w@./`-])@|\A/){name}(?![\w-]|\.\w)[:,：，]?(.*)", text, re.I | re.S)
        return found and found[1].strip()
