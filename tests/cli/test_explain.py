"""`pipeline explain`: what weighed for and against."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.model import Model


@pytest.fixture
def explain(run, store: Path):
    def called(*arguments: object):
        return run("explain", *arguments, "--models", store)

    return called


def test_json_holds_the_prediction_and_the_heaviest_ngrams(explain, model: Model):
    sentence = "However, plans are too general."
    done = explain(sentence, "--heading", "Main findings", "--json", "--top", "3")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    table = pd.DataFrame({"text": [sentence], "heading": ["Main findings"], "article": "x"})
    scored = model.predict_sentences(table).iloc[0]
    assert found["finding"] == found["label"] == scored["finding"]
    assert found["themes"] == scored["themes"]
    assert found["probabilities"]["concern"] == pytest.approx(scored["concern"], abs=1e-6)
    assert len(found["for"]) == len(found["against"]) == 3
    assert all(row["weight"] > 0 for row in found["for"])
    assert all(row["weight"] < 0 for row in found["against"])


def test_the_heading_and_the_neighbours_count(explain):
    def concern(*arguments: object) -> float:
        found = json.loads(explain("This means that children wait.", "--json", *arguments).stdout)
        return found["probabilities"]["concern"]

    alone = concern()
    assert concern("--before", "Visits are too often late and weak.") != alone
    assert concern("--after", "Visits are too often late and weak.") != alone
    assert concern("--heading", "What needs to improve") != alone


def test_what_weighed_is_told_by_where_it_stands(explain):
    arguments = (
        "This means that children wait.",
        "--before",
        "Visits are late.",
        "--heading",
        "Main findings",
        "--json",
    )
    found = json.loads(explain(*arguments).stdout)
    sources = {(row["place"], row["source"]): row["weight"] for row in found["sources"]}
    assert {("sentence", "words"), ("sentence", "heading"), ("before", "words")} <= set(sources)
    weights = [abs(row["weight"]) for row in found["sources"]]
    assert weights == sorted(weights, reverse=True)


def test_a_table_for_people(explain):
    done = explain("Plans are too general.", "--label", "concern")
    assert done.returncode == 0
    for word in ("for concern", "against concern", "n-gram", "weight", "too general"):
        assert word in done.stdout
    assert "%" in done.stdout.splitlines()[0]


def test_a_theme_may_be_explained(explain):
    found = json.loads(explain("Care leavers need plans.", "--label", "care_leavers", "--json").stdout)
    assert found["label"] == "care_leavers"
    assert any("leaver" in row["ngram"] for row in found["for"])


@pytest.mark.parametrize("sentence", ["", "  "])
def test_an_empty_sentence_is_said(explain, sentence: str):
    done = explain(sentence)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: the sentence is empty: give its text\n"


def test_an_unknown_label_is_said_with_the_known_ones(explain):
    done = explain("Plans are weak.", "--label", "weakness")
    assert done.returncode in (1, 2)
    assert "strength" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("sentence", ["👍", "...", "[/bold]", "=1+1"])
def test_odd_sentences_are_explained(explain, sentence: str):
    done = explain(sentence)
    assert (done.returncode, done.stderr) == (0, "")
