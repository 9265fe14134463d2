"""Frozen sentence embeddings under logistic regressions: what many would try first."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from peers.minilm import PACKAGE, encoder_folder
from peers.peer import Examples, Predictions, Table


class FrozenMiniLM:
    """all-MiniLM-L6-v2's embeddings of the sentence alone, as sentence-transformers gives them."""

    name = "MiniLM frozen + LR"
    settings = (
        "sentence-transformers' embeddings of the sentence alone, scikit-learn's logistic regression with C "
        "{inverse:g}, classes {what}, as cross-validation chose; themes from 0.5"
    )
    needs: tuple[str, ...] = ("sentence_transformers", "sklearn", PACKAGE)
    candidates: ClassVar[list[dict[str, Any]]] = [
        {"inverse": inverse, "balanced": balanced} for inverse in (1.0, 10.0, 100.0) for balanced in (False, True)
    ]

    def __init__(self, inverse: float = 100.0, *, balanced: bool = False) -> None:
        self.inverse, self.balanced = inverse, balanced
        self.settings = self.settings.format(inverse=inverse, what="balanced" if balanced else "not balanced")

    def fit(self, examples: Examples) -> None:
        from sentence_transformers import SentenceTransformer
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier

        def regression() -> Any:
            weights = "balanced" if self.balanced else None
            return LogisticRegression(C=self.inverse, class_weight=weights, max_iter=2000)

        self.encoder = SentenceTransformer(str(encoder_folder()), device="cpu")
        vectors = self._vectors(examples.texts)
        self.findings = regression().fit(vectors, examples.findings)
        self.themes = OneVsRestClassifier(regression()).fit(vectors, examples.themes.astype(int))

    def _vectors(self, texts: list[str]) -> Any:
        return self.encoder.encode(texts, batch_size=64, show_progress_bar=False)

    def save(self, folder: Path) -> None:
        import joblib

        self.encoder.save(str(folder / "encoder"))
        joblib.dump((self.findings, self.themes), folder / "regressions.joblib")

    def load(self, folder: Path) -> None:
        import joblib
        from sentence_transformers import SentenceTransformer

        self.encoder = SentenceTransformer(str(folder / "encoder"), device="cpu")
        self.findings, self.themes = joblib.load(folder / "regressions.joblib")

    def predict(self, table: Table) -> Predictions:
        vectors = self._vectors(list(table["text"]))
        return Predictions(self.findings.predict(vectors), np.asarray(self.themes.predict(vectors), dtype=bool))
