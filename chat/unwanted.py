"""Words that a room does not want: found whole, in any script, in a time that grows with the text and nothing else.

Text and words are normalised alike (NFKC, case-folded). A word counts where no letter or digit touches it, so that "ass"
is not found in "class". Scripts that write without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) have no such
borders; their words are found anywhere. A word is taken literally: nobody can give a pattern, hence none that takes for ever.
"""

import functools
import re
import unicodedata

MOST = 200  # words of one room
LONGEST = 60  # characters of a word

_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def cleaned(words: list[str]) -> list[str]:
    """As they are kept: normalised, each once, in order; blanks left out."""
    found = (" ".join(_normal(word).split()) for word in words)
    return sorted({word for word in found if word})


def first_in(text: str, words: tuple[str, ...]) -> str | None:
    """The first of `words`, as `cleaned` gives them, that stands in the text.

    >>> first_in("First CLASS!", ("ass",)) is None
    True
    >>> first_in("You ＡＳＳ.", ("ass",))
    'ass'
    """
    if not words:
        return None
    found = _pattern(words).search(" ".join(_normal(text).split()))
    return found[0] if found else None


@functools.lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Longest first: of two that begin alike the longer one is named."""
    return re.compile("|".join(_bordered(word) for word in sorted(words, key=len, reverse=True)))


def _bordered(word: str) -> str:
    before = "" if _WITHOUT_SPACES.match(word[0]) else r"(?<!\w)"
    after = "" if _WITHOUT_SPACES.match(word[-1]) else r"(?!\w)"
    return f"{before}{re.escape(word)}{after}"


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
