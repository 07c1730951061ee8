"""Measures a prepared model, for docs/models.md: `python -m tests.ml.speed [MODEL]`. Not a test: it judges nothing."""

import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 30
START = """
import sys
from ml.classify import Classifier
Classifier.open(sys.argv[1]).warm_up()
"""


def main(model: str = "efficientnet-lite2") -> None:
    import skimage
    from PIL import Image

    from ml import models
    from ml.classify import Classifier

    folder = models.prepare(model)
    starts = [
        seconds(lambda: subprocess.run([sys.executable, "-c", START, str(folder)], check=True))
        for _ in range(5)
    ]
    show("a process: start, open, first answer", f"{statistics.median(starts) * 1000:.0f} ms")

    cat = Image.open(Path(skimage.__file__).parent / "data" / "chelsea.png").convert("RGB")
    for threads in (1, 2):
        measure_threads(Classifier.open(folder, threads=threads), cat, f"{threads} threads, ")

    classifier = Classifier.open(folder)
    buffer = io.BytesIO()
    cat.resize((4000, 3000), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=88)
    data = buffer.getvalue()
    show("12-megapixel JPEG, read", f"{median(lambda: classifier.read(data)) * 1000:.0f} ms")
    show(
        "12-megapixel JPEG, from bytes to labels",
        f"{median(lambda: classifier.classify([data])) * 1000:.0f} ms",
    )
    serve = f"{START}\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    done = subprocess.run(
        [sys.executable, "-c", serve, str(folder)], check=True, capture_output=True, text=True
    )
    show("memory of a process that serves", f"{int(done.stdout) // 1024} MB")


def measure_threads(classifier, image, say: str) -> None:
    import numpy as np

    picture = classifier.read(image)
    for count in (1, 8):
        each = median(lambda: classifier.classify([picture] * count))  # noqa: B023  called at once
        show(f"{say}{count} pictures a call", f"{count / each:.1f} images/s")
    interpreter, index = classifier._network._interpreter, classifier._network._input
    interpreter.resize_tensor_input(index, (8, *picture.shape))
    interpreter.allocate_tensors()
    interpreter.set_tensor(index, np.stack([picture] * 8))
    show(f"{say}LiteRT itself with a batch of 8", f"{8 / median(interpreter.invoke):.1f} images/s")


def median(work: Callable[[], object]) -> float:
    """Seconds that one call takes, after a first that does not count."""
    work()
    return statistics.median(seconds(work) for _ in range(ROUNDS))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def show(what: str, figure: str) -> None:
    print(f"{what:48} {figure}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
