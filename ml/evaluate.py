"""Measures a prepared model on labelled pictures. Needs no TensorFlow."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml import calibrate, charts, data, numbers
from ml.calibrate import Bin
from ml.classify import Classifier
from ml.data import DataError

OTHER = "(other)"


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        fingerprint: of the pictures.
        names: of the classes.
        confusion: int, (classes, classes + 1): a row for each truth, a column for each answer, the last one for
            answers that are no class of these pictures.
        before: reliability at temperature 1.
        after: reliability at the model's temperature.
        sure: answers given as sure.
        sure_and_right: those of them that are right.
        images_per_s: of the network alone, one thread for each core.
    """

    model: str
    version: str
    fingerprint: str
    names: tuple[str, ...]
    confusion: np.ndarray
    temperature: float
    before: list[Bin]
    after: list[Bin]
    unsure_below: float
    sure: int
    sure_and_right: int
    images_per_s: float

    @property
    def n(self) -> int:
        return int(self.confusion.sum())

    @property
    def right(self) -> int:
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        return self.right / self.n

    def of_class(self, index: int) -> dict[str, float]:
        """Precision (0 where the class was never answered) and recall."""
        right = self.confusion[index, index]
        answered, there = self.confusion[:, index].sum(), self.confusion[index].sum()
        return {"precision": float(right / max(answered, 1)), "recall": float(right / max(there, 1))}

    def as_json(self) -> dict:
        return {
            "model": self.model,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "accuracy": self.accuracy,
            "interval": calibrate.interval(self.right, self.n),
            "n": self.n,
            "classes": {name: self.of_class(index) for index, name in enumerate(self.names)},
            "ece": calibrate.expected_error(self.after),
            "ece_before": calibrate.expected_error(self.before),
            "temperature": self.temperature,
            "unsure_below": self.unsure_below,
            "sure": self.sure / self.n,
            "precision_when_sure": self.sure_and_right / max(self.sure, 1),
            "images_per_s": self.images_per_s,
        }


def evaluate(
    classifier: Classifier,
    source: str,
    limit: int | None = None,
    complain: Callable[[str], None] = print,
) -> Report:
    """Ask a model what is in pictures of which it is known. Of Fashion-MNIST, the test pictures.

    Args:
        source: as for `ml.data.load`.
        limit: only so many pictures.
        complain: is told of each file that is left out.

    Raises:
        DataError: there are no pictures, or a class that the model cannot name.
    """
    shown = data.load(source, classifier.preprocessing, part="test", limit=limit, say=complain)
    if strange := sorted(set(shown.names) - set(classifier.labels)):
        known = ", ".join(classifier.labels[:10]) + (", …" if len(classifier.labels) > 10 else "")
        raise DataError(f"{classifier.name} has no label {', '.join(map(repr, strange))}; it has {known}")
    logits, seconds = _ask(classifier, shown)
    truths = np.array([classifier.labels.index(name) for name in shown.names])[shown.classes]
    plain, scaled = classifier.believe(logits, 1.0), classifier.believe(logits)
    sure = scaled.max(axis=1) >= classifier.unsure_below
    return Report(
        classifier.name,
        classifier.version,
        shown.fingerprint(),
        shown.names,
        _confusion(scaled.argmax(axis=1), shown, classifier),
        classifier.temperature,
        calibrate.bins(plain, truths),
        calibrate.bins(scaled, truths),
        classifier.unsure_below,
        int(sure.sum()),
        int((sure & (scaled.argmax(axis=1) == truths)).sum()),
        len(shown) / seconds,
    )


def write(report: Report, folder: Path) -> None:
    """`evaluation.json`, `confusion.png`, `reliability.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps(report.as_json(), indent=2) + "\n", "utf-8")
    columns = slice(None) if report.confusion[:, -1].any() else slice(-1)
    answers = (*report.names, OTHER)[columns]
    charts.confusion(report.confusion[:, columns], report.names, answers, folder / "confusion.png")
    found = report.as_json()
    titles = (
        f"as trained: error {found['ece_before']:.2%}",
        f"at temperature {report.temperature:.2f}: error {found['ece']:.2%}",
    )
    charts.reliability(report.before, report.after, titles, folder / "reliability.png")


def _ask(classifier: Classifier, shown: data.Labelled) -> tuple[np.ndarray, float]:
    """All logits, and the seconds that the network took for them."""
    from tqdm import tqdm

    from ml import pictures

    classifier.warm_up()
    logits, seconds = [], 0.0
    with tqdm(total=len(shown), unit=" images", unit_scale=True, disable=None) as bar:
        for start in range(0, len(shown), numbers.BATCH):
            squares = shown.squares[start : start + numbers.BATCH]
            normal = list(pictures.normalise(squares, classifier.preprocessing))
            begun = time.perf_counter()
            logits.append(classifier.logits(normal))
            seconds += time.perf_counter() - begun
            bar.update(len(normal))
    return np.concatenate(logits), seconds


def _confusion(answers: np.ndarray, shown: data.Labelled, classifier: Classifier) -> np.ndarray:
    column = {name: index for index, name in enumerate(shown.names)}
    columns = np.array([column.get(label, len(column)) for label in classifier.labels])
    found = np.zeros((len(column), len(column) + 1), np.int64)
    np.add.at(found, (shown.classes, columns[answers]), 1)
    return found
