"""One visual language: colours, sizes of letters and spaces are said once, in `tokens.css`; the other sheets use them by name.

The statistics' own colours stand at the top of their sheet, as custom properties too: a first visit does not load it."""

import re

import pytest

from tests.servers import ROOT

CSS = ROOT / "frontend" / "css"
SHEETS = sorted(path for path in CSS.glob("*.css") if path.name not in ("tokens.css", "fonts.css"))
DECLARATION = re.compile(r"([\w-]+):\s*([^;{}]+)[;}]")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|light-dark)\(|(?<![\w-])(?:white|black|gr[ae]y|red|green|blue|orange|yellow|purple)(?![\w-])",
    re.IGNORECASE,
)
LENGTH = re.compile(r"(?<![\w.-])-?(?!1px)[\d.]+(?:px|rem|pt|em)\b")  # 1px is a line, not a space
SPACE = re.compile(r"(?:padding|margin)(?:-[a-z]+)*|(?:row-|column-)?gap")


def literals(sheet: str) -> list[str]:
    """Declarations that say a colour, a size or a space by themselves."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return [f"{name}: {value}" for name, value in DECLARATION.findall(text) if is_literal(name, value)]


def is_literal(name: str, value: str) -> bool:
    if COLOUR.search(value):
        return True
    if name == "font-size":
        return not re.fullmatch(r"inherit|(?:calc\([\d. *]*)?var\(--[\w-]+\)\)?", value.strip())
    return bool((SPACE.fullmatch(name) or name == "font") and LENGTH.search(value))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_colours_sizes_and_spaces_come_from_the_tokens(path) -> None:
    said = literals(path.read_text())
    assert [one for one in said if not (path.stem == "stats" and one.startswith("--"))] == []


def test_every_token_that_is_used_exists() -> None:
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    code = "".join(path.read_text() for path in (ROOT / "frontend" / "js").rglob("*.js"))
    defined = set(re.findall(r"(--[\w-]+)'?:", sheets + code))
    assert set(re.findall(r"var\((--[\w-]+)\)", sheets)) - defined == set()


def test_what_is_said_beside_the_tokens_is_found() -> None:
    said = ["color: #fff", "font-size: 11px", "padding: 2px var(--space-1)", "margin: -3px 0", "gap: 0.5em"]
    said += ["background: light-dark(#fff, #000)", "border: 1px solid white", "font: 12px/1 serif"]
    fine = [
        "color: transparent",
        "font-size: var(--small)",
        "margin: -1px 0 auto",
        "width: 20px",
        "white-space: nowrap",
    ]
    assert literals("a { " + "; ".join(said + fine) + "; }") == said
