"""What the docs must name they name: doors, events, codes, settings, numbers, commands, bots; and links lead somewhere."""

import re
from pathlib import Path

import pytest

from bots import catalogue
from chat import cli, inputs
from chat.app import create_app
from chat.errors import CODES
from tests.servers import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def page(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_http_door_is_in_the_protocol(backend) -> None:
    text = page("docs/protocol.md")
    rows = [row for row in text.splitlines() if row.startswith("| `")]
    for rule in create_app(backend).url_map.iter_rules():
        address = shown(rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert any(method in row and f"{address}`" in row.replace("?", "`") for row in rows), (
                f"{method} {address}"
            )


def shown(rule: str) -> str:
    """`/api/rooms/<room_id>/members/<user_id>` as the page writes it: `/api/rooms/ID/members/USER_ID`."""
    rule = rule.replace("<user_id>", "USER_ID").replace("<path:emoji>", "EMOJI")
    rule = rule.replace("<any(css, js, vendor, img, labels):folder>", "FOLDER").replace("<path:name>", "NAME")
    rule = rule.replace("<version>", "VERSION")
    return re.sub(r"<any\((\w+)\):\w+>", r"\1", re.sub(r"<\w+_id>", "ID", rule))


@pytest.mark.parametrize(
    "input_", [*inputs.Input.__subclasses__(), inputs.Send], ids=lambda type_: type_.__name__
)
def test_every_field_that_is_accepted_is_in_the_protocol(input_: type[inputs.Input]) -> None:
    text = page("docs/protocol.md")
    for field in input_.__struct_fields__:
        assert re.search(rf"\b{field}\b", text), field


def test_every_event_is_in_the_protocol() -> None:
    text = page("docs/protocol.md")
    told = set(re.findall(r'(?:\bframe\(|bus\.tell\([^"]+)"(\w+)"', sources("chat")))
    assert told == {"event", "draining", "typing", "presence", "read", "room", "notice"}
    for event in (*told, "join", "leave", "send"):
        assert re.search(rf"^\| `{event}\b", text, re.MULTILINE), event


def test_every_code_is_in_the_protocol_with_its_status() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (\d{3}) \| (.+) \|$", page("docs/protocol.md"), re.MULTILINE)
    assert {code: (int(status), title) for code, status, title in listed} == CODES


def test_every_setting_is_in_operations() -> None:
    asked = r'(?:env\.get\(|_number\(env, |_choice\(env, |os\.environ\.get\(|\benv\[)"([A-Z_]+)"'
    read = set(re.findall(asked, sources("chat", "bots", "ml")))
    assert len(read) > 15
    table = re.search(r"## Settings.*?\n## ", page("docs/operations.md"), re.DOTALL)
    assert table
    listed = {
        name for row in re.findall(r"^\| (`[^|]+) \|", table[0], re.MULTILINE) for name in row.split(", ")
    }
    others = {"PYTHONPATH", "XDG_RUNTIME_DIR", "AWS_ENDPOINT_URL"}  # other programs' own
    assert {f"`{name}`" for name in read - others} == listed


def test_every_number_is_in_operations_or_in_bots() -> None:
    text = page("docs/operations.md") + page("docs/bots.md")
    made = set(re.findall(r'(?:Histogram|Counter|Gauge)\(\s*"(roomful_\w+)"', sources("chat", "bots")))
    made |= {f"roomful_{name}" for name in re.findall(r'_(?:gauge|count)\(\s*"(\w+)"', sources("chat"))}
    assert len(made) >= 12
    for name in made:
        assert name in text, name


def test_every_command_is_in_the_docs() -> None:
    for command in cli.chat.commands:
        assert f"`{command}" in page("docs/operations.md"), command


def test_every_bot_is_in_the_docs() -> None:
    for name in catalogue.entries():
        assert f"| `{name}` |" in page("docs/bots.md"), name


def test_every_target_of_make_that_the_docs_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", page("Makefile"), re.MULTILINE))
    named = {
        name
        for path in PAGES
        for name in re.findall(r"(?:^    |`)make ([a-z-]+)", path.read_text(), re.MULTILINE)
    }
    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", without_code(path.read_text())):
        if target.startswith(("https://", "http://")):
            continue
        to = (path.parent / target) if target else path
        assert to.exists(), f"{target} in {path}"
        if anchor:
            assert anchor in anchors(to.read_text()), f"{target}#{anchor} in {path}"


def test_the_chinese_readme_has_the_parts_of_the_english_one() -> None:
    """As many headings, each as deep, the same commands and pages, and each leads to the other."""
    english, chinese = page("README.md"), page("README.zh.md")
    for part in (r"^(#+) ", r"^    \S.*$", r"^\| \[([^\]]+)\]"):
        assert re.findall(part, without_code(chinese), re.MULTILINE) == re.findall(
            part, without_code(english), re.MULTILINE
        )
    assert "(README.zh.md)" in english and "(README.md)" in chinese


def test_every_page_of_decisions_is_in_their_index() -> None:
    index = page("docs/decisions/README.md")
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert path.name == "README.md" or f"({path.name})" in index, path.name


def anchors(text: str) -> set[str]:
    """As GitHub makes them from headings."""
    headings = re.findall(r"^#+ (.+)$", without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def sources(*folders: str) -> str:
    return "\n".join(path.read_text() for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
