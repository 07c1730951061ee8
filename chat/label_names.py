"""What labels of pictures are called in languages other than English.

A label itself is always English, as the models have it: in messages, rules, lessons and the index. `lang/labels` has, for
each other language, `{label: name}`; the page reads the same files.
"""

import functools
import json
from pathlib import Path

from chat.folding import normalise

FOLDER = Path(__file__).parent / "lang" / "labels"


def name(label: str, language: str) -> str:
    """Of a label that nobody has named in this language, itself."""
    return _names().get(language, {}).get(normalise(label), label)


def canonical(text: str) -> str:
    """The label that has this name in some language; anything else as it is."""
    return _labels().get(normalise(text).strip(), text)


def holding(part: str) -> set[str]:
    """The labels in whose names a normalised text stands, normalised: 寻回犬 in five; one character must be all of the name."""
    return {
        normalise(label)
        for name, label in _labels().items()
        if name == part or (len(part) > 1 and part in name)
    }


@functools.cache
def _names() -> dict[str, dict[str, str]]:
    """{language: {normalised label: name}}."""
    return {
        language: {normalise(label): name for label, name in names.items()}
        for language, names in _tables().items()
    }


@functools.cache
def _labels() -> dict[str, str]:
    """{normalised name: label}, of all languages."""
    return {normalise(name): label for names in _tables().values() for label, name in names.items()}


@functools.cache
def _tables() -> dict[str, dict[str, str]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}
