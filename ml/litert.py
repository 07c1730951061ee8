"""Runs an exported network with LiteRT, which takes a tenth of TensorFlow's memory and starts in a tenth of a second."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np


class Network:
    """An exported network in memory; several threads may share it, and take turns.

    Args:
        path: a `.tflite` file with one input, pictures, and the outputs `logits` and `features`.
        threads: for one picture's layers.

    Raises:
        ValueError: the file is not such a network.
    """

    def __init__(self, path: Path, threads: int):
        from ai_edge_litert.interpreter import Interpreter

        with _silence():
            self._interpreter = Interpreter(str(path), num_threads=threads)
            self._interpreter.allocate_tensors()
        signature = self._interpreter.get_signature_runner()
        outputs = [signature.get_output_details()[name] for name in ("logits", "features")]
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in outputs]
        self._widths = [int(output["shape"][-1]) for output in outputs]
        self._turn = threading.Lock()

    def run(self, pictures: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Logits (n, classes) and pooled features (n, d) of n normalised pictures, all float32.

        One by one: on a CPU a batch is no faster (docs/models.md has the figures), takes more memory, and would have
        to be planned anew for each size.
        """
        logits, features = (np.empty((len(pictures), width), np.float32) for width in self._widths)
        with self._turn:
            for index, picture in enumerate(pictures):
                logits[index], features[index] = self._run_one(picture)
        return logits, features

    def _run_one(self, picture: np.ndarray) -> list[np.ndarray]:
        self._interpreter.set_tensor(self._input, picture[np.newaxis])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index)[0] for index in self._outputs]


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """LiteRT announces its CPU delegate on standard error, from C++ and past every log level."""
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
