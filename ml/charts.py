"""Figures of runs and of evaluations, as PNG. Colours that a colour-blind person tells apart (viridis, Okabe and Ito)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from ml.calibrate import Bin

matplotlib.use("Agg")  # no screen is needed
from matplotlib import pyplot

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#999999"
CROWDED = 30  # classes from which on a matrix has no numbers in its cells


def metrics(rows: Sequence[dict[str, float]], path: Path) -> None:
    """Loss and accuracy by epoch, of what is learnt from and of what is held back. Rows as in `metrics.csv`."""
    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    epochs = [row["epoch"] for row in rows]
    for part, axis in zip(("loss", "accuracy"), axes, strict=True):
        axis.plot(epochs, [row[part] for row in rows], color=ORANGE, label="learnt from, augmented")
        axis.plot(epochs, [row[f"held_{part}"] for row in rows], color=BLUE, label="held back")
        axis.set(xlabel="epoch", title=part)
        axis.grid(alpha=0.3)
    axes[0].legend(frameon=False)
    _save(figure, path)


def confusion(matrix: np.ndarray, truths: Sequence[str], answers: Sequence[str], path: Path) -> None:
    """A row for each truth, a column for each answer; shares of the row in colour, counts in the cells."""
    side = 3 + 0.5 * max(len(truths), 8)
    figure, axis = pyplot.subplots(figsize=(side, side * 0.85), layout="constrained")
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axis.imshow(
        np.sqrt(shares), cmap="Blues", vmin=0, vmax=1
    )  # the root: mistakes are few, and are what one looks for
    axis.set_xticks(range(len(answers)), answers, rotation=45, ha="right")
    axis.set_yticks(range(len(truths)), truths)
    axis.set(xlabel="answered", ylabel="true")
    if len(truths) <= CROWDED:
        for (row, column), count in np.ndenumerate(matrix):
            if count:
                colour = "white" if shares[row, column] > 0.4 else "black"
                axis.text(column, row, f"{count:,}", ha="center", va="center", color=colour, fontsize=8)
    _save(figure, path)


def reliability(before: Sequence[Bin], after: Sequence[Bin], titles: Sequence[str], path: Path) -> None:
    """How often answers are right by how sure they are, before and after scaling; below, how many there are."""
    figure, axes = pyplot.subplots(
        2, 2, figsize=(9, 6), sharex=True, height_ratios=(3, 1), layout="constrained"
    )
    for column, (parts, title) in enumerate(zip((before, after), titles, strict=True)):
        width = 1 / len(parts)
        filled = [(n, part) for n, part in enumerate(parts) if part.answers]
        middles = [(n + 0.5) * width for n, _ in filled]
        above, below = axes[0, column], axes[1, column]
        above.bar(middles, [part.accuracy for _, part in filled], width * 0.92, color=BLUE)
        above.plot([0, 1], [0, 1], "--", color=GREY)
        above.plot(
            [part.confidence for _, part in filled], [part.accuracy for _, part in filled], "o", color=ORANGE
        )
        above.set(title=title, xlim=(0, 1), ylim=(0, 1))
        below.bar(middles, [part.answers for _, part in filled], width * 0.92, color=GREY)
        below.set(xlabel="probability of the best label", yscale="log")
    axes[0, 0].set_ylabel("right")
    axes[1, 0].set_ylabel("answers")
    _save(figure, path)


def bands(curves: dict[str, tuple[np.ndarray, np.ndarray]], x: str, y: str, path: Path) -> None:
    """Several repeated measurements over the same x: the median, and between which quartiles half of them lie.

    Args:
        curves: by name, x (n,) and the measurements (times, n).
    """
    figure, axis = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for (name, (places, found)), colour in zip(curves.items(), (GREY, BLUE, ORANGE), strict=False):
        low, middle, high = np.quantile(found, (0.25, 0.5, 0.75), axis=0)
        axis.plot(places, middle, color=colour, label=name)
        axis.fill_between(places, low, high, color=colour, alpha=0.2, linewidth=0)
    axis.set(xlabel=x, ylabel=y)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
