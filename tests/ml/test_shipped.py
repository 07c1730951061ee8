"""The model that was trained here: what its card says is so."""

import json
import re

import pytest

from ml import data, models
from ml.classify import Classifier
from ml.models import SHIPPED
from tests.ml.conftest import run

pytestmark = pytest.mark.timeout(600)
NAME = "fashion-resnet20"
ROUNDING = 5  # of 10,000 pictures that may fall on another side on another processor


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the command that the card names prints."""
    out = tmp_path_factory.mktemp("figures")
    command = ["evaluate", NAME, data.FASHION_MNIST, "--json", "--out", str(out)]
    done = run("-m", "ml", *command)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_evaluating_it_gives_the_figures_that_lie_beside_it(found):
    kept = json.loads((SHIPPED / NAME / "evaluation.json").read_text())
    assert (found["n"], found["fingerprint"], found["version"]) == (
        10_000,
        kept["fingerprint"],
        kept["version"],
    )
    assert abs(found["accuracy"] - kept["accuracy"]) * found["n"] <= ROUNDING
    assert found["accuracy"] >= 0.95
    assert found["ece"] == pytest.approx(kept["ece"], abs=0.002)
    assert found["ece"] < found["ece_before"] < 0.2


def test_the_card_says_what_was_found():
    kept = json.loads((SHIPPED / NAME / "evaluation.json").read_text())
    card = (SHIPPED / NAME / "README.md").read_text()
    low, high = kept["interval"]
    assert f"{kept['accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%})" in card
    assert f"{kept['ece_before']:.2%} before scaling, {kept['ece']:.2%} after" in card
    rows = dict(re.findall(r"^\| ([\w/ -]+?) \| ([\d.]+ % \| [\d.]+ %) \|$", card, re.M))
    assert rows == {
        name: f"{100 * part['precision']:.1f} % | {100 * part['recall']:.1f} %"
        for name, part in kept["classes"].items()
    }


def test_in_int8_it_loses_no_more_than_half_a_point(found):
    test = data.load(data.FASHION_MNIST, Classifier.open(NAME).preprocessing, part="test", limit=2000)
    right = {}
    for name in (NAME, f"{NAME}/int8"):
        model = Classifier.open(name)
        from ml import pictures

        logits = model.logits(list(pictures.normalise(test.squares, model.preprocessing)))
        truths = [models.open_folder(models.find(name)).labels.index(test.names[c]) for c in test.classes]
        right[name] = sum(logits.argmax(1) == truths) / len(test)
    assert right[f"{NAME}/int8"] >= right[NAME] - 0.005
