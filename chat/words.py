"""Texts in the languages of people, from message files: https://projectfluent.org."""

import functools
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = ("en", "zh-CN")  # each has a file NAME.ftl in every folder of texts, and in the page's
OURS = Path(__file__).parent / "lang"


class Words:
    """The texts of several files in one language."""

    def __init__(self, language: str, paths: list[Path]):
        from fluent.runtime import (
            FluentBundle,
            FluentResource,
        )  # 0.1 s; who says nothing need not wait for it

        self.language = language
        # Marks that isolate names from right to left would stand in stored messages, and break what looks for a text.
        self._bundle = FluentBundle([language], use_isolating=False)
        for path in paths:
            self._bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))

    def __call__(self, id_: str, **args: str | int | float) -> str:
        """A text.

        Parameters
        ----------
        args : what stands in it between braces; numbers are written as in the language.

        Raises
        ------
        LookupError : there is no such text, or it wants something that was not given.
        """
        pattern = self._bundle.get_message(id_).value
        if pattern is None:
            raise LookupError(f"{id_}: it has no text")
        text, errors = self._bundle.format_pattern(pattern, args)
        if errors:
            raise LookupError(f"{id_}: {errors[0]}")
        return str(text)

    def __contains__(self, id_: str) -> bool:
        return bool(self._bundle.has_message(id_))


def ours(wanted: Iterable[str]) -> str | None:
    """The first of our languages among those that are wanted, as `zh-TW` or `de`; whoever reads Chinese reads ours."""
    known = {language.partition("-")[0]: language for language in LANGUAGES}
    return next((known[tag] for one in wanted if (tag := one.partition("-")[0].lower()) in known), None)


@functools.cache
def read(language: str | None, *folders: Path) -> Words:
    """The chat's texts and those of further folders in a language; in English for one that is not known."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    return Words(language, [folder / f"{language}.ftl" for folder in (OURS, *folders)])
