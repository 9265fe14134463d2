"""Export: a model as a fitted scikit-learn pipeline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import LabelBinarizer

from pipeline.errors import ModelError
from pipeline.labels import FINDINGS
from pipeline.learning import features
from pipeline.settings import FeatureSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from pipeline.model import Model


class SentenceVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Sentences to the model's hashed n-grams: a list of texts, or a sentence table, to a sparse matrix. Stateless."""

    def __init__(self, settings: dict[str, Any], weights: dict[str, float]) -> None:
        self.settings = settings
        self.weights = weights

    def fit(self, sentences: Sequence[str] | pd.DataFrame, y: object = None) -> SentenceVectorizer:
        """Do nothing: hashing learns nothing."""
        return self

    def transform(self, sentences: Sequence[str] | pd.DataFrame) -> csr_matrix:
        """Features of each sentence: sentences x columns."""
        import pandas as pd

        table = sentences if isinstance(sentences, pd.DataFrame) else pd.DataFrame({"text": list(sentences)})
        settings = FeatureSettings.model_validate(self.settings)
        batch = features.Sentences.of(table)
        groups = {group.name: features.matrix(group, settings.bits) for group in features.extract(batch, settings)}
        return features.weighted(groups, self.weights)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def estimator(model: Model, *, themes: bool = False) -> Pipeline:
    """A fitted pipeline whose `predict_proba` gives the model's findings (columns as in `classes_`), or its themes.

    Raises `ModelError` when themes are asked of a model that has none.
    """
    if themes and not model.themes:
        raise ModelError("this model has no themes: export its findings instead")
    count = len(FINDINGS)
    coefficients = np.asarray(model.coefficients, dtype=np.float64)
    vectorizer = SentenceVectorizer(
        model.feature_settings.model_dump(), dict(model.weights["themes" if themes else "finding"])
    )
    if not themes:
        order = np.argsort(FINDINGS)
        classifier = _logistic(
            np.array(FINDINGS)[order], coefficients[:, :count].T[order], model.intercepts[:count][order]
        )
        return Pipeline([("features", vectorizer), ("finding", classifier)])
    several = OneVsRestClassifier(LogisticRegression())
    several.estimators_ = [
        _logistic(np.array([0, 1]), coefficients[:, count + i][None, :], model.intercepts[count + i : count + i + 1])
        for i in range(len(model.themes))
    ]
    several.label_binarizer_ = LabelBinarizer().fit(np.eye(len(model.themes), dtype=int))
    if len(model.themes) > 1:
        several.label_binarizer_.y_type_ = "multilabel-indicator"
        several.label_binarizer_.classes_ = np.arange(len(model.themes))
    several.n_features_in_ = coefficients.shape[0]
    return Pipeline([("features", vectorizer), ("themes", several)])


def _logistic(classes: Any, coefficients: Any, intercepts: Any) -> LogisticRegression:
    classifier = LogisticRegression()
    classifier.classes_ = classes
    classifier.coef_ = np.ascontiguousarray(coefficients)
    classifier.intercept_ = np.ascontiguousarray(intercepts)
    classifier.n_features_in_ = coefficients.shape[1]
    classifier.n_iter_ = np.zeros(1, dtype=np.int32)
    return classifier


def write_estimator(model: Model, file: Path, *, themes: bool = False) -> None:
    """Write the estimator with joblib: beside the file first, then renamed. Raises `ModelError` when it can't be written."""
    import joblib

    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        joblib.dump(estimator(model, themes=themes), temporary, compress=3)
        temporary.replace(file)
    except OSError as error:
        raise ModelError(f"{file}: can't be written ({error.strerror}): name another file") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
