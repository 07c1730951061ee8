"""ResNet-v2 in Keras: residual networks with pre-activation.

He, Zhang, Ren and Sun 2016, "Identity mappings in deep residual networks", https://arxiv.org/abs/1603.05027. What a block
adds comes from normalised, rectified input, and nothing is done to the sum: whatever the depth, each block's input
reaches the end unchanged.

    stem → blocks, stage by stage, each with half the resolution and twice the filters → head

The ImageNet shapes (50, 101, 152) are those of `keras.applications`, layer names included, so that its weights fit.
The small-image shapes (20, 32, 56, 110) are the paper's for CIFAR: depth = 6 n + 2, three stages of n blocks; 8 is
the smallest that this gives, for a first try.

Everything here is a function that makes a function from tensor to tensor, as Keras' layers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import keras
from keras import layers, ops

Tensor = Any  # Keras' symbol for one, while the network is built
Layer = Callable[[Tensor], Tensor]

EPSILON = 1.001e-5  # of the norms, as in keras.applications
MOMENTUM = 0.9  # of what the norms remember: with Keras' 0.99, a short run answers by its first steps
STANDARDIZING = 1e-10  # keeps a kernel of equal numbers from dividing by zero; as in Big Transfer


class Shape(NamedTuple):
    """What a depth stands for.

    Attributes:
        blocks: in each stage.
        filters: of each stage's 3 × 3 convolutions.
        bottleneck: a block is 1 × 1, 3 × 3, 1 × 1 with four times the filters at its end; else twice 3 × 3.
        small: for pictures of about 32 pixels: the stem keeps the resolution.
    """

    blocks: tuple[int, ...]
    filters: tuple[int, ...]
    bottleneck: bool
    small: bool


class Block(NamedTuple):
    """One residual block."""

    name: str
    filters: int
    stride: int
    project: bool  # what came in gets its channels by a convolution; else more channels are zeros


def _small(blocks: int) -> Shape:
    return Shape((blocks,) * 3, (16, 32, 64), bottleneck=False, small=True)


def _large(*blocks: int) -> Shape:
    return Shape(blocks, (64, 128, 256, 512), bottleneck=True, small=False)


SHAPES = {
    8: _small(1),
    20: _small(3),
    32: _small(5),
    56: _small(9),
    110: _small(18),
    50: _large(3, 4, 6, 3),
    101: _large(3, 4, 23, 3),
    152: _large(3, 8, 36, 3),
}


def build(depth: int, classes: int, size: int, channels: int = 3, norm: str = "batch") -> keras.Model:
    """An untrained network.

    Args:
        depth: one of `SHAPES`.
        classes: how many it tells apart.
        size: of the pictures' sides, in pixels.
        channels: 3 for colour, 1 for grey.
        norm: "batch", or "group": group norm with weight standardization, which do not depend on what else is in
            the batch (Qiao et al. 2019, https://arxiv.org/abs/1903.10520; Kolesnikov et al. 2020,
            https://arxiv.org/abs/1912.11370).

    Returns:
        a model from pictures (n, size, size, channels) in -1…1 to `{"logits": (n, classes), "features": (n, f),
        "maps": (n, side, side, f)}`; f is 64 for the small shapes, else 2048. The features are the maps' means, the
        logits one matrix away from them.

    Raises:
        ValueError: no such depth or norm.
    """
    check(depth, norm)
    shape = SHAPES[depth]
    style = STYLES[norm]
    residual = bottleneck if shape.bottleneck else basic
    x = inputs = keras.Input((size, size, channels), name="pictures")
    x = stem(shape, style)(x)
    for block in _blocks(shape):
        x = residual(block, style)(x)
    outputs = head(classes, style)(x)
    return keras.Model(inputs, outputs, name=f"resnet{depth}v2")


def both_ways(network: keras.Model) -> keras.Model:
    """The network that answers by the mean of a picture and its mirror image, as Krizhevsky et al. 2012 did: twice the work.

    What it says of a picture and of its mirror image is the same, its maps mirrored. Its inputs and outputs are those of
    `build`, which made the network it is made from, and whose weights it has.
    """
    pictures = keras.Input(network.input.shape[1:], name="pictures")
    pair = ops.stack([pictures, ops.flip(pictures, axis=2)], axis=1)
    maps = network(ops.reshape(pair, (-1, *pair.shape[2:])))["maps"]
    maps = ops.reshape(maps, (-1, 2, *maps.shape[1:]))
    maps = (maps[:, 0] + ops.flip(maps[:, 1], axis=2)) / 2
    features = layers.GlobalAveragePooling2D(name="features", dtype="float32")(maps)
    logits = network.get_layer("predictions")(features)
    answers = {"logits": logits, "features": features, "maps": maps}
    return keras.Model(pictures, answers, name=f"{network.name}_both_ways")


def check(depth: int, norm: str) -> None:
    """Raises ValueError if there is no such depth or norm."""
    for name, value, known in (("depth", depth, SHAPES), ("norm", norm, STYLES)):
        if value not in known:
            raise ValueError(f"{name} {value!r}: there are {', '.join(map(str, sorted(known)))}")


def stem(shape: Shape, style: Style) -> Layer:
    """The first convolution: 3 × 3 for small pictures, else 7 × 7 and pooling, to a quarter of the resolution."""
    if shape.small:
        return style.convolve("conv1_conv", shape.filters[0], kernel=3)

    def apply(x: Tensor) -> Tensor:
        x = style.convolve("conv1_conv", shape.filters[0], kernel=7, stride=2, bias=True)(x)
        x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
        return layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)

    return apply


def basic(block: Block, style: Style) -> Layer:
    """Twice 3 × 3."""

    def apply(x: Tensor) -> Tensor:
        active = style.activate(f"{block.name}_preact")(x)
        y = style.convolve(f"{block.name}_1_conv", block.filters, kernel=3, stride=block.stride)(active)
        y = style.activate(f"{block.name}_1")(y)
        y = style.convolve(f"{block.name}_2_conv", block.filters, kernel=3)(y)
        return _add(block, style, block.filters, bias=False)(x, active, y)

    return apply


def bottleneck(block: Block, style: Style) -> Layer:
    """1 × 1 to fewer channels, 3 × 3 there, 1 × 1 to four times as many."""

    def apply(x: Tensor) -> Tensor:
        active = style.activate(f"{block.name}_preact")(x)
        y = style.convolve(f"{block.name}_1_conv", block.filters)(active)
        y = style.activate(f"{block.name}_1")(y)
        y = style.convolve(f"{block.name}_2_conv", block.filters, kernel=3, stride=block.stride)(y)
        y = style.activate(f"{block.name}_2")(y)
        y = style.convolve(f"{block.name}_3_conv", 4 * block.filters, bias=True)(y)
        return _add(block, style, 4 * block.filters, bias=True)(x, active, y)

    return apply


def head(classes: int, style: Style) -> Callable[[Tensor], dict[str, Tensor]]:
    """The last norm, the mean over the picture, and one number for each class, these in float32 at any precision."""

    def apply(x: Tensor) -> dict[str, Tensor]:
        maps = style.activate("post")(x)
        features = layers.GlobalAveragePooling2D(name="features", dtype="float32")(maps)
        logits = layers.Dense(classes, name="predictions", dtype="float32")(features)
        return {"logits": logits, "features": features, "maps": maps}

    return apply


@keras.saving.register_keras_serializable("ml")
class StandardizedConv2D(layers.Conv2D):
    """A convolution whose kernel has mean 0 and variance 1 for each filter (Qiao et al. 2019)."""

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        mean, variance = ops.moments(kernel, axes=(0, 1, 2), keepdims=True)
        return super().convolution_op(inputs, (kernel - mean) / ops.sqrt(variance + STANDARDIZING))


class Style(NamedTuple):
    """How the network convolves and normalises."""

    convolve: Callable[..., Layer]
    activate: Callable[[str], Layer]


def _blocks(shape: Shape) -> Iterator[Block]:
    """In order. The stages' numbers begin at 2: 1 is the stem.

    keras.applications strides in a stage's last block, the paper for CIFAR in the next stage's first one.
    """
    last_stage = len(shape.blocks) - 1
    for stage, (repeats, filters) in enumerate(zip(shape.blocks, shape.filters, strict=True)):
        for index in range(repeats):
            first, last = index == 0, index == repeats - 1
            strides = (first and stage > 0) if shape.small else (last and stage < last_stage)
            project = first and not shape.small
            yield Block(f"conv{stage + 2}_block{index + 1}", filters, 2 if strides else 1, project)


def _add(block: Block, style: Style, filters: int, bias: bool) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """What came in, brought to the shape of what the block found, and the sum of both.

    The paper for CIFAR lets no weight stand in the way: it leaves out pixels and adds channels of zeros.
    """

    def apply(x: Tensor, active: Tensor, found: Tensor) -> Tensor:
        if block.project:
            x = style.convolve(f"{block.name}_0_conv", filters, stride=block.stride, bias=bias)(active)
        elif block.stride > 1:
            x = layers.MaxPooling2D(1, strides=block.stride, name=f"{block.name}_0_pool")(x)
        if lacking := filters - x.shape[-1]:
            x = ops.pad(x, [[0, 0], [0, 0], [0, 0], [0, lacking]])
        return layers.Add(name=f"{block.name}_out")([x, found])

    return apply


def _convolve(
    name: str, filters: int, kernel: int = 1, stride: int = 1, bias: bool = False, kind: Any = layers.Conv2D
) -> Layer:
    """With the same padding on all sides, which "same" does not give where it strides."""
    convolution = kind(filters, kernel, stride, use_bias=bias, kernel_initializer="he_normal", name=name)
    if kernel == 1:
        return convolution
    pad = layers.ZeroPadding2D(kernel // 2, name=name.replace("_conv", "_pad"))
    return lambda x: convolution(pad(x))


def _activate_batch(name: str) -> Layer:
    norm = layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON, name=f"{name}_bn")
    relu = layers.ReLU(name=f"{name}_relu")
    return lambda x: relu(norm(x))


def _convolve_standardized(name: str, filters: int, **options: Any) -> Layer:
    return _convolve(name, filters, kind=StandardizedConv2D, **options)


def _activate_group(name: str) -> Layer:
    """At most 32 groups (Wu and He 2018, https://arxiv.org/abs/1803.08494), and at least four channels in each."""

    def apply(x: Tensor) -> Tensor:
        groups = min(32, x.shape[-1] // 4)
        norm = layers.GroupNormalization(groups, epsilon=EPSILON, name=f"{name}_gn")
        return layers.ReLU(name=f"{name}_relu")(norm(x))

    return apply


STYLES = {
    "batch": Style(_convolve, _activate_batch),
    "group": Style(_convolve_standardized, _activate_group),
}
