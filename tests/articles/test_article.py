import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import COLUMNS, SUFFIXES, Article, Source, read_article, sentence_table, split_sentences
from pipeline.articles.source import KINDS
from pipeline.articles.speech.speakers import SPEAKERS
from pipeline.articles.text import BLANK
from pipeline.errors import ArticleError

FOLDER = Path(__file__).parents[2] / "data" / "articles"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix in SUFFIXES)
NEWS = """Aldbrook must do more for care leavers, inspectors find

By Jo Bell
Education correspondent

Published 3 May 2024

Care leavers in Aldbrook wait too long for a home.Image source, Getty Images
Image caption, The harbour at Aldbrook

Cllr. Gough, who lives in St. Helens, said: “We know this.  We will act.”

The report found:

- Plans are out of date. Some are missing.
- Two workers, e.g. No. 5 and No. 6 on the list, had left.

“Why?” she asked.

Related topics
Aldbrook
"""
LETTER = """3 May 2024

Dear Ms Bell

Focused visit to Aldbrook children’s services

Children who are in need of help and protection in Aldbrook are seen quickly by a
skilled and stable group of social workers. Their plans are written with multi-
agency partners, and are understood by the children themselves. Some of the work

Harbour House
4 Quay Lane
Aldbrook AB1 2CD

\f2

with disabled children is late. This has been recognised by managers, who talk it
over with their staff.

◼ Visits are frequent and purposeful, and what children say is written down as it
was said.
\uf06e Managers’ develop-
ment is supported.
"""


def texts(source):
    return [sentence.text for sentence in Article.of(Source("a", source)).sentences]


def squeezed(text):
    return "".join(character for character in text if character not in BLANK)


# The table


def test_the_sentences_of_a_news_article():
    table = split_sentences(NEWS, "news")
    assert list(zip(table["block"], table["heading"], table["text"], strict=True)) == [
        ("heading", "", "Aldbrook must do more for care leavers, inspectors find"),
        *[
            (kind, "Aldbrook must do more for care leavers, inspectors find", text)
            for kind, text in [
                ("furniture", "By Jo Bell"),
                ("furniture", "Education correspondent"),
                ("furniture", "Published 3 May 2024"),
                ("paragraph", "Care leavers in Aldbrook wait too long for a home."),
                ("furniture", "Image source, Getty Images"),
                ("caption", "Image caption, The harbour at Aldbrook"),
                ("paragraph", "Cllr. Gough, who lives in St. Helens, said: “We know this."),
                ("paragraph", "We will act.”"),
            ]
        ],
        ("heading", "", "The report found:"),
        ("bullet", "The report found:", "- Plans are out of date."),
        ("bullet", "The report found:", "Some are missing."),
        ("bullet", "The report found:", "- Two workers, e.g. No. 5 and No. 6 on the list, had left."),
        ("paragraph", "Aldbrook must do more for care leavers, inspectors find", "“Why?” she asked."),
        ("furniture", "Aldbrook must do more for care leavers, inspectors find", "Related topics"),
        ("furniture", "Aldbrook must do more for care leavers, inspectors find", "Aldbrook"),
    ]


def test_the_sentences_of_a_letter():
    table = split_sentences(LETTER)
    assert list(zip(table["block"], table["text"], strict=True)) == [
        ("furniture", "3 May 2024"),
        ("furniture", "Dear Ms Bell"),
        ("heading", "Focused visit to Aldbrook children’s services"),
        (
            "paragraph",
            "Children who are in need of help and protection in Aldbrook are seen quickly by a skilled and stable group"
            " of social workers.",
        ),
        (
            "paragraph",
            "Their plans are written with multi-agency partners, and are understood by the children themselves.",
        ),
        ("paragraph", "Some of the work with disabled children is late."),
        ("paragraph", "This has been recognised by managers, who talk it over with their staff."),
        ("bullet", "◼ Visits are frequent and purposeful, and what children say is written down as it was said."),
        ("bullet", "\uf06e Managers’ development is supported."),
    ]
    interrupted = table[table["text"].str.startswith("Some of")].iloc[0]
    assert "Quay Lane" in LETTER[interrupted["start"] : interrupted["end"]]


def test_a_table_has_its_columns_and_types_and_traceable_ids():
    table = split_sentences(NEWS, "news")
    source = Source("news", NEWS)
    assert tuple(table.columns) == COLUMNS
    assert set(table["article"]) == {"news"}
    assert table["position"].tolist() == list(range(len(table)))
    assert all(table[name].dtype == "int64" for name in ("position", "start", "end"))
    assert table["id"].tolist() == [
        f"{source.digest}:{start}-{end}" for start, end in zip(table["start"], table["end"], strict=True)
    ]
    assert table["id"].is_unique


def test_an_empty_text_gives_an_empty_table_of_the_same_types():
    empty = split_sentences(" \u200b\n")
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == split_sentences(NEWS).dtypes.to_dict()


def test_articles_follow_each_other_in_one_table():
    table = sentence_table([Article.of(Source("a", "One. Two.")), Article.of(Source("b", "Three."))])
    assert table[["article", "position", "text"]].to_numpy().tolist() == [
        ["a", 0, "One."],
        ["a", 1, "Two."],
        ["b", 0, "Three."],
    ]


def test_an_article_is_read_from_a_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Children are safe.\r\n\r\nThey are heard.\r\n".encode("utf-16"))
    assert [sentence.text for sentence in read_article(path).sentences] == ["Children are safe.", "They are heard."]
    with pytest.raises(ArticleError, match="no such file"):
        read_article(tmp_path / "b.txt")


# Offsets


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_offsets_lead_back_to_the_text(path):
    source = path.read_bytes().decode()
    for sentence in Article.of(Source("a", source)).sentences:
        read = source[sentence.start : sentence.end]
        if " ".join(read.split()) != sentence.text:
            # A hyphen or page furniture is left out: the rest is there, in order, from the first to the last character.
            characters = iter(read)
            assert all(character in characters for character in squeezed(sentence.text))
            assert (read[0], read[-1]) == (sentence.text[0], sentence.text[-1])


def test_offsets_of_plain_text_are_exact():
    for text in ("One. Two?", "◼ One.\n\nTwo and three.\n", "A “quote”.\r\nAnother… one.\r"):
        for sentence in Article.of(Source("a", text)).sentences:
            assert text[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_split_already_is_not_split_again(path):
    for sentence in read_article(path).sentences:
        if sentence.block in ("paragraph", "bullet", "quote"):
            assert texts(sentence.text) == [sentence.text]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(end):
    for text in (NEWS, LETTER):
        plain, other = split_sentences(text), split_sentences(text.replace("\n", end))
        columns = ["text", "block", "heading", "speaker"]
        assert other[columns].to_numpy().tolist() == plain[columns].to_numpy().tolist()


def test_characters_that_take_no_room_make_no_difference():
    assert texts("\ufeffChil\u200bdren are safe.\u200b They\u2060 are heard.\u200b\n\u200b\n") == [
        "Children are safe.",
        "They are heard.",
    ]


# Any text

ATOMS = [
    *("Children", "are", "safe.", "they", "12", "1.", "◼", "-", "\uf06e", "“We", "listen.”", '"Why?"', "(b)", ":", "…"),
    *(" ", " ", "\n", "\n\n", "\r\n", "\r", "\t", "\u200b", "\xad", "multi-", "agency", "\x00", "\ud800", "é", "No. 5"),
    *("By Jo Bell", "3 May 2020", "Page 3", "AB1 2CD", "Yours sincerely", "# Head", "> q", "Related topics", "Good"),
    *("a wrapped line of some forty characters\n", "which goes on for as long as the one before it\n", "x@y.example"),
]
WITHOUT_PAGES = st.one_of(
    st.lists(st.sampled_from(ATOMS), max_size=60).map(" ".join),
    st.lists(st.sampled_from(ATOMS) | st.text(max_size=6), max_size=40).map("".join),
).filter(lambda text: "\f" not in text)
WITH_PAGES = st.lists(WITHOUT_PAGES, max_size=6).map("\f".join)


@settings(max_examples=300, deadline=None)
@given(WITH_PAGES)
def test_any_text_is_cut_in_order_without_overlaps(text):
    article = Article.of(Source("a", text))
    end = 0
    for sentence in article.sentences:
        assert end <= sentence.start < sentence.end <= len(text)
        assert sentence.text.strip()
        assert sentence.block in KINDS
        end = sentence.end
    assert len(article.speakers) == len(article.sentences)
    assert set(article.speakers) <= set(SPEAKERS)


@settings(max_examples=300, deadline=None)
@given(WITHOUT_PAGES)
def test_every_character_of_any_text_is_in_a_sentence(text):
    covered = set()
    for sentence in Article.of(Source("a", text)).sentences:
        covered.update(range(sentence.start, sentence.end))
    left = "".join(character for place, character in enumerate(text) if place not in covered)
    assert squeezed(left).strip("\xad") == ""


@settings(max_examples=30, deadline=None)
@given(WITH_PAGES)
def test_any_text_makes_a_table_of_its_sentences(text):
    table = split_sentences(text)
    assert table["text"].tolist() == [sentence.text for sentence in Article.of(Source("a", text)).sentences]
    assert table["id"].is_unique


WORDS = st.sampled_from(["children", "workers", "plans", "carers", "know", "help", "keep", "well", "in", "of", "and"])
SENTENCES = st.lists(WORDS, min_size=4, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")


@settings(max_examples=100, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=8), st.sampled_from([" ", "\n", "\n\n"]))
def test_plain_sentences_are_found_however_they_are_laid_out(sentences, between):
    assert texts(between.join(sentences)) == sentences


# Size


@pytest.mark.parametrize(
    "text",
    [
        "children.The council " * 20_000,
        "children.The,council," * 20_000,
        "!" * 400_000,
        "a" * 400_000,
        "Short line\n" * 40_000,
        "“We care\n" * 40_000,
        "".join(f"the children are seen in ab{chr(97 + i % 26) * (i // 26)}-\nagency work of\n" for i in range(3000)),
        "a" * 200_000 + "\n" + "the children who are in our care are a-\na of a kind and of a kind\n" * 100,
        "said the director " * 20_000,
    ],
    ids=[
        "lost spaces",
        "no spaces",
        "marks",
        "one word",
        "lines",
        "quotations",
        "hyphens",
        "one word and hyphens",
        "attributions",
    ],
)
def test_large_and_hostile_texts_are_cut_in_linear_time(text):
    started = time.process_time()
    article = Article.of(Source("a", text))
    assert len(article.speakers) == len(article.sentences) > 0
    assert time.process_time() - started < 4
