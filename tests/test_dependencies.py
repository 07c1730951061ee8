"""Every direct dependency has its reason written down, and every reason its dependency."""

import re

from tests.servers import ROOT


def test_each_direct_dependency_has_its_reason() -> None:
    assert named_in_locks() == explained()


def test_the_locks_agree_name_no_index_and_have_a_hash_for_each_file() -> None:
    everything = versions("dev")
    for lock in ("web", "bots", "run", "dev", "node", "uv", "bench", "deploy", "security"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text()
        assert "://" not in text
        assert "--index" not in text
        pinned = re.findall(r"^\S+==.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
        assert pinned
        assert all("--hash=sha256:" in entry for entry in pinned)
        if lock not in ("node", "uv", "bench", "deploy", "security"):
            assert versions(lock) <= everything


def named_in_locks() -> set[str]:
    names = set()
    for path in (ROOT / "requirements").glob("*.in"):
        names |= set(re.findall(r"^([a-z][a-z0-9-]+)", path.read_text(), re.MULTILINE))
    return names


def explained() -> set[str]:
    page = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    cells = re.findall(r"^\| ([a-z][^|]+) \|", page, re.MULTILINE)
    return {name for cell in cells for name in cell.split(", ")} - {"library"}


def versions(lock: str) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE))
