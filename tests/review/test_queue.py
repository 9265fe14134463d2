"""The queue: what is unsure, rare and different comes first; nothing reviewed, no furniture, no repetition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ReviewError
from pipeline.labels import FINDINGS
from pipeline.learning.features import Sentences
from pipeline.model import Model
from pipeline.review.queue import Queue
from pipeline.review.signals import Signals, alone, divergence, doubt, novelty, rarity
from pipeline.settings import load_settings

FEATURES = load_settings().features


def table(rows: list[tuple[str, str, tuple[float, float, float, float]]], **columns: object) -> pd.DataFrame:
    """A findings table of (article, text, probabilities)."""
    found = pd.DataFrame([probabilities for _, _, probabilities in rows], columns=list(FINDINGS))
    found["article"] = [article for article, _, _ in rows]
    found["text"] = [text for _, text, _ in rows]
    found["id"] = [f"{i:012x}:0-9" for i in range(len(rows))]
    found["finding"] = found[list(FINDINGS)].idxmax(axis=1)
    found["confidence"] = found[list(FINDINGS)].max(axis=1)
    found["themes"] = [[] for _ in rows]
    found["block"] = "paragraph"
    return found.assign(**columns)


SURE, UNSURE, TORN = (0.97, 0.01, 0.01, 0.01), (0.5, 0.4, 0.05, 0.05), (0.45, 0.45, 0.05, 0.05)


def best(found: pd.DataFrame, limit: int = 10, leave: tuple[str, ...] = ()) -> list[str]:
    queue = Queue(FEATURES, None, leave)
    queue.add(found)
    return [item.text for item in queue.best(limit)]


def test_the_least_sure_come_first_with_the_reason():
    found = table([("a", "Visits are late.", SURE), ("b", "Plans help.", TORN), ("c", "Staff stay long.", UNSURE)])
    assert best(found) == ["Plans help.", "Staff stay long.", "Visits are late."]
    queue = Queue(FEATURES)
    queue.add(found)
    first, second = queue.best(2)
    assert (first.finding, first.reason) == ("strength", "strength 45%, concern 45%")
    assert second.reason == "strength 50%, concern 40%"


def test_rarer_findings_count_more():
    rows = [("a", f"Word{i} helps.", SURE) for i in range(40)]
    rows += [
        ("b", "Either good or bad.", (0.48, 0.42, 0.05, 0.05)),
        ("c", "Leaders should act.", (0.05, 0.05, 0.5, 0.4)),
    ]
    assert best(table(rows), 2) == ["Leaders should act.", "Either good or bad."]


def test_furniture_and_what_is_reviewed_are_left_out():
    found = table([("a", "Visits are late.", TORN), ("a", "Page 3 of 9", TORN), ("b", "Plans help.", TORN)])
    found["block"] = ["paragraph", "furniture", "paragraph"]
    assert sorted(best(found)) == ["Plans help.", "Visits are late."]
    assert best(found, leave=(found["id"][0],)) == ["Plans help."]
    assert best(found, leave=tuple(found["id"])) == []
    assert best(found[:0]) == []


def test_neighbours_are_those_that_are_no_furniture():
    found = table([("a", text, TORN) for text in ("One here.", "Page 3", "Two there.")] + [("b", "Three now.", TORN)])
    found["block"] = ["paragraph", "furniture", "paragraph", "paragraph"]
    queue = Queue(FEATURES)
    queue.add(found)
    assert [(item.before, item.text, item.after) for item in queue.all()] == [
        *(("", "One here.", "Two there."), ("One here.", "Two there.", ""), ("", "Three now.", "")),
    ]


def test_repetitions_are_chosen_once():
    same = "Social workers know the children well and visit them often."
    rows = [(name, same if i < 5 else f"Something else in {name}.", TORN) for i, name in enumerate("abcdefg")]
    found = best(table(rows))
    assert found.count(same) == 1
    assert len(found) == 3


def test_one_sentence_in_two_tables_comes_once():
    queue = Queue(FEATURES)
    found = table([("a", "Visits are late.", TORN)])
    queue.add(found)
    queue.add(found)
    assert len(queue.all()) == 1


def test_the_choice_is_spread_over_articles():
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]
    crowd = [("a", f"{word} {word}ly {word}er", TORN) for word in words]
    others = [(name, f"{name * 5} {name * 7}", UNSURE) for name in "bcd"]
    queue = Queue(FEATURES)
    queue.add(table(crowd + others))
    assert {item.article for item in queue.best(6)} == {"a", "b", "c", "d"}


def test_rare_themes_count_near_their_threshold():
    found = table([("a", "One.", SURE), ("a", "Two.", SURE)], theme_common=[0.5, 0.5], theme_rare=[0.0, 0.45])
    values, names = rarity(found, {"common": 90, "rare": 2}, {})
    assert values[0] == 0
    assert 0.5 < values[1] < 1
    assert names == ["", "rare"]
    assert rarity(found, {}, {})[0].tolist() == [0, 0]


def test_doubt_and_divergence_lie_between_0_and_1():
    values = np.array([[1.0, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4])
    assert doubt(values).tolist() == [0, 1, 1]
    assert divergence(values, values).tolist() == [0, 0, 0]
    assert divergence(np.array([[1.0, 0]]), np.array([[0, 1.0]])).tolist() == [1]
    assert len(doubt(np.zeros((0, 4)))) == 0


def test_a_model_says_what_a_sentence_is_by_itself(model: Model):
    found = model.predict("Main findings\n\nVisits are late. This means that children wait.\n\nPlans are good.")
    by_itself = alone(model, Sentences.of(found))
    assert by_itself.shape == (len(found), len(FINDINGS))
    assert np.allclose(by_itself.sum(axis=1), 1)
    signals = Signals.of(found, model)
    assert (signals.quarrel > 0).any()
    for values in (signals.doubt, signals.quarrel, signals.novelty):
        assert len(values) == len(found)
        assert ((values >= 0) & (values <= 1)).all()


def test_new_words_are_told_from_known_ones(model: Model, examples: pd.DataFrame):
    known = examples["text"][examples["finding"] != ""].tolist()
    new = [" ".join(f"zyx{i}{j}qv" for j in range(25)) for i in range(40)]
    values = [novelty(model, Sentences.of(pd.DataFrame({"text": texts}))).mean() for texts in (known, new)]
    assert values[1] > values[0] + 0.3


def test_with_a_model_whole_articles_are_ranked(model: Model):
    queue = Queue(model.feature_settings, model)
    queue.add(model.predict("Main findings\n\nVisits are late. Leaders should act soon.\n\nPlans are good.", "letter"))
    found = queue.best(2)
    assert len(found) == 2
    assert queue.themes == list(model.themes)
    assert all(item.article == "letter" and item.reason for item in found)


def test_a_table_without_probabilities_is_refused():
    with pytest.raises(ReviewError, match="no column 'concern'"):
        Queue(FEATURES).add(table([("a", "Visits are late.", SURE)]).drop(columns="concern"))
