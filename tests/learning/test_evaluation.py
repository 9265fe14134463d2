"""Evaluation: scores against ones worked out by hand and by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pipeline.labels import FINDINGS
from pipeline.learning.evaluation import (
    finding_metrics,
    intervals,
    label_scores,
    macro_f1,
    micro_f1,
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
