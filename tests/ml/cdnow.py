"""Segments of an early record shop's customers, as in docs/segments.md: `python -m tests.ml.cdnow`.

CDNOW sold records on the web. The 69,659 orders of the 23,570 people who first bought in early 1997, until June 1998
(Fader and Hardie 2001), lie in the wheel of `lifetimes`; the library itself is not imported.
"""

import importlib.util
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from ml import numbers, segment
from ml.segment import Counts, Segmentation

STARTS = 50


def main() -> None:
    counts = orders()
    found = segment.fit(counts)
    belongs = found.assign(counts)
    best = best_inertia(counts, found)
    print(
        f"{len(counts.users):,} customers, {len(counts.items)} items; k {found.k}, silhouette {found.silhouette:.3f}"
    )
    print(
        f"inertia {found.inertia:.1f}; the best of {STARTS} starts {best:.1f} ({found.inertia / best - 1:+.2%})\n"
    )
    print("\n".join(curve_table(found)), end="\n\n")
    print("\n".join(segments_table(found, belongs.segment)), end="\n\n")
    print("\n".join(heat_table(counts, found, belongs.segment)))


def orders() -> Counts:
    """Customer × item. Each order counts twice: by how many records it had, and by its quarter. There are no titles."""
    rows: list[tuple[str, str, float]] = []
    groups: dict[str, str] = {}
    for customer, date, records, _dollars in map(str.split, _file().read_text().splitlines()[1:]):
        size, quarter = _size(int(records)), f"{date[:4]} Q{(int(date[4:6]) + 2) // 3}"
        groups |= {size: "size", quarter: "quarter"}
        rows += [(customer, size, 1.0), (customer, quarter, 1.0)]
    return Counts.of(rows, groups)


def _file() -> Path:
    found = importlib.util.find_spec("lifetimes")
    assert found and found.origin, "lifetimes is not installed"
    return Path(found.origin).parent / "datasets" / "CDNOW_master.txt"


def _size(records: int) -> str:
    if records < 3:
        return "1 record" if records == 1 else "2 records"
    return "3 or 4 records" if records < 5 else "5 or more"


def best_inertia(counts: Counts, found: Segmentation) -> float:
    """Of scikit-learn's own K-means on the same features."""
    best = KMeans(found.k, n_init=STARTS, random_state=numbers.SEED + 1).fit(found.recipe.features(counts))
    return float(best.inertia_)


def curve_table(found: Segmentation) -> list[str]:
    lines = ["| k | " + " | ".join(str(choice.k) for choice in found.curve) + " |"]
    lines.append("| --- |" + " --- |" * len(found.curve))
    for name in ("silhouette", "stability", "score"):
        values = " | ".join(f"{getattr(choice, name):.2f}" for choice in found.curve)
        lines.append(f"| {'product' if name == 'score' else name} | {values} |")
    return lines


def segments_table(found: Segmentation, belongs: np.ndarray) -> list[str]:
    lines = ["| segment | customers | they have more of (standard deviations) |", "| --- | --- | --- |"]
    tells = found.tells()
    for id_ in found.ids:
        told = ", ".join(f"{name.strip('()')} +{above:.1f}" for name, above in tells[id_])
        lines.append(f"| {id_} | {np.count_nonzero(belongs == id_):,} | {told} |")
    return lines


def heat_table(counts: Counts, found: Segmentation, belongs: np.ndarray) -> list[str]:
    heat = segment.heat(counts, belongs, found.ids)
    lines = ["| item | " + " | ".join(map(str, found.ids)) + " |", "| --- |" + " --- |" * found.k]
    for item, row in sorted(zip(counts.items, heat.tolist(), strict=True)):
        lines.append(f"| {item} | " + " | ".join(f"{share:.2f}" for share in row) + " |")
    return lines


if __name__ == "__main__":
    main()
