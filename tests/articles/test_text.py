from itertools import accumulate

import pytest

from pipeline.articles.text import Reader, ends, single_spaced, source_spans


def read(*pieces, rest=""):
    source = "\n".join(pieces) + "\n" + rest
    starts = [0, *accumulate(len(piece) + 1 for piece in pieces[:-1])]
    return source, *Reader(source, pieces, starts).read(range(len(pieces)))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["Children are", "safe."], "Children are safe."),
        (["Children  are\t safe."], "Children are safe."),
        (["Children\xa0are\u2009safe."], "Children are safe."),
        (["child\xad", "ren are"], "children are"),
        (["child\xadren are"], "children are"),
        (["chil\u200bdren \u200b are\ufeff"], "children are"),
        (["children aged 16- and 17-", "year-olds"], "children aged 16- and 17-year-olds"),
        (["the years 2019-", "2020"], "the years 2019-2020"),
        (["good –", "and better"], "good – and better"),
        (["a post -", "and"], "a post - and"),
        (["in 2014–", "15 it fell"], "in 2014–15 it fell"),
        (["from 4–", "June"], "from 4– June"),
    ],
)
def test_pieces_read_as_running_text(pieces, expected):
    assert read(*pieces)[1] == expected


@pytest.mark.parametrize(
    ("pieces", "rest", "expected"),
    [
        (["the develop-", "ment of care"], "", "the development of care"),
        (["many child-", "ren are"], "all children there", "many children are"),
        (["a multi-", "agency team"], "", "a multi-agency team"),
        (["a multi-", "agency team"], "multi-agency and multiagency", "a multi-agency team"),
        (["the post-", "Brexit years"], "postBrexit", "the post-Brexit years"),
    ],
)
def test_a_hyphen_at_a_line_end_goes_where_it_splits_a_word(pieces, rest, expected):
    assert read(*pieces, rest=rest)[1] == expected


def test_each_character_is_found_again_in_the_source():
    source, text, offsets = read(
        "Children  who\tneed", "multi-", "agency help in their develop-", "ment\u200b are  safe."
    )
    assert text == "Children who need multi-agency help in their development are safe."
    for position, character in enumerate(text):
        if character != " ":
            ((start, end),) = source_spans(offsets, [(position, position + 1)])
            assert source[start:end] == character


def test_lines_that_stand_apart_are_read_as_one_text():
    source = "Children are\n\n7\n\nsafe  and well.\nThey say so."
    lines = ["Children are", "7", "safe  and well.", "They say so."]
    reader = Reader(source, lines, [source.index(line) for line in lines])
    text, offsets = reader.read([0, 2, 3])
    assert text == "Children are safe and well. They say so."
    found = source_spans(offsets, [(0, 12), (13, 27), (28, 40)])
    assert [source[start:end] for start, end in found] == ["Children are", "safe  and well.", "They say so."]
    text, offsets = reader.read([3])
    assert text == "They say so."
    assert source_spans(offsets, [(0, 4), (5, 12)]) == [
        (len(source) - 12, len(source) - 8),
        (len(source) - 7, len(source)),
    ]


def test_runs_of_white_space_become_one_space():
    assert single_spaced("Children\tare  safe") == "Children are safe"


@pytest.mark.parametrize("text", ["Good.", "Good?”", "they said:", "a; (b;)", "more…", "‘Why!’)"])
def test_marks_that_end_a_paragraph_are_seen_behind_closing_quotes_and_brackets(text):
    assert ends(text)


@pytest.mark.parametrize("text", ["Good", "Good,", "(see page 4)", "", "”"])
def test_other_text_has_no_end(text):
    assert not ends(text)


def test_the_marks_asked_about_can_be_chosen():
    assert ends("so, ”", (",",)) is False
    assert ends("so,”", (",",)) is True
