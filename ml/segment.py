"""Segments: groups of users who do alike, by K-means on user × item counts.

Counts become features (`Recipe`), K-means finds k centres among them (`fit`), and each user belongs to the nearest one
(`Segmentation.assign`). A later fit is made to keep the names of the earlier one (`match`). What an item is, is for the
caller to say: a product, a room, an hour of the day.

    counts, problems = read(Path("orders.csv"))
    segments = fit(counts)
    belongs = segments.assign(counts)
    shares = heat(counts, belongs.segment, segments.ids)
"""

import csv
import functools
import io
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, pairwise_distances, silhouette_score
from threadpoolctl import ThreadpoolController

from ml import numbers

NONE = -1  # the segment of a user who did too little to belong to one
AMOUNT = "(amount)"  # the column that says how much somebody does at all
SCALARS = ("ids", "inertia", "silhouette", "users", "next_id")
REST = "(other {})"  # the column of a group's items that have none of their own
COLUMNS = ("user", "item", "quantity")


class TooLittleData(Exception):
    """Fewer users, or fewer different ones, than segments can be made of."""


@dataclass(frozen=True)
class Counts:
    """How often each user did each thing.

    Attributes:
        users: names, n.
        items: names, m.
        groups: of each item; what is in one group is weighed among itself. Of orders, all items are in one.
        matrix: (n, m), nothing negative.
    """

    users: tuple[str, ...]
    items: tuple[str, ...]
    groups: tuple[str, ...]
    matrix: sparse.csr_array

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, float]], groups: dict[str, str] | None = None) -> "Counts":
        """From (user, item, quantity), in any order; what comes twice is added up.

        Args:
            groups: each item's, by name; those without are in one group together.
        """
        users: dict[str, int] = {}
        items: dict[str, int] = {}
        places: list[tuple[int, int]] = []
        quantities: list[float] = []
        for user, item, quantity in rows:
            places.append((users.setdefault(user, len(users)), items.setdefault(item, len(items))))
            quantities.append(quantity)
        at = np.array(places, np.int64).reshape(-1, 2).T
        matrix = sparse.coo_array((np.array(quantities, float), (at[0], at[1])), (len(users), len(items)))
        return cls(
            tuple(users),
            tuple(items),
            tuple((groups or {}).get(item, "items") for item in items),
            matrix.tocsr(),
        )

    def totals(self) -> np.ndarray:
        """What each user did altogether, (n,)."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()

    def only(self, chosen: np.ndarray) -> "Counts":
        """Of those users alone, (n,) bool."""
        if chosen.all():
            return self
        users = tuple(user for user, wanted in zip(self.users, chosen, strict=True) if wanted)
        return replace(self, users=users, matrix=self.matrix[np.flatnonzero(chosen)])


def read(path: Path) -> tuple[Counts, list[str]]:
    """Counts from a CSV file with the columns user, item and quantity, and what is wrong with rows that were left out.

    Raises:
        ValueError: a column is missing.
        OSError, UnicodeDecodeError: the file cannot be read.
    """
    problems: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (table.fieldnames or ())]:
            raise ValueError(f"{path}: no column {missing[0]!r}; user, item and quantity are wanted")
        rows = []
        for row in table:
            try:
                rows.append(_row(row))
            except ValueError as error:
                problems.append(f"{path}, line {table.line_num}: {error}")
    return Counts.of(rows), problems


def _row(row: dict[str, str | None]) -> tuple[str, str, float]:
    user, item, quantity = (str(row[name] or "").strip() for name in COLUMNS)
    for name, value in (("user", user), ("item", item)):
        if not value:
            raise ValueError(f"{name} is empty")
    try:
        number = float(quantity)
    except ValueError:
        raise ValueError(f"quantity {quantity!r} is no number") from None
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"quantity {quantity}: 0 or more is wanted")
    return user, item, number


# Features


@dataclass(frozen=True)
class Recipe:
    """How counts become features: made for one fit, and then the same for whoever comes later.

    A count is heavy-tailed, so its logarithm is taken; what everybody does tells nobody apart, so it weighs less (inverse
    document frequency); what matters is what somebody does rather than how much, so each group's part has length 1, and
    how much is one column of its own that weighs little.

    Attributes:
        columns: the features' names, d.
        source: for each item that had one, its column; items that are not here belong to their group's rest, if there is
            one.
        weights: (d - 1,), inverse document frequencies.
        blocks: for each column but the last, the number of its group.
        amount: mean and standard deviation of log(1 + total).
    """

    columns: tuple[str, ...]
    source: dict[str, int]
    rests: dict[str, int]
    weights: np.ndarray
    blocks: np.ndarray
    amount: tuple[float, float]

    @classmethod
    def of(cls, counts: Counts, most: int = numbers.SEGMENT_COLUMNS) -> "Recipe":
        """For these counts: a column for each group's items that most users have, at most `most` of them a group."""
        users = np.bincount(
            counts.matrix.tocoo().col[counts.matrix.tocoo().data > 0], minlength=len(counts.items)
        )
        columns: list[str] = []
        source: dict[str, int] = {}
        rests: dict[str, int] = {}
        blocks: list[int] = []
        for block, group in enumerate(dict.fromkeys(counts.groups)):
            mine = sorted(
                (n for n, its in enumerate(counts.groups) if its == group),
                key=lambda n: (-users[n], counts.items[n]),
            )
            kept = mine if len(mine) <= most else mine[: most - 1]
            for n in kept:
                source[counts.items[n]] = len(columns)
                columns.append(counts.items[n])
            if len(kept) < len(mine):
                rests[group] = len(columns)
                columns.append(REST.format(group))
            blocks += [block] * (len(columns) - len(blocks))
        columns.append(AMOUNT)
        bare = cls(tuple(columns), source, rests, np.ones(len(blocks)), np.array(blocks, int), (0.0, 1.0))
        spread = bare._spread(counts)
        having = np.bincount(spread.indices, minlength=len(blocks))
        weights = np.log((1 + len(counts.users)) / (1 + having)) + 1
        logs = np.log1p(counts.totals())
        return replace(bare, weights=weights, amount=(float(logs.mean()), float(logs.std()) or 1.0))

    def features(self, counts: Counts) -> np.ndarray:
        """(n, d) float32, d named by `columns`."""
        spread = self._spread(counts)
        np.log1p(spread.data, out=spread.data)
        spread.data *= self.weights.astype(np.float32)[spread.indices]
        found = spread.toarray()
        parts = found[:, :-1]
        groups = self.blocks.max(initial=0) + 1
        for block in range(groups):
            start, stop = np.searchsorted(self.blocks, (block, block + 1))  # a group's columns lie together
            mine = parts[:, start:stop]
            lengths = np.sqrt(np.einsum("ij,ij->i", mine, mine) * groups)
            mine /= np.where(lengths > 0, lengths, 1)[:, None]
        mean, deviation = self.amount
        found[:, -1] = (np.log1p(counts.totals()) - mean) / deviation * numbers.SEGMENT_AMOUNT
        return found

    def _spread(self, counts: Counts) -> sparse.csr_array:
        """The counts in this recipe's columns, (n, d); who had no column then is in the group's rest. The last one is empty."""
        to = np.array(
            [
                self.source.get(item, self.rests.get(group, -1))
                for item, group in zip(counts.items, counts.groups, strict=True)
            ],
            np.int32,
        )
        data, columns = counts.matrix.data.astype(np.float32), to[counts.matrix.indices]
        if to.min(initial=0) < 0:
            data[columns < 0] = 0
            columns[columns < 0] = 0
        moved = sparse.csr_array(
            (data, columns, counts.matrix.indptr.copy()), (len(counts.users), len(self.columns))
        )
        if self.rests:
            moved.sum_duplicates()
        moved.eliminate_zeros()
        return moved


# Segments


@dataclass(frozen=True)
class Belonging:
    """Where users belong.

    Attributes:
        segment: (n,) ids, `NONE` for who did too little.
        own: (n,) distance to the centre of the own segment.
        next: (n,) distance to the nearest other one.
    """

    segment: np.ndarray
    own: np.ndarray
    next: np.ndarray


@dataclass(frozen=True)
class Choice:
    """How well the users fall into k segments.

    Attributes:
        silhouette: -1 to 1; how much nearer users are to their own segment than to the next (Rousseeuw 1987).
        stability: up to 1; how alike the segments are that resamples give (adjusted Rand index; Ben-Hur et al. 2002).
    """

    k: int
    silhouette: float
    stability: float

    @property
    def score(self) -> float:
        """What is chosen by: segments that are apart, and that are there again in other data of the kind."""
        return self.silhouette * self.stability


@dataclass(frozen=True)
class Segmentation:
    """A fit.

    Attributes:
        recipe: of its features.
        centres: (k, d).
        ids: of the segments, k; a segment keeps its own from fit to fit (`match`).
        mean, deviation: (d,) of the users' features.
        inertia: sum of the users' squared distances to their centres.
        silhouette: of a sample of the users.
        users: how many it was fitted to.
        curve: what k was chosen from; empty where it was given.
        next_id: the next new segment's.
    """

    recipe: Recipe
    centres: np.ndarray
    ids: tuple[int, ...]
    mean: np.ndarray
    deviation: np.ndarray
    inertia: float
    silhouette: float
    users: int
    curve: tuple[Choice, ...]
    next_id: int

    @property
    def k(self) -> int:
        return len(self.ids)

    def assign(self, counts: Counts, least: float = 0.0) -> Belonging:
        """Where users belong, also those who came after the fit.

        Args:
            least: who did less than this altogether, or nothing, belongs nowhere.
        """
        features, totals = self.recipe.features(counts), counts.totals()
        distances = pairwise_distances(features, self.centres.astype(np.float32))
        order = np.sort(distances, axis=1)
        segment = np.array(self.ids)[distances.argmin(axis=1)]
        there = (totals > 0) & (totals >= least)
        beyond = order[:, 1] if self.k > 1 else np.full(len(totals), np.nan)
        return Belonging(np.where(there, segment, NONE), order[:, 0], beyond)

    def tells(self, most: int = numbers.SEGMENT_TELLING) -> dict[int, list[tuple[str, float]]]:
        """For each segment the features that tell it from all, most telling first: by how many standard deviations."""
        found = {}
        for id_, centre in zip(self.ids, self.centres, strict=True):
            above = np.divide(
                centre - self.mean, self.deviation, out=np.zeros_like(centre), where=self.deviation > 0
            )
            best = [int(n) for n in np.argsort(-above, kind="stable")[:most] if above[n] > 0]
            found[id_] = [(self.recipe.columns[n], float(above[n])) for n in best]
        return found

    def to_bytes(self) -> bytes:
        """To be kept, until `from_bytes`."""
        recipe = self.recipe
        arrays: dict[str, Any] = {
            "centres": self.centres,
            "mean": self.mean,
            "deviation": self.deviation,
            "weights": recipe.weights,
            "blocks": recipe.blocks,
        }
        words = {
            "columns": recipe.columns,
            "source": recipe.source,
            "rests": recipe.rests,
            "amount": recipe.amount,
            "curve": [asdict(choice) for choice in self.curve],
            **{name: getattr(self, name) for name in SCALARS},
        }
        file = io.BytesIO()
        np.savez_compressed(file, words=np.array(json.dumps(words)), **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Segmentation":
        """What `to_bytes` wrote."""
        with np.load(io.BytesIO(data)) as kept:
            words = json.loads(str(kept["words"]))
            recipe = Recipe(
                tuple(words["columns"]),
                words["source"],
                words["rests"],
                kept["weights"],
                kept["blocks"],
                tuple(words["amount"]),
            )
            scalars = {name: words[name] for name in SCALARS} | {"ids": tuple(words["ids"])}
            curve = tuple(Choice(**choice) for choice in words["curve"])
            arrays = {name: kept[name] for name in ("centres", "mean", "deviation")}
        return cls(recipe=recipe, curve=curve, **arrays, **scalars)


def fit(counts: Counts, k: int | None = None, least: float = 0.0) -> Segmentation:
    """K-means (Lloyd 1982) with k-means++ starts (Arthur and Vassilvitskii 2007), by scikit-learn.

    Args:
        k: how many segments; None: chosen from `numbers.SEGMENT_KS` by silhouette and stability.
        least: who did less than this altogether, or nothing, takes no part.

    Raises:
        TooLittleData: there are not enough users, or they all do the same.
    """
    totals = counts.totals()
    taking_part = counts.only((totals > 0) & (totals >= least))
    if len(taking_part.users) < (k or min(numbers.SEGMENT_KS) + 1):
        raise TooLittleData(
            f"{len(taking_part.users)} users who did enough: {k or 'at least 3'} segments want more"
        )
    recipe = Recipe.of(taking_part)
    features = recipe.features(taking_part)
    different = len(np.unique(features[: 10 * numbers.SEGMENT_SAMPLE], axis=0))
    if different < (k or min(numbers.SEGMENT_KS) + 1):
        raise TooLittleData(f"{len(features)} users, but only {different} kinds of them")
    curve = () if k else _curve(features, different)
    chosen = k or _best(curve)
    found = _kmeans(features, chosen)
    sizes = np.bincount(found.labels_, minlength=chosen)
    order = np.argsort(-sizes, kind="stable")  # the largest is the first
    mean = features.mean(axis=0, dtype=float)
    square = np.einsum("ij,ij->j", features, features, dtype=float) / len(features)
    return Segmentation(
        recipe,
        found.cluster_centers_[order].astype(float),
        tuple(range(1, chosen + 1)),
        mean,
        np.sqrt(np.maximum(square - mean**2, 0)),
        float(found.inertia_),
        _silhouette(features, found.labels_),
        len(features),
        curve,
        chosen + 1,
    )


def _best(curve: Sequence[Choice]) -> int:
    near = numbers.SEGMENT_NEARLY * max(choice.score for choice in curve)
    return max(choice.k for choice in curve if choice.score >= near)


def _curve(features: np.ndarray, different: int) -> tuple[Choice, ...]:
    """How well each k does, on a sample where there are many users."""
    chance = np.random.default_rng(numbers.SEED)
    most = 10 * numbers.SEGMENT_SAMPLE
    sample = (
        features if len(features) <= most else features[chance.choice(len(features), most, replace=False)]
    )
    curve = []
    for k in (k for k in numbers.SEGMENT_KS if k < min(len(sample), different)):
        labels = _kmeans(sample, k).labels_
        again = [_kmeans(sample[chosen], k).predict(sample) for chosen in _resamples(len(sample), k, chance)]
        stability = float(np.mean([adjusted_rand_score(labels, other) for other in again]))
        curve.append(Choice(k, _silhouette(sample, labels), stability))
    return tuple(curve)


def _resamples(n: int, k: int, chance: np.random.Generator) -> list[np.ndarray]:
    size = max(k, round(n * numbers.SEGMENT_RESAMPLED))
    return [chance.choice(n, size, replace=False) for _ in range(numbers.SEGMENT_RESAMPLES)]


def _kmeans(features: np.ndarray, k: int) -> KMeans:
    found = KMeans(k, n_init=numbers.SEGMENT_STARTS, random_state=numbers.SEED)
    if len(features) > numbers.SEGMENT_THREADED:
        return found.fit(features)
    with _threads().limit(limits=1):
        return found.fit(features)


@functools.cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _silhouette(features: np.ndarray, labels: np.ndarray) -> float:
    if not 1 < len(np.unique(labels)) < len(labels):
        return 0.0
    size = numbers.SEGMENT_SAMPLE if len(features) > numbers.SEGMENT_SAMPLE else None
    return float(silhouette_score(features, labels, sample_size=size, random_state=numbers.SEED))


def match(before: Segmentation, after: Segmentation) -> Segmentation:
    """`after` with the ids of `before`, where a segment is the same: pairs of centres that are closest altogether (Kuhn 1955).

    A centre that is further from its partner than that one was from its nearest neighbour is a new segment.
    """
    columns = list(dict.fromkeys(before.recipe.columns + after.recipe.columns))
    old, new = (_aligned(one, columns) for one in (before, after))
    apart = pairwise_distances(old)
    np.fill_diagonal(apart, np.inf)
    distances = pairwise_distances(old, new)
    kept = {
        int(n): before.ids[o]
        for o, n in zip(*linear_sum_assignment(distances), strict=True)
        if distances[o, n] < apart[o].min()
    }
    fresh = iter(range(before.next_id, before.next_id + after.k))
    ids = tuple(kept[n] if n in kept else next(fresh) for n in range(after.k))
    return replace(after, ids=ids, next_id=max(before.next_id, max(ids) + 1))


def _aligned(segments: Segmentation, columns: Sequence[str]) -> np.ndarray:
    """Centres in these columns, (k, len(columns)); what a fit did not look at is 0 there."""
    found = np.zeros((segments.k, len(columns)))
    for n, name in enumerate(segments.recipe.columns):
        found[:, columns.index(name)] = segments.centres[:, n]
    return found


def churn(before: np.ndarray, after: np.ndarray) -> float:
    """The share of those who belonged somewhere before, and do so now, that have moved. Both (n,), of the same users."""
    both = (before != NONE) & (after != NONE)
    return float(np.mean(before[both] != after[both])) if both.any() else 0.0


def heat(counts: Counts, segment: np.ndarray, ids: Sequence[int]) -> np.ndarray:
    """How much each item is a segment's: (m, k), each row adding up to 1.

    What a segment's members do in the mean, so that large segments do not own everything; as a share of all segments.
    An item that no member did is a row of zeros.

    Args:
        segment: (n,), as `Segmentation.assign` says.
        ids: the columns.
    """
    member = sparse.csr_array((segment[:, None] == np.array(ids)).astype(float))
    sizes = np.maximum(np.asarray(member.sum(axis=0)).ravel(), 1)
    means = (counts.matrix.T @ member).toarray() / sizes
    sums = means.sum(axis=1, keepdims=True)
    return np.divide(means, sums, out=np.zeros_like(means), where=sums > 0)
