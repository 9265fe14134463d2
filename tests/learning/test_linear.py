"""Linear classifiers and the calibration of their scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from pipeline.learning import linear

OPTIONS = {"regularisation": 1.0, "rarity": 1.0, "balance": 0.0, "seed": 1}
RANDOM = np.random.default_rng(7)


def separable(count: int = 60) -> tuple[csr_matrix, np.ndarray]:
    """Sentences whose first column is there for label 0, the second for label 1, with noise beside."""
    classes = np.arange(count) % 2
    rows = (RANDOM.random((count, 40)) < 0.1).astype(np.float32)
    rows[:, 0], rows[:, 1] = classes == 0, classes == 1
    return csr_matrix(rows), classes[:, None] == np.arange(2)


def test_fitting_learns_what_separates():
    matrix, targets = separable()
    coefficients = linear.fit(matrix, targets, **OPTIONS)
    assert coefficients.shape == (40, 2)
    assert ((matrix @ coefficients).argmax(axis=1) == targets.argmax(axis=1)).all()
    assert coefficients[0, 0] > 0 > coefficients[1, 0]


def test_fitting_is_the_same_each_time_whatever_the_jobs(monkeypatch: pytest.MonkeyPatch):
    # LIBLINEAR draws from one generator per process: threads side by side would disturb each other.
    monkeypatch.setattr(linear, "_WORTH_PROCESSES", 0, raising=False)
    matrix = csr_matrix((RANDOM.random((400, 200)) < 0.1).astype(np.float32))
    targets = RANDOM.random((400, 12)) < 0.3
    first = linear.fit(matrix, targets, **OPTIONS)
    assert np.array_equal(first, linear.fit(matrix, targets, **OPTIONS))
    for _ in range(3):
        assert np.array_equal(first, linear.fit(matrix, targets, **OPTIONS, jobs=2))


def test_columns_that_never_occur_keep_no_weight():
    matrix, targets = separable()
    wide = csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], 100))
    assert not linear.fit(wide, targets, **OPTIONS)[40:].any()


def test_a_label_without_positives_or_negatives_is_learnt_as_nothing():
    matrix, _ = separable()
    targets = np.zeros((60, 2), dtype=bool)
    targets[:, 1] = True
    assert not linear.fit(matrix, targets, **OPTIONS).any()


def test_softmax_and_sigmoid_are_stable():
    scores = np.array([[1e4, 0.0, -1e4], [0.0, 0.0, 0.0]])
    found = linear.softmax(scores)
    assert np.allclose(found.sum(axis=1), 1)
    assert found[0, 0] == pytest.approx(1)
    assert np.isfinite(linear.sigmoid(scores)).all()
    assert linear.sigmoid(np.zeros((1, 1)))[0, 0] == 0.5


def scores_of(classes: np.ndarray, count: int, sharpness: float) -> np.ndarray:
    return sharpness * (classes[:, None] == np.arange(count)) + RANDOM.normal(size=(len(classes), count))


def test_findings_are_calibrated_together():
    classes = RANDOM.integers(0, 4, 2000)
    scores = scores_of(classes, 4, 2.0)
    nothing = np.zeros_like(scores)
    calibration = linear.calibrate_together(scores, nothing, nothing, classes)
    assert calibration.fitted.all()
    alone = np.full(len(classes), -1)
    found = linear.softmax(calibration.logits(scores, alone, alone))
    assert np.allclose(found.sum(axis=1), 1)
    # What is said with 70 to 90 % confidence is right about that often.
    confident = (found.max(axis=1) > 0.7) & (found.max(axis=1) < 0.9)
    right = (found.argmax(axis=1) == classes)[confident].mean()
    assert right == pytest.approx(found.max(axis=1)[confident].mean(), abs=0.06)


def test_the_sentence_before_counts_where_it_helps():
    classes = np.repeat(RANDOM.integers(0, 4, 500), 2)  # each sentence says what the one before said
    scores = scores_of(classes, 4, 1.0)
    before = np.where(np.arange(1000) % 2 == 1, np.arange(1000) - 1, -1)
    after = np.full(1000, -1)
    near = scores[before] * (before >= 0)[:, None]
    calibration = linear.calibrate_together(scores, near, np.zeros_like(scores), classes)
    own = linear.calibrate_together(scores, np.zeros_like(scores), np.zeros_like(scores), classes)
    second = np.arange(1000) % 2 == 1
    accuracy = (calibration.logits(scores, before, after).argmax(axis=1) == classes)[second].mean()
    assert accuracy > (own.logits(scores, after, after).argmax(axis=1) == classes)[second].mean() + 0.03


def test_too_few_of_a_finding_leaves_scores_uncalibrated_but_in_order():
    classes = np.array([0] * 40 + [1] * 40 + [2] * 40 + [3] * 9)
    scores = scores_of(classes, 4, 2.0)
    nothing = np.zeros_like(scores)
    calibration = linear.calibrate_together(scores, nothing, nothing, classes)
    assert not calibration.fitted.any()
    alone = np.full(len(classes), -1)
    logits = calibration.logits(scores, alone, alone)
    assert (logits.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_themes_are_calibrated_apart_and_only_with_enough_of_both():
    target = RANDOM.random(600) < 0.3
    targets = np.stack([target, np.arange(600) < 9, np.arange(600) >= 9], axis=1)
    scores = np.stack(
        [2.0 * target + RANDOM.normal(size=600), RANDOM.normal(size=600), RANDOM.normal(size=600)], axis=1
    )
    nothing = np.zeros_like(scores)
    calibration = linear.calibrate_apart(scores, nothing, nothing, targets)
    assert calibration.fitted.tolist() == [True, False, False]
    alone = np.full(600, -1)
    found = linear.sigmoid(calibration.logits(scores, alone, alone))
    assert found[:, 0].mean() == pytest.approx(0.3, abs=0.05)
    assert np.corrcoef(found[:, 0], scores[:, 0])[0, 1] > 0.8


def test_a_score_that_says_the_opposite_is_not_calibrated():
    target = np.arange(100) % 2 == 0
    scores = (-3.0 * target + RANDOM.normal(size=100))[:, None]
    nothing = np.zeros_like(scores)
    assert not linear.calibrate_apart(scores, nothing, nothing, target[:, None]).fitted.any()
