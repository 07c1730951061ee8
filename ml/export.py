"""From a Keras network to the files that `ml.litert` runs. Needs TensorFlow.

As a command, `python -m ml.export NAME FOLDER`, for `ml.models`: TensorFlow then takes its memory and its many notices
into a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras


def to_litert(network: keras.Model, folder: Path, shown: np.ndarray | None = None) -> None:
    """Writes a network as `model.tflite`, and its last layer as `head.npz`: kernel (f, classes), bias (classes,).

    Args:
        network: from pictures (n, size, size, 3) to `{"logits": …, "features": …, "maps": …}`; n stays open.
        folder: that exists.
        shown: normalised pictures, (n, size, size, 3). If given, the file is int8 where it computes (weights by
            channel, activations by the ranges that these pictures cause), and float32 at its ends; else fp32.
    """
    import keras
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if shown is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([picture[np.newaxis]] for picture in shown)
    (folder / "model.tflite").write_bytes(converter.convert())
    head = next(layer for layer in reversed(network.layers) if isinstance(layer, keras.layers.Dense))
    kernel, bias = head.get_weights()
    np.savez(folder / "head.npz", kernel=kernel, bias=bias)


def main(name: str, folder: str) -> None:
    try:
        from ml import pretrained

        to_litert(pretrained.load(name), Path(folder))
    except (ImportError, OSError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
