"""Labelled pictures to train on and to measure by: a folder with one subfolder for each class, or Fashion-MNIST.

Each picture is brought to its square once, by the function that serving uses (`ml.pictures.square`), and kept as bytes;
what a network sees of it, augmented or not, is made from these when a batch is due.
"""

import gzip
import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from ml import pictures
from ml.pictures import Preprocessing

FASHION_MNIST = "fashion-mnist"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")  # of the package dataset-fashion-mnist
FASHION = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


class DataError(Exception):
    """There is nothing to learn from; the text says what was found, and what is wanted."""


@dataclass(frozen=True)
class Labelled:
    """Pictures whose class is known.

    Attributes:
        squares: uint8, (n, size, size, 3).
        classes: int32, (n,), into `names`.
        names: of the classes.
    """

    squares: np.ndarray
    classes: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.classes)

    def take(self, indices: np.ndarray) -> "Labelled":
        return Labelled(self.squares[indices], self.classes[indices], self.names)

    def fingerprint(self) -> str:
        """The SHA-256 of all that a network could learn from."""
        digest = hashlib.sha256("\n".join(self.names).encode())
        for array in (self.squares, self.classes):
            digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).data)
        return digest.hexdigest()


def load(
    source: str, expected: Preprocessing, part: str = "train", limit: int | None = None, say: Callable = print
) -> Labelled:
    """Read all pictures of a source.

    Args:
        source: a folder, or "fashion-mnist".
        expected: how the network wants them.
        part: "train" or "test", of Fashion-MNIST; a folder is taken whole.
        limit: only so many; of a folder, each class's first one, then each one's second, …
        say: is told of each file that is left out, and why.

    Raises:
        DataError: there are no such pictures.
    """
    if source == FASHION_MNIST:
        return _resized(_fashion(part, limit), expected)
    return _folder(Path(source), expected, limit, say)


def split(labelled: Labelled, share: float, seed: int) -> tuple[Labelled, Labelled]:
    """Most of the pictures, and `share` of each class's (at least one where it has two), by chance."""
    chance = np.random.default_rng(seed)
    kept: list[np.ndarray] = []
    held: list[np.ndarray] = []
    for class_ in range(len(labelled.names)):
        ours = chance.permutation(np.flatnonzero(labelled.classes == class_))
        count = max(round(share * len(ours)), min(1, len(ours) - 1))
        held.append(ours[:count])
        kept.append(ours[count:])
    return labelled.take(np.sort(np.concatenate(kept))), labelled.take(np.sort(np.concatenate(held)))


def _folder(folder: Path, expected: Preprocessing, limit: int | None, say: Callable) -> Labelled:
    if not folder.is_dir():
        raise DataError(f"{folder} is neither a folder nor {FASHION_MNIST!r}")
    names = tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."))
    if len(names) < 2:
        found = f"only {names[0]!r}" if names else "none"
        raise DataError(
            f"{folder} must have a subfolder of pictures for each class, two at least; it has {found}"
        )
    squares: list[np.ndarray] = []
    classes: list[int] = []
    for class_, path in _in_turn(folder, names):
        if limit is not None and len(classes) == limit:
            break
        try:
            squares.append(pictures.square(path.read_bytes(), expected))
            classes.append(class_)
        except (OSError, ValueError) as error:
            say(f"{path} is left out: {getattr(error, 'strerror', None) or error}")
    missing = [name for class_, name in enumerate(names) if class_ not in classes]
    if missing and (limit is None or limit >= len(names)):
        raise DataError(f"{folder}: there is no picture that can be read of {', '.join(missing)}")
    return Labelled(np.stack(squares), np.array(classes, np.int32), names)


def _in_turn(folder: Path, names: Iterable[str]) -> Iterator[tuple[int, Path]]:
    """Each class's first file, then each one's second, …"""
    files = [sorted(path for path in (folder / name).rglob("*") if path.is_file()) for name in names]
    for row in zip_longest(*files):
        yield from ((class_, path) for class_, path in enumerate(row) if path and path.name[0] != ".")


def _fashion(part: str, limit: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Grey pictures (n, 28, 28) and their classes (n,): Xiao et al. 2017, https://arxiv.org/abs/1708.07747."""
    if DEBIAN.is_dir():
        prefix = "t10k" if part == "test" else "train"
        grey = _idx(DEBIAN / f"{prefix}-images-idx3-ubyte.gz")
        classes = _idx(DEBIAN / f"{prefix}-labels-idx1-ubyte.gz")
    else:
        grey, classes = _downloaded(part)
    return grey[:limit], classes[:limit]


def _idx(path: Path) -> np.ndarray:
    """A file in the format of MNIST: two zero bytes, the type (8: uint8), the number of dimensions, these, the data."""
    data = gzip.decompress(path.read_bytes())
    zero, kind, dimensions = struct.unpack_from(">HBB", data)
    if zero or kind != 8:
        raise DataError(f"{path} is not in MNIST's format")
    shape = struct.unpack_from(f">{dimensions}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _downloaded(part: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        import keras

        train, test = keras.datasets.fashion_mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise DataError(
            f"Fashion-MNIST is not on this machine (apt-get install dataset-fashion-mnist), and could not be "
            f"fetched: {error}"
        ) from error
    return test if part == "test" else train


def _resized(grey: tuple[np.ndarray, np.ndarray], expected: Preprocessing) -> Labelled:
    from PIL import Image

    squares = [pictures.square(Image.fromarray(picture), expected) for picture in grey[0]]
    return Labelled(np.stack(squares), grey[1].astype(np.int32), FASHION)
