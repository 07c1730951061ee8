"""The same weights run by LiteRT, by TensorFlow and by ONNX Runtime: why the bots have the first.

Each runtime gets a process of its own on one core, and answers the same pictures, one a call and sixteen a call.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ml import models
from ml.classify import Classifier
from tests.bench import machine
from tests.bench.stage import PLACE
from tests.servers import ROOT

RUNTIMES = ("LiteRT", "TensorFlow", "ONNX Runtime")
BATCHES = (1, 16)
SECONDS = 4.0  # that each batch size is measured
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
OPSET = 17

Logits = Callable[[np.ndarray], np.ndarray]


def measure(name: str, folder: Path, rounds: int) -> None:
    """Prints, for each runtime, pictures a second, start and memory; they must agree on what they see.

    Parameters
    ----------
    name : of a model with ImageNet weights.
    folder : where it was prepared.
    """
    print(f"\n{name} on one core, one thread; medians of {rounds} rounds (least to most)")
    found: dict[str, list[dict[str, float]]] = {runtime: [] for runtime in RUNTIMES}
    _child("convert", name, folder)
    for round_ in range(rounds):
        for runtime in RUNTIMES[round_ % 3 :] + RUNTIMES[: round_ % 3]:
            found[runtime].append(_child(runtime, name, folder))
    reference = [one["logit"] for one in found["LiteRT"]]
    for runtime, figures in sorted(found.items(), key=lambda one: -statistics.median(_of("1", one[1]))):
        assert np.allclose(_of("logit", figures), reference, atol=1e-3), f"{runtime} sees something else"
        told = [f"{_spread(_of(str(batch), figures))} images/s at {batch}" for batch in BATCHES]
        start, memory = (statistics.median(_of(key, figures)) for key in ("start_s", "memory_mb"))
        print(f"{runtime:14} {', '.join(told)}; starts in {start:.1f} s; {memory:.0f} MB")


def _of(key: str, figures: list[dict[str, float]]) -> list[float]:
    return [one[key] for one in figures]


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def _child(what: str, name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.ranking", what, name, str(folder)]
    cores = set(machine.CORES) if what == "convert" else machine.SERVER
    with machine.pinned(cores):
        done = subprocess.run(
            command,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | QUIET,
        )
    return dict(json.loads(done.stdout.splitlines()[-1])) if what != "convert" else {}


# In the child


def _main(what: str, name: str, folder: Path) -> None:
    if what == "convert":
        _convert(name, folder)
        return
    began = time.perf_counter()
    openers = {"LiteRT": _litert, "TensorFlow": _tensorflow, "ONNX Runtime": _onnx}
    logits = openers[what](name, folder)
    size = models.open_folder(folder).preprocessing.size
    pictures = np.random.default_rng(1).normal(0, 0.5, (max(BATCHES), size, size, 3)).astype(np.float32)
    figures = {"logit": float(logits(pictures[:1])[0].max()), "start_s": time.perf_counter() - began}
    for batch in BATCHES:
        figures[str(batch)] = _rate(logits, pictures[:batch])
    status = Path("/proc/self/status").read_text()
    figures["memory_mb"] = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps(figures))


def _rate(logits: Logits, pictures: np.ndarray) -> float:
    """Pictures a second, after a call that does not count."""
    logits(pictures)
    calls, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < SECONDS:
        logits(pictures)
        calls += 1
    return calls * len(pictures) / took


def _litert(name: str, folder: Path) -> Logits:
    classifier = Classifier.open(folder, threads=1)
    return lambda pictures: classifier.logits(list(pictures))


def _tensorflow(name: str, folder: Path) -> Logits:
    import tensorflow as tf

    from ml import pretrained

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    graph = _graph(pretrained.load(name))
    return lambda pictures: graph(tf.constant(pictures)).numpy()


def _onnx(name: str, folder: Path) -> Logits:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(PLACE / "model.onnx"), options, ["CPUExecutionProvider"])
    return lambda pictures: session.run(None, {"pictures": pictures})[0]


def _convert(name: str, folder: Path) -> None:
    import tensorflow as tf
    import tf2onnx

    from ml import pretrained

    network = pretrained.load(name)
    signature = [tf.TensorSpec(network.input_shape, tf.float32, name="pictures")]
    path = str(PLACE / "model.onnx")
    tf2onnx.convert.from_function(_graph(network), input_signature=signature, opset=OPSET, output_path=path)


def _graph(network):
    import tensorflow as tf

    return tf.function(lambda pictures: network(pictures, training=False)["logits"], autograph=False)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
