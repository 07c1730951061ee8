"""Belief: its figures against cases that can be worked out by hand or by chance that is known."""

import numpy as np
import pytest

from ml import calibrate


@pytest.fixture(scope="module")
def overconfident():
    """Logits that are 2.5 times what the truth was drawn by."""
    chance = np.random.default_rng(1)
    honest = chance.normal(0, 2, (20_000, 5))
    believed = calibrate.probabilities(honest)
    classes = (believed.cumsum(1) < chance.uniform(size=(20_000, 1))).sum(1)
    return honest * 2.5, classes


def test_the_temperature_by_which_chance_was_heated_is_found(overconfident):
    assert calibrate.temperature(*overconfident) == pytest.approx(2.5, rel=0.03)


def test_scaling_takes_the_error_away(overconfident):
    logits, classes = overconfident
    before, after = (
        calibrate.expected_error(calibrate.bins(calibrate.probabilities(logits, heat), classes))
        for heat in (1.0, calibrate.temperature(logits, classes))
    )
    assert before > 0.1
    assert after < 0.02


def test_bins_hold_counts_beliefs_and_truths():
    believed = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]])
    first, second = calibrate.bins(believed, np.array([0, 1, 1]), count=4)[2:]
    assert first == (1, 0.6, 1.0)
    assert second == (2, pytest.approx(0.85), 0.5)
    assert calibrate.expected_error([first, second]) == pytest.approx((0.4 + 2 * 0.35) / 3)


def test_above_the_threshold_answers_are_as_right_as_was_asked():
    believed = np.array([[0.95, 0.05], [0.9, 0.1], [0.8, 0.2], [0.7, 0.3]])
    classes = np.array([0, 0, 1, 0])
    assert calibrate.threshold(believed, classes, precision=1.0) == 0.9
    assert calibrate.threshold(believed, classes, precision=0.75) == 0.7
    assert calibrate.threshold(believed, 1 - classes, precision=0.75) == 1.0


def test_wilsons_interval():
    """Half of ten: 23.66 % to 76.34 %, as Brown, Cai and DasGupta 2001 have it; and none of ten is not nothing."""
    assert calibrate.interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert calibrate.interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
