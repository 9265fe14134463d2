"""What a version keeps of its training, and which of its articles are missed."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from pipeline.labels import Themes
from pipeline.learning.training import Trained
from pipeline.model import Model
from pipeline.retraining import record
from pipeline.retraining.articles import articles_of
from pipeline.retraining.corrections import corrected, reviewed, source_of
from pipeline.retraining.record import lost, record_of, withdrawn
from pipeline.store import Store, Version

ROWS: list[dict[str, Any]] = [
    {"text": "Plans are late.", "finding": "concern", "article": "one.txt", "id": f"{'1' * 12}:0-15"},
    {"text": "Plans are good.", "finding": "strength", "article": "two.txt", "id": f"{'2' * 12}:0-15"},
    {"text": "Visits are rare.", "finding": "concern", "article": "two.txt", "id": f"{'2' * 12}:16-32"},
]


@pytest.fixture
def version(examples: pd.DataFrame, trained: Trained, model: Model, themes: Themes, store_root) -> Version:
    """A version that learnt corrections of two articles beside the corpus."""
    table = corrected(examples, ROWS)
    kept = record.record(table, trained, themes, {}, reviewed=reviewed(table, ROWS))
    return Store(store_root).write(model, metrics={**trained.metrics, record.KEY: kept}, card="", corpus="0" * 64)


def gone(version: Version, examples: pd.DataFrame, rows: list[dict[str, Any]]) -> tuple[int, int]:
    """How many articles are lost of a version, and how many withdrawn."""
    known = record_of(version)
    assert known is not None
    present = articles_of(corrected(examples, rows))
    return len(lost(known, present, {})), withdrawn(known, present, {source_of(row) for row in rows})


def test_articles_of_corrections_are_withdrawn_and_never_lost(version: Version, examples: pd.DataFrame):
    assert gone(version, examples, ROWS) == (0, 0)
    assert gone(version, examples, ROWS[:2]) == (0, 0)
    assert gone(version, examples, [*ROWS, {**ROWS[0], "text": "More.", "id": f"{'1' * 12}:20-25"}]) == (0, 0)
    assert gone(version, examples, ROWS[1:]) == (0, 1)
    assert gone(version, examples, []) == (0, 2)


def test_articles_of_the_corpus_are_lost_unless_their_name_is_there(version: Version, examples: pd.DataFrame):
    name = examples["article"].iloc[0]
    assert gone(version, examples[examples["article"] != name].reset_index(drop=True), ROWS) == (1, 0)
    known = record_of(version)
    assert known is not None
    first, *others = articles_of(examples)
    digest = first.digest
    assert lost(known, others, {}) == [digest]
    assert lost(known, others, {digest: others[0].name}) == []


def test_nothing_of_corrections_is_kept_but_digests(version: Version):
    kept = json.dumps(version.metrics[record.KEY]["reviewed"])
    assert "1" * 12 in kept
    assert "one.txt" not in kept
    assert "Plans" not in kept


@pytest.mark.parametrize("damage", [3, {"a": 3}, ["a"]])
def test_damaged_digests_of_corrections_are_said(version: Version, damage: object):
    metrics = version.metrics
    metrics[record.KEY]["reviewed"] = damage
    (version.folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    with pytest.raises(record.ModelError, match="damaged"):
        record_of(version)


def test_what_was_written_before_has_no_such_digests(version: Version):
    metrics = version.metrics
    del metrics[record.KEY]["reviewed"]
    (version.folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    known = record_of(version)
    assert known is not None
    assert known.reviewed == {}
