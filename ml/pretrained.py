"""The networks with ImageNet weights, by name. Needs TensorFlow; only preparing a model comes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml import efficientnet

if TYPE_CHECKING:
    import keras


def load(name: str) -> keras.Model:
    """The network `name` with its ImageNet weights.

    Returns:
        a model from normalised pictures (n, size, size, 3) to `{"logits": (n, 1000), "features": (n, d),
        "maps": (n, side, side, d)}`.

    Raises:
        OSError: Keras could not fetch ResNet50V2's weights.
    """
    return resnet50v2() if name == "resnet50v2" else efficientnet.load(name)


def resnet50v2() -> keras.Model:
    """Our ResNet-v2 of 50 layers with the ImageNet weights of `keras.applications` (98 MB, fetched once).

    Raises:
        OSError: they could not be fetched.
    """
    import keras

    try:
        theirs = keras.applications.ResNet50V2(weights="imagenet", classifier_activation=None)
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise OSError(f"the weights of ResNet50V2 could not be fetched: {error}") from error
    return with_weights_of(theirs, 50)


def with_weights_of(theirs: keras.Model, depth: int) -> keras.Model:
    """Our ResNet-v2 with the weights of a ResNetV2 of `keras.applications`, whose layers are called as ours are.

    Raises:
        ValueError: it is another network.
    """
    from ml import resnet

    ours = resnet.build(depth, theirs.output_shape[-1], theirs.input_shape[1])
    weights = {layer.name: layer.get_weights() for layer in theirs.layers if layer.weights}
    layers = {layer.name: layer for layer in ours.layers if layer.weights}
    if weights.keys() != layers.keys():
        strange = ", ".join(sorted(weights.keys() ^ layers.keys())[:5])
        raise ValueError(f"{theirs.name} is no ResNet{depth}V2: only one of the two has {strange}")
    for name, arrays in weights.items():
        layers[name].set_weights(arrays)
    return ours
