"""`python -m ml`, as its users run it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.ml.conftest import PHOTOS, encode, run

pytestmark = pytest.mark.timeout(300)


def ml(*arguments):
    return run("-m", "ml", *arguments)


def test_alone_it_says_what_it_can_do():
    done = ml()
    assert done.returncode == 0
    assert "prepare" in done.stdout
    assert "classify" in done.stdout
    assert done.stderr == ""


def test_classify_prints_labels_and_probabilities(models_dir):
    done = ml(
        "classify", PHOTOS / "chelsea.png", PHOTOS / "astronaut.png", "--models", models_dir, "--top", 2
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, len(lines)) == (0, "", 6)
    assert lines[0] == str(PHOTOS / "chelsea.png")
    assert lines[1].split(maxsplit=1)[1] == "Egyptian cat"
    assert lines[3] == f"{PHOTOS / 'astronaut.png'} (not sure)"


def test_json_is_one_object_a_line(models_dir):
    files = [PHOTOS / "chelsea.png", PHOTOS / "coffee.png"]
    done = ml("classify", *files, "--json", "--models", models_dir, "--model", "efficientnet-lite0")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["image"] for answer in answers] == [str(file) for file in files]
    for answer in answers:
        assert set(answer) == {"image", "model", "labels"}
        assert answer["model"] == "efficientnet-lite0"
        assert len(answer["labels"]) == 5
        assert all(set(label) == {"label", "probability"} for label in answer["labels"])
    assert answers[1]["labels"][0]["label"] == "espresso"


def test_what_is_no_picture_is_named_and_the_rest_is_done(models_dir, tmp_path, cat):
    text, cut = tmp_path / "notes.jpg", tmp_path / "cut.jpg"
    text.write_text("not a picture")
    cut.write_bytes(encode(cat)[:5000])
    files = [text, tmp_path / "missing.jpg", PHOTOS / "coffee.png", cut, tmp_path, PHOTOS / "chelsea.png"]
    done = ml("classify", *files, "--json", "--models", models_dir)
    assert done.returncode == 1
    assert [json.loads(line)["image"] for line in done.stdout.splitlines()] == [str(files[2]), str(files[5])]
    complaints = done.stderr.splitlines()
    assert len(complaints) == 4
    for complaint, file, reason in zip(
        complaints,
        [text, files[1], cut, tmp_path],
        ["not a picture", "No such file", "broken", "directory"],
        strict=True,
    ):
        assert f"{file}: " in complaint
        assert reason in complaint


def test_more_pictures_than_a_batch_are_all_answered_in_order(models_dir):
    files = [PHOTOS / name for name in ("chelsea.png", "coffee.png")] * 10
    done = ml("classify", *files, "--json", "--models", models_dir, "--top", 1)
    found = [json.loads(line)["labels"][0]["label"] for line in done.stdout.splitlines()]
    assert found == ["Egyptian cat", "espresso"] * 10


def test_an_unknown_model_or_option_is_one_line_and_a_failure(models_dir):
    done = ml("classify", PHOTOS / "coffee.png", "--model", "resnet-9000")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "'resnet-9000'" in done.stderr
    assert ml("classify", PHOTOS / "coffee.png", "--top", 0).returncode == 2


def test_a_model_is_prepared_when_it_is_first_needed_and_by_one_alone(tmp_path):
    """Two processes find a damaged model; one says that it prepares it, the other waits, both answer."""
    damaged = tmp_path / "efficientnet-lite0"
    damaged.mkdir()
    (damaged / "model.json").write_text("{}")
    arguments = [
        "classify",
        PHOTOS / "coffee.png",
        "--model",
        "efficientnet-lite0",
        "--models",
        tmp_path,
        "--json",
    ]
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: ml(*arguments), range(2)))
    assert [done.returncode for done in both] == [0, 0], both
    assert sorted(len(done.stderr.splitlines()) for done in both) == [0, 1]
    assert "Preparing the model efficientnet-lite0" in both[0].stderr + both[1].stderr
    assert {json.loads(done.stdout)["labels"][0]["label"] for done in both} == {"espresso"}
    assert sorted(file.name for file in tmp_path.iterdir()) == [".lock", "efficientnet-lite0"]
