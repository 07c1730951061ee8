"""Labels that somebody teaches with a few pictures: a small layer on a network's features, which stay as they are.

The layer chooses between the taught labels and "none of these", for which a background of other pictures stands. What
it gives to "none of these" is shared out as the network believes. So a network that knows a thousand things keeps
knowing them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ml import calibrate, numbers


@dataclass(frozen=True)
class Head:
    """A taught layer.

    Attributes:
        labels: that were taught.
        kernel: float32, (d, labels + 1); the last column is "none of these".
        bias: float32, (labels + 1,).
        temperature: found on pictures that were left out in turn.
    """

    labels: tuple[str, ...]
    kernel: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Of each label, and in the last column of none: float64, (n, labels + 1), rows adding up to 1."""
        return calibrate.probabilities(self._logits(features), self.temperature)

    def to_bytes(self) -> bytes:
        file = io.BytesIO()
        np.savez(
            file,
            labels=np.array(self.labels),
            kernel=self.kernel,
            bias=self.bias,
            temperature=self.temperature,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Head:
        with np.load(io.BytesIO(data)) as file:
            names = tuple(map(str, file["labels"]))
            return cls(names, file["kernel"], file["bias"], float(file["temperature"]))

    def _logits(self, features: np.ndarray) -> np.ndarray:
        return _normalised(features) @ self.kernel + self.bias


@dataclass(frozen=True)
class Lesson:
    """What there is to learn from.

    Attributes:
        features: float, (n, d), of the pictures.
        taught: the label of each picture; None where it was said that none of the taught ones is right.
        background: float, (m, d), of pictures of other things.
    """

    features: np.ndarray
    taught: tuple[str | None, ...]
    background: np.ndarray

    @property
    def labels(self) -> tuple[str, ...]:
        """Those with enough pictures, sorted."""
        counts = {label: self.taught.count(label) for label in self.taught if label}
        return tuple(sorted(label for label, count in counts.items() if count >= numbers.TAUGHT_BY))

    def only(self, chosen: Sequence[bool]) -> Lesson:
        """Some of the pictures; the background stays."""
        kept = [n for n, each in enumerate(chosen) if each]
        return Lesson(self.features[kept], tuple(self.taught[n] for n in kept), self.background)


class Score(NamedTuple):
    """Of pictures that were left out; each label counts alike, and so do what is none of them, and the background.

    Attributes:
        accuracy: the share that is named rightly.
        surprise: the mean of -log(belief in what is true): lower is better.
    """

    accuracy: float
    surprise: float


def train(lesson: Lesson) -> Head:
    """A head for the labels that have pictures enough.

    Raises:
        ValueError: none has.
    """
    labels = lesson.labels
    if not labels:
        raise ValueError(f"no label has {numbers.TAUGHT_BY} pictures yet")
    examples = _examples(lesson, labels)
    left_out = np.zeros((len(examples.groups), len(labels) + 1))
    for fold in _folds(examples.groups):
        left_out[fold] = _fit(examples.without(fold), labels)._logits(examples.features[fold])
    head = _fit(examples, labels)
    return replace(head, temperature=calibrate.temperature(left_out, examples.classes(len(labels))))


def judge(lesson: Lesson, learnt: Sequence[bool] | None = None) -> Score:
    """What a head is worth on pictures that it did not learn from: each part of them is left out in turn.

    Args:
        learnt: which pictures may be learnt from, by default all. So an earlier head is measured by the same pictures.
    """
    labels = lesson.labels
    every = _examples(lesson, labels)
    known = labels if learnt is None else lesson.only(learnt).labels
    old = every if learnt is None else _examples(lesson, known, learnt)
    columns = np.array([*(labels.index(label) for label in known), len(labels)])
    beliefs = np.zeros((len(every.groups), len(labels) + 1))
    for fold in _folds(every.groups):
        rest = old.without(np.flatnonzero(np.isin(old.pictures, every.pictures[fold])))
        beliefs[np.ix_(fold, columns)] = _fit(rest, known).probabilities(every.features[fold])
    truths = every.classes(len(labels))
    right = beliefs.argmax(1) == truths
    surprise = -np.log(np.maximum(beliefs[np.arange(len(truths)), truths], numbers.LEAST_BELIEF))
    groups = [every.groups == group for group in np.unique(every.groups)]
    return Score(*(float(np.mean([of[group].mean() for group in groups])) for of in (right, surprise)))


class _Examples(NamedTuple):
    """What is learnt from: (n, d) features; (n,) which of all pictures each is; (n,) its group.

    The groups are the labels; then what people said is none of them; then the background. Each counts alike, however
    many pictures it has, so that one word of a person weighs more than one picture of the background.
    """

    features: np.ndarray
    pictures: np.ndarray
    groups: np.ndarray

    def classes(self, none: int) -> np.ndarray:
        """The groups, the last two of which are one class."""
        return np.minimum(self.groups, none)

    def without(self, places: np.ndarray) -> _Examples:
        return _Examples(*(np.delete(array, places, 0) for array in self))


def _examples(lesson: Lesson, labels: tuple[str, ...], chosen: Sequence[bool] | None = None) -> _Examples:
    used = [
        n
        for n, label in enumerate(lesson.taught)
        if (label is None or label in labels) and (chosen is None or chosen[n])
    ]
    groups = [len(labels) if (label := lesson.taught[n]) is None else labels.index(label) for n in used]
    background = len(lesson.background)
    return _Examples(
        np.concatenate([lesson.features[used], lesson.background]),
        np.array([*used, *range(len(lesson.taught), len(lesson.taught) + background)]),
        np.array(groups + [len(labels) + 1] * background),
    )


def _folds(groups: np.ndarray) -> list[np.ndarray]:
    """Every picture once, each group spread evenly."""
    order = np.argsort(groups, kind="stable")
    return [order[start :: numbers.FOLDS] for start in range(numbers.FOLDS)]


def _fit(examples: _Examples, labels: tuple[str, ...]) -> Head:
    """Softmax regression by gradient descent with Nesterov's momentum."""
    x, count = _normalised(examples.features), len(labels) + 1
    truths = np.eye(count)[examples.classes(len(labels))]
    sizes = np.bincount(examples.groups)
    weights = (1 / np.maximum(sizes, 1))[examples.groups, np.newaxis] / np.count_nonzero(sizes)
    kernel, bias = np.zeros((x.shape[1], count)), np.zeros(count)
    kernel_speed, bias_speed = np.zeros_like(kernel), np.zeros_like(bias)
    for _ in range(numbers.HEAD_STEPS):
        ahead = kernel + numbers.MOMENTUM * kernel_speed, bias + numbers.MOMENTUM * bias_speed
        error = (calibrate.probabilities(x @ ahead[0] + ahead[1]) - truths) * weights
        gradient = x.T @ error + numbers.HEAD_DECAY * ahead[0], error.sum(0)
        kernel_speed = numbers.MOMENTUM * kernel_speed - numbers.HEAD_RATE * gradient[0]
        bias_speed = numbers.MOMENTUM * bias_speed - numbers.HEAD_RATE * gradient[1]
        kernel, bias = kernel + kernel_speed, bias + bias_speed
    return Head(labels, kernel.astype(np.float32), bias.astype(np.float32))


def _normalised(features: np.ndarray) -> np.ndarray:
    """Each picture's features of length 1: how strongly they speak depends on contrast, not on what is shown."""
    features = features.astype(np.float64)
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
