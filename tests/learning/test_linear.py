"""Linear classifiers and the calibration of their scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from pipeline.learning import linear
from pipeline.learning.context import PLACES, Context
from pipeline.learning.features import project_dense

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


def context(before: np.ndarray | None = None, count: int = 0) -> Context:
    """Sentences alone, or with the given rows before them."""
    alone = np.full(count if before is None else len(before), -1)
    return Context(alone if before is None else before, alone, alone)


def test_findings_are_calibrated_together():
    classes = RANDOM.integers(0, 4, 2000)
    scores, alone, rows = scores_of(classes, 4, 2.0), context(count=2000), np.arange(2000)
    calibration = linear.calibrate_together(scores, alone, rows, classes)
    assert calibration.fitted.all()
    found = linear.softmax(calibration.logits(scores, alone))
    assert np.allclose(found.sum(axis=1), 1)
    # What is said with 70 to 90 % confidence is right about that often.
    confident = (found.max(axis=1) > 0.7) & (found.max(axis=1) < 0.9)
    right = (found.argmax(axis=1) == classes)[confident].mean()
    assert right == pytest.approx(found.max(axis=1)[confident].mean(), abs=0.06)


def test_the_sentence_before_counts_where_it_helps():
    classes = np.repeat(RANDOM.integers(0, 4, 500), 2)  # each sentence says what the one before said
    scores, rows = scores_of(classes, 4, 1.0), np.arange(1000)
    near, alone = context(np.where(rows % 2 == 1, rows - 1, -1)), context(count=1000)
    second = rows % 2 == 1

    def accuracy(given: Context) -> float:
        calibration = linear.calibrate_together(scores, given, rows, classes)
        return float((calibration.logits(scores, given).argmax(axis=1) == classes)[second].mean())

    assert accuracy(near) > accuracy(alone) + 0.03


def test_two_sources_of_scores_count_for_more_than_one():
    classes, rows, alone = RANDOM.integers(0, 4, 1000), np.arange(1000), context(count=1000)
    sources = [scores_of(classes, 4, 1.5) for _ in range(2)]
    right = []
    for scores in (sources[0], np.hstack(sources)):
        calibration = linear.calibrate_together(scores, alone, rows, classes)
        assert calibration.mixing.shape == (len(PLACES), scores.shape[1], 4)
        right.append((calibration.logits(scores, alone).argmax(axis=1) == classes).mean())
    assert right[1] > right[0] + 0.03


@pytest.mark.parametrize("sources", [1, 2])
def test_too_few_of_a_finding_leaves_scores_uncalibrated_but_in_order(sources: int):
    classes = np.array([0] * 40 + [1] * 40 + [2] * 40 + [3] * 9)
    scores, alone = scores_of(classes, 4, 2.0), context(count=129)
    calibration = linear.calibrate_together(np.hstack([scores] * sources), alone, np.arange(129), classes)
    assert not calibration.fitted.any()
    logits = calibration.logits(np.hstack([scores] * sources), alone)
    assert (logits.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_themes_are_calibrated_apart_and_only_with_enough_of_both():
    target = RANDOM.random(600) < 0.3
    targets = np.stack([target, np.arange(600) < 9, np.arange(600) >= 9], axis=1)
    scores = np.stack(
        [2.0 * target + RANDOM.normal(size=600), RANDOM.normal(size=600), RANDOM.normal(size=600)], axis=1
    )
    calibration = linear.calibrate_apart(scores, context(count=600), np.arange(600), targets)
    assert calibration.fitted.tolist() == [True, False, False]
    found = linear.sigmoid(calibration.logits(scores, context(count=600)))
    assert found[:, 0].mean() == pytest.approx(0.3, abs=0.05)
    assert np.corrcoef(found[:, 0], scores[:, 0])[0, 1] > 0.8


def test_a_theme_learns_from_another_that_goes_with_it():
    first = RANDOM.random(1000) < 0.4
    targets = np.stack([first, first], axis=1)  # where one theme is, the other is
    scores = np.stack([3.0 * first + RANDOM.normal(size=1000), RANDOM.normal(size=1000) + 0.3 * first], axis=1)
    alone = context(count=1000)
    logits = linear.calibrate_apart(scores, alone, np.arange(1000), targets).logits(scores, alone)
    assert ((logits[:, 1] > 0) == first).mean() > 0.85


def test_a_score_that_says_the_opposite_is_not_calibrated():
    target = np.arange(100) % 2 == 0
    scores = (-3.0 * target + RANDOM.normal(size=100))[:, None]
    assert not linear.calibrate_apart(scores, context(count=100), np.arange(100), target[:, None]).fitted.any()


def test_ridge_regression_is_that_of_scikit_learn():
    from sklearn.linear_model import Ridge

    vectors = RANDOM.normal(size=(200, 12)).astype(np.float32)
    targets = RANDOM.random((200, 3)) < 0.4
    found = linear.fit_dense(vectors, targets, penalty=2.0)
    expected = Ridge(alpha=2.0).fit(vectors.astype(np.float64), np.where(targets, 1.0, -1.0))
    assert np.allclose(found[:-1], expected.coef_.T)
    assert np.allclose(found[-1], expected.intercept_)
    assert np.allclose(project_dense(vectors, found), expected.predict(vectors.astype(np.float64)))
