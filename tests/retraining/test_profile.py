"""What articles look like, kept without their words."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.training import Trained
from pipeline.model import Model
from pipeline.retraining.profile import Baseline, Words, baseline_of, new_words, profile_of, words_of


@pytest.fixture(scope="module")
def baseline(examples: pd.DataFrame, trained: Trained, themes: Themes) -> Baseline:
    return baseline_of(examples, trained, list(themes))


@given(st.sets(st.text(min_size=1), max_size=50))
def test_a_filter_knows_every_word_it_was_given(words: set[str]):
    found = Words.of(words)
    assert all(word in found for word in words)


def test_a_filter_takes_few_others_for_known():
    found = Words.of(f"word{number}" for number in range(5000))
    assert found.bits.nbytes == 5000 * 16 / 8
    wrong = sum(f"other{number}" in found for number in range(20_000))
    assert wrong / 20_000 < 0.002


def test_words_have_three_letters_and_no_capitals():
    assert words_of("Mrs Oldacre’s team met 15 of us in Ambrook, co-located; OK: naïve") == [
        "team",
        "met",
        "located",
        "naïve",
    ]


def test_only_words_of_three_articles_are_kept():
    articles = {"a": "common rare", "b": "common rare", "c": "common single"}
    table = pd.DataFrame({"article": list(articles), "text": list(articles.values())})
    trained = Trained(_no_model(), {}, {}, _unseen(3))
    found = baseline_of(table, trained, []).words
    assert [word in found for word in ("common", "rare", "single")] == [True, False, False]


def _no_model() -> Model:
    from pipeline.settings import load_settings

    empty = np.zeros((4, 0))
    return Model(load_settings().features, {}, {}, {}, empty, empty, empty, {})  # type: ignore[arg-type]


def _unseen(count: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rows = np.arange(count)
    return {"findings": (rows, np.tile([0.7, 0.1, 0.1, 0.1], (count, 1))), "themes": (rows, np.zeros((count, 0)))}


def test_a_word_counts_as_known_when_three_others_have_it():
    texts = ["common alone", "common", "common", "common", "other"]
    table = pd.DataFrame({"article": list("abcde"), "text": texts})
    found = baseline_of(table, Trained(_no_model(), {}, {}, _unseen(5)), [])
    assert found.profile.unknown.tolist() == [0.5, 0, 0, 0, 1]
    four = baseline_of(table.iloc[1:].reset_index(drop=True), Trained(_no_model(), {}, {}, _unseen(4)), [])
    assert four.profile.unknown.tolist() == [1, 1, 1, 1]


def test_the_baseline_is_what_training_says_of_articles_it_has_not_seen(
    baseline: Baseline, trained: Trained, examples: pd.DataFrame
):
    rows, probabilities = trained.out_of_fold["findings"]
    used = rows[(examples["block"] != "furniture").to_numpy()[rows]]
    assert baseline.profile.findings.sum() == len(used)
    given = probabilities[np.isin(rows, used)]
    assert baseline.profile.findings.sum(axis=0).tolist() == np.bincount(given.argmax(axis=1), minlength=4).tolist()
    assert baseline.profile.histograms["confidence"].sum() == len(used)
    weights = baseline.profile.findings.sum(axis=1)
    assert np.average(baseline.profile.confidence, weights=weights) == pytest.approx(given.max(axis=1).mean())
    assert len(baseline.profile.unknown) == 12
    assert ((baseline.profile.unknown >= 0) & (baseline.profile.unknown <= 1)).all()


def test_it_comes_back_as_it_was_and_holds_no_word(baseline: Baseline, examples: pd.DataFrame):
    kept = json.dumps(baseline.to_dict())
    values = json.dumps({name: value for name, value in baseline.to_dict().items() if name != "theme_keys"})
    assert not {word for text in examples["text"] for word in words_of(text) if len(word) > 6 and word in values}
    back = Baseline.of(json.loads(kept))
    assert (back.words.bits == baseline.words.bits).all()
    for name in ("findings", "themes", "unknown", "confidence", "length"):
        assert getattr(back.profile, name) == pytest.approx(getattr(baseline.profile, name), rel=1e-6)
    assert back.profile.theme_keys == baseline.profile.theme_keys
    assert back.profile.edges["length"].tolist() == baseline.profile.edges["length"].tolist()


@pytest.mark.parametrize(
    "damage",
    [{"words": "?"}, {"words": None}, {"articles": {}}, {"edges": {}}, {"theme_keys": 3}, {"histograms": None}],
)
def test_damage_is_said(baseline: Baseline, damage: dict[str, object]):
    with pytest.raises(ModelError, match="damaged"):
        Baseline.of({**baseline.to_dict(), **damage})


def test_a_findings_table_is_counted_by_article(baseline: Baseline, model: Model, examples: pd.DataFrame):
    table = model.predict_sentences(examples.drop(columns=["finding", "themes", "kind"]))
    found = profile_of(table, baseline)
    body = table[table["block"] != "furniture"]
    assert found.findings.sum() == len(body)
    assert found.findings.sum(axis=0).tolist() == [int((body["finding"] == name).sum()) for name in FINDINGS]
    one = body["article"].iloc[0]
    place = sorted(body["article"].unique()).index(one)
    of_it = body[body["article"] == one]
    assert found.confidence[place] == pytest.approx(of_it["confidence"].mean())
    assert found.length[place] == pytest.approx(of_it["text"].str.split().str.len().mean())
    assert found.themes.sum() == sum(len(keys) for keys in body["themes"])


def test_an_empty_table_is_counted(baseline: Baseline, model: Model, examples: pd.DataFrame):
    found = profile_of(model.predict_sentences(examples.iloc[:0]), baseline)
    assert found.findings.shape == (0, 4)
    assert found.histograms["length"].sum() == 0


def test_new_words_are_those_of_most_articles_first(baseline: Baseline):
    table = pd.DataFrame(
        {
            "article": ["a", "a", "b", "b"],
            "text": ["zebras zebras gnus", "Visits are zebras to children", "gnus and okapis Okapis", "quaggas"],
            "block": ["paragraph", "bullet", "heading", "furniture"],
        }
    )
    assert new_words(table, baseline, most=9) == [
        {"word": "gnus", "articles": 2, "times": 2},
        {"word": "zebras", "articles": 1, "times": 3},
        {"word": "okapis", "articles": 1, "times": 1},
    ]
