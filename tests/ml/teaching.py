"""How well five pictures teach, on Fashion-MNIST as EfficientNet-Lite2 sees it: `python -m tests.ml.teaching`."""

import numpy as np

from ml import data, head
from ml.classify import Classifier
from ml.data import FASHION
from ml.head import Lesson
from tests.ml.conftest import ROOT

TIMES, SHOWN, ASKED = 20, 5, 55


def main() -> None:
    classifier = Classifier.open("efficientnet-lite2", ROOT / "build" / "models")
    test = data.load(data.FASHION_MNIST, classifier.preprocessing, part="test", limit=1000)
    of_class = [np.flatnonzero(test.classes == class_)[: SHOWN + ASKED] for class_ in range(len(FASHION))]
    chosen = np.concatenate(of_class)
    features, classes = _features(classifier, test.squares[chosen]), test.classes[chosen]
    background = classifier.background()
    found = []
    for seed in range(TIMES):
        chance = np.random.default_rng(seed)
        pair = chance.choice(len(FASHION), 2, replace=False)
        shown = [chance.choice(np.flatnonzero(classes == class_), SHOWN, replace=False) for class_ in pair]
        half = chance.permutation(len(background))
        learnt, strange = np.array_split(background[half], 2)
        names = tuple(FASHION[class_] for class_ in pair)
        taught = head.train(
            Lesson(features[np.concatenate(shown)], (names[0],) * SHOWN + (names[1],) * SHOWN, learnt)
        )
        asked = np.setdiff1d(np.arange(len(classes)), np.concatenate(shown))
        right = [
            np.mean(_answers(taught, features[asked[classes[asked] == class_]]) == name)
            for class_, name in zip(pair, names, strict=True)
        ]
        claimed = _answers(taught, strange) != ""
        others = _answers(taught, features[~np.isin(classes, pair)]) != ""
        found.append((np.mean(right), np.mean(claimed), np.mean(others)))
    for what, column in zip(
        ("named rightly", "other things named", "other clothes named"), zip(*found, strict=True), strict=True
    ):
        print(f"{what:20} median {np.median(column):.1%}, from {np.min(column):.1%} to {np.max(column):.1%}")


def _features(classifier: Classifier, squares: np.ndarray) -> np.ndarray:
    from ml import pictures

    return np.concatenate(
        [classifier.features([one]) for one in pictures.normalise(squares, classifier.preprocessing)]
    )


def _answers(taught: head.Head, features: np.ndarray) -> np.ndarray:
    return np.array([*taught.labels, ""])[taught.probabilities(features).argmax(1)]


if __name__ == "__main__":
    main()
