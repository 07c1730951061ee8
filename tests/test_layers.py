"""Dependencies point one way, as docs/architecture.md says."""

import ast
import functools
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.servers import ROOT

GROUND = {
    "config",
    "db",
    "schema",
    "errors",
    "hub",
    "journal",
    "counters",
    "limits",
    "metrics",
    "migrate",
    "s3",
    "storage",
    "tether",
    "bus",
    "words",
}
NOUNS = {
    "users",
    "tokens",
    "entrance",
    "invitations",
    "leaving",
    "export",
    "identities",
    "links",
    "passwords",
    "resets",
    "second_factor",
    "sessions",
    "mentions",
    "direct",
    "room_links",
    "membership",
    "rooms",
    "log",
    "blurs",
    "holds",
    "screening",
    "messages",
    "deletions",
    "rendering",
    "versions",
    "depictions",
    "trail",
    "folding",
    "kinds",
    "label_names",
    "images",
    "pictures",
    "darkroom",
    "sandbox",
    "developing",
    "lessons",
    "search",
    "seed",
    "backup",
    "inputs",
    "activity",
    "fits",
    "segments",
    "offers",
    "statistics",
    "desk",
    "times",
    "unwanted",
    "rules",
    "audit",
    "moderators",
    "sanctions",
    "reports",
    "pins",
}
DELIVERY = {"backend", "wire", "stock_wire", "frames", "follower", "presence", "connections"}
DOORS = {"http", "sockets"}
PROGRAMS = {"app", "cli", "__main__", "embedded", "children", "migrations"}
LAYERS = [GROUND, NOUNS, DELIVERY, DOORS, PROGRAMS]
GREEN = {"wsgi.py", "chat/hub.py", "chat/wire.py"}  # the only files that import eventlet


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@functools.cache
def imported(path: Path) -> list[str]:
    """What the module needs to run, as `package.module`; imports for types alone do not count."""
    return list(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    for_types = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    left_out = {child for node in for_types for child in ast.walk(node)}
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def test_every_module_of_chat_has_a_layer() -> None:
    names = {path.stem if path.is_file() else path.name for path in (ROOT / "chat").iterdir()}
    assert names - {"__init__", "__pycache__", "lang"} == set().union(*LAYERS)


@pytest.mark.parametrize("path", modules("chat"), ids=lambda path: str(path.relative_to(ROOT)))
def test_chat_imports_downwards_only(path: Path) -> None:
    here = (
        layer(path.relative_to(ROOT / "chat").parts[0].removesuffix(".py")) if path.stem != "__init__" else 9
    )
    for name in imported(path):
        package, *rest = name.split(".")
        assert package not in ("bots", "ml", "tensorflow", "ai_edge_litert"), f"chat knows nothing of {name}"
        if package == "chat":
            assert layer(rest[0]) <= here, f"{name} lies above"


def test_no_module_needs_itself() -> None:
    graph = {}
    for path in modules("chat", "bots", "ml"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        graph[name] = {
            ".".join(needed.split(".")[:depth]) for needed in imported(path) for depth in (2, 3)
        } - {name}
    known = {name: needed & graph.keys() for name, needed in graph.items()}
    assert len(list(TopologicalSorter(known).static_order())) == len(
        graph
    )  # raises CycleError, naming the ring


def test_ml_knows_nothing_of_the_chat() -> None:
    for path in modules("ml"):
        known = {name.split(".")[0] for name in imported(path)}
        assert not known & {"chat", "bots", "flask", "redis", "sqlalchemy", "eventlet"}, path


def test_bots_do_not_use_doors() -> None:
    for path in modules("bots"):
        for name in imported(path):
            assert not name.startswith(("chat.http", "chat.sockets", "chat.app", "flask", "eventlet")), path


def test_eventlet_is_imported_in_three_places() -> None:
    paths = [ROOT / "wsgi.py", *modules("chat", "bots", "ml")]
    green = {path for path in paths if any(name.split(".")[0] == "eventlet" for name in imported(path))}
    assert {str(path.relative_to(ROOT)) for path in green} == GREEN
