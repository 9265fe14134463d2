"""Evaluation: scores against ones worked out by hand and by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pipeline.labels import FINDINGS
from pipeline.learning.evaluation import (
    expected_calibration_error,
    finding_metrics,
    intervals,
    label_scores,
    macro_f1,
    micro_f1,
    reliability,
    theme_metrics,
)

GOLD = np.array([0, 0, 0, 1, 1, 3])
FOUND = np.array([0, 0, 1, 1, 0, 3])
RANDOM = np.random.default_rng(5)


def test_finding_metrics_by_hand():
    found = finding_metrics(GOLD, FOUND)
    assert found["labels"]["strength"] == {
        "precision": pytest.approx(2 / 3),
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(2 / 3),
        "support": 3,
    }
    assert found["labels"]["recommendation"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert found["confusion"] == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert found["baseline"] == {
        "always": "strength",
        "accuracy": 0.5,
        "macro_f1": pytest.approx(2 / 3 * 1 / 3),
    }
    assert found["sentences"] == 6


def test_a_finding_that_is_only_predicted_counts_against():
    assert macro_f1(np.array([0, 0]), np.array([0, 2])) == pytest.approx((2 / 3 + 0) / 2)


def test_scores_are_scikit_learns():
    gold, found = RANDOM.integers(0, 4, 300), RANDOM.integers(0, 4, 300)
    assert macro_f1(gold, found) == pytest.approx(f1_score(gold, found, average="macro"))
    given, guessed = RANDOM.random((300, 5)) < 0.3, RANDOM.random((300, 5)) < 0.3
    assert micro_f1(given, guessed) == pytest.approx(f1_score(given, guessed, average="micro"))
    keys = list("abcde")
    assert [score["f1"] for score in label_scores(given, guessed, keys).values()] == pytest.approx(
        f1_score(given, guessed, average=None)
    )


def test_theme_metrics_leave_out_of_the_mean_what_never_occurs():
    gold = np.array([[True, False], [True, False]])
    found = np.array([[True, False], [False, False]])
    metrics = theme_metrics(gold, found, ["practice", "never"])
    assert metrics["macro_f1"] == metrics["micro_f1"] == pytest.approx(2 / 3)
    assert metrics["labels"]["never"]["support"] == 0
    assert metrics["sentences"] == 2


def test_nothing_at_all_scores_nothing():
    empty = np.zeros(0, dtype=np.int64)
    found = finding_metrics(empty, empty)
    assert (found["accuracy"], found["macro_f1"], found["sentences"]) == (0.0, 0.0, 0)
    assert set(found["labels"]) == set(FINDINGS)


def test_intervals_hold_the_score_and_are_the_same_each_time():
    gold = RANDOM.integers(0, 4, 400)
    found = np.where(RANDOM.random(400) < 0.8, gold, RANDOM.integers(0, 4, 400))
    articles = np.repeat(np.arange(40), 10)
    pair = [(gold, found)]
    [(low, high)] = intervals([macro_f1], pair, articles, repeats=200)
    assert low < macro_f1(gold, found) < high
    assert [(low, high)] == intervals([macro_f1], pair, articles, repeats=200)


def test_intervals_resample_whole_articles():
    # One article all right, one all wrong: drawing articles gives 0, ½ or 1; drawing sentences would stay near ½.
    gold = np.zeros(200, dtype=np.int64)
    found = np.repeat([0, 1], 100)

    def accuracy(one: np.ndarray, other: np.ndarray) -> float:
        return float((one == other).mean())

    assert intervals([accuracy], [(gold, found)], np.repeat(["a", "b"], 100), repeats=200) == [(0.0, 1.0)]
    assert intervals([accuracy], [(gold, gold)], np.repeat(["a", "b"], 100), repeats=200) == [(1.0, 1.0)]


def test_perfect_confidence_has_next_to_no_calibration_error():
    confidence = RANDOM.uniform(0.25, 1, 100_000)
    right = RANDOM.random(100_000) < confidence
    assert expected_calibration_error(confidence, right) < 0.01
    # Of one confidence, all rows share a bin.
    assert expected_calibration_error(np.full(10, 0.7), np.arange(10) < 7) == pytest.approx(0)


def test_all_wrong_at_full_confidence_is_the_worst_calibration_error():
    assert expected_calibration_error(np.ones(25), np.zeros(25, dtype=bool)) == 1.0


def test_calibration_error_by_hand():
    confidence, right = np.array([0.5, 0.7, 0.9, 1.0]), np.array([False, True, True, True])
    assert reliability(confidence, right, bins=2) == pytest.approx(np.array([[0.6, 0.5, 2], [0.95, 1.0, 2]]))
    assert expected_calibration_error(confidence, right, bins=2) == pytest.approx((0.1 * 2 + 0.05 * 2) / 4)


def test_calibration_error_does_not_depend_on_order():
    confidence = RANDOM.choice([0.4, 0.6, 0.61, 0.9, 1.0], 97)  # with many rows alike
    right = RANDOM.random(97) < 0.7
    order = RANDOM.permutation(97)
    expected = pytest.approx(expected_calibration_error(confidence, right))
    assert expected_calibration_error(confidence[order], right[order]) == expected


def test_calibration_error_of_fewer_rows_than_bins():
    confidence, right = np.array([0.9, 0.4, 0.6]), np.array([True, False, True])
    assert expected_calibration_error(confidence, right) == pytest.approx((0.1 + 0.4 + 0.4) / 3)
    assert reliability(confidence, right)[:, 2].tolist() == [1, 1, 1]
    assert expected_calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0.0


def test_bins_hold_equally_many_rows():
    confidence = RANDOM.permutation(np.linspace(0.3, 1, 1000) ** 0.1)
    assert reliability(confidence, confidence > 0.9)[:, 2].tolist() == [100] * 10
