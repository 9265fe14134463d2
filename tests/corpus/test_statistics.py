"""Statistics of a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.corpus import read_corpus
from pipeline.corpus.statistics import agreement, near_duplicates, statistics
from pipeline.labels import FINDINGS, Themes


def test_counts_add_up(examples: pd.DataFrame, themes: Themes):
    found = statistics(examples, themes)
    assert found["units"] == len(examples)
    assert found["documents"] == 12
    assert sum(found["findings"].values()) == found["units"]
    for finding in FINDINGS:
        assert sum(kind[finding] for kind in found["kinds"].values()) == found["findings"][finding]
    assert sum(kind["documents"] for kind in found["kinds"].values()) == 12
    given = sum(len(row) for row in examples["themes"])
    assert sum(sum(counts.values()) for counts in found["themes"].values()) == given
    assert found["words"]["p10"] <= found["words"]["median"] <= found["words"]["p90"]


def test_unlabelled_sentences_do_not_count(examples: pd.DataFrame, themes: Themes):
    some = examples.copy()
    some.loc[:9, "finding"] = ""
    assert statistics(some, themes)["units"] == len(examples) - 10


def test_themes_that_never_occur_are_counted_too(examples: pd.DataFrame):
    found = statistics(examples, {"unheard_of": "Unheard of"})
    assert set(found["themes"]["unheard_of"].values()) == {0}


def test_near_duplicates_are_texts_of_eight_words_that_nearly_repeat():
    first = "Leaders have made good progress since the last inspection of services"
    found = near_duplicates(
        [
            first,
            "Social workers visit children often and keep good records of their wishes",
            first.upper() + "!",
            "Leaders have made good progress since the last inspection of homes",
            "Too short.",
            "Too short.",
        ]
    )
    assert [(index, earlier) for index, earlier, _ in found] == [(2, 0), (3, 0)]
    assert found[0][2] == 1.0
    assert 0.5 <= found[1][2] < 1.0


def test_readers_agreement_by_hand(tmp_path: Path):
    pairs = [
        ("strength", ["practice"], "strength", ["practice", "leadership"]),
        ("strength", [], "concern", []),
        ("concern", ["leadership"], "concern", ["leadership"]),
        ("none", [], "none", []),
    ]
    rows = [
        {
            "text": f"Sentence {number}.",
            "finding": first,
            "themes": themes,
            "second": {"finding": second, "themes": others},
        }
        for number, (first, themes, second, others) in enumerate(pairs)
    ]
    rows.append({"text": "Read once.", "finding": "none"})
    path = tmp_path / "read.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = agreement(read_corpus([path], ("practice", "leadership")))
    assert set(found) == {"sentences", "all"}
    assert found["all"] == {
        "units": 4,
        "kappa": pytest.approx((3 / 4 - 5 / 16) / (1 - 5 / 16)),
        "themes_f1": pytest.approx(4 / 5),
    }


def test_where_one_reader_read_there_is_no_agreement_to_tell(small_corpus: Path, themes: Themes):
    assert agreement(read_corpus([small_corpus], themes)) == {}
