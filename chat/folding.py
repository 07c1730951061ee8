"""Texts made comparable, for the search. The page does the same where it marks what was found."""

import unicodedata


def normalise(text: str) -> str:
    """NFKC and case-folded: what looks the same is found by either."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
