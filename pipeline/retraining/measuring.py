"""Measuring: how a model does on the held-out articles, as counts by article that versions can be compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.labels import FINDINGS, NONE
from pipeline.learning.evaluation import expected_calibration_error
from pipeline.retraining.articles import packed_array, unpacked_array
from pipeline.retraining.held_out import Gold
from pipeline.retraining.statistics import Counts, Floats, label_f1, macro_f1, micro_f1

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.model import Model


@dataclass(frozen=True)
class Measured:
    """Counts of findings and themes, articles x labels x (hits, given, wanted); and the calibration error."""

    findings: Counts
    themes: Counts
    theme_keys: tuple[str, ...]
    calibration: float

    @property
    def macro_f1(self) -> float:
        """Macro-F1 of findings, over all articles."""
        return float(macro_f1(self.findings.sum(axis=0).astype(np.float64)))

    @property
    def micro_f1(self) -> float:
        """Micro-F1 of themes, over all articles."""
        return float(micro_f1(self.themes.sum(axis=0).astype(np.float64)))

    @property
    def labels(self) -> dict[str, tuple[float, int]]:
        """F1 and support of each finding and theme that occurs."""
        names = (*FINDINGS, *self.theme_keys)
        counts = np.concatenate([self.findings.sum(axis=0), self.themes.sum(axis=0)])
        scores = np.nan_to_num(label_f1(counts.astype(np.float64)))
        return {
            name: (float(score), int(of[2])) for name, score, of in zip(names, scores, counts, strict=True) if of[2]
        }

    def counts_of(self, label: str) -> Counts:
        """The counts of one label: articles x 1 x (hits, given, wanted)."""
        if label in FINDINGS:
            return self.findings[:, [FINDINGS.index(label)]]
        return self.themes[:, [self.theme_keys.index(label)]]

    def summary(self) -> dict[str, Any]:
        """What people are told."""
        return {
            "findings_macro_f1": round(self.macro_f1, 4),
            "themes_micro_f1": round(self.micro_f1, 4),
            "calibration_error": round(self.calibration, 4),
            "labels": {name: round(score, 4) for name, (score, _) in self.labels.items()},
        }

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        counts = {name: packed_array(getattr(self, name).astype(np.float32)) for name in ("findings", "themes")}
        return {**counts, "theme_keys": list(self.theme_keys), "calibration": self.calibration}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Measured:
        """From what `to_dict` gave. Raises `ModelError` when it is damaged."""
        try:
            counts = [unpacked_array(data[name]).astype(np.int64) for name in ("findings", "themes")]
            return cls(counts[0], counts[1], tuple(data["theme_keys"]), float(data["calibration"]))
        except (KeyError, TypeError, ValueError):
            raise ModelError("kept measures are damaged: remove the file, they are made again") from None


def measure(model: Model, gold: Gold, theme_keys: Sequence[str]) -> Measured:
    """Score held-out articles on the path of `predict`, and count by article.

    Themes count where the gold finding isn't none and themes are labelled. A theme that the model doesn't know is never
    given.
    """
    predicted = model.predict_sentences(gold.table.drop(columns=["finding", "themes", "kind"], errors="ignore"))
    rows = gold.rows
    codes = {finding: code for code, finding in enumerate(FINDINGS)}
    wanted = np.array([codes[finding] for finding, _ in gold.labels])
    found = np.array([codes[finding] for finding in predicted["finding"]])[rows]
    shape = np.arange(len(FINDINGS))
    findings = _counts(wanted[:, None] == shape, found[:, None] == shape, gold)
    given = predicted["themes"].tolist()
    themed = np.array([finding != NONE and themes is not None for finding, themes in gold.labels], dtype=bool)
    gold_themes = _indicators([themes for _, themes in gold.labels], theme_keys) & themed[:, None]
    found_themes = _indicators([given[row] for row in rows], theme_keys) & themed[:, None]
    themes = _counts(gold_themes, found_themes, gold)
    confidence = predicted["confidence"].to_numpy(dtype=np.float64)[rows]
    return Measured(findings, themes, tuple(theme_keys), expected_calibration_error(confidence, wanted == found))


def _indicators(lists: Sequence[Sequence[str] | None], keys: Sequence[str]) -> NDArray[np.bool_]:
    found = [[key in (given or ()) for key in keys] for given in lists]
    return np.array(found, dtype=bool).reshape(len(lists), len(keys))


def _counts(wanted: NDArray[np.bool_], found: NDArray[np.bool_], gold: Gold) -> Counts:
    """Hits, given and wanted of each label, by article; 0 of those that are missing."""
    counts = np.zeros((gold.articles, wanted.shape[1], 3), dtype=np.int64)
    for kind, hits in enumerate((wanted & found, found, wanted)):
        np.add.at(counts[:, :, kind], gold.places, hits)
    return counts


def probabilities(model: Model, rows: pd.DataFrame) -> Floats:
    """The probability that a model gives each finding of sentences, whatever their labels: sentences x findings."""
    predicted = model.predict_sentences(rows.drop(columns=["finding", "themes", "kind"], errors="ignore"))
    return predicted[list(FINDINGS)].to_numpy(dtype=np.float64)
