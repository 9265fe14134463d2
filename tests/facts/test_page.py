from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.page import HEAD, Page, plain, reading


@given(st.text())
def test_plain_text_has_the_same_offsets(text):
    assert len(plain(text)) == len(text)


@given(st.text("ab \n\r\f\t.’“–"))
def test_lines_know_their_place(text):
    page = Page(text)
    for line in page.all_lines:
        assert page.text[line.start : line.end] == line.text
        assert line.text == line.text.strip() != ""


def test_marks_are_made_plain_and_lines_told_apart():
    page = Page("“It’s”\xa0– so\r\n\r\nnext\fpage\n")
    assert [(line.text, line.gap) for line in page.lines] == [('"It\'s" - so', False), ("next", True), ("page", False)]


def test_reading_joins_lines_and_drops_what_is_unseen():
    assert reading("decision-\n making \u200b in  Am\u200bbrook") == "decision-making in Ambrook"


def test_prose_starts_where_lines_are_full_or_one_is_long():
    full = "Inspectors looked at what the council does for its children.\n"
    assert Page(f"Title\n\nName\n\n{full * 3}").prose == len("Title\n\nName\n\n")
    assert Page("Title\n\n" + "word " * 30).prose == len("Title\n\n")
    assert Page("Title\n\nName\n").prose == len("Title\n\nName\n")
    assert Page("Line\n" * HEAD).prose == HEAD
