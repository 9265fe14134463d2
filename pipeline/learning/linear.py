"""Linear classifiers: support-vector machines, one per label, and the calibration of their scores in context.

A sentence's calibrated score is a linear map of its own scores and those of its context: an elaboration ("This means
that …") takes much of its meaning from the sentence before, and a theme is carried through its section. Learning that
map from out-of-fold scores is stacked sequential learning (W. Cohen and V. Carvalho, IJCAI 2005).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.labels import FINDINGS
from pipeline.learning.context import PLACES, Context, Rows, mix

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_TOLERANCE = 0.3
_NEVER = -30.0
_WORTH_PROCESSES = 10_000_000
_MIN_TO_CALIBRATE = 10
FINDING_PLACES = PLACES[:3]
"""Findings are read from a sentence and its two neighbours: wider context gains next to nothing for them."""


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


def fit_dense(vectors: NDArray[np.float32], targets: Booleans, *, penalty: float = 1.0) -> Floats:
    """Ridge regression of labels (as -1 and 1) on vectors of unit length: coefficients, (dimensions + 1) x labels.

    The last row holds the intercepts (A. Hoerl and R. Kennard, "Ridge Regression", Technometrics 12, 1970). It is
    solved exactly, all labels at once.
    """
    signs = np.where(targets, 1.0, -1.0)
    dense = np.asarray(vectors, dtype=np.float64)
    middle, mean = dense.mean(axis=0), signs.mean(axis=0)
    centred = dense - middle
    square = centred.T @ centred
    square[np.diag_indices_from(square)] += penalty
    coefficients = np.linalg.solve(square, centred.T @ (signs - mean))
    return np.vstack([coefficients, mean - middle @ coefficients])


@dataclass(frozen=True)
class Calibration:
    """Maps scores (sentences x inputs) in context to logits (sentences x labels).

    There is one input per label, or two where an encoder scores beside the n-grams. `mixing` holds an inputs x labels
    matrix for each of `PLACES`. `fitted` says for which labels there was enough data; others' own scores are merely
    doubled.
    """

    mixing: Floats
    intercepts: Floats
    fitted: Booleans

    def logits(self, scores: Floats, context: Context) -> Floats:
        """Calibrated logits of scores in context."""
        return mix(scores, context, self.mixing, self.intercepts)


def calibrate_together(
    scores: Floats,
    context: Context,
    rows: Rows,
    classes: NDArray[np.int64],
    places: tuple[str, ...] = FINDING_PLACES,
) -> Calibration:
    """Fit calibrated multinomial logits to out-of-fold scores of some rows, in context; `classes` are those rows'.

    `places` are the first of `PLACES` to read.

    Matrix scaling (C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), over a sentence's places.
    """
    from sklearn.linear_model import LogisticRegression

    inputs = scores.shape[1]
    counts = np.bincount(classes, minlength=len(FINDINGS))
    if counts.min() < _MIN_TO_CALIBRATE:
        intercepts = np.where(counts > 0, 0.0, _NEVER)
        return Calibration(_doubled(inputs, len(FINDINGS)), intercepts, np.zeros(len(FINDINGS), dtype=bool))
    design = np.hstack([context.at(place, scores)[rows] for place in places])
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(design, classes)
    mixing = np.zeros((len(PLACES), inputs, len(FINDINGS)))
    mixing[: len(places)] = fitted.coef_.T.reshape(len(places), inputs, len(FINDINGS))
    return Calibration(mixing, fitted.intercept_, np.ones(len(FINDINGS), dtype=bool))


def calibrate_apart(scores: Floats, context: Context, rows: Rows, targets: Booleans) -> Calibration:
    """Fit each label's calibrated logit to out-of-fold scores of some rows, in context; `targets` are those rows'.

    J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999, over a label's scores at all places, and the
    other labels' scores of the sentence itself: themes go together, or don't (stacking: S. Godbole and S. Sarawagi,
    "Discriminative Methods for Multi-labeled Classification", PAKDD 2004).
    """
    from sklearn.linear_model import LogisticRegression

    count, inputs = targets.shape[1], scores.shape[1]
    mixing, fitted = np.zeros((len(PLACES), inputs, count)), np.zeros(count, dtype=bool)
    positives = targets.sum(axis=0)
    # Without data to fit them, log-odds by frequency; of a label that never occurs, low enough never to be given.
    intercepts = np.where(positives > 0, np.log((positives + 0.5) / (len(targets) - positives + 0.5)), _NEVER)
    mixing += _doubled(inputs, count)
    own, *elsewhere = (context.at(place, scores)[rows] for place in PLACES)
    for label in range(count):
        if min(positives[label], len(targets) - positives[label]) < _MIN_TO_CALIBRATE:
            continue
        mine = np.arange(label, inputs, count)
        design = np.hstack([own, *(near[:, mine] for near in elsewhere)])
        logistic = LogisticRegression(C=1.0, max_iter=1000).fit(design, targets[:, label])
        weights = logistic.coef_[0]
        if weights[mine].sum() > 0:
            mixing[0, :, label] = weights[:inputs]
            mixing[1:, mine, label] = weights[inputs:].reshape(len(elsewhere), len(mine))
            intercepts[label], fitted[label] = logistic.intercept_[0], True
    return Calibration(mixing, intercepts, fitted)


def _doubled(inputs: int, count: int) -> Floats:
    """The mixing of labels that there is too little data to fit: their own scores, doubled."""
    mixing = np.zeros((len(PLACES), inputs, count))
    mixing[0] = np.tile(2 * np.eye(count) / max(inputs // max(count, 1), 1), (inputs // max(count, 1), 1))
    return mixing
