"""Lists the bots and what they can do.

Commands
    /help           lists the bots and their commands
    /help NAME      explains one of them

`@help` does the same, anywhere in a message.

Examples
    ann: /help
    help: Here is who can help:
      ...
      **help**: Lists the bots and what they can do.
      - `/help`: lists the bots and their commands
      - `/help NAME`: explains one of them
      ...

    bob: can you @help vision?
    help: **vision**: Says what is in a picture.
      - ...

    ann: /help me
    help: There is no bot called `me`. There are: ...

    ann: /helpless is what I am
    bob: mail me at bob@help.example
"""

import re

from bots import catalogue
from bots.catalogue import Entry
from bots.contract import Answer, Bot, Message
from chat.words import Words


class Help(Bot):
    def warm_up(self) -> None:
        self._entries = catalogue.entries()

    def answer(self, messages: list[Message]) -> list[Answer | None]:
        return [Answer(self._about(self.request(message) or "", self.words(message))) for message in messages]

    def _about(self, request: str, words: Words) -> str:
        """Asked about one bot, or what follows the name is talk."""
        asked = re.match(r"[@/]?([\w-]+)\W*\Z", request)
        if not asked:
            everybody = [_describe(entry, words) for entry in self._entries.values()]
            return "\n\n".join([words("help-who"), *everybody])
        if entry := self._entries.get(asked[1].lower()):
            return _describe(entry, words)
        return words("help-unknown", name=asked[1], names=", ".join(self._entries))


def _describe(entry: Entry, words: Words) -> str:
    """In the words of its docstring, unless a language has others."""
    if f"about-{entry.name}" in words:
        return words(f"about-{entry.name}")
    lines = [f"- {_typed(command)}: {what}" for command, what in entry.commands]
    return "\n".join([f"**{entry.name}**: {entry.description}", *lines])


def _typed(command: str) -> str:
    """As code, unless it is nothing that one types, like "a picture"."""
    return f"`{command}`" if command[0] in "@/" else command
