"""What a run of training is to be. Looked at before TensorFlow is loaded, so that what cannot be is said at once."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ml import data, numbers
from ml.data import Labelled
from ml.pictures import Preprocessing

DEPTHS = (8, 20, 32, 50, 56, 101, 110, 152)  # layers, of the networks in ml/resnet.py
NORMS = ("batch", "group")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")  # of what is computed; weights have 32 bits


@dataclass(frozen=True)
class Plan:
    """All that is chosen for a run. `ml/numbers.py` says why."""

    depth: int = 20
    norm: str = "batch"
    size: int = 32
    epochs: int = numbers.EPOCHS
    batch_size: int = numbers.BATCH_SIZE
    learning_rate: float = numbers.LEARNING_RATE
    weight_decay: float = numbers.WEIGHT_DECAY
    label_smoothing: float = numbers.LABEL_SMOOTHING
    mixup: float = numbers.MIXUP
    cut_out: float = numbers.CUT_OUT
    shift: float = numbers.SHIFT
    mirror: bool = numbers.MIRROR
    both_ways: bool = numbers.BOTH_WAYS
    validation: float = numbers.VALIDATION
    precision: str = "auto"
    seed: int = numbers.SEED

    def __post_init__(self) -> None:
        for name, known in (("depth", DEPTHS), ("norm", NORMS), ("precision", PRECISIONS)):
            if (value := getattr(self, name)) not in known:
                raise ValueError(f"{name} {value!r}: there are {', '.join(map(str, known))}")
        for name, most in (("epochs", 10**6), ("batch_size", 10**6), ("size", 4096)):
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)}: 1 to {most} are accepted")
        for name in ("label_smoothing", "cut_out", "shift", "validation"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)}: 0 or more, and less than 1, are accepted")
        for name in ("learning_rate", "weight_decay", "mixup"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} {getattr(self, name)}: no negative number is accepted")

    @property
    def preprocessing(self) -> Preprocessing:
        return Preprocessing(self.size, crop=1.0, mean=127.5, scale=127.5)


class ResumeError(Exception):
    """The run in the folder is not the one that was asked for."""


def open_run(
    source: str,
    out: Path,
    plan: Plan,
    limit: int | None = None,
    resume: bool = False,
    complain: Callable[[str], None] = print,
) -> Labelled:
    """Read the pictures to learn from, and open the folder of their run.

    Args:
        source: a folder, or "fashion-mnist": `ml.data.load`.
        out: the run's folder.
        limit: only so many pictures.
        resume: the run in `out` was cut off, and is to go on.
        complain: is told of each file that is left out of the data.

    Raises:
        DataError: there is nothing to learn from.
        ResumeError: there is another run in `out`, or none to go on with.
    """
    whole = data.load(source, plan.preprocessing, limit=limit, say=complain)
    about = {**asdict(plan), "data": source, "pictures": len(whole), "fingerprint": whole.fingerprint()}
    _open_folder(out, about, resume)
    return whole


def _open_folder(out: Path, about: dict[str, Any], resume: bool) -> None:
    """A new run's folder, or that of the very run that is to go on."""
    file = out / "numbers.json"
    if not resume:
        if file.exists():
            raise ResumeError(
                f"{out} holds a run already: go on with it by --resume, or choose another folder"
            )
        out.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(about, indent=2) + "\n", "utf-8")
        return
    if not (out / "state.npz").is_file():
        raise ResumeError(f"{out} holds no run that could go on")
    before = json.loads(file.read_text("utf-8"))
    if other := [name for name in about if about[name] != before.get(name)]:
        changes = ", ".join(f"{name} was {before.get(name)}, now {about[name]}" for name in other)
        raise ResumeError(f"the run in {out} is another one: {changes}")
