"""Evaluation: how well predicted findings and themes agree with labelled ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.labels import FINDINGS

Metrics = dict[str, Any]
Booleans = NDArray[np.bool_]
Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def label_scores(gold: Booleans, predicted: Booleans, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support of each label; both arrays are sentences x labels."""
    hits = (gold & predicted).sum(axis=0)
    given, wanted = predicted.sum(axis=0), gold.sum(axis=0)
    return {
        name: {
            "precision": _ratio(hits[i], given[i]),
            "recall": _ratio(hits[i], wanted[i]),
            "f1": _ratio(2 * hits[i], given[i] + wanted[i]),
            "support": int(wanted[i]),
        }
        for i, name in enumerate(names)
    }


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def finding_metrics(gold: Codes, predicted: Codes) -> Metrics:
    """Per-finding scores, macro-F1, accuracy, the confusion table, and what always saying the commonest gives."""
    codes = np.arange(len(FINDINGS))
    scores = label_scores(gold[:, None] == codes, predicted[:, None] == codes, FINDINGS)
    commonest = np.bincount(gold, minlength=len(FINDINGS)).argmax() if len(gold) else 0
    confusion = np.zeros((len(FINDINGS), len(FINDINGS)), dtype=np.int64)
    np.add.at(confusion, (gold, predicted), 1)
    return {
        "labels": scores,
        "macro_f1": macro_f1(gold, predicted),
        "accuracy": _ratio(int((gold == predicted).sum()), len(gold)),
        "baseline": {
            "always": FINDINGS[commonest],
            "macro_f1": macro_f1(gold, np.full_like(gold, commonest)),
            "accuracy": _ratio(int((gold == commonest).sum()), len(gold)),
        },
        "confusion": confusion.tolist(),
        "sentences": len(gold),
    }


def macro_f1(gold: Codes, predicted: Codes) -> float:
    """The mean F1 over the findings that occur."""
    codes = np.arange(len(FINDINGS))
    scores = label_scores(gold[:, None] == codes, predicted[:, None] == codes, FINDINGS)
    present = [
        score["f1"] for name, score in scores.items() if score["support"] or (predicted == FINDINGS.index(name)).any()
    ]
    return float(np.mean(present)) if present else 0.0


def theme_metrics(gold: Booleans, predicted: Booleans, keys: Sequence[str]) -> Metrics:
    """Per-theme scores, micro- and macro-F1, over sentences whose finding is not none."""
    scores = label_scores(gold, predicted, keys)
    present = [score["f1"] for score in scores.values() if score["support"]]
    return {
        "labels": scores,
        "micro_f1": micro_f1(gold, predicted),
        "macro_f1": float(np.mean(present)) if present else 0.0,
        "sentences": len(gold),
    }


def micro_f1(gold: Booleans, predicted: Booleans) -> float:
    """F1 over all labels pooled."""
    return _ratio(2 * int((gold & predicted).sum()), int(gold.sum()) + int(predicted.sum()))


def reliability(confidence: Floats, right: Booleans, bins: int = 10) -> Floats:
    """Mean confidence, accuracy and number of rows of each bin that has any: bins x 3, the least confident first.

    Bins hold equally many rows, but rows of one confidence share a bin: so their order doesn't matter.
    """
    if not len(confidence):
        return np.zeros((0, 3))
    _, place, counts = np.unique(confidence, return_inverse=True, return_counts=True)
    middles = np.cumsum(counts) - counts / 2
    number = (middles * bins / len(confidence)).astype(np.int64)[place]
    sums = np.stack([np.bincount(number, weights, bins) for weights in (confidence, right, None)], axis=1)
    held = sums[sums[:, 2] > 0]
    return np.asarray(np.hstack([held[:, :2] / held[:, 2:], held[:, 2:]]))


def expected_calibration_error(confidence: Floats, right: Booleans, bins: int = 10) -> float:
    """How far the confidence of predictions lies from how often they are right: 0 at best, 1 at worst.

    The mean over bins of rows alike in confidence of |confidence - accuracy|, weighed by their rows (M. P. Naeini,
    G. Cooper and M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015), with bins
    of equally many rows (`reliability`). It is above 0 by chance even for perfect probabilities, the more the fewer
    rows there are. 0 without any.
    """
    means, shares, counts = reliability(confidence, right, bins).T
    return _ratio(float((np.abs(means - shares) * counts).sum()), float(counts.sum()))


def intervals(
    statistics: Sequence[Any],
    arrays: Sequence[tuple[NDArray[Any], NDArray[Any]]],
    articles: NDArray[Any],
    *,
    repeats: int = 1000,
    seed: int = 1,
) -> list[tuple[float, float]]:
    """95 % intervals of statistics, by bootstrap over articles (B. Efron and R. Tibshirani, 1993).

    `statistics[i]` is applied to the pair `arrays[i]` (gold, predicted), rows resampled an article at a time.
    """
    generator = np.random.default_rng(seed)
    names, inverse = np.unique(articles, return_inverse=True)
    rows = [np.flatnonzero(inverse == i) for i in range(len(names))]
    values = np.zeros((repeats, len(statistics)))
    for repeat in range(repeats):
        drawn = np.concatenate([rows[i] for i in generator.integers(0, len(names), len(names))])
        values[repeat] = [
            statistic(gold[drawn], predicted[drawn])
            for statistic, (gold, predicted) in zip(statistics, arrays, strict=True)
        ]
    low, high = np.percentile(values, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
