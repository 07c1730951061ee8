"""The networks are the published ones, and LiteRT answers as Keras does."""

import numpy as np
import pytest

from ml.litert import Network
from tests.ml.conftest import NAMES

pytestmark = pytest.mark.timeout(300)

# Measured: 1.2e-5 at most, on logits of up to 11 and features of up to 5.4.
ROUNDING = 1e-4


@pytest.mark.parametrize("name", [*NAMES, "resnet50v2"])
def test_keras_and_litert_answer_alike(name, in_keras, models_dir):
    folder = models_dir / name if name in NAMES else in_keras["folder"]
    network = Network(folder / ("model.tflite" if name in NAMES else "resnet50v2.tflite"), threads=2)
    logits, features = network.run(list(in_keras[f"{name} pictures"]))
    assert np.ptp(logits) > 0.1, "it distinguishes nothing"
    assert np.abs(logits - in_keras[f"{name} logits"]).max() < ROUNDING
    assert np.abs(features - in_keras[f"{name} features"]).max() < ROUNDING


@pytest.mark.parametrize(
    ("name", "published"),
    [("efficientnet-lite0", 4_652_008), ("efficientnet-lite2", 6_092_072), ("resnet50v2", 25_613_800)],
)
def test_the_networks_have_the_published_number_of_parameters(name, published, in_keras):
    assert in_keras[f"{name} parameters"] == published


@pytest.mark.parametrize("name", NAMES)
def test_each_batch_norm_meets_what_it_was_trained_on(name, in_keras):
    """Measured: 0.24 standard deviations at most; 0.48 with ReLU for ReLU6, 0.84 without the shortcuts."""
    drift = in_keras[f"{name} drift"]
    assert len(drift) == {"efficientnet-lite0": 49, "efficientnet-lite2": 64}[name]
    assert drift.max() < 0.35


def test_weights_that_do_not_fit_are_refused_by_name(in_keras):
    assert str(in_keras["refusal missing"]) == "the checkpoint lacks _conv_stem.weight"
    assert "has no place for _conv_extra.weight" in str(in_keras["refusal left over"])
