"""Linear classifiers: support-vector machines, one per label, and the calibration of their scores in context.

A sentence's calibrated score is a linear map of its own scores and its neighbours': an elaboration ("This means
that …") takes much of its meaning from the sentence before. Learning that map from out-of-fold scores is stacked
sequential learning (W. Cohen and V. Carvalho, IJCAI 2005).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.learning.features import neighbours

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_TOLERANCE = 0.3
_NEVER = -30.0
_WORTH_PROCESSES = 10_000_000
_MIN_TO_CALIBRATE = 10


def fit(
    features: csr_matrix,
    targets: Booleans,
    *,
    regularisation: float,
    rarity: float,
    balance: float,
    seed: int,
    jobs: int = 1,
) -> Floats:
    """Fit one linear support-vector machine per label; return its coefficients, columns x labels, without intercepts.

    Squared hinge loss and L2 penalty (R.-E. Fan et al., "LIBLINEAR", JMLR 9, 2008). `targets` is sentences x labels; a
    label with no positive (or no negative) sentence gets zeros. Columns are weighed by their inverse document frequency
    to the power `rarity`, and `balance` b weighs positives and negatives by (n / (2 * count)) ** b.
    """
    from joblib import Parallel, delayed

    used, frequencies = np.unique(features.indices, return_counts=True)
    count = features.shape[0]
    weights = np.log((1 + count) / (1 + np.minimum(frequencies, count))) ** rarity
    weighted = csr_matrix(features[:, used], dtype=np.float64)
    before = _squares(weighted)
    weighted.data *= weights[weighted.indices]
    # Rows keep their mean length, so that the best regularisation doesn't depend on rarity.
    factor = np.sqrt(before / max(_squares(weighted), 1e-12))
    weighted.data *= factor
    # Threads would share LIBLINEAR's random numbers: only processes run side by side, for a corpus worth their start.
    workers = jobs if weighted.nnz * targets.shape[1] > _WORTH_PROCESSES else 1
    one = delayed(_fit_one)
    fitted = Parallel(workers, mmap_mode="r")(
        one(weighted, targets[:, label], regularisation, balance, seed) for label in range(targets.shape[1])
    )
    coefficients = np.zeros((features.shape[1], targets.shape[1]))
    coefficients[used] = np.stack(fitted, axis=1) * (weights * factor)[:, None]
    return coefficients


def _squares(features: csr_matrix) -> float:
    return float((features.data**2).sum())


def _fit_one(features: csr_matrix, target: Booleans, regularisation: float, balance: float, seed: int) -> Floats:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    positives = int(target.sum())
    if positives in (0, len(target)):
        return np.zeros(features.shape[1])
    weights = {
        True: (len(target) / (2 * positives)) ** balance,
        False: (len(target) / (2 * (len(target) - positives))) ** balance,
    }
    machine = LinearSVC(C=regularisation, class_weight=weights, tol=_TOLERANCE, dual=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(features, target)
    return np.asarray(machine.coef_[0])


def softmax(scores: Floats) -> Floats:
    """Probabilities that sum to 1 in each row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def sigmoid(scores: Floats) -> Floats:
    """Probabilities, each by itself."""
    return 1 / (1 + np.exp(-np.clip(scores, -60, 60)))


@dataclass(frozen=True)
class Calibration:
    """Maps scores (sentences x labels) to logits.

    `mixing` holds a labels x labels matrix for a sentence's own scores, one for those of the sentence before, and one
    for those of the sentence after. `fitted` says for which labels there was enough data; others' own scores are merely
    doubled.
    """

    mixing: Floats
    intercepts: Floats
    fitted: Booleans

    def logits(self, scores: Floats, before: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
        """Calibrated logits of scores in context; `before` and `after` are the neighbours' rows, -1 for none."""
        own, left, right = self.mixing
        return np.asarray(
            scores @ own + neighbours(scores, before) @ left + neighbours(scores, after) @ right + self.intercepts
        )


def calibrate_together(scores: Floats, before: Floats, after: Floats, classes: NDArray[np.int64]) -> Calibration:
    """Fit calibrated multinomial logits to out-of-fold scores of sentences and of their neighbours.

    Matrix scaling (C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), over three sentences.
    """
    from sklearn.linear_model import LogisticRegression

    count = scores.shape[1]
    counts = np.bincount(classes, minlength=count)
    if counts.min() < _MIN_TO_CALIBRATE:
        mixing = np.zeros((3, count, count))
        mixing[0] = 2 * np.eye(count)
        return Calibration(mixing, np.where(counts > 0, 0.0, _NEVER), np.zeros(count, dtype=bool))
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(np.hstack([scores, before, after]), classes)
    mixing = fitted.coef_.T.reshape(3, count, count)
    return Calibration(mixing, fitted.intercept_, np.ones(count, dtype=bool))


def calibrate_apart(scores: Floats, before: Floats, after: Floats, targets: Booleans) -> Calibration:
    """Fit each label's calibrated logit to its own out-of-fold scores and its neighbours'.

    J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999, over three sentences.
    """
    from sklearn.linear_model import LogisticRegression

    count = targets.shape[1]
    mixing, fitted = np.zeros((3, count, count)), np.zeros(count, dtype=bool)
    positives = targets.sum(axis=0)
    # Without data to fit them, log-odds by frequency; of a label that never occurs, low enough never to be given.
    intercepts = np.where(positives > 0, np.log((positives + 0.5) / (len(targets) - positives + 0.5)), _NEVER)
    mixing[0] = 2 * np.eye(count)
    for label in range(count):
        if min(positives[label], len(targets) - positives[label]) < _MIN_TO_CALIBRATE:
            continue
        three = np.stack([scores[:, label], before[:, label], after[:, label]], axis=1)
        logistic = LogisticRegression(C=10.0, max_iter=1000).fit(three, targets[:, label])
        if logistic.coef_[0, 0] > 0:
            mixing[:, label, label] = logistic.coef_[0]
            intercepts[label], fitted[label] = logistic.intercept_[0], True
    return Calibration(mixing, intercepts, fitted)
