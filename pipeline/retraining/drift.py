"""Drift: whether new articles are another kind than those that a version was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pipeline.labels import FINDINGS
from pipeline.retraining.articles import distinct
from pipeline.retraining.profile import Baseline, Profile, new_words, profile_of
from pipeline.retraining.statistics import Floats, chi_square, holm, kolmogorov_smirnov, stability_index
from pipeline.settings import DriftSettings

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["steady", "watch", "retrain", "too few"]
_TROUBLE = ("unknown words", "confidence")


@dataclass(frozen=True)
class Measure:
    """One thing compared: its value before and now, how far it moved, and whether that matters.

    `stability` is the population stability index, where there are bins; `p_value` is corrected for several measures.
    """

    name: str
    before: float | dict[str, float]
    now: float | dict[str, float]
    stability: float | None
    test: str
    p_value: float
    shifted: bool

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "name": self.name,
            "before": _rounded(self.before),
            "now": _rounded(self.now),
            "stability_index": None if self.stability is None else round(self.stability, 4),
            "test": self.test,
            "p_value": float(f"{self.p_value:.3g}"),
            "shifted": self.shifted,
        }


@dataclass(frozen=True)
class Drift:
    """The verdict, why, what was compared, and the words that are new.

    Articles and sentences are those that were counted; `copies` is how many articles were left out for having the text
    of another.
    """

    verdict: Verdict
    why: str
    articles: int
    sentences: int
    measures: list[Measure]
    words: list[dict[str, Any]]
    copies: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "verdict": self.verdict,
            "why": self.why,
            "articles": self.articles,
            "sentences": self.sentences,
            "copies": self.copies,
            "measures": [measure.to_dict() for measure in self.measures],
            "new_words": self.words,
        }


def drift_of(table: pd.DataFrame, baseline: Baseline, settings: DriftSettings) -> Drift:
    """Hold a findings table against what the version that made it was trained on. Each text counts once.

    Tests take articles as their units, since sentences of one are alike: Kolmogorov and Smirnov's of each article's
    share of unknown words, mean confidence and mean length; chi-square of findings and themes with Rao and Scott's
    correction; all with Holm's. Something has shifted when its test says so and the shift is large enough to matter.
    The verdict is "retrain" when words are unknown or confidence has fallen, or two other things shifted; "watch" when
    one did.
    """
    table, copies = distinct(table)
    now = profile_of(table, baseline)
    articles = len(now.findings)
    sentences = int(now.findings.sum())
    if articles < settings.least_articles:
        why = f"{articles} article{'s' * (articles != 1)}: at least {settings.least_articles} are needed to tell"
        return Drift("too few", why, articles, sentences, [], new_words(table, baseline), copies)
    measures = _measures(baseline.profile, now, settings)
    verdict, why = _verdict(measures)
    return Drift(verdict, why, articles, sentences, measures, new_words(table, baseline), copies)


def _verdict(measures: list[Measure]) -> tuple[Verdict, str]:
    shifted = [measure.name for measure in measures if measure.shifted]
    trouble = [name for name in shifted if name in _TROUBLE]
    if trouble or len(shifted) > 1:
        return "retrain", f"{' and '.join(shifted)} shifted: review some of these articles, then retrain"
    if shifted:
        return "watch", f"{shifted[0]} shifted: it may be another kind of article, or another time"
    return "steady", "nothing shifted that matters"


def _measures(before: Profile, now: Profile, settings: DriftSettings) -> list[Measure]:
    tests = [
        kolmogorov_smirnov(before.unknown, now.unknown)[1],
        kolmogorov_smirnov(before.confidence, now.confidence)[1],
        kolmogorov_smirnov(before.length, now.length)[1],
        chi_square(before.findings, now.findings)[1],
        chi_square(before.themes, now.themes)[1] if now.theme_keys else 1.0,
    ]
    p_values = holm(tests)
    significant = [p_value < settings.significance for p_value in p_values]
    stabilities = {
        name: stability_index(before.histograms[name], now.histograms[name]) for name in ("confidence", "length")
    }
    findings, themes = (
        stability_index(first.sum(axis=0), second.sum(axis=0)) if first.shape[1] else 0.0
        for first, second in ((before.findings, now.findings), (before.themes, now.themes))
    )
    unknown, confidence, length = (
        (float(getattr(before, name).mean()), float(getattr(now, name).mean()))
        for name in ("unknown", "confidence", "length")
    )
    # More unknown words and less confidence are trouble; fewer and more are not.
    moved = [
        unknown[1] - unknown[0] >= settings.unknown_rise,
        confidence[0] - confidence[1] >= settings.confidence_fall,
        stabilities["length"] >= settings.stability,
        findings >= settings.stability,
        themes >= settings.stability,
    ]
    rows: list[tuple[str, Any, Any, float | None, str]] = [
        ("unknown words", *unknown, None, "Kolmogorov-Smirnov"),
        ("confidence", *confidence, stabilities["confidence"], "Kolmogorov-Smirnov"),
        ("length", *length, stabilities["length"], "Kolmogorov-Smirnov"),
        ("findings", _shares(before.findings, FINDINGS), _shares(now.findings, FINDINGS), findings, "chi-square"),
        (
            "themes",
            _shares(before.themes, before.theme_keys),
            _shares(now.themes, now.theme_keys),
            themes,
            "chi-square",
        ),
    ]
    return [
        Measure(*row, p_value, bool(sure and far))
        for row, p_value, sure, far in zip(rows, p_values, significant, moved, strict=True)
    ]


def _shares(counts: Floats, names: tuple[str, ...]) -> dict[str, float]:
    total = max(float(counts.sum()), 1.0)
    return dict(zip(names, (np.asarray(counts.sum(axis=0)) / total).tolist(), strict=True))


def _rounded(value: float | dict[str, float]) -> float | dict[str, float]:
    return {name: round(v, 4) for name, v in value.items()} if isinstance(value, dict) else round(value, 4)
