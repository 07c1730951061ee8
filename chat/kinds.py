"""Kinds of things, for the search: who looks for dogs means the golden retriever too.

`kinds.json` lists, for everyday words in English and Chinese, which of ImageNet's labels are of that kind. A model with
other labels loses nothing: those are found by their own words.
"""

import functools
import json
from pathlib import Path

from chat import label_names
from chat.folding import normalise


def named(word: str) -> set[str]:
    """The terms under which pictures of what `word` names are indexed: itself, in the singular, and labels of that kind, or
    whose names in another language hold it."""
    singular = {word[:-1]} if len(word) > 3 and word.endswith("s") else set()
    return {word} | singular | (_labels().get(word) or label_names.holding(word))


def known(word: str) -> bool:
    """Whether it names a kind; a Chinese word is taken apart otherwise."""
    return word in _labels()


def misleads(word: str, label: str) -> bool:
    """Whether `label` is of some kind, but not of that which its word `word` names: a hot dog is no dog."""
    return known(word) and label not in _labels()[word] and label in _all_labels()


@functools.cache
def _all_labels() -> frozenset[str]:
    return frozenset().union(*_labels().values())


@functools.cache
def _labels() -> dict[str, frozenset[str]]:
    """{word: labels and words for the same kind}."""
    kinds = json.loads(Path(__file__).with_name("kinds.json").read_text(encoding="utf-8"))
    found: dict[str, frozenset[str]] = {}
    for kind in kinds:
        labels = frozenset(normalise(term) for term in [*kind["labels"], *kind["words"]])
        found |= dict.fromkeys((normalise(word) for word in kind["words"]), labels)
    return found
