import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from pipeline.articles import SUFFIXES
from pipeline.articles.layout import blocks
from pipeline.articles.punkt import Parameters, parameters, spans, spans_of_each

ROOT = Path(__file__).parents[2]
REPORTS = ROOT.parent / "shared" / "reports" / "reports.jsonl.gz"
HOSTILE = [
    *("a", "The", "cllr.", "No.", "5", "St.", "J.", "e.g.", "3.4", "12.", "care", "Ofsted", "said", "U.K.", "Mr."),
    *(
        "“",
        "”",
        '"',
        "'",
        "’",
        "(",
        ")",
        "[",
        "]",
        ".",
        "?",
        "!",
        "…",
        "...",
        ". . .",
        "-",
        "--",
        ",",
        ";",
        ":",
        "*",
        "@",
    ),
    *(" ", " ", "  ", "\xa0", "\n", "\t"),
]


def nltk_tokenizer(learnt):
    like = PunktParameters()
    like.abbrev_types = set(learnt.abbreviations)
    like.collocations = set(learnt.collocations)
    like.sent_starters = set(learnt.starters)
    like.ortho_context.update(learnt.orthography)
    return PunktSentenceTokenizer(like)


# What the corpus may not show: collocations and abbreviations that hostile text is full of.
LEARNT = Parameters(
    "test",
    frozenset({"cllr", "no", "st", "mr", "e.g", "u.k"}),
    frozenset({("no", "5"), ("##number##", "care"), ("j", "the")}),
    frozenset({"the", "ofsted"}),
    dict(parameters().orthography),
)
SHIPPED_NLTK = nltk_tokenizer(parameters())
LEARNT_NLTK = nltk_tokenizer(LEARNT)


def assert_equal(text):
    assert spans(text) == list(SHIPPED_NLTK.span_tokenize(text))
    assert spans(text, LEARNT) == list(LEARNT_NLTK.span_tokenize(text))


def test_every_paragraph_of_the_corpus_is_cut_as_nltk_cuts_it():
    texts = [path for path in sorted((ROOT / "data").rglob("*")) if path.suffix in SUFFIXES]
    paragraphs = {block.text for path in texts for block in blocks(path.read_text(encoding="utf-8"))}
    assert len(paragraphs) > 1000
    different = [text for text in paragraphs if spans(text) != list(SHIPPED_NLTK.span_tokenize(text))]
    assert different == []


def test_ten_thousand_paragraphs_of_real_reports_are_cut_as_nltk_cuts_them():
    if not REPORTS.is_file():
        pytest.skip("the real reports (../shared/reports) are not here")
    paragraphs: dict[str, None] = {}
    with gzip.open(REPORTS, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            paragraphs.update((" ".join(part.split()), None) for part in re.split(r"\n\s*\n", text) if len(part) > 40)
            if len(paragraphs) >= 10_000:
                break
    found = list(paragraphs)[:10_000]
    assert len(found) == 10_000
    different = [text for text in found if spans(text) != list(SHIPPED_NLTK.span_tokenize(text))]
    assert different == []


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE), max_size=30), st.sampled_from(["", " "]))
def test_hostile_text_is_cut_as_nltk_cuts_it(parts, space):
    assert_equal(space.join(parts))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from(HOSTILE), max_size=8), max_size=6), st.sampled_from(["", " "]))
def test_many_paragraphs_are_cut_as_each_is_by_itself(paragraphs, space):
    texts = [space.join(parts).replace("\n", " ") for parts in paragraphs]
    for learnt in (parameters(), LEARNT):
        assert list(spans_of_each(texts, learnt)) == [spans(text, learnt) for text in texts]


@settings(max_examples=200, deadline=None)
# No paragraph holds these four, which `re` takes for white space and NLTK's `regex` doesn't.
@given(st.text(st.characters(exclude_characters="\x1c\x1d\x1e\x1f")))
def test_any_text_is_cut_as_nltk_cuts_it(text):
    assert_equal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "...",
        "?!",
        "a.",
        "A. B. C.",
        "“a.” b",
        "a.) b",
        "U.K. The",
        "x--. y",
        "a .b",
        "5. care.",
        "No. 5.",
    ],
)
def test_small_texts_are_cut_as_nltk_cuts_them(text):
    assert_equal(text)


def test_marks_of_one_word_end_once():
    assert spans("Really?! Yes.") == [(0, 8), (9, 13)]


def test_what_is_learnt_decides():
    text = "They met Cllr. Gough."
    nothing = Parameters("", frozenset(), frozenset(), frozenset(), {})
    assert len(spans(text, nothing)) == 2
    assert len(spans(text)) == 1


def test_parameters_come_back_from_json_as_they_were():
    written = LEARNT.to_json()
    again = Parameters.from_json(written)
    assert again == LEARNT
    assert again.to_json() == written


def test_the_shipped_parameters_know_the_fields_abbreviations_and_no_chance_collocations():
    assert {"cllr", "e.g", "no", "st", "dr"} <= parameters().abbreviations
    assert parameters().version
    # "12. Ensure …" is a numbered item: learnt as a collocation, it would join sentences where one ends in a number.
    assert not any(first == "##number##" for first, _ in parameters().collocations)


def test_a_long_run_without_a_space_is_cut_in_no_time():
    # Slow ways of working out each mark's word take minutes for this.
    text = "a!)" * 200_000
    assert spans(text)[-1][1] == len(text)
