"""Corrections in a corpus's table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import CorpusError
from pipeline.labels import Themes
from pipeline.retraining.corrections import (
    accepted_rows,
    as_table,
    checked,
    corrected,
    reviewed,
    row_digest,
    source_of,
    without_held_out,
)
from pipeline.retraining.held_out import choose
from pipeline.review.items import Item, Review
from pipeline.review.ledger import Ledger


def row(text: str, finding: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "finding": finding, "article": "new.txt", **more}


def test_accepted_corrections_come_from_the_ledger(tmp_path: Path):
    assert accepted_rows(tmp_path / "reviews") == []
    items = [
        Item(
            f"{'a' * 12}:{n}-{n + 1}",
            "new.txt",
            n,
            f"Sentence {n}.",
            "",
            "",
            "",
            "paragraph",
            "narrator",
            "none",
            0.5,
            (),
        )
        for n in range(3)
    ]
    with Ledger(tmp_path / "reviews", create=True) as ledger:
        ledger.add(items, {"practice": "Practice"})
        ledger.record(
            [
                Review(items[0].id, "ann", None, "concern", ("practice",)),
                Review(items[1].id, "ann", None, None, None),
                Review(items[2].id, "ann", None, "concern", ()),
                Review(items[2].id, "bob", None, "strength", ()),
            ]
        )
    [accepted] = accepted_rows(tmp_path / "reviews")
    assert (accepted["text"], accepted["finding"], accepted["themes"]) == ("Sentence 0.", "concern", ["practice"])


def test_sentences_of_the_corpus_are_corrected_in_their_place(examples: pd.DataFrame):
    place = int((examples["finding"] == "strength").to_numpy().argmax())
    one = row("whatever", "concern", id=examples["id"][place], themes=["workforce"])
    found = corrected(examples, [one])
    assert len(found) == len(examples)
    assert (found["finding"][place], found["themes"][place]) == ("concern", ["workforce"])
    others = found.drop(index=place)
    assert others["finding"].tolist() == examples.drop(index=place)["finding"].tolist()
    assert examples["finding"][place] == "strength"


def test_without_an_id_text_and_article_tell(examples: pd.DataFrame):
    place = int((examples["finding"] == "concern").to_numpy().argmax())
    one = row(examples["text"][place], "strength", article=examples["article"][place])
    found = corrected(examples, [one])
    assert len(found) == len(examples)
    assert found["finding"][place] == "strength"
    # Another finding makes the themes unknown, if nothing is said of them; the same one keeps them.
    assert found["themes"][place] is None
    same = corrected(examples, [{**one, "finding": "concern"}])
    assert same["themes"][place] == examples["themes"][place]


def test_other_sentences_come_at_the_end(examples: pd.DataFrame):
    found = corrected(examples, [row("  Plans are\nlate. ", "concern", heading="Main findings"), row("Fine.", "none")])
    assert len(found) == len(examples) + 2
    last = found.iloc[-2]
    assert (last["text"], last["heading"], last["kind"], last["article"]) == (
        "Plans are late.",
        "Main findings",
        "corrections",
        "new.txt",
    )
    assert last["themes"] is None
    assert corrected(examples, []) is examples


def test_corrections_of_held_out_articles_are_left_out(examples: pd.DataFrame):
    held = choose(examples, 0.25, seed=1, why="")
    name, digest = held.articles[0].name, held.articles[0].digest
    of_it = examples[(examples["article"] == name) & (examples["text"].str.split().str.len() > 4)].iloc[0]
    kept = row("Plans are late.", "concern")
    rows = [
        kept,
        row("Anything.", "none", id=f"{digest}:0-9"),
        row("Anything.", "none", article=name),
        row(of_it["text"], "none"),
        row("What needs to improve", "none"),
    ]
    assert without_held_out(rows, held) == [kept, rows[-1]]


def test_bad_rows_are_listed(themes: Themes):
    good = row("Plans are late.", "concern", themes=["practice"])
    assert checked([good], themes) == [good]
    with pytest.raises(CorpusError, match="2 problems in the corrections") as caught:
        checked([good, row("A.", "bad"), row("B.", "concern", themes=["unheard_of"])], themes)
    assert [line.split(": ")[0] for line in caught.value.problems] == ["corrections:2", "corrections:3"]


def test_a_correction_is_told_by_its_sentence_and_labels():
    one = row("A.", "concern", themes=["practice", "workforce"])
    assert row_digest(one) == row_digest({**one, "themes": ["workforce", "practice"], "note": "x"})
    assert len({row_digest(one), row_digest({**one, "finding": "none"}), row_digest({**one, "text": "B."})}) == 3


def test_articles_that_are_there_for_their_corrections_alone_are_told(examples: pd.DataFrame):
    place = int((examples["finding"] == "strength").to_numpy().argmax())
    rows = [
        row("whatever", "concern", id=examples["id"][place], article=examples["article"][place]),
        row("Plans are late.", "concern", id=f"{'b' * 12}:0-15"),
        row("Plans are good.", "strength", id=f"{'b' * 12}:16-31"),
        row("Visits are late.", "concern", article="other.txt"),
    ]
    found = reviewed(corrected(examples, rows), rows)
    assert list(found.values()) == [{"b" * 12}, {source_of(rows[-1])}]
    # With one correction less it is another digest, of the same article.
    fewer = reviewed(corrected(examples, rows[1:2]), rows[1:2])
    assert list(fewer.values()) == [{"b" * 12}]
    assert fewer.keys().isdisjoint(found)


def test_the_table_has_a_row_each():
    table = as_table([row("A.", "concern"), {"text": "B.", "finding": "none", "themes": []}])
    assert table["article"].tolist() == ["new.txt", "corrections#2"]
    assert table["themes"].tolist() == [None, []]
