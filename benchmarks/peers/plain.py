"""Peers that need no learning to speak of: the commonest labels, and a polarity lexicon."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from peers.peer import Examples, Predictions, Table
from pipeline.labels import FINDINGS


class Majority:
    """Always the commonest finding and the commonest theme."""

    name = "majority"
    settings = "always the corpus's commonest finding, and its commonest theme"
    needs: tuple[str, ...] = ()

    def fit(self, examples: Examples) -> None:
        counts = examples.themes.sum(axis=0)
        self.finding = int(np.bincount(examples.findings).argmax())
        self.theme, self.themes = int(counts.argmax()), len(counts)

    def save(self, folder: Path) -> None:
        (folder / "majority.json").write_text(json.dumps([self.finding, self.theme, self.themes]))

    def load(self, folder: Path) -> None:
        self.finding, self.theme, self.themes = json.loads((folder / "majority.json").read_text())

    def predict(self, table: Table) -> Predictions:
        count = len(table["text"])
        themes = np.zeros((count, self.themes), dtype=bool)
        themes[:, self.theme] = True
        return Predictions(np.full(count, self.finding), themes)


class Vader:
    """VADER's polarity (Hutto and Gilbert 2014): it tells praise from blame, and knows nothing else."""

    name = "VADER"
    settings = (
        "compound polarity of at least 0.05 strength, at most -0.05 concern, else none (its authors' thresholds); "
        "no training, no recommendations, no themes"
    )
    needs: tuple[str, ...] = ("vaderSentiment",)

    def fit(self, examples: Examples) -> None:
        """Nothing is learnt."""

    def save(self, folder: Path) -> None:
        """The lexicon is in the library."""

    def load(self, folder: Path) -> None:  # noqa: ARG002
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        self.analyser: Any = SentimentIntensityAnalyzer()

    def predict(self, table: Table) -> Predictions:
        scores = np.array([self.analyser.polarity_scores(text)["compound"] for text in table["text"]])
        strength, concern, none = (FINDINGS.index(name) for name in ("strength", "concern", "none"))
        return Predictions(np.where(scores >= 0.05, strength, np.where(scores <= -0.05, concern, none)), None)
