"""Statistics on plain arrays: paired bootstrap of F1 by article, stability, two-sample tests, Holm's correction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Statistic = Callable[[Floats], Floats]

_LEAST_CHANCE = 0.02
"""No label counts as less probable, so that one that a model was surely wrong about doesn't decide."""

_TIE = 1e-9


def label_f1(counts: Floats) -> Floats:
    """F1 of each label, NaN where it neither occurs nor is given; counts are … x labels x (hits, given, wanted)."""
    total = counts[..., 1] + counts[..., 2]
    return np.asarray(np.divide(2 * counts[..., 0], total, out=np.full(total.shape, np.nan), where=total > 0))


def macro_f1(counts: Floats) -> Floats:
    """The mean F1 over labels that occur or are given; 0 without any. Counts as for `label_f1`."""
    scores = label_f1(counts)
    known = ~np.isnan(scores)
    return np.asarray(np.where(known, scores, 0.0).sum(axis=-1) / np.maximum(known.sum(axis=-1), 1))


def micro_f1(counts: Floats) -> Floats:
    """F1 over all labels pooled; 0 without any. Counts as for `label_f1`."""
    pooled = counts.sum(axis=-2)
    return np.asarray(2 * pooled[..., 0] / np.maximum(pooled[..., 1] + pooled[..., 2], 1))


def paired_differences(
    first: Counts, second: Counts, statistic: Statistic, *, samples: int = 2000, seed: int = 1
) -> Floats:
    """Bootstrapped differences of a statistic, first minus second, the same articles drawn for both.

    Counts are articles x labels x (hits, given, wanted). The paired bootstrap over whole articles, since sentences of
    one article are alike (B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993; T. Berg-Kirkpatrick,
    D. Burkett and D. Klein, "An Empirical Investigation of Statistical Significance in NLP", EMNLP 2012). Raises
    `ValueError` without articles, or when the counts' shapes differ.
    """
    if first.shape != second.shape or not len(first):
        raise ValueError(f"counts of the same articles are needed, not {first.shape} and {second.shape}")
    articles = len(first)
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(articles, np.full(articles, 1 / articles), size=samples).astype(np.float64)
    sampled = [np.tensordot(drawn, counts.astype(np.float64), axes=1) for counts in (first, second)]
    return np.asarray(statistic(sampled[0]) - statistic(sampled[1]))


def lower_bound(values: Floats, level: float) -> float:
    """The value that a share `level` of bootstrapped values lies above: a one-sided percentile bound."""
    return float(np.quantile(values, 1 - level))


def improbability(
    chances: Floats,
    given: NDArray[np.int64],
    parts: NDArray[np.bool_],
    *,
    wrong: float = 0.0,
    samples: int = 2000,
    seed: int = 1,
) -> Floats:
    """For each part of labelled sentences, a p-value: how probable labels as improbable as those given to it are.

    `chances` are sentences x labels, `given` the label of each sentence, and `parts` parts x sentences. Labels are
    drawn by their chances, and a share `wrong` of them replaced by any other; what is compared is the likelihood of a
    part's labels. A Monte Carlo test, which keeps its level however few sentences there are (A. C. Davison and D. V.
    Hinkley, "Bootstrap Methods and Their Application", 1997, section 4.2).
    """
    scores = np.log(np.maximum(chances, _LEAST_CHANCE))
    bounds = ((1 - wrong) * chances + wrong * (1 - chances) / (chances.shape[1] - 1)).cumsum(axis=1)[:, :-1]
    rows = np.arange(len(chances))
    weights = parts.astype(np.float64)
    found = weights @ scores[rows, given] + _TIE
    generator = np.random.default_rng(seed)
    lower = np.zeros(len(parts))
    for _ in range(samples):
        drawn = (generator.random((len(rows), 1)) > bounds).sum(axis=1)
        lower += weights @ scores[rows, drawn] <= found
    return np.asarray((1 + lower) / (1 + samples))


def stability_index(expected: Floats, found: Floats) -> float:
    """The population stability index of two histograms over the same bins; 0 when alike, above 0.25 much changed.

    The sum of (q - p) ln(q / p) over bins, each count raised by a half so that none is empty (N. Siddiqi, "Credit Risk
    Scorecards", 2006; B. Yurdakul, "Statistical Properties of Population Stability Index", 2018: by chance alone it is
    about (bins - 1) (1/n + 1/m)).
    """
    p, q = ((counts + 0.5) / (counts.sum() + 0.5 * len(counts)) for counts in (expected, found))
    return float(((q - p) * np.log(q / p)).sum())


def histogram(values: Floats, edges: Floats) -> Floats:
    """How many values lie below the first edge, between neighbouring edges, and from the last on."""
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1).astype(np.float64)


def kolmogorov_smirnov(first: Floats, second: Floats) -> tuple[float, float]:
    """The largest distance of two samples' distribution functions, and its p-value; (0, 1) when one is empty.

    Two-sided; exact for small samples (J. L. Hodges, "The Significance Probability of the Smirnov Two-Sample Test",
    1958), as scipy works it out.
    """
    from scipy.stats import ks_2samp

    if not len(first) or not len(second):
        return 0.0, 1.0
    found = ks_2samp(first, second)
    return float(found.statistic), float(found.pvalue)


def design_effect(counts: Floats) -> float:
    """How much more class shares vary than if sentences were drawn singly; counts are articles x classes. At least 1.

    The mean of the classes' ratios of variances, each weighed by 1 - p (J. N. K. Rao and A. J. Scott, "On Chi-squared
    Tests for Multiway Contingency Tables with Cell Proportions Estimated from Survey Data", 1984).
    """
    sizes = counts.sum(axis=1)
    counts, sizes = counts[sizes > 0], sizes[sizes > 0]
    number, total = len(counts), sizes.sum()
    if number < 2:
        return 1.0
    shares = counts.sum(axis=0) / total
    used = (shares > 0) & (shares < 1)
    if not used.any():
        return 1.0
    spread = ((counts - sizes[:, None] * shares) ** 2).sum(axis=0) * number / (number - 1) / total**2
    ratios = spread[used] / (shares * (1 - shares) / total)[used]
    return max(float(np.average(ratios, weights=1 - shares[used])), 1.0)


def chi_square(first: Floats, second: Floats) -> tuple[float, float]:
    """Pearson's chi-square of two samples' class shares, and its p-value; counts are articles x classes.

    Counts are divided by the design effect first, since sentences of an article are alike (J. N. K. Rao and A. J.
    Scott, "A Simple Method for the Analysis of Clustered Binary Data", Biometrics 48, 1992): by the larger of both
    samples', for a few articles tell little of it. (0, 1) when a sample is empty or all is of one class.
    """
    from scipy.special import chdtrc

    effect = max(design_effect(first), design_effect(second))
    table = np.stack([counts.sum(axis=0) / effect for counts in (first, second)])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return 0.0, 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return statistic, float(chdtrc(table.shape[1] - 1, statistic))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for being several.

    S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979.
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    raised = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(raised, 1.0)
    return [float(value) for value in corrected]
