"""The speakers of whole articles of different kinds: each line of `spoken/*.txt` is a sentence after its speaker."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import split_sentences
from pipeline.articles.speech.speakers import SPEAKERS, speakers

ARTICLES = sorted(Path(__file__).with_name("spoken").glob("*.txt"))
LETTERS = {speaker[0].upper(): speaker for speaker in SPEAKERS}
KINDS = ("heading", "paragraph", "bullet", "quote", "caption", "furniture")
PIECES = (
    '"',
    "“",
    "”",
    "‘",
    "’",
    "'",
    " said ",
    " Cllr Bell ",
    "inspectors found ",
    "she ",
    ", ",
    ":",
    ". ",
    "— ",
    "we ",
    "é ",
)
STRAIGHT = str.maketrans("“”‘’", "\"\"''")

pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join)
sentences = st.lists(st.tuples(pieces, st.sampled_from(KINDS)), max_size=30)


def read(path):
    """An article's text, its sentences and their speakers."""
    paragraphs = [[line.split("\t") for line in part.splitlines()] for part in path.read_text("utf-8").split("\n\n")]
    text = "\n\n".join(
        ("\n" if paragraph[0][1].startswith("- ") else " ").join(sentence for _, sentence in paragraph)
        for paragraph in paragraphs
    )
    return text, [(sentence, LETTERS[letter]) for paragraph in paragraphs for letter, sentence in paragraph]


def who(texts, kinds):
    return speakers(texts, kinds, own_document=False)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_the_speakers_of_whole_articles(path):
    text, expected = read(path)
    table = split_sentences(text)
    assert list(zip(table["text"], table["speaker"], strict=True)) == expected


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_straight_and_curly_marks_give_the_same_speakers(path):
    text, expected = read(path)
    curled = re.sub(r"(?<![\w.,!?])\"(?=\S)", "“", text).replace('"', "”")
    curled = re.sub(r"(?<![\w.,!?])'(?=\w)", "‘", curled).replace("'", "’")
    for same in (text.translate(STRAIGHT), curled):
        assert split_sentences(same)["speaker"].tolist() == [speaker for _, speaker in expected]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_a_sentence_after_an_article_changes_nothing_before_it(path):
    text, expected = read(path)
    table = split_sentences(text + "\n\nIt rained on Tuesday in the hills above the town.")
    assert table["speaker"].tolist()[: len(expected)] == [speaker for _, speaker in expected]


@settings(max_examples=300, deadline=None)
@given(sentences)
def test_every_sentence_of_any_text_has_one_speaker(given_sentences):
    texts, kinds = [text for text, _ in given_sentences], [kind for _, kind in given_sentences]
    found = who(texts, kinds)
    assert len(found) == len(texts)
    assert set(found) <= set(SPEAKERS)
    assert all(speaker == "narrator" for speaker, kind in zip(found, kinds, strict=True) if kind in KINDS[4:])


@settings(max_examples=300, deadline=None)
@given(sentences)
def test_the_shape_of_marks_never_matters(given_sentences):
    texts, kinds = [text for text, _ in given_sentences], [kind for _, kind in given_sentences]
    assert who(texts, kinds) == who([text.translate(STRAIGHT) for text in texts], kinds)


@settings(max_examples=100, deadline=None)
@given(sentences)
def test_furniture_between_sentences_never_matters(given_sentences):
    texts = [text for text, _ in given_sentences[:12]]
    parted = [part for text in texts for part in (text, "Image source, PA")]
    kinds = ["paragraph", "furniture"] * len(texts)
    assert who(parted, kinds)[::2] == who(texts, ["paragraph"] * len(texts))


def seconds(texts, kind):
    started = time.process_time()
    who(texts, [kind] * len(texts))
    return time.process_time() - started


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“It is late.", "paragraph"),
        ("'It is 'late' 'now.", "paragraph"),
        ("“It is late.", "quote"),
        ("— Cllr Jo Bell", "quote"),
        ("council said " * 80, "paragraph"),
        ("Cllr Jo Bell, " * 80 + "said", "paragraph"),
        ('" ' * 400, "paragraph"),
    ],
)
def test_hostile_articles_are_read_in_linear_time(text, kind):
    once = min(seconds([text] * 300, kind) for _ in range(3))
    assert seconds([text] * 1200, kind) < 4 * 3 * once + 0.05
    assert once < 1
