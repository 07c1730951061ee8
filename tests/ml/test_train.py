"""Training: real runs of a small network, each in a process of its own, as people start them."""

import csv
import json
import shutil
import signal
import subprocess
import time

import numpy as np
import pytest

from ml.classify import Classifier
from tests.ml.conftest import start, train, training

pytestmark = pytest.mark.timeout(600)


def rows(out):
    with (out / "metrics.csv").open() as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def test_a_run_leaves_a_model_that_serves_without_tensorflow(stripes_model, stripes):
    model = Classifier.open(stripes_model)
    files = sorted(stripes.rglob("*.png"))
    answers = model.classify([file.read_bytes() for file in files], top=1)
    right = [labels[0].label == file.parent.name for file, labels in zip(files, answers, strict=True)]
    assert np.mean(right) > 0.9
    assert json.loads((stripes_model / "numbers.json").read_text())["pictures"] == 40
    assert [row["epoch"] for row in rows(stripes_model)] == list(range(1, 13))


def test_a_run_that_was_killed_goes_on_to_the_same_end(stripes_model, stripes, tmp_path):
    out = tmp_path / stripes_model.name
    process = start(*training(stripes, out, "--epochs", "12"), stderr=subprocess.DEVNULL)
    while not ((out / "metrics.csv").exists() and rows(out)):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = len(rows(out))
    assert 1 <= done < 12
    resumed = train(stripes, out, "--epochs", "12", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    figures = ("loss", "accuracy", "held_loss", "held_accuracy")
    assert [[row[name] for name in figures] for row in rows(out)] == [
        [row[name] for name in figures] for row in rows(stripes_model)
    ]
    for file in ("model.tflite", "head.npz", "int8/model.tflite"):
        assert (out / file).read_bytes() == (stripes_model / file).read_bytes(), file


def test_in_int8_it_answers_as_in_fp32(stripes_model, stripes):
    fp32, int8 = Classifier.open(stripes_model), Classifier.open(stripes_model / "int8")
    assert (int8.name, int8.labels) == ("stripes in int8", fp32.labels)
    pictures = [fp32.read(file.read_bytes()) for file in sorted(stripes.rglob("*.png"))]
    right, close = fp32.logits(pictures), int8.logits(pictures)
    assert 0 < np.abs(right - close).max() < 0.2 * np.ptp(right)
    assert np.mean(right.argmax(1) == close.argmax(1)) > 0.9
    sizes = [(folder / "model.tflite").stat().st_size for folder in (stripes_model, stripes_model / "int8")]
    assert sizes[1] < 0.5 * sizes[0]


def test_sixteen_pictures_are_learnt_by_heart_and_a_broken_file_is_named(stripes, tmp_path):
    pictures = shutil.copytree(stripes, tmp_path / "pictures")
    (pictures / "lying" / "000.png").write_bytes(b"no picture")
    out = tmp_path / "heart"
    numbers = ("--limit", "16", "--epochs", "30", "--validation", "0.1", "--shift", "0")
    done = train(pictures, out, *numbers)
    assert done.returncode == 1, "a file was left out"
    assert "lying/000.png is left out" in done.stderr
    assert rows(out)[-1]["accuracy"] == 1.0
    assert json.loads((out / "numbers.json").read_text())["pictures"] == 16
    assert Classifier.open(out).labels == ("lying", "standing")


def test_another_run_is_not_gone_on_with(stripes_model, stripes, tmp_path):
    assert "holds a run already" in train(stripes, stripes_model, "--epochs", "12").stderr
    other = train(stripes, stripes_model, "--epochs", "9", "--resume")
    assert other.returncode == 1
    assert "epochs was 12, now 9" in other.stderr
    assert "holds no run" in train(stripes, tmp_path, "--resume").stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(("--depth", "21"), "depth 21"), (("--norm", "layer"), "norm 'layer'"), (("--shift", "2"), "shift 2.0")],
)
def test_what_cannot_be_is_refused_by_name(stripes, tmp_path, wrong, said):
    done = train(stripes, tmp_path / "out", *wrong)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
