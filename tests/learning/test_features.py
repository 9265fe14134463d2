"""Features: hashed n-grams that depend on a sentence and its context, and on nothing else in a batch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.learning import features
from pipeline.learning.features import Sentences, Words, character_ngrams, opening_ngrams, word_ngrams
from pipeline.settings import GROUPS, FeatureSettings, load_settings

ODD_TEXTS = [
    "",
    " ",
    "\n",
    ".",
    "…",
    "👩‍👧 Visits are 👍 regular 🎉.",
    "🎉",
    "İstanbul ΑΣ straße ﬁne",
    "a\nb\u2028c\x00d\r\n",
    "x" * 5000,
    "’‘“” ' \" '",
    "ÀÉÎ ñ 中文 العربية 123 4.5% £6",
    "co\xadop\xaderate",
]
TEXTS = st.lists(
    st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(ODD_TEXTS)),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def sizes() -> FeatureSettings:
    """The bundled sizes of n-grams, in few columns."""
    return load_settings().features.replace(bits=12)


def matrices(table: pd.DataFrame, sizes: FeatureSettings) -> dict[str, np.ndarray]:
    groups = features.extract(Sentences.of(table), sizes)
    return {group.name: features.matrix(group, sizes.bits).toarray() for group in groups}


def spelt(words: Words, pieces) -> list[str]:
    """Word n-grams as text, or character n-grams as they stand in the stream."""
    ends = np.append(words.starts[1:] - 1, len(words.stream) - 1)
    return [
        words.text(int(words.starts[place]), int(ends[place + piece.size - 1]))
        for piece in pieces
        for place in piece.places().tolist()
    ]


def test_groups_are_the_known_ones(sizes: FeatureSettings):
    assert tuple(matrices(pd.DataFrame({"text": ["a"]}), sizes)) == GROUPS


def test_word_ngrams_are_runs_of_words_within_a_text():
    words = Words(["Visits are late.", "Good"])
    assert spelt(words, word_ngrams(words, (1, 2))) == ["visits", "are", "late", "good", "visits are", "are late"]
    assert [piece.starts.tolist() for piece in word_ngrams(words, (1, 3))] == [[0, 3, 4], [0, 2, 2], [0, 1, 1]]


def test_character_ngrams_stay_within_words():
    words = Words(["ab c"])
    found = [
        words.text(place, place + piece.size)
        for piece in character_ngrams(words, (2, 4))
        for place in piece.places().tolist()
    ]
    assert sorted(found) == sorted([" a", "ab", "b ", " c", "c ", " ab", "ab ", " c ", " ab "])


def test_opening_ngrams_are_of_the_first_three_words():
    words = Words(["However, plans are too general.", "Good"])
    assert spelt(words, opening_ngrams(words, (1, 3))) == [
        *("however", "plans", "are", "good"),
        *("however plans", "plans are"),
        "however plans are",
    ]


def test_an_ngram_hashes_alike_wherever_it_stands():
    def hashes(texts: list[str]) -> list[list[int]]:
        piece = next(word_ngrams(Words(texts), (2, 2)))
        return [piece.hashes[a:b].tolist() for a, b in pairwise(piece.starts.tolist())]

    first, second, third = hashes(["Plans are weak", "The plans are many", "Are plans made"])
    assert first[0] == second[1]
    assert first[0] not in third


def test_different_ngrams_seldom_share_a_hash():
    texts = [f"{a}{b}{c}" for a in "abcdefghij" for b in "klmnopqrst" for c in "uvwxyzabcd"]
    piece = next(word_ngrams(Words(texts), (1, 1)))
    assert len(set(piece.hashes.tolist())) == len(texts)
    columns = features.column_of(piece.hashes, "word", 20)
    assert len(set(columns.tolist())) > 0.99 * len(texts)
    assert (columns != features.column_of(piece.hashes, "heading", 20)).mean() > 0.99


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LEADERS KNOW", "leaders know"),
        ("children’s plans", "children's plans"),
        ("5 of 12 visits", "3 of 98 visits"),
        ("late – or missed", "late or missed"),
        ("late,missed", "late missed"),
    ],
)
def test_texts_that_read_alike_have_the_same_words(one: str, other: str, sizes: FeatureSettings):
    found = matrices(pd.DataFrame({"text": [one, other]}), sizes)
    for group in ("char", "word", "opening"):
        assert np.array_equal(found[group][0], found[group][1])


@given(TEXTS)
@hypothesis_settings(max_examples=60, deadline=None)
def test_features_do_not_depend_on_the_batch(texts: list[str]):
    sizes = load_settings().features.replace(bits=12)
    whole = matrices(pd.DataFrame({"text": texts, "heading": texts[::-1]}), sizes)
    for row, (text, heading) in enumerate(zip(texts, texts[::-1], strict=True)):
        alone = matrices(pd.DataFrame({"text": [text], "heading": [heading]}), sizes)
        for group in GROUPS:
            assert np.array_equal(whole[group][row], alone[group][0]), group


def test_odd_texts_give_finite_features(sizes: FeatureSettings):
    found = matrices(pd.DataFrame({"text": ODD_TEXTS}), sizes)
    for group, rows in found.items():
        assert rows.shape == (len(ODD_TEXTS), 2**sizes.bits), group
        assert np.isfinite(rows).all()
    assert not found["word"][0].any()
    assert found["word"][ODD_TEXTS.index("👩‍👧 Visits are 👍 regular 🎉.")].any()


@pytest.mark.parametrize("text", ["long words of many kinds " * 4_000, "x" * 100_000])
def test_a_text_of_100000_characters_is_read(text: str, sizes: FeatureSettings):
    found = matrices(pd.DataFrame({"text": ["Short.", text, "Short."]}), sizes)
    assert np.array_equal(found["char"][0], found["char"][2])
    assert found["char"][1].sum() > 0


def test_rows_of_ngrams_are_scaled_by_their_number(sizes: FeatureSettings):
    words = matrices(pd.DataFrame({"text": ["one", "one two three four five six"]}), sizes)["word"]
    assert words[0].sum() == pytest.approx(1)
    assert words[1].sum() == pytest.approx(15**0.5)  # 6 + 5 + 4 n-grams


def test_no_sentences_give_no_rows(sizes: FeatureSettings):
    found = matrices(pd.DataFrame({"text": pd.Series([], dtype="str")}), sizes)
    assert all(rows.shape == (0, 2**sizes.bits) for rows in found.values())


def test_sizes_are_as_set(sizes: FeatureSettings):
    table = pd.DataFrame({"text": ["one two three"]})
    only_pairs = sizes.replace(words=(2, 2))
    assert (matrices(table, only_pairs)["word"] > 0).sum() == 2
    assert (matrices(table, sizes.replace(words=(1, 1)))["word"] > 0).sum() == 3
    assert matrices(table, sizes.replace(bits=10))["word"].shape == (1, 1024)


def test_projecting_is_multiplying(sizes: FeatureSettings, examples: pd.DataFrame):
    coefficients = np.random.default_rng(0).normal(size=(2**sizes.bits, 5)).astype(np.float32)
    for group in features.extract(Sentences.of(examples), sizes):
        multiplied = features.matrix(group, sizes.bits) @ coefficients
        assert np.allclose(features.project(group, coefficients), multiplied, atol=1e-5), group.name


def test_neighbours_are_those_of_the_article_without_furniture():
    table = pd.DataFrame(
        {
            "article": ["a", "a", "a", "b", "b"],
            "text": ["One.", "Image source", "Two.", "Three.", "Four."],
            "block": ["paragraph", "furniture", "paragraph", "paragraph", "paragraph"],
        }
    )
    batch = Sentences.of(table)
    assert batch.context.before.tolist() == [-1, -1, 0, -1, 3]
    assert batch.context.after.tolist() == [2, -1, -1, 4, -1]


def test_without_article_each_row_stands_alone():
    batch = Sentences.of(pd.DataFrame({"text": ["One.", "Two."]}))
    assert batch.context.before.tolist() == batch.context.after.tolist() == [-1, -1]


def test_a_neighbours_words_are_features_of_a_sentence(sizes: FeatureSettings):
    table = pd.DataFrame({"article": "a", "text": ["Plans are weak.", "This means delay."]})
    found = matrices(table, sizes)
    words = matrices(table, sizes.replace(words=sizes.neighbour_words))["word"]
    assert (found["before"][1] > 0).sum() == (words[0] > 0).sum()
    assert not found["before"][0].any()
    assert not found["after"][1].any()


def test_form_tells_block_speaker_and_mark_apart(sizes: FeatureSettings):
    table = pd.DataFrame(
        {
            "text": ["Plans are weak.", "Plans are weak.", "Plans are weak.", "Plans are weak?"],
            "block": ["paragraph", "bullet", "paragraph", "paragraph"],
            "speaker": ["inspector", "inspector", "provider", "inspector"],
        }
    )
    form = matrices(table, sizes)["form"]
    assert len({row.tobytes() for row in form}) == 4


def test_missing_values_are_empty():
    table = pd.DataFrame({"text": ["a", None], "heading": [None, float("nan")], "speaker": [float("nan")] * 2})
    batch = Sentences.of(table)
    assert list(batch.texts) == ["a", ""]
    assert list(batch.headings) == list(batch.speakers) == ["", ""]
