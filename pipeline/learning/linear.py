"""Linear classifiers: support-vector machines, one per label, and the calibration of what they decide.

Calibrated scores stay linear in the features, so calibration is folded into the coefficients: what is saved is a
multinomial logistic model for findings and a logistic model for each theme.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_TOLERANCE = 0.01
_MIN_TO_CALIBRATE = 10


@dataclass(frozen=True)
class Linear:
    """Coefficients (columns x labels) and intercepts (labels)."""

    coefficients: Floats
    intercepts: Floats

    def decide(self, features: csr_matrix) -> Floats:
        """Decision values: sentences x labels."""
        return np.asarray(features @ self.coefficients + self.intercepts)


def fit(
    features: csr_matrix, targets: Booleans, *, regularisation: float, balance: float, seed: int, jobs: int = 1
) -> Linear:
    """Fit one linear support-vector machine per label (squared hinge loss, L2 penalty; R.-E. Fan et al., "LIBLINEAR", JMLR 9, 2008).

    `targets` is sentences x labels; a label with no positive (or no negative) sentence gets a constant decision.
    `balance` b weighs positives and negatives by (n / (2 * count)) ** b.
    """
    from joblib import Parallel, delayed

    used = np.unique(features.indices)
    compact = csr_matrix(features[:, used], dtype=np.float64)
    one = delayed(_fit_one)
    fitted = Parallel(jobs, prefer="threads")(
        one(compact, targets[:, label], regularisation, balance, seed) for label in range(targets.shape[1])
    )
    coefficients = np.zeros((features.shape[1], targets.shape[1]))
    coefficients[used] = np.stack([weights for weights, _ in fitted], axis=1)
    return Linear(coefficients, np.array([intercept for _, intercept in fitted]))


def _fit_one(
    features: csr_matrix, target: Booleans, regularisation: float, balance: float, seed: int
) -> tuple[Floats, float]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    positives = int(target.sum())
    if positives in (0, len(target)):
        return np.zeros(features.shape[1]), -1.0 if positives == 0 else 1.0
    weights = {
        True: (len(target) / (2 * positives)) ** balance,
        False: (len(target) / (2 * (len(target) - positives))) ** balance,
    }
    machine = LinearSVC(C=regularisation, class_weight=weights, tol=_TOLERANCE, dual=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(features, target)
    return machine.coef_[0], float(machine.intercept_[0])


def softmax(scores: Floats) -> Floats:
    """Probabilities that sum to 1 in each row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def sigmoid(scores: Floats) -> Floats:
    """Probabilities, each by itself."""
    return 1 / (1 + np.exp(-np.clip(scores, -60, 60)))


def calibrate_together(decisions: Floats, classes: NDArray[np.int64]) -> tuple[Linear, bool]:
    """Map decision values to multinomial logits: a linear map fitted to out-of-fold decisions.

    Matrix scaling, of C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, with an L2 penalty. Returns
    the map and whether there were enough sentences of each class to fit it; else decisions are merely doubled.
    """
    from sklearn.linear_model import LogisticRegression

    count = decisions.shape[1]
    if np.bincount(classes, minlength=count).min() < _MIN_TO_CALIBRATE:
        return Linear(2 * np.eye(count), np.zeros(count)), False
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(decisions, classes)
    return Linear(fitted.coef_.T, fitted.intercept_), True


def calibrate_apart(decisions: Floats, targets: Booleans) -> tuple[Floats, Floats, Booleans]:
    """Slopes and intercepts that map each label's decision values to logits, fitted to out-of-fold decisions.

    J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999. The third array says which were fitted; a label
    with too few sentences keeps slope 2.
    """
    from sklearn.linear_model import LogisticRegression

    count = targets.shape[1]
    slopes, intercepts, fitted = np.full(count, 2.0), np.zeros(count), np.zeros(count, dtype=bool)
    for label in range(count):
        positives = int(targets[:, label].sum())
        if min(positives, len(targets) - positives) < _MIN_TO_CALIBRATE:
            continue
        logistic = LogisticRegression(C=10.0, max_iter=1000).fit(decisions[:, label : label + 1], targets[:, label])
        if logistic.coef_[0, 0] > 0:
            slopes[label], intercepts[label], fitted[label] = logistic.coef_[0, 0], logistic.intercept_[0], True
    return slopes, intercepts, fitted


def fold_in(machine: Linear, calibration: Linear) -> Linear:
    """The linear model that decides and then calibrates."""
    return Linear(
        machine.coefficients @ calibration.coefficients,
        machine.intercepts @ calibration.coefficients + calibration.intercepts,
    )
