"""The evidence for a label lies where the thing is."""

import io

import numpy as np
import pytest
from PIL import Image

from ml import why
from tests.ml.conftest import encode

pytestmark = pytest.mark.timeout(300)
SIDE = 400


@pytest.fixture(scope="module")
def cat_and_coffee(photo):
    """A cat at the left, a cup of espresso at the right."""
    both = Image.new("RGB", (2 * SIDE, 2 * SIDE), (128, 128, 128))
    for name, x in (("chelsea", 0), ("coffee", SIDE)):
        both.paste(photo(name).resize((SIDE, SIDE)), (x, SIDE // 2))
    return both


@pytest.mark.parametrize(("label", "half"), [("Egyptian cat", 0), ("espresso", 1)])
def test_the_evidence_lies_where_the_thing_is(label, half, classifier, cat_and_coffee):
    evidence = np.maximum(classifier.evidence(cat_and_coffee, label), 0)
    middle = evidence.shape[1] // 2
    halves = evidence[:, :middle].sum(), evidence[:, middle + 1 :].sum()
    assert halves[half] > 3 * halves[1 - half]


def test_the_evidence_adds_up_to_the_answer(classifier, cat):
    """Up to the bias, which no place has."""
    evidence = classifier.evidence(cat, "Egyptian cat")
    with np.load(classifier._folder / "head.npz") as head:
        output = classifier._outputs.index("Egyptian cat")
        assert evidence.mean() + head["bias"][output] == pytest.approx(
            float(classifier.logits([cat])[0, output]), abs=1e-3
        )


def test_paint_is_lightest_where_the_evidence_is(classifier):
    evidence = np.zeros((4, 4))
    evidence[0, 3] = 2.0
    evidence[3, 0] = -2.0
    painted = why.paint(np.full((100, 100, 3), 90, np.uint8), evidence).astype(int)
    assert painted.shape == (100, 100, 3)
    assert painted[5, 95].min() > 100
    assert painted[95, 5].max() < 90
    assert (painted[95, 5] == painted[50, 5]).all(), "what speaks against it is painted as if it spoke for it"


def test_an_explanation_is_a_picture_of_the_centre(classifier, cat_and_coffee):
    file = why.explain(classifier, encode(cat_and_coffee), "espresso")
    with Image.open(io.BytesIO(file)) as image:
        assert (image.format, image.size) == ("JPEG", (480, 480))


def test_a_label_that_the_model_has_not_is_refused_by_name(classifier, cat):
    with pytest.raises(ValueError, match="efficientnet-lite2 has no label 'unicorn'"):
        classifier.evidence(cat, "unicorn")
