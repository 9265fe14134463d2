"""Articles that are held out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import CorpusError, StoreError
from pipeline.retraining.articles import articles_of
from pipeline.retraining.held_out import FILE, HeldOut, choose, extended, gold_of, load, training_rows


@pytest.fixture
def held(examples: pd.DataFrame) -> HeldOut:
    return choose(examples, 0.25, seed=1, why="a test")


def big(kinds: dict[str, int]) -> pd.DataFrame:
    """Documents of two sentences each."""
    rows = [
        (f"{kind}/{number}", f"{kind} {number} sentence {part}.", kind, f"{kind[0]}{number:011x}:{part}-{part + 1}")
        for kind, count in kinds.items()
        for number in range(count)
        for part in range(2)
    ]
    table = pd.DataFrame(rows, columns=["article", "text", "kind", "id"])
    return table.assign(finding="concern", themes=pd.Series([["practice"]] * len(rows), dtype=object))


def test_each_kind_gives_its_share(examples: pd.DataFrame, held: HeldOut):
    assert Counter(article.kind for article in held.articles) == {"letters": 1, "news": 1, "pages": 1}
    wide = choose(big({"a": 40, "b": 20, "c": 2, "d": 1}), 0.1, seed=1, why="")
    kinds = Counter(article.kind for article in wide.articles)
    assert (kinds["a"], kinds["b"]) == (4, 2)
    assert kinds["c"] + kinds["d"] == 1


def test_neither_order_nor_names_change_the_choice():
    table = big({"a": 40, "b": 20})
    chosen = {article.digest for article in choose(table, 0.2, seed=1, why="").articles}
    shuffled = table.iloc[::-1].assign(article="x" + table["article"])
    assert {article.digest for article in choose(shuffled, 0.2, seed=1, why="").articles} == chosen
    assert {article.digest for article in choose(table, 0.2, seed=2, why="").articles} != chosen


def test_most_stay_chosen_when_others_come():
    before = {article.digest for article in choose(big({"a": 60}), 0.2, seed=1, why="").articles}
    after = {article.digest for article in choose(big({"a": 66}), 0.2, seed=1, why="").articles}
    assert len(before & after) >= 10


def test_sentences_without_documents_are_held_out_only_where_there_are_no_others(examples: pd.DataFrame):
    loose = big({"more": 30}).drop(columns="id")
    both = pd.concat([examples, loose], ignore_index=True)
    assert all(article.kind != "more" for article in choose(both, 0.25, seed=1, why="").articles)
    assert len(choose(loose, 0.1, seed=1, why="").articles) == 3


def test_kinds_that_are_left_out(examples: pd.DataFrame):
    chosen = choose(examples, 0.25, seed=1, why="", without=["news"])
    assert {article.kind for article in chosen.articles} == {"letters", "pages"}
    with pytest.raises(CorpusError, match=r"too few articles to hold some out: \d are labelled"):
        choose(examples, 0.25, seed=1, why="", without=["news", "pages"])


def test_it_is_kept_without_a_word_of_text(held: HeldOut, examples: pd.DataFrame, tmp_path: Path):
    held.save(tmp_path / "models")
    assert load(tmp_path / "models") == held
    kept = (tmp_path / "models" / FILE).read_text(encoding="utf-8")
    assert not [text for text in examples["text"] if len(text) > 8 and text in kept]
    assert load(tmp_path) is None


@pytest.mark.parametrize("content", ["{", "[]", '{"made": 1}', "{" * 9999])
def test_a_damaged_file_is_said(tmp_path: Path, content: str):
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match=r"held-out\.json: can't be read .* 'pipeline held-out renew'"):
        load(tmp_path)


def test_training_sees_no_row_of_a_held_out_article(held: HeldOut, examples: pd.DataFrame):
    rows = training_rows(held, examples)
    names = {article.name for article in held.articles}
    assert set(examples["article"].iloc[rows]) == set(examples["article"]) - names
    # Under another name, and edited under its own, it is still held out.
    renamed = examples.assign(article="copy of " + examples["article"].astype(str))
    assert len(training_rows(held, renamed)) == len(rows)
    edited = examples.assign(id="0" * 12 + ":0-1")
    assert not set(edited["article"].iloc[training_rows(held, edited)]) & names


def test_gold_has_the_labels_as_they_were(held: HeldOut, examples: pd.DataFrame):
    gold = gold_of(held, examples)
    assert gold.missing == []
    assert gold.articles == 3
    flipped = examples.assign(finding=["concern" if f else "" for f in examples["finding"]])
    later = gold_of(held, flipped)
    assert later.labels == gold.labels
    labelled = gold.table["finding"].iloc[gold.rows].tolist()
    assert [finding for finding, _ in gold.labels] == labelled
    assert [held.articles[place].name for place in gold.places] == gold.table["article"].iloc[gold.rows].tolist()


def test_equal_sentences_keep_their_own_labels():
    table = big({"a": 12})
    table.loc[table["article"] == "a/3", "text"] = "It is good."
    table.loc[table.index[7], "finding"] = "strength"
    found = [known for known in articles_of(table) if known.name in ("a/3", "a/4")]
    held = HeldOut("", "", None, [])
    held = extended(held, table, found, "because")
    assert held.why == "; because"
    assert [finding for finding, _ in gold_of(held, table).labels] == ["concern", "strength", "concern", "concern"]


def test_themes_that_were_not_labelled_stay_unknown():
    table = big({"a": 12})
    table["themes"] = pd.Series([None, [], *[["practice", "workforce"]] * 22], dtype=object)
    held = extended(HeldOut("", "", None, []), table, articles_of(table)[:2], "")
    assert [themes for _, themes in gold_of(held, table).labels] == [None, [], *[["practice", "workforce"]] * 2]


def test_articles_that_are_gone_or_edited_are_told(examples: pd.DataFrame, held: HeldOut):
    name = held.articles[0].name
    without = examples[examples["article"] != name].reset_index(drop=True)
    gold = gold_of(held, without)
    assert gold.missing == [name]
    assert set(np.unique(gold.places)) == {1, 2}
    rewritten = examples.assign(
        text=[t if a != name else t + " x" for a, t in zip(examples["article"], examples["text"], strict=True)]
    )
    assert gold_of(held, rewritten).missing == [name]


def test_most_articles_gone_is_an_error(examples: pd.DataFrame, held: HeldOut):
    names = [article.name for article in held.articles[:2]]
    with pytest.raises(CorpusError, match="2 of 3 held-out articles are gone or were edited: bring them back"):
        gold_of(held, examples[~examples["article"].isin(names)].reset_index(drop=True))


def test_digests_tell_lists_apart(held: HeldOut, examples: pd.DataFrame):
    again = choose(examples, 0.25, seed=1, why="another reason")
    assert again.digest == held.digest
    assert choose(examples, 0.5, seed=1, why="").digest != held.digest
    assert json.loads(json.dumps(held.digest)) == held.digest
