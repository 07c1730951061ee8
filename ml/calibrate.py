"""Belief that can be taken at its word: of all answers given with 80 %, four in five should be right.

Arrays: `logits` float (n, classes); `probabilities` float (n, classes), rows adding up to 1; `classes` int (n,), the
truth.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ml import numbers


class Bin(NamedTuple):
    """Answers of about the same belief.

    Attributes:
        answers: how many.
        confidence: their mean belief in the label that they name, 0 to 1; 0 if there is no answer.
        accuracy: how many of them are right, 0 to 1; 0 if there is no answer.
    """

    answers: int
    confidence: float
    accuracy: float


def probabilities(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Softmax of logits that are divided by a temperature: float64, (n, classes)."""
    scaled = logits.astype(np.float64) / temperature
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def temperature(logits: np.ndarray, classes: np.ndarray) -> float:
    """The number that logits are divided by to make the truth as probable as can be.

    Guo et al. 2017, "On calibration of modern neural networks", https://arxiv.org/abs/1706.04599. It does not change
    which label is the best. Wants pictures that the network did not learn from.
    """

    from scipy import optimize  # not where models are only served

    def surprise(log_temperature: float) -> float:
        believed = probabilities(logits, np.exp(log_temperature))[np.arange(len(classes)), classes]
        return -float(np.log(np.maximum(believed, 1e-300)).mean())

    bounds = tuple(np.log(numbers.TEMPERATURES))
    return float(np.exp(optimize.minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def bins(probabilities: np.ndarray, classes: np.ndarray, count: int = numbers.BINS) -> list[Bin]:
    """What a reliability diagram shows: answers, gathered by their belief into `count` equal parts of 0 to 1."""
    best = probabilities.argmax(axis=1)
    belief, right = probabilities.max(axis=1), best == classes
    position = np.minimum((belief * count).astype(int), count - 1)
    found = []
    for each in range(count):
        here = position == each
        size = int(here.sum())
        means = (float(belief[here].mean()), float(right[here].mean())) if size else (0.0, 0.0)
        found.append(Bin(size, *means))
    return found


def expected_error(parts: list[Bin]) -> float:
    """Expected calibration error (Naeini et al. 2015): how far belief is from what is right, 0 to 1."""
    total = sum(part.answers for part in parts)
    return sum(part.answers * abs(part.confidence - part.accuracy) for part in parts) / total


def threshold(probabilities: np.ndarray, classes: np.ndarray, precision: float = numbers.PRECISION) -> float:
    """The lowest belief from which on answers are right as often as `precision` says; 1 where no such belief is.

    Under it, "I am not sure" is the honest answer.
    """
    belief, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == classes
    order = np.argsort(-belief, kind="stable")
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= precision
    return float(belief[order][np.flatnonzero(reached)[-1]]) if reached.any() else 1.0


def interval(right: int, total: int, deviations: float = 1.96) -> tuple[float, float]:
    """Wilson's interval for a share that was counted (Wilson 1927), by default of 95 %."""
    share, square = right / total, deviations**2
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = deviations / (1 + square / total) * np.sqrt(share * (1 - share) / total + square / (4 * total**2))
    return max(0.0, centre - float(half)), min(1.0, centre + float(half))
