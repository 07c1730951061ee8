"""The watch over it: alerts and dashboard speak of numbers that exist, every alert has its runbook, and fires."""

import json
import re
import shutil
import subprocess

import pytest
import yaml
from prometheus_client import REGISTRY

import bots.metrics
import bots.vision
from chat.app import create_app
from tests.servers import ROOT

WATCH = ROOT / "deploy" / "watch"
OTHERS = re.compile(r"up|kubelet_volume_stats_\w+|process_(cpu_seconds_total|resident_memory_bytes)")
NAME = re.compile(r"\b(?:roomful|process|kubelet)_\w+\b")


def rules() -> list[dict]:
    return yaml.safe_load((WATCH / "rules.yaml").read_text())["groups"][0]["rules"]


def samples() -> set[str]:
    """What a replica and a worker can show."""
    assert bots.metrics.QUEUE and bots.vision.CLASSIFICATION
    names = set()
    for family in REGISTRY.collect():
        kinds = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}
        names |= {family.name + suffix for suffix in kinds.get(family.type, ("",))}
    return names


def expressions() -> dict[str, str]:
    found = {rule["alert"]: rule["expr"] for rule in rules()}
    for panel in json.loads((WATCH / "dashboard.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            found[f"{panel['title']} {target['refId']}"] = target["expr"]
    return found


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_alerts_and_dashboard_ask_for_numbers_that_exist(backend):
    create_app(backend)
    known = samples()
    asked = expressions()
    assert len(asked) > 30
    for where, expression in asked.items():
        for name in set(NAME.findall(expression)):
            assert name in known or OTHERS.fullmatch(name), f"{name} in {where!r}"


def test_every_alert_has_its_runbook():
    runbook = (ROOT / "docs" / "operations.md").read_text()
    headings = set(re.findall(r"^### (\w+)$", runbook, re.MULTILINE))
    alerts = {rule["alert"] for rule in rules()}
    assert alerts == {heading for heading in headings if heading.startswith("Roomful")}
    for rule in rules():
        assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"


def test_every_alert_is_tried():
    tried = yaml.safe_load((WATCH / "rules_test.yaml").read_text())["tests"]
    fired = {case["alertname"] for test in tried for case in test["alert_rule_test"] if case["exp_alerts"]}
    quiet = {case["alertname"] for case in tried[0]["alert_rule_test"]}
    assert fired == quiet == {rule["alert"] for rule in rules()}


@pytest.mark.skipif(not shutil.which("promtool"), reason="there is no promtool here")
def test_the_alerts_fire_on_their_trouble_and_on_nothing_else():
    done = subprocess.run(
        ["promtool", "test", "rules", "rules_test.yaml"],
        cwd=WATCH,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
