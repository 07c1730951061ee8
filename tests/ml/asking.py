"""How much labelling it saves to ask for the pictures that would teach most: `python -m tests.ml.asking [FILE.svg]`.

Fashion-MNIST as EfficientNet-Lite0 sees it; a softmax layer is taught with ever more labels, twenty at a time, chosen by
chance, or as `chat.lessons.choose` does.
"""

import sys
from pathlib import Path

import numpy as np

from chat.lessons import Doubt, choose
from ml import charts, data, head, pictures
from ml.classify import Classifier
from ml.head import Lesson
from tests.ml.conftest import ROOT

POOL, TEST, STEP, ROUNDS, TIMES = 3000, 2000, 20, 15, 10
NAMES = [str(class_) for class_ in range(10)]


def main(file: Path | None) -> None:
    classifier = Classifier.open("efficientnet-lite0", ROOT / "build" / "models")
    pool, test = (
        data.load(data.FASHION_MNIST, classifier.preprocessing, part=part, limit=limit)
        for part, limit in (("train", POOL), ("test", TEST))
    )
    pool_features, test_features = _features(classifier, pool), _features(classifier, test)
    curves = {
        name: np.array(
            [
                _curve(way, pool_features, pool.classes, test_features, test.classes, seed)
                for seed in range(TIMES)
            ]
        )
        for name, way in WAYS.items()
    }
    labels = STEP * np.arange(1, ROUNDS + 1)
    print("labels      " + " ".join(f"{count:5}" for count in labels))
    for name, curve in curves.items():
        print(f"{name:12}" + " ".join(f"{accuracy:5.1%}" for accuracy in np.median(curve, 0)))
    reached = np.median(curves["by chance"], 0)[-1]
    needed = labels[np.argmax(np.median(curves["asked for"], 0) >= reached)]
    print(f"What {labels[-1]} labels by chance teach ({reached:.1%}), {needed} teach that were asked for.")
    if file:
        charts.bands(
            {name: (labels, curve) for name, curve in curves.items()}, "labels", "named rightly", file
        )


def _curve(way, features, classes, test_features, test_classes, seed: int) -> list[float]:
    chance = np.random.default_rng(seed)
    chosen = list(chance.choice(len(classes), STEP, replace=False))
    found = []
    for _ in range(ROUNDS):
        taught = _teach(features[chosen], classes[chosen])
        found.append(float(np.mean(_answers(taught, test_features) == test_classes)))
        left = np.setdiff1d(np.arange(len(classes)), chosen)
        chosen += list(way(taught.probabilities(features[left]), left, chance))
    return found


def _teach(features: np.ndarray, classes: np.ndarray) -> head.Head:
    names = tuple(NAMES[class_] for class_ in classes)
    lesson = Lesson(features, names, np.zeros((0, features.shape[1])))
    return head._fit(head._examples(lesson, tuple(sorted(set(names)))), tuple(sorted(set(names))))


def _answers(taught: head.Head, features: np.ndarray) -> np.ndarray:
    return np.array([int(label) for label in taught.labels])[taught.probabilities(features)[:, :-1].argmax(1)]


def _by_chance(beliefs: np.ndarray, left: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    return chance.choice(left, STEP, replace=False)


def _asked_for(beliefs: np.ndarray, left: np.ndarray, chance: np.random.Generator) -> list[int]:
    best = np.sort(beliefs, axis=1)[:, ::-1]
    margins, tops = best[:, 0] - best[:, 1], beliefs.argmax(1)
    return choose(
        [Doubt(int(n), str(top), float(m)) for n, top, m in zip(left, tops, margins, strict=True)], STEP
    )


def _least_margin(beliefs: np.ndarray, left: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    best = np.sort(beliefs, axis=1)[:, ::-1]
    return left[np.argsort(best[:, 0] - best[:, 1])[:STEP]]


WAYS = {"by chance": _by_chance, "asked for": _asked_for, "margin alone": _least_margin}


def _features(classifier: Classifier, labelled: data.Labelled) -> np.ndarray:
    normal = pictures.normalise(labelled.squares, classifier.preprocessing)
    return np.concatenate([classifier.features([one]) for one in normal])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
