"""Corrections that retraining learns, doubts, or misses because they were taken back."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS
from pipeline.retraining import held_out, record
from pipeline.retraining.articles import articles_of
from pipeline.retraining.corrections import corrected
from pipeline.retraining.outcomes import Outcome
from pipeline.settings import Settings
from pipeline.store import Store


def test_corrections_are_learnt_but_not_those_of_held_out_articles(first: Outcome, store: Store, retrained):
    held = held_out.load(store.root)
    assert held is not None
    rows = [
        {"text": "Staff are kind and skilled.", "finding": "strength", "article": "new.txt"},
        {"text": "Anything.", "finding": "none", "article": held.articles[0].name},
    ]
    found = retrained(corrections=rows)
    assert (found.outcome, found.changed, found.articles["corrections"]) == ("promoted", ["corrections"], 1)
    assert found.notes == ["1 corrections are of held-out articles: neither learnt from nor measured on"]
    assert retrained(corrections=rows).outcome == "unchanged"


def test_bad_corrections_are_said(first: Outcome, retrained):
    with pytest.raises(CorpusError, match="1 problems in the corrections"):
        retrained(corrections=[{"text": "A.", "finding": "bad"}])


# Doubted


TEXTS = [
    f"Social workers know {name} {how}." for name in ("Ann", "Bo", "Cy", "Di", "Ed", "Flo") for how in ("well", "badly")
]


def false(store: Store, texts: list[str]) -> list[dict[str, str]]:
    """Corrections that say of each sentence what the version in use finds the least probable."""
    least = store.load().predict_sentences(pd.DataFrame({"text": texts}))[list(FINDINGS)].idxmin(axis=1)
    return [{"text": text, "finding": label, "article": "new.txt"} for text, label in zip(texts, least, strict=True)]


def test_corrections_that_the_version_in_use_contradicts_are_kept_out(
    first: Outcome, store: Store, retrained, lenient: Settings
):
    guard = lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2))
    rows = false(store, TEXTS)
    promised = store.load().predict_sentences(pd.DataFrame({"text": TEXTS}))["confidence"].mean()
    found = retrained(corrections=rows, settings=guard)
    assert found.outcome == "kept"
    assert found.reason == (
        f"the version in use {first.version} finds 12 new corrections improbable (it agrees with 0% of them, where its "
        f"confidence promises {promised:.0%}): look at them; if they are right, promote the challenger by hand"
    )
    # Not once they are allowed, nor when it has learnt them and is blessed.
    learnt = retrained(corrections=rows, settings=lenient)
    assert learnt.outcome == "promoted"
    store.bless(str(learnt.version))
    assert retrained(corrections=rows, settings=guard, force=True).outcome == "promoted"


def test_corrections_that_are_contradicted_a_few_a_week_are_kept_out(
    first: Outcome, store: Store, retrained, lenient: Settings
):
    guard = lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2))
    rows = false(store, TEXTS)
    outcomes = [retrained(corrections=rows[:week], settings=guard).outcome for week in range(1, 5)]
    # One may be wrong by chance, but not one after another.
    assert outcomes[0] == "promoted"
    assert outcomes[-1] == "kept"


def test_corrections_that_agree_as_often_as_promised_are_learnt(
    first: Outcome, store: Store, retrained, lenient: Settings
):
    guard = lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2))
    predicted = store.load().predict_sentences(pd.DataFrame({"text": TEXTS}))
    right = round(predicted["confidence"].sum())
    rows = false(store, TEXTS)
    for row, finding in zip(rows[:right], predicted["finding"], strict=False):
        row["finding"] = finding
    assert 0 < right < len(rows)
    assert retrained(corrections=rows, settings=guard).outcome == "promoted"


# Taken back


OF_ONE = [
    {"text": "Staff are kind and skilled.", "finding": "strength", "article": "one.txt", "id": f"{'1' * 12}:0-27"},
    {"text": "Plans are late.", "finding": "concern", "article": "one.txt", "id": f"{'1' * 12}:28-43"},
]
OF_TWO = {"text": "Visits are late.", "finding": "concern", "article": "two.txt", "id": f"{'2' * 12}:0-16"}


def test_an_article_whose_corrections_were_taken_back_is_not_lost(first: Outcome, store: Store, retrained):
    learnt = retrained(corrections=[*OF_ONE, OF_TWO])
    assert store.current() == learnt.version
    assert {"one.txt", "two.txt"}.isdisjoint(record.load_names(store.root).values())
    # Of an article, some may go and others come.
    assert retrained(corrections=[OF_ONE[0], OF_TWO], dry_run=True).notes == []
    assert retrained(corrections=[{**OF_ONE[0], "id": f"{'1' * 12}:50-77"}, OF_TWO], dry_run=True).notes == []
    found = retrained(corrections=[OF_TWO])
    assert found.outcome == "promoted"
    assert found.notes == [
        f"1 article whose corrections {learnt.version} learnt from has none left: purged, withdrawn or in dispute"
    ]
    # What it learnt no more isn't missed again.
    assert retrained(corrections=[OF_TWO], force=True).notes == []
    assert retrained(corrections=[]).notes == [
        f"1 article whose corrections {store.versions()[-2].name} learnt from has none left: "
        "purged, withdrawn or in dispute"
    ]


def test_a_held_out_article_whose_corrections_were_taken_back_needs_no_force(
    first: Outcome, store: Store, retrained, examples: pd.DataFrame
):
    held = held_out.load(store.root)
    assert held is not None
    table = corrected(examples, OF_ONE)
    [one] = [known for known in articles_of(table) if known.name == "one.txt"]
    held_out.extended(held, table, [one], "a reviewed one").save(store.root)
    assert retrained(force=True, corrections=OF_ONE).notes == [
        "2 corrections are of held-out articles: neither learnt from nor measured on"
    ]
    assert retrained(force=False, corrections=[OF_TWO]).notes == [
        "1 held-out articles are gone or were edited: measured without them"
    ]
