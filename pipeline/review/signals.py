"""Signals: why a sentence may be worth a person's look, each a number from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.labels import FINDINGS, NONE
from pipeline.learning import features
from pipeline.learning.context import mix
from pipeline.learning.features import Sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipeline.model import Model

Floats = NDArray[np.float64]
_VACANT = 0.02
"""With fewer columns free than this, hashing can't tell new words from old."""


@dataclass(frozen=True)
class Signals:
    """One number a sentence in each array.

    `doubt` is how near the two likeliest findings are (1: equal). `quarrel` is how far the sentence by itself and the
    sentence in its context speak for different findings (the Jensen-Shannon divergence in bits; with an encoder, the
    n-grams against both). `novelty` is the share of its word n-grams that training never met. Without a model, both
    are 0. `alone` are the findings' probabilities of the sentence by itself, sentences x findings.
    """

    doubt: Floats
    quarrel: Floats
    novelty: Floats
    alone: Floats

    @classmethod
    def of(cls, table: pd.DataFrame, model: Model | None) -> Signals:
        """The signals of a findings table: whole articles, since context counts."""
        together = table[list(FINDINGS)].to_numpy(np.float64)
        if model is None or not len(table):
            nothing = np.zeros(len(table))
            return cls(doubt(together), nothing, nothing, together)
        sentences = Sentences.of(table)
        by_itself = alone(model, sentences)
        return cls(doubt(together), divergence(by_itself, together), novelty(model, sentences), by_itself)


def doubt(probabilities: Floats) -> Floats:
    """1 minus the margin between the two likeliest."""
    if not len(probabilities):
        return np.zeros(0)
    ordered = np.sort(probabilities, axis=1)
    return np.asarray(1 - (ordered[:, -1] - ordered[:, -2]))


def divergence(one: Floats, other: Floats) -> Floats:
    """The Jensen-Shannon divergence of each row's two distributions, in bits: 0 alike, 1 without overlap."""
    middle = (one + other) / 2

    def against_middle(values: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(values > 0, values * np.log2(values / middle), 0).sum(axis=1))

    return np.clip((against_middle(one) + against_middle(other)) / 2, 0, 1)


def alone(model: Model, sentences: Sentences) -> Floats:
    """Findings' probabilities by each sentence's own n-grams, without its neighbours' scores and without an encoder."""
    labels = len(model.intercepts)
    scores = np.zeros((len(sentences), labels))
    for group in features.extract(sentences, model.feature_settings):
        scale = model.task_scale(group.name)
        if scale.any():
            scores += features.project(group, model.coefficients) * scale
    logits = mix(scores, sentences.context, model.mixing[:1, :labels], model.intercepts)[:, : len(FINDINGS)]
    shifted = np.exp(logits - logits.max(axis=1, initial=-np.inf, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def novelty(model: Model, sentences: Sentences) -> Floats:
    """An estimate of the share of each sentence's word n-grams that training never met.

    A model holds no words: a new n-gram falls into any column, and shows only when that is one that nothing was learnt
    for. Their share in a sentence is divided by their share of all columns; 0 where too few are free to tell.
    """
    free: NDArray[np.bool_] = (np.asarray(model.coefficients) == 0).all(axis=1)
    share = float(free.mean())
    if share < _VACANT:
        return np.zeros(len(sentences))
    for group in features.extract(sentences, model.feature_settings):
        if group.name == "word":
            missed = np.zeros(len(sentences))
            counts = np.zeros(len(sentences))
            for starts, columns in group.pieces:
                sums = np.concatenate([np.zeros(1), np.cumsum(free[columns])])
                missed += sums[starts[1:]] - sums[starts[:-1]]
                counts += np.diff(starts)
            # Two more n-grams, both known: a short sentence with one free column says little.
            return np.clip(missed / (counts + 2) / share, 0, 1)
    return np.zeros(len(sentences))


def rarity(table: pd.DataFrame, counts: Mapping[str, int], thresholds: Mapping[str, float]) -> tuple[Floats, list[str]]:
    """How much each sentence has to say about a rare theme, and which: 1 for an unseen theme at its threshold.

    `counts` are how often each theme was met: one met half as often as the mean is not rare, and counts 0. A sentence
    that is likely to be none of the findings says nothing.
    """
    best, names = np.zeros(len(table)), [""] * len(table)
    usual = sum(counts.values()) / max(len(counts), 1)
    given = 1 - table[NONE].to_numpy(np.float64)
    for key, count in counts.items():
        share = 1 - 2 * count / usual if usual else 0.0
        if f"theme_{key}" not in table.columns or share <= 0:
            continue
        threshold = thresholds.get(key, 0.5)
        probability = table[f"theme_{key}"].to_numpy(np.float64)
        near = np.where(probability < threshold, probability / threshold, 1 - (probability - threshold) / 2)
        value = share * near**2 * given
        for row in np.flatnonzero(value > best):
            names[row] = key
        best = np.maximum(best, value)
    return best, names
