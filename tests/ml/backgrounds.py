"""Makes `ml/backgrounds`: pictures of many things as each EfficientNet sees them. `python -m tests.ml.backgrounds`

The pictures are those of scikit-image and foolbox that show things: photographs, CIFAR's and ImageNet's.
"""

from pathlib import Path

import foolbox
import numpy as np
import skimage

from ml.classify import BACKGROUNDS, Classifier
from tests.ml.conftest import NAMES, ROOT

FOLDERS = [Path(module.__file__ or "").parent / "data" for module in (skimage, foolbox)]
LEFT_OUT = ("mnist", "fashionMNIST")  # what these show, people use to try teaching


def main() -> None:
    for name in NAMES:
        classifier = Classifier.open(name, ROOT / "build" / "models")
        features = [
            found for folder in FOLDERS for file in _pictures(folder) if (found := _look(classifier, file))
        ]
        np.savez_compressed(
            BACKGROUNDS / f"{name}.npz", features=np.stack([f[0] for f in features]).astype(np.float16)
        )
        print(f"{name}: {len(features)} pictures")


def _pictures(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(LEFT_OUT))


def _look(classifier: Classifier, file: Path) -> list[np.ndarray] | None:
    try:
        return list(classifier.features([file.read_bytes()]))
    except ValueError:  # no picture
        return None


if __name__ == "__main__":
    main()
