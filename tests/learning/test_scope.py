"""Scope: what a sentence negates, and which clause is its main one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.learning.scope import main_clause, negated
from pipeline.learning.words import Words


def marked(text: str, read) -> list[str]:
    words = Words([text])
    spelt = "".join(map(chr, words.stream.tolist())).split()
    return [word for word, inside in zip(spelt, read(words), strict=True) if inside]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Visits are not always timely.", "always timely"),
        ("Visits are always timely.", ""),
        ("Too few plans are clear.", "plans are clear"),
        ("Children don’t wait, but staff are not sure.", "wait sure"),
        ("No child waits although homes are scarce.", "child waits"),
        (
            "Leaders have never lost sight of what children in their care said to them.",
            "lost sight of what children in",
        ),
    ],
)
def test_what_stands_under_a_negation(text: str, expected: str):
    assert marked(text, negated) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Although homes are scarce, children settle well.", "children settle well"),
        ("Even though homes are scarce, children settle.", "children settle"),
        ("Plans are clear, but reviews drift.", "reviews drift"),
        ("Reviews still drift, although plans are clear.", "reviews still drift"),
        ("Reviews drift while plans are clear.", "reviews drift while plans are clear"),
        ("While plans are clear", "while plans are clear"),
        ("Plans are clear and reviews prompt.", "plans are clear and reviews prompt"),
        ("However, reviews drift.", "however reviews drift"),
        ("Plans are clear but", "plans are clear but"),
    ],
)
def test_the_main_clause(text: str, expected: str):
    assert marked(text, main_clause) == expected.split()


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5), st.integers(0, 4))
def test_a_text_is_read_by_itself(texts: list[str], number: int):
    words, row = Words(texts), number % len(texts)
    alone = Words([texts[row]])
    start, end = words.word_bounds[row], words.word_bounds[row + 1]
    for read in (negated, main_clause):
        assert read(words)[start:end].tolist() == read(alone).tolist()


@given(st.text(max_size=80))
def test_a_text_with_words_has_a_main_clause(text: str):
    words = Words([text])
    assert main_clause(words).any() == bool(len(words.hashes))
