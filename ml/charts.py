"""Figures of runs and of evaluations, as PNG. Colours that a colour-blind person tells apart (viridis, Okabe and Ito)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from ml.calibrate import Bin

matplotlib.use("Agg")  # no screen is needed
from matplotlib import pyplot

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#999999"
# Okabe and Ito's eight, whose black stands for their yellow last: it is hard to see on white.
COLOURS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
TALLEST = 60  # items that a heat matrix has room for
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


def heat(shares: np.ndarray, rows: Sequence[str], columns: Sequence[str], path: Path) -> None:
    """How much each item (row) is each segment's (column): shares, each row adding up to 1; at most `TALLEST` rows."""
    shares, rows = shares[:TALLEST], rows[:TALLEST]
    size = (3.5 + 0.9 * len(columns), 1.5 + 0.28 * len(rows))
    figure, axis = pyplot.subplots(figsize=size, layout="constrained")
    image = axis.imshow(shares, cmap="viridis", vmin=0, vmax=1, aspect="auto")
    axis.set_xticks(range(len(columns)), columns)
    axis.set_yticks(range(len(rows)), rows)
    for (row, column), share in np.ndenumerate(shares):
        axis.text(
            column,
            row,
            f"{share:.2f}",
            ha="center",
            va="center",
            color="black" if share > 0.6 else "white",
            fontsize=8,
        )
    figure.colorbar(image, label="share of the item")
    _save(figure, path)


def scatter(points: np.ndarray, groups: np.ndarray, names: dict[int, str], path: Path) -> None:
    """Users in two dimensions, (n, 2), each in the colour and with the mark of its group, (n,)."""
    figure, axis = pyplot.subplots(figsize=(7, 5.5), layout="constrained")
    for (group, name), colour, mark in zip(names.items(), COLOURS, "osD^vP*X", strict=False):
        mine = points[groups == group]
        axis.scatter(mine[:, 0], mine[:, 1], s=14, alpha=0.6, c=colour, marker=mark, linewidths=0, label=name)
    axis.set(xlabel="first principal component", ylabel="second principal component")
    axis.legend(frameon=False)
    _save(figure, path)


def choice(ks: Sequence[int], curves: Mapping[str, Sequence[float]], chosen: int, path: Path) -> None:
    """What each number of segments is worth, and which one was taken."""
    figure, axis = pyplot.subplots(figsize=(6, 4), layout="constrained")
    for (name, values), colour, mark in zip(curves.items(), COLOURS, "osD", strict=False):
        axis.plot(ks, values, color=colour, marker=mark, label=name)
    axis.axvline(chosen, color=GREY, linestyle="--", label=f"chosen: {chosen}")
    axis.set(xlabel="segments", ylim=(min(0.0, *(min(values) for values in curves.values())), 1.05))
    axis.set_xticks(list(ks))
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
