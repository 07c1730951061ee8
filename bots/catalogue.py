"""Which bots there are: the files of this package that hold one, and what their docstrings say.

\"""One line: the description.

Anything else.

Commands
    @name           what it does
    @name WORD      what that does, on a line or
                    several

Examples
    ann: @name
    name: The answer.
\"""
"""

import importlib
import inspect
import logging
import pkgutil
import re
import textwrap
from dataclasses import dataclass

import bots
from bots.contract import Bot

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A bot as its file describes it."""

    name: str
    description: str
    commands: tuple[tuple[str, str], ...]  # each with what it does
    examples: str  # a dialogue, see bots.rehearsal
    bot: type[Bot]


class BrokenBot(Exception):
    """A file is no bot as it should be; says which, and why."""


def entries() -> dict[str, Entry]:
    """All bots by name, in order. A file that is no bot as it should be is logged, and harms no other. Files whose names
    begin with `_` are not looked into."""
    found: dict[str, Entry] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(bots.__path__) if not module.ispkg):
        try:
            entry = read(name) if not name.startswith("_") else None
        except BrokenBot as error:
            logger.error("%s", error)
        else:
            found |= {name: entry} if entry else {}
    return found


def read(name: str) -> Entry | None:
    """What bots/NAME.py says of itself; None if it holds no bot, like this file.

    Raises
    ------
    BrokenBot : it cannot be imported, holds two bots, or lacks a description.
    """
    try:
        module = importlib.import_module(f"bots.{name}")
    except Exception as error:
        raise BrokenBot(f"bots/{name}.py cannot be imported: {error!r}") from error
    here = [
        value for value in vars(module).values() if _is_bot(value) and value.__module__ == module.__name__
    ]
    if not here:
        return None
    if len(here) > 1:
        raise BrokenBot(f"bots/{name}.py holds {len(here)} bots; a bot is a file of its own")
    return _entry(name, inspect.getdoc(module) or "", here[0])


def _is_bot(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Bot) and value is not Bot


def _entry(name: str, docstring: str, bot: type[Bot]) -> Entry:
    description = docstring.partition("\n")[0].strip()
    commands = _commands(_section(docstring, "Commands"))
    if not description or not commands:
        raise BrokenBot(f"bots/{name}.py: its docstring needs a first line, and a part named Commands")
    return Entry(name, description, commands, _section(docstring, "Examples"), bot)


def _section(docstring: str, title: str) -> str:
    """The indented lines under a title."""
    found = re.search(rf"^{title}\n((?:[ \t]+\S.*\n?|[ \t]*\n)+)", docstring + "\n", re.MULTILINE)
    return textwrap.dedent(found[1]).strip() if found else ""


def _commands(section: str) -> tuple[tuple[str, str], ...]:
    """A command, two spaces or more, what it does; lines that are indented go on."""
    joined = re.sub(r"\n\s+", " ", section)
    return tuple(tuple(re.split(r"\s{2,}", line, maxsplit=1)) for line in joined.splitlines() if "  " in line)  # type: ignore[misc]
