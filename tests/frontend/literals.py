"""Finds texts for people in the page's source: between tags, in attributes that are read out, and in sentences of its code."""

import re
from collections.abc import Iterator

COMMENT = re.compile(r"/\*\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL | re.MULTILINE)
TAG = re.compile(r"<(/?[\w\x01-]*)((?:[^>\"]|\"[^\"]*\")*)>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
READ_OUT = {"title", "aria-label", "aria-description", "placeholder", "alt"}
PROPERTIES = READ_OUT | {"name", "label", "text", "about", "yes", "none", "first"}  # of our own elements
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^“?[A-Z][a-z]* .|^[“\x01].*[a-z]{2,} [a-z]{2,}|[^\W\d_]{2,}[.!?…]$|^[A-Z][a-z]+$")
NO_WORDS = {  # names of keys, and of what a browser calls so
    *(
        "Enter",
        "Escape",
        "Esc",
        "Tab",
        "Shift",
        "Ctrl",
        "Control",
        "Backspace",
        "Delete",
        "Home",
        "End",
        "Alt",
        "Meta",
    ),
    *("Files", "Roomful", "/help"),
}


def literals(source: str) -> Iterator[str]:
    """The texts in a module that are for people, and stand in the module itself."""
    for kind, text in _pieces(COMMENT.sub("", source)):
        found = _in_template(text) if kind == "html" else [text] if SENTENCE.search(text) else []
        found = [one.replace("\1", "…") for one in found]
        yield from (
            one
            for one in found
            if one not in NO_WORDS and f"{one}(" not in source and f"{one} =" not in source
        )


def _in_template(text: str) -> list[str]:
    found = [one.strip() for one in TAG.sub("\0", text).split("\0") if WORD.search(one.replace("\1", ""))]
    for name, attributes in TAG.findall(text):
        ours = name[:1].isupper() and name not in ("Icon", "RoomIcon")
        for attribute, value in ATTRIBUTE.findall(attributes):
            if attribute in (PROPERTIES if ours else READ_OUT) and WORD.search(value.replace("\1", "")):
                found.append(value)
    return found


def _pieces(source: str) -> list[tuple[str, str]]:
    """Strings and templates, outer and inner; what a template computes is \\1 in it, but a component's name stays."""
    found: list[tuple[str, str]] = []

    def code(at: int, inside: bool) -> int:
        while at < len(source):
            character = source[at]
            if inside and character == "}":
                return at + 1
            if character == "{":
                at = code(at + 1, True)
            elif character == "'":
                end = at + 1
                while source[end] != "'":
                    end += 2 if source[end] == "\\" else 1
                found.append(("string", source[at + 1 : end]))
                at = end + 1
            elif character == "`":
                at = template(at + 1, "html" if source[:at].endswith("html") else "string")
            elif character == "/" and re.search(r"(?:[=(,:?&|!]|return)\s*$", source[max(0, at - 12) : at]):
                at = pattern(at + 1)
            else:
                at += 1
        return at

    def pattern(at: int) -> int:
        in_class = False
        while source[at] != "/" or in_class:
            in_class = source[at] == "[" or (in_class and source[at] != "]")
            at += 2 if source[at] == "\\" else 1
        return at + 1

    def template(at: int, kind: str) -> int:
        text = ""
        while source[at] != "`":
            if source.startswith("${", at):
                end = code(at + 2, True)
                computed = source[at + 2 : end - 1]
                text += computed if text.endswith("<") and computed.isidentifier() else "\1"
                at = end
            else:
                text += source[at]
                at += 1
        found.append((kind, text))
        return at + 1

    code(0, False)
    return found
