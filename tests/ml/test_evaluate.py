"""`python -m ml evaluate`, on the model of `stripes` and its pictures."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from ml.classify import Classifier
from tests.ml.conftest import run

pytestmark = pytest.mark.timeout(600)


def evaluate(model, source, *more):
    return run("-m", "ml", "evaluate", model, source, *more)


@pytest.fixture
def found(stripes_model, stripes, tmp_path):
    done = evaluate(stripes_model, stripes, "--json", "--out", str(tmp_path / "figures"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_figures_are_what_counting_by_hand_gives(found, stripes_model, stripes):
    model = Classifier.open(stripes_model)
    pairs = [
        (file.parent.name, model.classify([file.read_bytes()], top=1)[0][0].label)
        for file in sorted(stripes.rglob("*.png"))
    ]
    assert found["n"] == 40
    assert found["accuracy"] == np.mean([truth == answer for truth, answer in pairs])
    for name, figures in found["classes"].items():
        both = sum(pair == (name, name) for pair in pairs)
        assert figures["recall"] == both / sum(truth == name for truth, _ in pairs)
        assert figures["precision"] == both / max(1, sum(answer == name for _, answer in pairs))
    low, high = found["interval"]
    assert low < found["accuracy"] <= high
    assert 0 <= found["ece"] <= 1


def test_figures_are_drawn(found, tmp_path):
    for name in ("confusion", "reliability"):
        with Image.open(tmp_path / "figures" / f"{name}.png") as image:
            assert min(image.size) > 300
            assert len(image.convert("L").getcolors()) > 10, "it is empty"
    assert json.loads((tmp_path / "figures" / "evaluation.json").read_text()) == found


def test_it_can_be_read(stripes_model, stripes, tmp_path):
    done = evaluate(stripes_model, stripes, "--out", str(tmp_path), "--limit", "10")
    assert "on 10 pictures" in done.stdout
    assert "95 % interval" in done.stdout
    assert "standing" in done.stdout


def test_a_broken_file_is_named_and_the_rest_is_measured(stripes_model, stripes, tmp_path):
    pictures = shutil.copytree(stripes, tmp_path / "pictures")
    (pictures / "lying" / "broken.png").write_bytes(b"no picture")
    done = evaluate(stripes_model, pictures, "--json", "--out", str(tmp_path / "figures"))
    assert done.returncode == 1
    assert "lying/broken.png is left out" in done.stderr
    assert json.loads(done.stdout)["n"] == 40


def test_a_class_that_the_model_cannot_name_is_refused(stripes_model, stripes, tmp_path):
    pictures = shutil.copytree(stripes, tmp_path / "pictures")
    (pictures / "lying").rename(pictures / "leaning")
    done = evaluate(stripes_model, pictures, "--out", str(tmp_path))
    assert done.returncode == 1
    assert "no label 'leaning'; it has lying, standing" in done.stderr
