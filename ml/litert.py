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
        path: a `.tflite` file with one input, pictures, and the outputs `logits`, `features` and `maps`.
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
        outputs = signature.get_output_details()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [outputs[name]["index"] for name in ("logits", "features", "maps")]
        self._widths = [int(outputs[name]["shape"][-1]) for name in ("logits", "features")]
        self._turn = threading.Lock()

    def run(self, pictures: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Logits (n, classes) and pooled features (n, d) of n normalised pictures, all float32.

        One by one: on a CPU a batch is no faster (docs/models.md has the figures), takes more memory, and would have
        to be planned anew for each size.
        """
        logits, features = (np.empty((len(pictures), width), np.float32) for width in self._widths)
        with self._turn:
            for index, picture in enumerate(pictures):
                logits[index], features[index] = self._run_one(picture, self._outputs[:2])
        return logits, features

    def maps(self, picture: np.ndarray) -> np.ndarray:
        """The last layer's features where they were found, (side, side, d); their means are what `run` returns."""
        with self._turn:
            return self._run_one(picture, self._outputs[2:])[0]

    def _run_one(self, picture: np.ndarray, outputs: list[int]) -> list[np.ndarray]:
        self._interpreter.set_tensor(self._input, picture[np.newaxis])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index)[0] for index in outputs]


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
