"""Measuring every peer's predictions alike: on letters, on letters without headings, and on news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from common import GOLD, read_reports

from peers.peer import Booleans, Codes, Examples, Predictions, Table
from pipeline.articles import Article, Source, sentence_table
from pipeline.corpus.documents import Unit, match
from pipeline.gold import Gold, read_gold
from pipeline.labels import FINDINGS, NONE, load_themes
from pipeline.learning.evaluation import intervals, label_scores, macro_f1, micro_f1

SPEED = 5_000
"""How many sentences of real reports are scored for speed."""

Interval = tuple[float, float]
Measured = tuple[float, Interval]
Statistic = Callable[[Any, Any], float]


@dataclass(frozen=True)
class Measure:
    """A figure of the table: what of which data set, by which statistic."""

    title: str
    data: str
    statistic: Statistic
    themes: bool = False


def concern_f1(gold: Codes, found: Codes) -> float:
    """F1 of concerns alone."""
    concern = FINDINGS.index("concern")
    return label_scores(gold[:, None] == concern, found[:, None] == concern, ["concern"])["concern"]["f1"]


def accuracy(gold: Codes, found: Codes) -> float:
    """The share of findings that are right."""
    return float((gold == found).mean())


MEASURES = (
    Measure("findings macro-F1", "letters", macro_f1),
    Measure("concern F1", "letters", concern_f1),
    Measure("accuracy", "letters", accuracy),
    Measure("macro-F1 without headings", "blanked", macro_f1),
    Measure("themes micro-F1", "letters", micro_f1, themes=True),
    Measure("accuracy", "news", accuracy),
    Measure("findings macro-F1", "news", macro_f1),
    Measure("themes micro-F1", "news", micro_f1, themes=True),
)


@dataclass(frozen=True)
class Trial:
    """Sentences to label, the rows that gold units fall on, their labels, and what the bootstrap draws."""

    table: Table
    rows: Codes
    findings: Codes
    themes: Booleans
    drawn: Any

    def measured(self, measure: Measure, found: Predictions) -> Measured | None:
        """A figure and its 95 % interval; None of themes from a peer that knows none."""
        kept = np.ones(len(self.rows), dtype=bool)
        pair: tuple[Any, Any] = (self.findings, found.findings[self.rows])
        if measure.themes:
            if found.themes is None:
                return None
            kept = self.findings != FINDINGS.index(NONE)
            pair = (self.themes[kept], found.themes[self.rows][kept])
        return measure.statistic(*pair), intervals([measure.statistic], [pair], self.drawn[kept])[0]

    def ahead(self, ours: Predictions, theirs: Predictions) -> Measured:
        """How far ours is ahead in findings macro-F1, both on the same draws."""
        pair = np.stack([ours.findings[self.rows], theirs.findings[self.rows]], axis=1)
        return _gap(self.findings, pair), intervals([_gap], [(self.findings, pair)], self.drawn)[0]


def _gap(gold: Codes, pair: Codes) -> float:
    return macro_f1(gold, pair[:, 0]) - macro_f1(gold, pair[:, 1])


def trials() -> dict[str, Trial]:
    """The gold files as trials: letters, the same without headings, and news as our splitter cuts it."""
    themes = load_themes()
    letters = read_gold(GOLD / "letters.jsonl", None, themes)
    blanked = Gold(letters.units.assign(heading=""), {})
    every = partial(_trial, keys=list(themes))
    return {
        "letters": every(letters),
        "blanked": every(blanked),
        "news": every(read_gold(GOLD / "news.jsonl", None, themes)),
    }


def _trial(gold: Gold, keys: list[str]) -> Trial:
    units = gold.units
    if not gold.articles:
        table, rows, drawn = units, np.arange(len(units)), units["article"].to_numpy(dtype=str)
    else:
        # A unit takes the sentence that overlaps it most, as `pipeline evaluate` does. Two articles are too few to
        # draw from: units are drawn.
        parts = [sentence_table([article]).assign(article=name) for name, article in gold.articles.items()]
        table = pd.concat(parts, ignore_index=True)
        units = units.sort_values(["article", "start"], ignore_index=True)
        rows = np.full(len(units), -1)
        for name in gold.articles:
            sentences, wanted = (part.index[part["article"] == name] for part in (table, units))
            found = match(_stretches(units.loc[wanted]), _stretches(table.loc[sentences]))
            rows[wanted] = [sentences[best.line] if best else -1 for best in found]
        units, rows = units[rows >= 0], rows[rows >= 0]
        drawn = np.arange(len(units))
    labels = Examples.of(units.assign(heading=""), keys)
    return Trial(_columns(table), rows, labels.findings, labels.themes, drawn)


def _stretches(table: Any) -> list[Unit]:
    offsets = zip(table["start"].tolist(), table["end"].tolist(), strict=True)
    return [Unit(row, int(start), int(end), "", "", None) for row, (start, end) in enumerate(offsets)]


def _columns(table: Any) -> Table:
    known = ("article", "text", "block", "heading", "speaker")
    return {name: table[name].astype(str).tolist() for name in known if name in table.columns}


def speed_table() -> Table:
    """Sentences of real reports, whole reports from all over the collection."""
    texts = list(read_reports().values())
    articles: list[Article] = []
    count = 0
    for number, text in enumerate(texts[:: max(1, len(texts) // 40)]):
        if count < SPEED:
            articles.append(Article.of(Source(f"text {number}", text)))
            count += len(articles[-1].sentences)
    return _columns(sentence_table(articles).head(SPEED))
