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
from pipeline.learning.context import PLACES
from pipeline.settings import FeatureSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from pipeline.model import Model


class SentenceVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Sentences to the model's hashed n-grams, theirs and their neighbours', as a sparse matrix. Stateless.

    Takes a list of texts (each stands alone) or a sentence table; the columns are a sentence's own n-grams, then those
    at each other place of its context.
    """

    def __init__(self, settings: dict[str, Any], weights: dict[str, float]) -> None:
        self.settings = settings
        self.weights = weights

    def fit(self, sentences: object, y: object = None) -> SentenceVectorizer:  # noqa: ARG002
        """Do nothing: hashing learns nothing."""
        return self

    def transform(self, sentences: Sequence[str] | pd.DataFrame) -> csr_matrix:
        """Features of each sentence: sentences x columns."""
        import pandas as pd
        from scipy.sparse import csr_matrix, hstack

        table = sentences if isinstance(sentences, pd.DataFrame) else pd.DataFrame({"text": list(sentences)})
        settings = FeatureSettings.of(self.settings)
        batch = features.Sentences.of(table)
        groups = {group.name: features.matrix(group, settings.bits) for group in features.extract(batch, settings)}
        own = features.weighted(groups, self.weights)
        return csr_matrix(hstack([batch.context.matrix(place, own) for place in PLACES]))

    def __sklearn_is_fitted__(self) -> bool:
        return True


def estimator(model: Model, *, themes: bool = False) -> Pipeline:
    """A fitted pipeline whose `predict_proba` gives the model's findings, columns as in `classes_`, or its themes.

    Raises `ModelError` when themes are asked of a model that has none, or the model needs an encoder.
    """
    if model.encoder is not None:
        raise ModelError("this model reads with an encoder, which scikit-learn can't: train one without to export it")
    if themes and not model.themes:
        raise ModelError("this model has no themes: export its findings instead")
    labels = slice(len(FINDINGS), None) if themes else slice(len(FINDINGS))
    own = np.asarray(model.coefficients[:, labels], dtype=np.float64)
    coefficients = np.vstack([own @ mixing[labels, labels] for mixing in model.mixing]).T
    intercepts = model.intercepts[labels]
    task = "themes" if themes else "finding"
    vectorizer = SentenceVectorizer(model.feature_settings.to_dict(), dict(model.weights[task]))
    if not themes:
        order = np.argsort(FINDINGS)
        classifier = _logistic(np.array(FINDINGS)[order], coefficients[order], intercepts[order])
        return Pipeline([("features", vectorizer), ("finding", classifier)])
    keys = list(model.themes)
    several = OneVsRestClassifier(LogisticRegression())
    several.estimators_ = [
        _logistic(np.array([0, 1]), coefficients[i : i + 1], intercepts[i : i + 1]) for i in range(len(keys))
    ]
    several.label_binarizer_ = LabelBinarizer().fit(np.eye(len(keys), dtype=int))
    several.n_features_in_ = coefficients.shape[1]
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
    """Write the estimator with joblib, beside the file first. Raises `ModelError` when it can't be written."""
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
