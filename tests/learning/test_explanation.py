"""Explanations: n-grams whose weights are those that the model applied."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import TableError
from pipeline.labels import FINDINGS
from pipeline.model import Model


@pytest.fixture(scope="module")
def passage() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article": "a",
            "heading": "Main findings",
            "text": ["Plans are too general.", "As a result, children wait too long for help.", "Visits are regular."],
        }
    )


@pytest.fixture(scope="module")
def formless(model: Model) -> Model:
    """The model without what has no n-grams to show: a sentence's form."""
    weights = {task: {**groups, "form": 0.0} for task, groups in model.weights.items()}
    return dataclasses.replace(model, weights=weights)


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("label", FINDINGS)
def test_weights_add_up_to_a_findings_logit(formless: Model, passage: pd.DataFrame, position: int, label: str):
    findings, _ = formless.probabilities(passage)
    logits = np.log(findings[position])
    logits -= logits.mean()
    weights = formless.explain(passage, position, label)
    number = FINDINGS.index(label)
    intercepts = formless.intercepts[: len(FINDINGS)]
    expected = logits[number] - (intercepts[number] - intercepts.mean())
    assert weights["weight"].sum() == pytest.approx(expected, abs=1e-4)


def test_weights_add_up_to_a_themes_logit(formless: Model, passage: pd.DataFrame):
    keys = list(formless.themes)
    number = keys.index("practice")
    probability = formless.probabilities(passage)[1][1, number]
    weights = formless.explain(passage, 1, "practice")
    expected = np.log(probability / (1 - probability)) - formless.intercepts[len(FINDINGS) + number]
    assert weights["weight"].sum() == pytest.approx(expected, abs=1e-4)


def test_the_predicted_finding_is_explained_unless_another_is_named(model: Model, passage: pd.DataFrame):
    predicted = str(model.predict_sentences(passage)["finding"][0])
    pd.testing.assert_frame_equal(model.explain(passage), model.explain(passage, 0, predicted))
    other = next(finding for finding in FINDINGS if finding != predicted)
    assert not model.explain(passage).equals(model.explain(passage, 0, other))


def test_what_weighs_most_comes_first_and_is_of_the_passage(model: Model, passage: pd.DataFrame):
    weights = model.explain(passage, 0, "concern")
    assert weights["weight"].abs().is_monotonic_decreasing
    words = weights[(weights["group"] == "word") & (weights["place"] == "sentence")]
    assert set(words["ngram"]) <= {
        *("plans", "are", "too", "general", "plans are", "are too", "too general"),
        *("plans are too", "are too general"),
    }
    assert "too general" in set(words["ngram"])
    assert set(weights["place"]) <= {"sentence", "before", "after", "second before", "second after", "section"}
    assert {"char", "word", "heading"} <= set(weights["group"])


def test_a_sentence_alone_has_no_neighbours_to_weigh(model: Model):
    weights = model.explain(pd.DataFrame({"text": ["Plans are too general.", "Visits are late."]}), 1)
    assert set(weights["place"]) == {"sentence"}


def test_an_empty_text_has_nothing_to_show(model: Model):
    weights = model.explain(pd.DataFrame({"text": [""]}))
    assert list(weights.columns) == ["place", "group", "ngram", "weight"]
    assert weights.empty


def test_rows_and_labels_that_are_not_there_are_refused(model: Model, passage: pd.DataFrame):
    for position in (-1, 3):
        with pytest.raises(TableError, match=f"no row {position}: the table has 3"):
            model.explain(passage, position)
    with pytest.raises(TableError, match="no label 'weakness': known are strength, concern"):
        model.explain(passage, 0, "weakness")
