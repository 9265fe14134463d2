"""Context: neighbours and sections, and values brought from there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from pipeline.learning.context import PLACES, Context, mix

ARTICLES = ["a", "a", "a", "a", "b", "b"]
HEADINGS = ["H", "H", "I", "H", "H", "H"]
BLOCKS = ["paragraph", "furniture", "paragraph", "bullet", "paragraph", "paragraph"]
VALUES = np.array([[1.0], [2.0], [4.0], [8.0], [16.0], [32.0]])


@pytest.fixture
def context() -> Context:
    return Context.of(ARTICLES, HEADINGS, BLOCKS)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("sentence", [1, 2, 4, 8, 16, 32]),
        ("before", [0, 0, 1, 4, 0, 16]),
        ("after", [4, 0, 8, 0, 32, 0]),
        ("second before", [0, 0, 0, 1, 0, 0]),
        ("second after", [8, 0, 0, 0, 0, 0]),
        # The heading that comes back begins another section; furniture is in none.
        ("section", [1, 0, 4, 8, 24, 24]),
    ],
)
def test_values_come_from_their_place(context: Context, place: str, expected: list[float]):
    assert context.at(place, VALUES)[:, 0].tolist() == expected
    assert context.matrix(place, csr_matrix(VALUES)).toarray()[:, 0].tolist() == expected


def test_without_articles_each_sentence_stands_alone():
    context = Context.of(None, HEADINGS, BLOCKS)
    for place in PLACES[1:]:
        assert not context.at(place, VALUES).any()


def test_nothing_has_no_context():
    context = Context.of([], [], [])
    for place in PLACES:
        assert context.at(place, np.zeros((0, 3))).shape == (0, 3)


def test_logits_are_each_places_scores_times_its_matrix(context: Context):
    mixing = np.zeros((len(PLACES), 1, 2))
    mixing[0, 0], mixing[1, 0] = (1.0, 2.0), (10.0, 0.0)
    found = mix(VALUES, context, mixing, np.array([0.5, 0.0]))
    assert found[2].tolist() == [4.0 + 10.0 + 0.5, 8.0]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("HI"), st.booleans()), max_size=12))
def test_no_value_comes_from_another_article(rows: list[tuple[str, str, bool]]):
    articles = sorted(article for article, _, _ in rows)
    blocks = ["furniture" if furniture else "paragraph" for _, _, furniture in rows]
    context = Context.of(articles, [heading for _, heading, _ in rows], blocks)
    values = np.array([[float(article == "a"), float(article == "b")] for article in articles]).reshape(-1, 2)
    for place in PLACES:
        found = context.at(place, values)
        assert not (found * (1 - values)).any()
        assert np.allclose(context.matrix(place, csr_matrix(values)).toarray(), found)
