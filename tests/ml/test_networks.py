"""The networks are the published ones, and LiteRT answers as Keras does."""

import numpy as np
import pytest

from ml.litert import Network
from tests.ml.conftest import NAMES

pytestmark = pytest.mark.timeout(300)

# Measured: 1.2e-5 at most, on logits of up to 11 and features of up to 5.4.
ROUNDING = 1e-4


@pytest.mark.parametrize("name", [*NAMES, "resnet50v2", "resnet20-batch", "resnet20-group", "resnet20-both"])
def test_keras_and_litert_answer_alike(name, in_keras, models_dir):
    folder = (models_dir if name in NAMES else in_keras["folder"]) / name
    network = Network(folder / "model.tflite", threads=2)
    pictures = list(in_keras[f"{name} pictures"])
    logits, features = network.run(pictures)
    assert np.ptp(logits) > 0.1, "it distinguishes nothing"
    assert np.abs(logits - in_keras[f"{name} logits"]).max() < ROUNDING
    assert np.abs(features - in_keras[f"{name} features"]).max() < ROUNDING
    maps = network.maps(pictures[0])
    assert np.abs(maps - in_keras[f"{name} maps"][0]).max() < 10 * ROUNDING  # no mean smooths these
    with np.load(folder / "head.npz") as head:
        traced = maps.mean((0, 1)) @ head["kernel"] + head["bias"]
    assert np.abs(traced - logits[0]).max() < ROUNDING, "the answer does not follow from the maps"


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


def test_our_resnet50v2_answers_as_that_of_keras_with_the_same_weights(in_keras):
    ours, theirs = in_keras["resnet50v2 logits"], in_keras["resnet50v2 logits of theirs"]
    assert np.ptp(theirs) > 0.1
    assert np.abs(ours - theirs).max() < ROUNDING


@pytest.mark.parametrize(
    ("depth", "millions"), [(20, 0.27), (32, 0.46), (56, 0.85), (110, 1.7)]
)  # He et al. 2015, table 6
def test_the_small_resnets_have_the_papers_number_of_parameters(depth, millions, in_keras):
    counted = int(in_keras[f"resnet{depth} parameters"]) / 1e6
    assert round(counted, 1 if depth == 110 else 2) == pytest.approx(millions)


def test_with_group_norm_a_picture_is_judged_for_itself(in_keras):
    """Batch norm, while it trains, judges it by the others in its batch."""
    assert in_keras["resnet20-group drift in training"] < ROUNDING
    assert in_keras["resnet20-batch drift in training"] > 0.1


def test_both_ways_is_the_mean_of_a_picture_and_its_mirror_image(in_keras):
    assert np.abs(in_keras["resnet20-both logits"] - in_keras["resnet20-both mean"]).max() < ROUNDING
