"""Doubt: labels that models which haven't seen their article confidently disagree with.

The method of confident learning (C. Northcutt, L. Jiang and I. Chuang, "Confident Learning: Estimating Uncertainty in
Dataset Labels", JAIR 70, 2021): a label is doubted when another finding is at least as probable as that finding usually
is where it is the label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.labels import FINDINGS, Themes
from pipeline.learning.examples import Examples, split
from pipeline.learning.training import learn_findings
from pipeline.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def doubted(table: pd.DataFrame, themes: Themes, settings: Settings, *, jobs: int = 1) -> pd.DataFrame:
    """Rows of a corpus's sentence table whose finding is doubted, the most doubtful first.

    Adds `suggested` (the other finding), `probability` (its own) and `margin` (over that of the label). Raises
    `CorpusError` as `train` does.
    """
    examples = Examples.of(table, themes, settings)
    folds = list(split(examples, settings.training.folds, settings.training.seed))
    probabilities = learn_findings(examples, settings, folds, jobs, whole=False).probabilities
    labels = examples.findings[examples.labelled]
    rows = doubts(probabilities, labels)
    found: pd.DataFrame = table.iloc[examples.labelled[rows]].copy()
    others = probabilities[rows].argmax(axis=1)
    found["suggested"] = [FINDINGS[other] for other in others]
    found["probability"] = probabilities[rows, others]
    found["margin"] = probabilities[rows, others] - probabilities[rows, labels[rows]]
    order = np.argsort(-found["margin"].to_numpy(), kind="stable")
    ordered: pd.DataFrame = found.iloc[order]
    return ordered


def doubts(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Indices of labels that are doubted, given out-of-fold probabilities (sentences x findings)."""
    count = probabilities.shape[1]
    usual = np.array([probabilities[labels == k, k].mean() if (labels == k).any() else 1.0 for k in range(count)])
    best = probabilities.argmax(axis=1)
    confident = probabilities[np.arange(len(labels)), best] >= usual[best]
    return np.flatnonzero((best != labels) & confident)
