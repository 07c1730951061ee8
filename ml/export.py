"""From a Keras network to a `.tflite` file that `ml.litert` runs. Needs TensorFlow.

As a command, `python -m ml.export NAME FILE`, for `ml.models`: TensorFlow then takes its memory and its many notices
into a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def to_litert(network: keras.Model, path: Path) -> None:
    """Writes a network as fp32 LiteRT.

    Args:
        network: from pictures (n, size, size, 3) to `{"logits": …, "features": …}`; n stays open.
        path: of the new file.
    """
    import tensorflow as tf

    path.write_bytes(tf.lite.TFLiteConverter.from_keras_model(network).convert())


def main(name: str, path: str) -> None:
    try:
        from ml import pretrained

        to_litert(pretrained.load(name), Path(path))
    except (ImportError, OSError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
