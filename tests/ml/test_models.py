"""A prepared model appears whole or not at all, once, and damage is noticed."""

import json
import shutil
import time

import pytest

from ml import models
from ml.models import ModelError

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def prepared(models_dir, tmp_path):
    """A model of this test's own."""
    return shutil.copytree(models_dir / "efficientnet-lite0", tmp_path / "efficientnet-lite0")


def test_a_folder_holds_all_that_serving_needs(models_dir):
    folder = models_dir / "efficientnet-lite2"
    assert sorted(file.name for file in folder.iterdir()) == sorted((*models.FILES, "model.json"))
    model = models.open_folder(folder)
    assert (model.name, len(model.labels), model.preprocessing.size) == ("efficientnet-lite2", 1000, 260)
    assert json.loads((folder / "model.json").read_text())["sha256"]["model.tflite"].startswith(model.version)


def test_preparing_again_does_nothing_at_once(models_dir):
    before = (models_dir / "efficientnet-lite2" / "model.tflite").stat().st_mtime_ns
    said: list[str] = []
    start = time.monotonic()
    models.prepare("efficientnet-lite2", models_dir, said.append)
    assert time.monotonic() - start < 2
    assert said == []
    assert (models_dir / "efficientnet-lite2" / "model.tflite").stat().st_mtime_ns == before


@pytest.mark.parametrize("file", models.FILES)
def test_damage_is_noticed(file, prepared):
    (prepared / file).write_bytes((prepared / file).read_bytes()[:-1])
    with pytest.raises(ModelError, match=f"{file} is damaged"):
        models.open_folder(prepared)
    assert not models.is_prepared(prepared)


def test_a_folder_of_another_format_asks_to_be_prepared_anew(prepared):
    facts = json.loads((prepared / "model.json").read_text())
    (prepared / "model.json").write_text(json.dumps(facts | {"format": 99}))
    with pytest.raises(ModelError, match="has format 99, not 2"):
        models.open_folder(prepared)


def test_a_damaged_folder_that_was_given_is_not_overwritten(prepared):
    (prepared / "labels.json").write_text("[]")
    with pytest.raises(ModelError, match="is damaged"):
        models.prepare(prepared)
    assert (prepared / "labels.json").read_text() == "[]"


def test_an_unknown_model_is_refused_with_what_is_accepted(tmp_path):
    for name in ("resnet-9000", str(tmp_path)):
        with pytest.raises(
            ModelError, match=f"no model '{name}': accepted are efficientnet-lite2, .* or a folder"
        ):
            models.prepare(name, tmp_path)


def test_a_failed_download_leaves_nothing_behind_and_says_so_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: nobody listens
    with pytest.raises(
        ModelError, match=r"resnet50v2 could not be prepared: the weights .* could not be fetched"
    ) as error:
        models.prepare("resnet50v2", tmp_path / "models")
    assert "\n" not in str(error.value)
    assert [file.name for file in (tmp_path / "models").iterdir()] == [".lock"]


def test_models_lie_in_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert models.find("efficientnet-lite0") == tmp_path / "models" / "efficientnet-lite0"
