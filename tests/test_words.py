"""Texts in every language: the same ids with the same variables, all of them used, and no other."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from bots import catalogue
from chat.errors import CODES
from chat.words import LANGUAGES
from tests.frontend.literals import literals
from tests.servers import ROOT

LANG = ROOT / "frontend" / "js" / "lang"
FILES = sorted(LANG.rglob("*.ftl"))
MESSAGE = re.compile(r"^([a-z][\w-]*) =((?:.*\n)(?:[ }].*\n|\n(?=[ }]))*)", re.MULTILINE)
CALL = re.compile(r"\b(?:t|tWith|hasText)\(([^,)]*)")  # its first argument
FIRST_MODULES = ("main.js", "views/welcome.js", "views/code.js", "notifications.js")
IMPORT = re.compile(r"^(?:import|export)[^;]*?'(\.[^']+)';", re.MULTILINE)
LITERAL = re.compile(r"'([a-z][\w-]*)'|`([a-z][\w-]*-)\$\{[^}]*\}([\w-]*)`")


def words(path: Path) -> dict[str, str]:
    return dict(MESSAGE.findall(path.read_text()))


def source(paths: Iterable[Path] = ()) -> str:
    """Of these modules, else of all, without its comments."""
    text = "\n".join(path.read_text() for path in sorted(paths or (ROOT / "frontend" / "js").rglob("*.js")))
    return re.sub(r"/\*\*.*?\*/|(?:^|\s)//[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)


FIRST, LATE = (words(LANG / name) for name in ("en.ftl", "late/en.ftl"))
ENGLISH = FIRST | LATE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_the_same_texts_in_the_same_order(path: Path) -> None:
    ids = [name for name, _ in MESSAGE.findall(path.read_text())]
    assert len(ids) == len(set(ids)), "each id once"
    assert ids == list(words(path.with_name("en.ftl")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_text_has_the_same_variables_in_every_language(path: Path) -> None:
    """But for those that choose a plural, and for problems, where a language has the server's words or its own."""
    for name, text in words(path).items():
        given = set(re.findall(r"\$(\w+)", ENGLISH[name]))
        shown = set(re.findall(r"\$(\w+)(?! ->)\b", ENGLISH[name]))
        used = set(re.findall(r"\$(\w+)", text))
        assert used <= given and (shown <= used or name.startswith("problem-")), name


def test_every_text_that_the_page_uses_exists() -> None:
    for argument in CALL.findall(re.sub(r"[!=]== '\w+'", "", source())):
        for whole, beginning, end in LITERAL.findall(argument):
            assert any(fits(name, whole, beginning, end) for name in ENGLISH), whole or beginning


def test_what_is_drawn_without_being_waited_for_has_its_words_at_once() -> None:
    """Late words come with what `later` and `withPart` load; what nobody else shows stands there, and not in both files."""
    assert not FIRST.keys() & LATE.keys()
    used = set(LITERAL.findall(source(first_modules())))
    assert [name for name in LATE if any(fits(name, *literal) for literal in used)] == []
    assert [name for name in FIRST if not any(fits(name, *literal) for literal in used)] == []


def first_modules() -> set[Path]:
    """What the page begins with, and what is loaded without late words: with all that these import."""
    found: set[Path] = set()
    wanted = [ROOT / "frontend" / "js" / name for name in FIRST_MODULES]
    while wanted:
        path = wanted.pop().resolve()
        if path not in found:
            found.add(path)
            wanted += [path.parent / name for name in IMPORT.findall(path.read_text())]
    return found


def test_every_text_is_used() -> None:
    """An id stands in the source, in a call or in a table; or what it is put together from: t(`sidebar-theme-${theme}`)."""
    literals = set(LITERAL.findall(source()))
    unused = [name for name in ENGLISH if not any(fits(name, *literal) for literal in literals)]
    assert unused == []


def fits(name: str, whole: str, beginning: str, end: str) -> bool:
    return name == whole or bool(beginning and name.startswith(beginning) and name.endswith(end))


def test_every_problem_is_told_in_every_language() -> None:
    """By its code, and where the server says which of several faults it is, by that."""
    reasons = set(
        re.findall(r'reason="(\w+)"', "\n".join(path.read_text() for path in (ROOT / "chat").glob("*.py")))
    )
    assert len(reasons) > 3
    assert {f"problem-{code}" for code in CODES} | {f"problem-invalid-{reason}" for reason in reasons} <= set(
        ENGLISH
    )


def test_every_language_can_be_chosen() -> None:
    names = {path.stem for path in FILES}
    for file in ("i18n.js", "theme-first.js"):
        listed = re.search(r"(?:LANGUAGES|spoken) = \[(.*)\]", (ROOT / "frontend/js" / file).read_text())
        assert listed and set(re.findall(r"'([\w-]+)'", listed[1])) == names
    assert {f"language-{name}" for name in names} <= set(ENGLISH)
    assert names == set(LANGUAGES)


@pytest.mark.parametrize("folder", ["chat", "bots"])
def test_the_server_has_every_text_in_every_language_and_uses_it(folder: str) -> None:
    """What a bot's docstring says is English; other languages have it under `about-NAME`."""
    english, *others = (words(ROOT / folder / "lang" / f"{language}.ftl") for language in LANGUAGES)
    about = {f"about-{name}" for name in catalogue.entries()} if folder == "bots" else set()
    for other in others:
        assert [name for name in other if not name.startswith("about-")] == list(english)
        assert {name for name in other if name.startswith("about-")} == about
        for name, text in other.items():
            assert set(re.findall(r"\$(\w+)", text)) <= set(re.findall(r"\$(\w+)", english.get(name, text)))
    python = "\n".join(
        path.read_text() for package in ("chat", "bots") for path in (ROOT / package).glob("*.py")
    )
    literals = set(re.findall(r"\"([a-z]+-[\w-]*|apology)(?:\{[^}]*\})?\"", python))
    assert [name for name in english if not name.startswith(tuple(literals))] == []


MODULES = sorted((ROOT / "frontend" / "js").rglob("*.js"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_text_stands_in_the_pages_code(path: Path) -> None:
    assert list(literals(path.read_text())) == []


def test_dates_numbers_and_order_are_the_persons_not_the_browsers() -> None:
    """The browser's own locale is another: `undefined` or nothing in the place of `locale.value` would mean that."""
    of_the_browser = re.compile(
        r"new Intl\.(?!Locale|Segmenter)\w+\((?!locale\.value)|toLocale(?:String|Date\w*|Time\w*)\((?!locale\.value)|localeCompare"
    )
    assert [path.name for path in MODULES if of_the_browser.search(path.read_text())] == []


def test_texts_in_code_would_be_found() -> None:
    source = """
    const a = (n) => html`<p title="Two words" class="not read">Some ${n > 1 ? 'More of it' : ''} <${Icon} name="plus" /></p>
        <${Button} name="Send" onClick=${() => tell(`Not ${n} now`)} />`;
    notify('Saved.'); // It's a comment
    const b = /['"`]/.test('x') || event.key === 'Enter';
    """
    assert sorted(literals(source)) == ["More of it", "Not … now", "Saved.", "Send", "Some …", "Two words"]
