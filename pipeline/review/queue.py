"""The queue: which sentences are most worth a person's look, and why.

Weights were chosen by simulation (`benchmarks/active_learning.py`; docs/active-learning.md shows what it gives).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import ReviewError
from pipeline.labels import FINDINGS
from pipeline.review.diversity import chosen, word_vectors
from pipeline.review.items import Item
from pipeline.review.signals import Signals, rarity

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.model import Model
    from pipeline.settings import FeatureSettings

Floats = np.ndarray[Any, np.dtype[np.float64]]
BALANCE = 0.7
"""How much rarer findings count more: their share of all sentences to the power of minus this."""
QUARREL = 0.3
NOVELTY = 0.1
RARITY = 0.2
_AT_ONCE = 15
_TEXTS = ("id", "article", "text", "before", "after", "heading", "block", "speaker")
_NEEDED = ("id", "article", "text", "themes", *FINDINGS)


class Queue:
    """Collects sentences from findings tables, and gives the best of them."""

    def __init__(
        self,
        settings: FeatureSettings,
        model: Model | None = None,
        leave: Collection[str] = (),
        most: int | None = 50_000,
    ) -> None:
        """`leave` are ids to leave out. Without a model, signals come from the tables alone.

        Of more than `most` sentences, those with the least doubt may be dropped.
        """
        self._most = most
        self._settings = settings
        self._model = model
        self._met = set(leave)
        self._parts: list[pd.DataFrame] = []
        self._kept = 0
        self._findings = np.zeros(len(FINDINGS))
        self._themes: Counter[str] = Counter()

    def add(self, table: pd.DataFrame) -> None:
        """Take the sentences of a findings table that holds whole articles, but no furniture.

        Raises `ReviewError` when it lacks a column of findings tables.
        """
        missing = [name for name in _NEEDED if name not in table.columns]
        if missing:
            raise ReviewError(f"not a findings table (no column {missing[0]!r}): make one with 'pipeline predict -o'")
        if not len(table):
            return
        table = _complete(table)
        signals = Signals.of(table, self._model)
        table = table.assign(
            doubt=signals.doubt,
            quarrel=signals.quarrel,
            novelty=signals.novelty,
            alone=np.array(FINDINGS, dtype=object)[signals.alone.argmax(axis=1)],
        )
        body = table[table["block"] != "furniture"]
        self._findings += body[list(FINDINGS)].to_numpy(np.float64).sum(axis=0)
        self._themes.update({column.removeprefix("theme_"): 0 for column in body.columns if _is_theme(column)})
        self._themes.update(key for keys in body["themes"] for key in keys)
        fresh = body[~body["id"].isin(self._met) & ~body["id"].duplicated()]
        self._met.update(fresh["id"])
        self._parts.append(fresh)
        self._kept += len(fresh)
        if self._most is not None and self._kept > 2 * self._most:
            self._parts = [self._together().nlargest(self._most, "doubt")]
            self._kept = self._most

    def best(self, limit: int) -> list[Item]:
        """Up to `limit` sentences, the most worth a look first, with the reason of each."""
        table = self._together()
        if not len(table):
            return []
        thresholds = {} if self._model is None else self._model.thresholds
        rare, names = rarity(table, self._themes, thresholds)
        scores = table["doubt"].to_numpy() * self._balance(table[list(FINDINGS)].to_numpy(np.float64))
        scores = scores + QUARREL * table["quarrel"].to_numpy() + NOVELTY * table["novelty"].to_numpy() + RARITY * rare
        first = np.argsort(-scores, kind="stable")[: max(_AT_ONCE * limit, 200)]
        candidates = table.iloc[first]
        words = word_vectors(candidates["text"].tolist(), self._settings)
        picked = chosen(scores[first], candidates["article"].tolist(), words, limit)
        return [
            replace(_item(row), reason=_reason(row, names[place], rare[place]))
            for row, place in zip(table.iloc[first[picked]].to_dict("records"), first[picked], strict=True)
        ]

    @property
    def themes(self) -> list[str]:
        """The keys of the themes that the tables know."""
        return list(self._themes)

    def all(self) -> list[Item]:
        """Every sentence, in the order of the tables."""
        return [_item(row) for row in self._together().to_dict("records")]

    def _together(self) -> pd.DataFrame:
        import pandas as pd

        return pd.concat(self._parts, ignore_index=True) if self._parts else pd.DataFrame()

    def _balance(self, probabilities: Floats) -> Floats:
        """The mean weight of each sentence's two likeliest findings, rarer ones weighing more; at most 1."""
        weights = (self._findings / self._findings.sum()).clip(0.01) ** -BALANCE
        likeliest = np.argsort(-probabilities, axis=1)[:, :2]
        return np.asarray((weights / weights.max())[likeliest].mean(axis=1))


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    """A table with every column that an item needs; neighbours are those in the article that aren't furniture."""
    table = table.reset_index(drop=True)
    for name in ("heading", "block", "speaker"):
        table[name] = table[name].fillna("").astype(str) if name in table.columns else ""
    if "position" not in table.columns:
        table["position"] = table.groupby("article", sort=False).cumcount()
    body = table[table["block"] != "furniture"].groupby("article", sort=False)["text"]
    for name, step in (("before", 1), ("after", -1)):
        table[name] = body.shift(step).reindex(table.index).fillna("")
    return table


def _is_theme(column: object) -> bool:
    return str(column).startswith("theme_")


def _item(row: Mapping[Any, Any]) -> Item:
    return Item(
        **{name: str(row[name]) for name in _TEXTS},
        position=int(row["position"]),
        finding=str(row["finding"]),
        confidence=float(row["confidence"]),
        themes=tuple(row["themes"]),
    )


def _reason(row: Mapping[Any, Any], theme: str, rare: float) -> str:
    """Why a sentence was chosen: its likeliest findings, and what else speaks for a look."""
    first, second = sorted(FINDINGS, key=lambda name: -row[name])[:2]
    parts = [f"{first} {row[first]:.0%}, {second} {row[second]:.0%}"]
    if row["alone"] != row["finding"]:
        parts.append(f"by itself {row['alone']}")
    if rare >= 0.3:
        parts.append(f"rare theme {theme} {row[f'theme_{theme}']:.0%}")
    if row["novelty"] >= 0.9:
        parts.append("unusual wording")
    return "; ".join(parts)
