"""Examples: which articles an encoder has seen, what is calibrated on, and what machines learn from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from pipeline.labels import Themes
from pipeline.learning.examples import Examples, article_digest, seen_rows
from pipeline.settings import Settings


def test_articles_are_known_by_their_sentences():
    table = pd.DataFrame({"article": ["a", "a", "b"], "text": ["One.", "Two.", "One."]})
    digest = article_digest(["One.", "Two."])
    assert seen_rows(table, frozenset({digest})).tolist() == [True, True, False]
    assert seen_rows(table.assign(article="c"), frozenset({digest})).tolist() == [False] * 3
    assert not seen_rows(table, frozenset()).any()
    assert article_digest(["One.", "Two."]) != article_digest(["Two.", "One."])


def test_hard_sentences_are_told_by_their_folder(examples: pd.DataFrame, themes: Themes, settings: Settings):
    kinds = np.where(np.arange(len(examples)) % 5 == 0, "hard", "letters")
    found = Examples.of(examples.assign(kind=kinds), themes, settings)
    assert found.hard.tolist() == (kinds == "hard").tolist()
    assert not Examples.of(examples.drop(columns=["kind"]), themes, settings).hard.any()


def test_documents_calibrate_ngrams_where_there_are_enough(examples: pd.DataFrame, themes: Themes, settings: Settings):
    found = Examples.of(examples, themes, settings)
    rows = np.arange(1000)
    whole, seen = rows < 600, rows % 10 == 0
    many = dataclasses.replace(found, whole=whole, seen=np.zeros(1000, dtype=bool))
    assert many.held_out(rows).tolist() == rows[whole].tolist()
    few = dataclasses.replace(many, whole=rows < 400)
    assert few.held_out(rows).tolist() == rows.tolist()
    tuned = dataclasses.replace(many, seen=seen, vectors=np.zeros((1000, 2), np.float32))
    assert tuned.held_out(rows).tolist() == rows[~seen].tolist()


def test_each_machine_learns_without_the_headings_and_forms_of_others(
    examples: pd.DataFrame, themes: Themes, settings: Settings
):
    found = Examples.of(examples, themes, settings)
    weights = dict.fromkeys(settings.finding.weights, 0.0)
    headed = np.array([heading != "" for heading in examples["heading"]])
    for group, share in (("heading", 0.25), ("form", 0.5)):
        task = settings.finding.replace(weights={**weights, group: 1.0}, machines=2, **{f"{group}_dropout": share})
        there = headed if group == "heading" else ~found.furniture
        first, second = (np.diff(view.tocsr().indptr)[there] > 0 for view in found.views(task, 1))
        assert (first | second).all()
        assert abs((~first).mean() - share) < 0.1
        assert abs((~second).mean() - share) < 0.1
        assert (np.diff(found.features(task).indptr)[there] > 0).all()
        again = (np.diff(view.tocsr().indptr)[there] > 0 for view in found.views(task, 1))
        assert [view.tolist() for view in again] == [first.tolist(), second.tolist()]
