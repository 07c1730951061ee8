"""Trains a ResNet-v2 and prepares it for serving. Needs TensorFlow.

A run's folder holds

    numbers.json                        what was chosen, and the fingerprint of the data
    metrics.csv, metrics.png            each epoch's figures
    state.npz                           what a run that was cut off goes on from, to the same end
    network.weights.h5                  the best epoch's weights, by accuracy on the pictures held back
    model.tflite, head.npz, labels.json, model.json     the same, prepared for serving (`ml.models`)
    int8/                               and again in int8, a quarter of the size, where that loses little
"""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from ml import augment, calibrate, charts, data, export, models, numbers, pictures, resnet
from ml.data import Labelled
from ml.litert import Network
from ml.plan import Plan

# Keras' names of the precisions. By itself: float16 on a GPU, and float32 elsewhere.
POLICIES = {"auto": None, "float32": "float32", "bfloat16": "mixed_bfloat16", "float16": "mixed_float16"}
COLUMNS = ("epoch", "rate", "loss", "accuracy", "held_loss", "held_accuracy", "seconds", "images_per_s")


def train(
    whole: Labelled,
    source: str,
    out: Path,
    plan: Plan,
    resume: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Train on labelled pictures, or go on with a run that was cut off.

    Args:
        whole: the pictures, as `ml.plan.open_run` gave them.
        source: where they came from, for the model's description.
        out: the run's folder, which `open_run` has opened.
        resume: go on where the run in `out` was cut off; the result is the same.
        say: is told what became of it.
    """
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(plan.seed)
    kept, held = data.split(whole, plan.validation, plan.seed)
    run = Run(plan, kept, held, out)
    if resume:
        run.restore()
    for _ in run.epochs():
        run.save()
    run.finish(source, say)
    return out


class Run:
    """A network on its way through the epochs.

    Parameters:
        kept: is learnt from.
        held: chooses the best epoch.
        out: the run's folder.
    """

    def __init__(self, plan: Plan, kept: Labelled, held: Labelled, out: Path):
        self._plan, self._kept, self._held, self._out = plan, kept, held, out
        self._steps = max(1, len(kept) // plan.batch_size)  # in an epoch
        keras.config.set_dtype_policy(_policy(plan))
        self._network = resnet.build(plan.depth, len(kept.names), plan.size, norm=plan.norm)
        self._optimizer = _optimizer(plan, self._steps * plan.epochs)
        self._optimizer.build(self._network.trainable_variables)
        self._rows: list[dict[str, float]] = []
        self._best = self._network.get_weights()

    def epochs(self) -> Iterator[dict[str, float]]:
        """Train on; yields each epoch's figures when it is over."""
        total, done = self._plan.epochs * len(self._kept), len(self._rows) * len(self._kept)
        with tqdm(total=total, initial=done, unit=" images", unit_scale=True, smoothing=0.05) as bar:
            for epoch in range(len(self._rows), self._plan.epochs):
                bar.set_description(f"epoch {epoch + 1}/{self._plan.epochs}")
                row = self._epoch(epoch, bar)
                if row["held_accuracy"] > max([-1.0, *(past["held_accuracy"] for past in self._rows)]):
                    self._best = self._network.get_weights()
                self._rows.append(row)
                yield row

    def save(self) -> None:
        """All that `restore` needs, whole or not at all."""
        arrays = {f"best {n}": array for n, array in enumerate(self._best)}
        arrays |= {f"network {n}": array for n, array in enumerate(self._network.get_weights())}
        arrays |= {f"optimizer {n}": np.array(each) for n, each in enumerate(self._optimizer.variables)}
        new = self._out / "state.npz.new"
        with new.open("wb") as file:
            np.savez(file, rows=np.array([[row[name] for name in COLUMNS] for row in self._rows]), **arrays)
        new.replace(self._out / "state.npz")
        with (self._out / "metrics.csv").open("w", newline="") as text:
            table = csv.DictWriter(text, COLUMNS)
            table.writeheader()
            table.writerows(self._rows)

    def restore(self) -> None:
        with np.load(self._out / "state.npz") as state:
            self._rows = [dict(zip(COLUMNS, map(float, row), strict=True)) for row in state["rows"]]
            self._best = _numbered(state, "best")
            self._network.set_weights(_numbered(state, "network"))
            for variable, array in zip(self._optimizer.variables, _numbered(state, "optimizer"), strict=True):
                variable.assign(array)

    def finish(self, source: str, say: Callable[[str], None]) -> None:
        """Leave the best epoch's network, prepared, and in int8 where that loses little."""
        keras.config.set_dtype_policy("float32")  # whatever it was trained in
        best = resnet.build(self._plan.depth, len(self._kept.names), self._plan.size, norm=self._plan.norm)
        best.set_weights(self._best)
        best.save_weights(self._out / "network.weights.h5")
        if self._plan.both_ways:
            best = resnet.both_ways(best)
        charts.metrics(self._rows, self._out / "metrics.png")
        recipe = models.Recipe(self._plan.preprocessing, f"python -m ml train {source}")
        whole = self._leave(best, self._out, self._out.name, recipe)
        small = self._leave(best, self._out / "int8", f"{self._out.name} in int8", recipe, self._typical())
        if small < whole - numbers.INT8_LOSS:
            say(f"int8 knows {small:.2%} of the pictures held back, fp32 {whole:.2%}: it is not left")
            shutil.rmtree(self._out / "int8")

    def _leave(
        self,
        network: keras.Model,
        folder: Path,
        name: str,
        recipe: models.Recipe,
        shown: np.ndarray | None = None,
    ) -> float:
        """Make a prepared model, its belief tuned on the pictures held back; returns its accuracy on them."""
        folder.mkdir(exist_ok=True)
        export.to_litert(network, folder, shown)
        normal = pictures.normalise(self._held.squares, self._plan.preprocessing)
        logits, features = Network(folder / "model.tflite", numbers.MAX_THREADS).run(list(normal))
        temperature = calibrate.temperature(logits, self._held.classes)
        believed = calibrate.probabilities(logits, temperature)
        threshold = calibrate.threshold(believed, self._held.classes)
        models.describe(folder, name, recipe, list(self._kept.names), temperature, threshold)
        chosen = np.random.default_rng(self._plan.seed).permutation(len(features))[: numbers.BACKGROUND]
        np.savez(folder / "background.npz", features=features[chosen].astype(np.float16))
        return float(np.mean(logits.argmax(1) == self._held.classes))

    def _typical(self) -> np.ndarray:
        """Pictures whose ranges int8 is made for."""
        chance = np.random.default_rng(self._plan.seed)
        count = min(len(self._kept), numbers.INT8_PICTURES)
        chosen = chance.choice(len(self._kept), count, replace=False)
        return pictures.normalise(self._kept.squares[chosen], self._plan.preprocessing)

    def _epoch(self, epoch: int, bar: tqdm) -> dict[str, float]:
        begun = time.perf_counter()
        rate = float(self._optimizer.learning_rate)
        sums = np.zeros(3)  # of the losses, of what was right, of pictures
        for shown, truths in self._batches(epoch):
            loss, right = self._step(shown, truths)
            sums += float(loss) * len(shown), float(right), len(shown)
            bar.update(len(shown))
            bar.set_postfix(
                loss=f"{sums[0] / sums[2]:.3f}", accuracy=f"{sums[1] / sums[2]:.1%}", refresh=False
            )
        seconds = time.perf_counter() - begun
        held_loss, held_accuracy = self._measure()
        figures = (epoch + 1, rate, sums[0] / sums[2], sums[1] / sums[2], held_loss, held_accuracy)
        return dict(zip(COLUMNS, (*figures, seconds, sums[2] / seconds), strict=True))

    def _batches(self, epoch: int) -> tf.data.Dataset:
        """An epoch's pictures in its own order, augmented; the same whenever it is made."""
        plan = self._plan
        order = np.random.default_rng((plan.seed, epoch)).permutation(len(self._kept))
        whole = tf.data.Dataset.from_tensor_slices(order).batch(
            plan.batch_size, drop_remainder=len(self._kept) >= plan.batch_size
        )
        seen = whole.map(self._look).enumerate()
        changed = seen.map(
            lambda n, batch: self._augment(batch[0], batch[1], tf.stack([plan.seed, epoch, n]))
        )
        return changed.prefetch(2)

    def _look(self, indices: Any) -> tuple[Any, Any]:
        def look(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            squares = self._kept.squares[chosen]
            truths = np.eye(len(self._kept.names), dtype=np.float32)[self._kept.classes[chosen]]
            return pictures.normalise(squares, self._plan.preprocessing), truths

        shown, truths = tf.numpy_function(look, [indices], [tf.float32, tf.float32])
        shown.set_shape((None, self._plan.size, self._plan.size, 3))
        truths.set_shape((None, len(self._kept.names)))
        return shown, truths

    def _augment(self, shown: Any, truths: Any, moment: Any) -> tuple[Any, Any]:
        plan = self._plan
        seeds = tf.random.split(
            tf.random.fold_in(tf.cast(moment[:2], tf.int32), tf.cast(moment[2], tf.int32)), 4
        )
        shown = augment.shift(shown, round(plan.shift * plan.size), seeds[0])
        if plan.mirror:
            shown = augment.mirror(shown, seeds[1])
        if plan.cut_out:
            shown = augment.cut_out(shown, round(plan.cut_out * plan.size), seeds[2])
        if plan.mixup:
            shown, truths = augment.mix(shown, truths, plan.mixup, seeds[3])
        smooth = plan.label_smoothing
        return shown, truths * (1 - smooth) + smooth / truths.shape[-1]

    @tf.function
    def _step(self, shown: Any, truths: Any) -> tuple[Any, Any]:
        """One step downhill. Returns the mean loss, and how many were right."""
        with tf.GradientTape() as tape:
            logits = self._network(shown, training=True)["logits"]
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(truths, logits))
            scaled = self._optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, self._network.trainable_variables)
        self._optimizer.apply(gradients, self._network.trainable_variables)
        return loss, _count_right(logits, tf.argmax(truths, 1))

    @tf.function
    def _answer(self, shown: Any) -> Any:
        return self._network(shown, training=False)["logits"]

    def _measure(self) -> tuple[float, float]:
        """The mean loss and the accuracy on the pictures that are held back."""
        logits = []
        for start in range(0, len(self._held), self._plan.batch_size):
            squares = self._held.squares[start : start + self._plan.batch_size]
            logits.append(self._answer(pictures.normalise(squares, self._plan.preprocessing)))
        together = tf.concat(logits, 0)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(self._held.classes, together)
        return float(tf.reduce_mean(losses)), float(_count_right(together, self._held.classes)) / len(
            self._held
        )


def _optimizer(plan: Plan, steps: int) -> Any:
    """SGD whose rate rises, then falls along a cosine."""
    rising = round(numbers.WARM_UP * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - rising), warmup_target=plan.learning_rate, warmup_steps=max(1, rising)
    )
    chosen = keras.optimizers.SGD(
        rate, numbers.MOMENTUM, nesterov=True, weight_decay=plan.weight_decay or None
    )
    chosen.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return keras.optimizers.LossScaleOptimizer(chosen) if _policy(plan) == "mixed_float16" else chosen


def _policy(plan: Plan) -> str:
    return POLICIES[plan.precision] or (
        "mixed_float16" if tf.config.list_physical_devices("GPU") else "float32"
    )


def _count_right(logits: Any, classes: Any) -> Any:
    return tf.reduce_sum(tf.cast(tf.equal(tf.argmax(logits, 1), tf.cast(classes, tf.int64)), tf.float32))


def _numbered(state: Any, kind: str) -> list[np.ndarray]:
    return [state[f"{kind} {n}"] for n in range(sum(name.startswith(f"{kind} ") for name in state.files))]
