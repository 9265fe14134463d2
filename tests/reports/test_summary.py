"""Summaries: counts that add up, with the most confident example of each."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.model import Model
from pipeline.reports.summary import rows, summarise


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("a", "One.", "strength", 0.6, ["practice"]),
            ("a", "Two.", "strength", 0.9, ["practice", "leadership"]),
            ("a", "Three.", "none", 1.0, []),
            ("b", "Four.", "concern", 0.7, ["leadership"]),
            ("b", "Five.", "recommendation", 0.5, []),
        ],
        columns=["article", "text", "finding", "confidence", "themes"],
    )


def test_findings_are_counted_by_theme_and_article(table: pd.DataFrame):
    found = summarise(table)
    assert found["all"]["sentences"] == 5
    assert found["all"]["findings"] == {"strength": 2, "concern": 1, "recommendation": 1, "none": 1}
    assert list(found["articles"]) == ["a", "b"]
    assert found["articles"]["a"]["findings"] == {"strength": 2, "concern": 0, "recommendation": 0, "none": 1}
    themes = found["all"]["themes"]
    assert {theme: {name: entry["count"] for name, entry in entries.items()} for theme, entries in themes.items()} == {
        "leadership": {"strength": 1, "concern": 1},
        "practice": {"strength": 2},
        "": {"recommendation": 1},
    }


def test_the_example_is_the_most_confident(table: pd.DataFrame):
    found = summarise(table)
    assert found["all"]["themes"]["practice"]["strength"]["example"] == {
        "text": "Two.",
        "article": "a",
        "confidence": 0.9,
    }


def test_themes_come_most_frequent_first(table: pd.DataFrame):
    assert list(summarise(table)["all"]["themes"]) == ["leadership", "practice", ""]


def test_rows_are_themes_with_their_counts(table: pd.DataFrame):
    assert rows(summarise(table)["all"]) == [["leadership", 1, 1, 0], ["practice", 2, 0, 0], ["(no theme)", 0, 0, 1]]


def test_a_table_of_none_or_nothing_has_no_themes(table: pd.DataFrame):
    for part in (table[table["finding"] == "none"], table.iloc[:0]):
        found = summarise(part)
        assert found["all"]["themes"] == {}
        assert found["all"]["sentences"] == len(part)
        assert rows(found["all"]) == []


def test_counts_of_a_findings_table_add_up(model: Model, examples: pd.DataFrame):
    scored = model.predict_sentences(examples.drop(columns=["finding", "themes"]))
    found = summarise(scored)
    assert sum(found["all"]["findings"].values()) == len(scored)
    assert sum(part["sentences"] for part in found["articles"].values()) == len(scored)
    given = sum(len(themes) or 1 for themes in scored.loc[scored["finding"] != "none", "themes"])
    assert sum(sum(row[1:]) for row in rows(found["all"])) == given
