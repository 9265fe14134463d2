"""Windows: each sentence once, in bounded sequences, under its heading."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoders.windows import WINDOW, Layout, Window, batches, padded
from pipeline.learning.features import Sentences

OPENS, CLOSES = 1, 2
WORDS = ["visits", "are", "late", "", "Main findings"]


def layout_of(table: pd.DataFrame) -> Layout:
    """One token a word: its length, from 3."""

    def tokenize(texts: list[str]) -> list[list[int]]:
        return [[3 + len(word) for word in text.split()] for text in texts]

    return Layout.of(Sentences.of(table), tokenize, OPENS, CLOSES)


def test_sentences_follow_one_another_under_their_heading():
    table = pd.DataFrame({"article": "a", "heading": "Main", "text": ["Plans drift.", "Visits lapse often."]})
    (window,) = layout_of(table).windows()
    assert window.ids == [OPENS, 7, CLOSES, 8, 9, CLOSES, 9, 8, 9, CLOSES]
    assert window.spans == [(0, 3, 5), (1, 6, 9)]


def test_a_heading_that_is_a_sentence_is_not_said_twice():
    table = pd.DataFrame({"article": "a", "heading": ["", "Main"], "text": ["Main", "Plans drift."]})
    (window,) = layout_of(table).windows()
    assert window.ids == [OPENS, 7, CLOSES, 8, 9, CLOSES]


def test_a_heading_is_said_again_in_the_next_window():
    table = pd.DataFrame({"article": "a", "heading": "Main", "text": ["x " * 60, "x " * 60, "x " * 60, "x " * 60]})
    first, second = layout_of(table).windows()
    assert [[row for row, _, _ in window.spans] for window in (first, second)] == [[0, 1, 2], [3]]
    assert first.ids[:3] == second.ids[:3] == [OPENS, 7, CLOSES]


def test_sentences_without_an_article_and_furniture_are_alone():
    alone = layout_of(pd.DataFrame({"text": ["Plans drift.", "Visits lapse."]}))
    assert [window.spans for window in alone.windows()] == [[(0, 1, 3)], [(1, 1, 3)]]
    blocks = ["paragraph", "furniture", "paragraph"]
    table = pd.DataFrame({"article": "a", "block": blocks, "text": ["Plans drift.", "Page 2", "Visits lapse."]})
    assert sorted(len(window.spans) for window in layout_of(table).windows()) == [1, 2]


ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["", "Main"]), st.lists(st.sampled_from(WORDS), max_size=130)),
    min_size=1,
    max_size=8,
)


@given(ROWS, st.integers(20, 200))
def test_each_sentence_stands_in_one_window_of_bounded_length(rows: list[tuple[str, str, list[str]]], limit: int):
    rows.sort(key=lambda row: row[0])
    table = pd.DataFrame(
        {"article": [r[0] for r in rows], "heading": [r[1] for r in rows], "text": [" ".join(r[2]) for r in rows]}
    )
    layout = layout_of(table)
    windows = list(layout.windows(lambda: limit))
    assert sorted(row for window in windows for row, _, _ in window.spans) == list(range(len(rows)))
    for window in windows:
        assert len(window.ids) <= max(limit, 110 + 2) + 31
        for row, start, end in window.spans:
            assert window.ids[start:end] == list(layout.tokens[row])


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(50, 300))
def test_batches_hold_all_windows_and_are_bounded(lengths: list[int], tokens: int):
    windows = [Window([5] * length) for length in lengths]
    found = list(batches(windows, tokens))
    assert sorted(len(window.ids) for batch in found for window in batch) == sorted(lengths)
    for batch in found:
        ids, mask = padded(batch)
        assert ids.size <= max(tokens, 60)
        assert mask.sum() == sum(len(window.ids) for window in batch)
        assert np.array_equal(ids > 0, mask > 0)
    assert WINDOW <= 512
