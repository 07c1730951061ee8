"""Fixtures: models prepared once and kept in build/, and photographs from scikit-image's wheel."""

import fcntl
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage
from PIL import Image

from ml import models
from ml.classify import Classifier

ROOT = Path(__file__).parents[2]
PHOTOS = Path(skimage.__file__).parent / "data"
NAMES = ("efficientnet-lite2", "efficientnet-lite0")


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Holds both EfficientNets; the first time takes about twenty seconds for each."""
    folder = ROOT / "build" / "models"
    for name in NAMES:
        models.prepare(name, folder)
    return folder


@pytest.fixture(scope="session")
def classifier(models_dir: Path) -> Classifier:
    return Classifier.open("efficientnet-lite2", models_dir)


@pytest.fixture(scope="session")
def photo() -> Callable[[str], Image.Image]:
    """A photograph by its name in scikit-image."""
    return lambda name: Image.open(next(PHOTOS.glob(f"{name}.*"))).convert("RGB")


@pytest.fixture(scope="session")
def cat(photo: Callable[[str], Image.Image]) -> Image.Image:
    return photo("chelsea")


@pytest.fixture(scope="session")
def in_keras(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """What tests/ml/in_keras.py found out, in a process of its own: TensorFlow takes a gigabyte."""
    found = tmp_path_factory.mktemp("keras")
    done = run("-m", "tests.ml.in_keras", PHOTOS, found)
    assert done.returncode == 0, done.stderr
    return {"folder": found, **np.load(found / "found.npz")}


SMALL = ("--depth", "8", "--size", "32", "--batch-size", "8", "--validation", "0.2")


def training(source: Path, out: Path, *more: str) -> list[object]:
    """The arguments of a small run."""
    return ["-m", "ml", "train", source, "--out", out, *SMALL, *more]


def train(source: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run(*training(source, out, *more))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, to its end."""
    process = start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def start(*arguments: object, **options: Any) -> subprocess.Popen[Any]:
    """Python with these arguments. Its coverage is not measured, by which TensorFlow would take half as long again."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, **options)


@pytest.fixture(scope="session")
def stripes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes that a person tells apart at once: stripes that lie and stripes that stand, under noise."""
    return _once(tmp_path_factory, "stripes", _draw_stripes)


@pytest.fixture(scope="session")
def stripes_model(stripes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on `stripes` that nobody disturbed."""

    def learn(folder: Path) -> None:
        done = train(stripes, folder / "stripes", "--epochs", "12")
        assert done.returncode == 0, done.stderr

    return _once(tmp_path_factory, "runs", learn) / "stripes"


def _draw_stripes(folder: Path) -> None:
    chance = np.random.default_rng(3)
    for name, axis in (("lying", 0), ("standing", 1)):
        (folder / name).mkdir(parents=True)
        for n in range(20):
            wave = np.sin(np.arange(32) / 2 + chance.uniform(0, 6)) * 60 + 128
            square = np.broadcast_to(wave[:, None] if axis == 0 else wave[None, :], (32, 32))
            noisy = np.clip(square + chance.normal(0, 40, (32, 32)), 0, 255).astype(np.uint8)
            Image.fromarray(noisy).save(folder / name / f"{n:02}.png")


def _once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made once, by whichever of the processes that run tests comes first; the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done := shared / f"{name}.done").exists():
            make(folder)
            done.touch()
    return folder


def encode(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
