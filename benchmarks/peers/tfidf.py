"""TF-IDF of words and logistic regression: what scikit-learn's guide begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from peers.peer import Examples, Predictions, Table


class Tfidf:
    """Words and pairs of words of the sentence alone, logistic regressions for the findings and for each theme."""

    name = "TF-IDF + LR"
    settings = (
        "scikit-learn: words 1-2 of the sentence, sublinear counts, logistic regression with C {inverse:g}, classes "
        "{what}, as cross-validation chose; themes one against the rest from 0.5"
    )
    needs: tuple[str, ...] = ("sklearn",)
    candidates: ClassVar[list[dict[str, Any]]] = [
        {"inverse": inverse, "balanced": balanced} for inverse in (1.0, 10.0, 100.0) for balanced in (False, True)
    ]

    def __init__(self, inverse: float = 100.0, *, balanced: bool = True) -> None:
        self.inverse, self.balanced = inverse, balanced
        self.settings = self.settings.format(inverse=inverse, what="balanced" if balanced else "not balanced")

    def fit(self, examples: Examples) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier

        def regression(solver: str) -> Any:
            weights = "balanced" if self.balanced else None
            return LogisticRegression(C=self.inverse, class_weight=weights, solver=solver, max_iter=1000)

        self.vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        matrix = self.vectors.fit_transform(examples.texts)
        self.findings = regression("lbfgs").fit(matrix, examples.findings)
        self.themes = OneVsRestClassifier(regression("liblinear")).fit(matrix, examples.themes.astype(int))

    def save(self, folder: Path) -> None:
        import joblib

        joblib.dump((self.vectors, self.findings, self.themes), folder / "model.joblib")

    def load(self, folder: Path) -> None:
        import joblib

        self.vectors, self.findings, self.themes = joblib.load(folder / "model.joblib")

    def predict(self, table: Table) -> Predictions:
        matrix = self.vectors.transform(list(table["text"]))
        return Predictions(self.findings.predict(matrix), np.asarray(self.themes.predict(matrix), dtype=bool))
