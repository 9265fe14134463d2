"""Summaries: findings by theme, in all and per article, with the most confident example of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.labels import FINDINGS, NONE

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_THEME = ""


def summarise(table: pd.DataFrame) -> dict[str, Any]:
    """Counts and examples of a findings table: `{"all": …, "articles": {name: …}}`.

    Each part has `sentences`, `findings` (counts) and `themes`: for each theme ("" for findings without one) and
    finding, `count` and `example` (the text, article and confidence of the most confident sentence).
    """
    return {
        "all": _part(table),
        "articles": {str(name): _part(rows) for name, rows in table.groupby("article", sort=False)},
    }


def _part(table: pd.DataFrame) -> dict[str, Any]:
    counts = table["finding"].value_counts()
    themes: dict[str, dict[str, dict[str, Any]]] = {}
    for row in table[table["finding"] != NONE].to_dict("records"):
        for theme in row["themes"] or [WITHOUT_THEME]:
            entry = themes.setdefault(theme, {}).setdefault(row["finding"], {"count": 0, "example": None})
            entry["count"] += 1
            if entry["example"] is None or row["confidence"] > entry["example"]["confidence"]:
                entry["example"] = {key: row[key] for key in ("text", "article", "confidence")}
    ordered = dict(sorted(themes.items(), key=lambda item: (-sum(e["count"] for e in item[1].values()), item[0])))
    return {
        "sentences": len(table),
        "findings": {finding: int(counts.get(finding, 0)) for finding in FINDINGS},
        "themes": ordered,
    }


def rows(part: Mapping[str, Any]) -> list[list[Any]]:
    """A part's themes as rows: theme, then the count of each finding but none."""
    findings = [finding for finding in FINDINGS if finding != NONE]
    return [
        [theme or "(no theme)", *(entries.get(finding, {}).get("count", 0) for finding in findings)]
        for theme, entries in part["themes"].items()
    ]
