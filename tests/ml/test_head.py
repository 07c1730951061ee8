"""Heads: what a few pictures teach, and by which measure one replaces another. Features here are clouds of points."""

import numpy as np
import pytest

from ml import calibrate, head
from ml.head import Head, Lesson

SIZE = 32
CENTRES = np.random.default_rng(0).uniform(0, 1, (3, SIZE))


def cloud(which: int, count: int, seed: int = 1, spread: float = 0.25) -> np.ndarray:
    chance = np.random.default_rng((which, seed))
    return np.abs(CENTRES[which] + chance.normal(0, spread, (count, SIZE)))


def others(count: int = 40, seed: int = 9) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 1, (count, SIZE))


@pytest.fixture
def two() -> Lesson:
    """Two labels with six pictures each."""
    return Lesson(np.concatenate([cloud(0, 6), cloud(1, 6)]), ("ant",) * 6 + ("bee",) * 6, others())


def right(taught: Head, which: int, label: str | None) -> float:
    answers = taught.probabilities(cloud(which, 50, seed=5)).argmax(1)
    return float(np.mean([[*taught.labels, None][answer] == label for answer in answers]))


def test_new_pictures_are_named_and_others_are_none_of_these(two):
    taught = head.train(two)
    assert taught.labels == ("ant", "bee")
    assert right(taught, 0, "ant") >= 0.9
    assert right(taught, 1, "bee") >= 0.9
    assert np.mean(taught.probabilities(others(seed=4)).argmax(1) == 2) > 0.9


def test_a_label_with_few_pictures_counts_as_much_as_one_with_many():
    lesson = Lesson(np.concatenate([cloud(0, 60), cloud(1, 3)]), ("ant",) * 60 + ("bee",) * 3, others())
    assert right(head.train(lesson), 1, "bee") > 0.8


def test_what_somebody_said_is_none_of_these_is_learnt(two):
    """Pictures between both labels, which an untaught eye takes for one of them."""
    between = (cloud(0, 40, seed=2) + cloud(1, 40, seed=3)) / 2
    before = head.train(two).probabilities(between[10:])
    said = Lesson(np.concatenate([two.features, between[:10]]), (*two.taught, *(None,) * 10), two.background)
    after = head.train(said).probabilities(between[10:])
    assert after[:, 2].mean() > before[:, 2].mean() + 0.2


def test_too_few_pictures_teach_nothing():
    lesson = Lesson(cloud(0, 2), ("ant",) * 2, others())
    assert lesson.labels == ()
    with pytest.raises(ValueError, match="no label has 3 pictures"):
        head.train(lesson)


def test_it_is_measured_by_pictures_that_it_did_not_learn_from():
    """Labels that are drawn by lot cannot be learnt, though they can be learnt by heart."""
    chance = np.random.default_rng(3)
    lesson = Lesson(cloud(0, 40), tuple(chance.choice(["ant", "bee"], 40)), others())
    learnt = head.train(lesson).probabilities(lesson.features)[:, :2].argmax(1)
    assert np.mean([("ant", "bee")[n] == label for n, label in zip(learnt, lesson.taught, strict=True)]) > 0.8
    assert head.judge(lesson).accuracy < 0.75


def test_one_that_does_not_know_a_label_is_worse(two):
    now, before = head.judge(two), head.judge(two, [True] * 6 + [False] * 6)
    assert now.accuracy > 0.9
    assert before.accuracy == pytest.approx(2 / 3, abs=0.1)
    assert now.surprise < before.surprise
    assert head.judge(two, [False] * 12).accuracy == pytest.approx(1 / 3)


def test_wrong_lessons_make_it_worse(two):
    spoilt = Lesson(
        np.concatenate([two.features, cloud(1, 6, seed=7)]), (*two.taught, *("ant",) * 6), two.background
    )
    now, before = head.judge(spoilt), head.judge(spoilt, [True] * 12 + [False] * 6)
    assert now.accuracy < head.judge(two).accuracy
    assert np.isfinite(before.surprise)


def test_belief_is_scaled_on_pictures_left_out(two):
    taught = head.train(two)
    plain = calibrate.probabilities(taught._logits(cloud(0, 5)))
    assert taught.temperature != 1.0
    assert not np.allclose(plain, taught.probabilities(cloud(0, 5)))


def test_it_is_the_same_after_it_was_kept(two):
    taught = head.train(two)
    again = Head.from_bytes(taught.to_bytes())
    assert again.labels == taught.labels
    assert np.array_equal(again.probabilities(others()), taught.probabilities(others()))
