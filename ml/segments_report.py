"""What a fit of segments found, as tables and figures: `python -m ml segment`."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA

from ml import charts, numbers
from ml.segment import NONE, Belonging, Counts, Segmentation, heat


def write(counts: Counts, found: Segmentation, out: Path) -> Iterator[str]:
    """Writes all there is to know into a folder, and says the figures.

    features.csv    user × feature, as the fit saw them
    segments.csv    user, segment, distance to its centre; empty for who did nothing
    heat.csv        item × segment, each row adding up to 1; heat.png shows it
    segments.png    the users in two dimensions
    choice.png      what each number of segments was worth, where it was chosen here
    """
    out.mkdir(parents=True, exist_ok=True)
    belongs = found.assign(counts)
    there = belongs.segment != NONE
    features = found.recipe.features(counts.only(there))
    _table(out / "features.csv", ["user", *found.recipe.columns], _features(counts, there, features))
    _table(out / "segments.csv", ["user", "segment", "distance"], _users(counts, belongs))
    _write_heat(counts, found, belongs, out)
    _draw(features, belongs.segment[there], found, out)
    yield f"users: {found.users}" + (f" ({len(there) - there.sum()} did nothing)" if not there.all() else "")
    yield f"k: {found.k}"
    yield f"inertia: {found.inertia:.6g}"
    yield f"silhouette: {found.silhouette:.4f}"
    told = found.tells()
    for id_ in found.ids:
        most = ", ".join(f"{name} (+{above:.1f})" for name, above in told[id_])
        yield f"segment {id_}: {np.sum(belongs.segment == id_)} users; more than others: {most or 'nothing'}"


def _features(counts: Counts, there: np.ndarray, features: np.ndarray) -> Iterator[list[str]]:
    users = (user for user, wanted in zip(counts.users, there, strict=True) if wanted)
    for user, row in zip(users, features, strict=True):
        yield [user, *(f"{value:.9g}" for value in row)]  # nine digits are all of a float32


def _users(counts: Counts, belongs: Belonging) -> Iterator[list[object]]:
    for user, segment, own in zip(counts.users, belongs.segment, belongs.own, strict=True):
        yield [user, "", ""] if segment == NONE else [user, segment, f"{own:.9g}"]


def _write_heat(counts: Counts, found: Segmentation, belongs: Belonging, out: Path) -> None:
    shares = heat(counts, belongs.segment, found.ids)
    done = np.flatnonzero(shares.sum(axis=1))
    _table(
        out / "heat.csv",
        ["item", *map(str, found.ids)],
        ([counts.items[n], *(f"{share:.9g}" for share in shares[n])] for n in done),
    )
    totals = np.asarray(counts.matrix.sum(axis=0)).ravel()
    often = sorted(done, key=lambda n: -totals[n])[: charts.TALLEST]
    together = sorted(often, key=lambda n: (shares[n].argmax(), -shares[n].max()))
    names = [f"segment {id_}" for id_ in found.ids]
    charts.heat(shares[together], [counts.items[n] for n in together], names, out / "heat.png")


def _draw(features: np.ndarray, segment: np.ndarray, found: Segmentation, out: Path) -> None:
    chance = np.random.default_rng(numbers.SEED)
    shown = chance.permutation(len(features))[: numbers.SEGMENT_SAMPLE]
    points = PCA(2, random_state=numbers.SEED).fit_transform(features[shown])
    names = {id_: f"segment {id_}" for id_ in found.ids}
    charts.scatter(points, segment[shown], names, out / "segments.png")
    if found.curve:
        curves = {
            "silhouette": [choice.silhouette for choice in found.curve],
            "stability": [choice.stability for choice in found.curve],
            "both": [choice.score for choice in found.curve],
        }
        charts.choice([choice.k for choice in found.curve], curves, found.k, out / "choice.png")


def _table(path: Path, head: list[str], rows: Iterable[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
