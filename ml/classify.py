"""Says what is in pictures, with a prepared model. Needs neither TensorFlow nor a network."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ml import calibrate, models, numbers, pictures
from ml.litert import Network
from ml.pictures import Picture

BACKGROUNDS = Path(__file__).parent / "backgrounds"  # of the networks that are not trained here


class Label(NamedTuple):
    """What a picture may show, and how probable the model thinks it, 0 to 1."""

    label: str
    probability: float


class Classifier:
    """A model in memory. Several threads may share one.

    Attributes:
        name: of the model, "efficientnet-lite2".
        version: changes with its weights.
        labels: all that it can answer, each once, sorted.
        preprocessing: what `read` does.
        temperature: its logits are divided by this; 1 where nobody measured it.
        unsure_below: under this probability of the best label, an answer is not sure.
    """

    @classmethod
    def open(
        cls, model: str | Path = models.DEFAULT, models_dir: Path | None = None, threads: int | None = None
    ) -> "Classifier":
        """Opens a prepared model.

        Args:
            model: a name, or the folder of a prepared model.
            models_dir: where named models lie; by default `DATA_DIR/models`.
            threads: for one picture; by default the processor's cores, at most four.

        Raises:
            ModelError: there is no such model, it is not prepared (`ml.models.prepare` does it), or it is damaged.
        """
        return cls(models.open_folder(models.find(model, models_dir)), threads)

    def __init__(self, prepared: models.Prepared, threads: int | None = None):
        self.name = prepared.name
        self.version = prepared.version
        self.preprocessing = prepared.preprocessing
        self._folder = prepared.folder
        self._outputs = prepared.labels
        self.temperature = prepared.temperature
        self.unsure_below = prepared.unsure_below
        names, position, counts = np.unique(prepared.labels, return_inverse=True, return_counts=True)
        self._by_label = np.argsort(position, kind="stable")  # outputs of one label stand together, …
        self._starts = np.cumsum(counts) - counts  # … each label's from here on
        self.labels = tuple(map(str, names))
        self._network = Network(prepared.network, threads or _cores())

    def warm_up(self) -> None:
        """Answers once, for nobody: the first answer takes longer than those that follow."""
        self.classify([pictures.blank(self.preprocessing)])

    def read(self, picture: Picture) -> np.ndarray:
        """A picture as this model looks at it, for `classify` and `features`; reading is half of the work.

        Raises:
            ValueError: it is no picture, or broken; the text says which.
        """
        return pictures.read(picture, self.preprocessing)

    def classify(self, batch: Sequence[Picture], top: int = numbers.TOP) -> list[list[Label]]:
        """The `top` most probable labels of each picture, most probable first.

        Args:
            batch: files' bytes, Pillow images, or what `read` returned.

        Raises:
            ValueError: one of them cannot be read; `read` them one by one to know which.
        """
        return [self._rank(probabilities, top) for probabilities in self.probabilities(batch)]

    def probabilities(self, batch: Sequence[Picture]) -> np.ndarray:
        """Of each of `labels`: float64, (n, labels), each row adding up to 1."""
        return self.believe(self.logits(batch))

    def logits(self, batch: Sequence[Picture]) -> np.ndarray:
        """The network's outputs as they are: float32, (n, outputs); several may have one label."""
        return self._run(batch)[0]

    def look(self, batch: Sequence[Picture]) -> tuple[np.ndarray, np.ndarray]:
        """Both at once: `logits`, and `features`."""
        return self._run(batch)

    def background(self) -> np.ndarray:
        """Features of pictures of many things, (m, d), against which labels are taught (`ml.head`); m is 0 if unknown."""
        for file in (self._folder / "background.npz", BACKGROUNDS / f"{self.name}.npz"):
            if file.is_file():
                with np.load(file) as opened:
                    return opened["features"].astype(np.float32)
        return np.zeros((0, 0), np.float32)

    def believe(self, logits: np.ndarray, temperature: float | None = None) -> np.ndarray:
        """The probabilities that follow from logits, at the model's temperature or another one."""
        found = calibrate.probabilities(logits, temperature or self.temperature)
        return np.add.reduceat(found[:, self._by_label], self._starts, axis=1)

    def features(self, batch: Sequence[Picture]) -> np.ndarray:
        """The pooled features under the last layer: float32, (n, d); for teaching further labels, and for likeness."""
        return self._run(batch)[1]

    def evidence(self, picture: Picture, label: str) -> np.ndarray:
        """What each place of a picture adds to a label's logit, (side, side); their mean, and the bias, are the logit.

        Where several outputs have the label, the most probable one counts.

        Raises:
            ValueError: the picture cannot be read, or there is no such label.
        """
        if label not in self.labels:
            raise ValueError(f"{self.name} has no label {label!r}")
        maps = self._network.maps(self.read(picture))
        outputs = np.flatnonzero(np.array(self._outputs) == label)
        with np.load(self._folder / "head.npz") as head:
            found = maps @ head["kernel"][:, outputs]
            logits = found.mean((0, 1)) + head["bias"][outputs]
        return found[..., logits.argmax()]

    def is_sure(self, labels: Sequence[Label]) -> bool:
        """Whether an answer is worth asserting; else say that it might be one of these."""
        return bool(labels) and labels[0].probability >= self.unsure_below

    def _run(self, batch: Sequence[Picture]) -> tuple[np.ndarray, np.ndarray]:
        return self._network.run([self.read(picture) for picture in batch])

    def _rank(self, probabilities: np.ndarray, top: int) -> list[Label]:
        best = np.argsort(-probabilities, kind="stable")[:top]
        return [Label(self.labels[index], float(probabilities[index])) for index in best]


def _cores() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, numbers.MAX_THREADS)
