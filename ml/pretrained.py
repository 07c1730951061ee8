"""The networks with ImageNet weights, by name. Needs TensorFlow; only preparing a model comes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml import efficientnet

if TYPE_CHECKING:
    import keras


def load(name: str) -> keras.Model:
    """The network `name` with its ImageNet weights.

    Returns:
        a model from normalised pictures (n, size, size, 3) to `{"logits": (n, 1000), "features": (n, d)}`.

    Raises:
        OSError: Keras could not fetch ResNet50V2's weights.
    """
    return resnet50v2() if name == "resnet50v2" else efficientnet.load(name)


def resnet50v2(weights: str | None = "imagenet") -> keras.Model:
    """Keras' ResNet50V2 (He et al. 2016, https://arxiv.org/abs/1603.05027); its weights (98 MB) are fetched once.

    Raises:
        OSError: they could not be fetched.
    """
    import keras

    try:
        network = keras.applications.ResNet50V2(weights=weights, classifier_activation=None)
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise OSError(f"the weights of ResNet50V2 could not be fetched: {error}") from error
    features = network.get_layer("avg_pool").output
    return keras.Model(network.input, {"logits": network.output, "features": features}, name="resnet50v2")
