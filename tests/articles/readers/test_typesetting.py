"""Typesetting: from placed lines to text and hints."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.readers.typesetting import Line, Page, compose


def line(text: str, base: float, left: float = 70, size: float = 12, bold: bool = False) -> Line:
    return Line(text, left, left + 0.5 * size * len(text), base, size, bold)


def paragraph(top: float, *texts: str, left: float = 70, size: float = 12, bold: bool = False) -> list[Line]:
    return [line(text, top - 14.4 * number, left, size, bold) for number, text in enumerate(texts)]


BODY = (
    "Leaders in Marlow Sands know their services well and act",
    "when plans for children drift or are not reviewed.",
)


def test_lines_of_a_paragraph_follow_one_another_and_a_wider_space_divides_paragraphs():
    text, hints = compose([Page(600, 800, [*paragraph(700, *BODY), *paragraph(657, *BODY)])])
    assert text == "\n".join(BODY) + "\n\n" + "\n".join(BODY)
    assert hints == {}


def test_larger_and_bolder_lines_are_headings():
    lines = [
        *paragraph(750, "Inspection of Marlow Sands", "children’s services", size=20),
        line("What needs to improve", 690, bold=True),
        *paragraph(660, *BODY),
    ]
    text, hints = compose([Page(600, 800, lines)])
    starts = [text.index(words) for words in ("Inspection", "children’s", "What")]
    assert hints == dict.fromkeys(starts, "heading")


def test_a_bold_sentence_and_bold_words_in_a_paragraph_are_no_headings():
    lines = [
        line("The council must act now.", 700, bold=True),
        *paragraph(660, *BODY),
        line("and that was", 631.2, bold=True),
        line("what inspectors saw.", 616.8),
    ]
    assert compose([Page(600, 800, lines)])[1] == {}


def test_bold_tells_nothing_where_all_is_bold():
    lines = [line("Findings", 700, bold=True), *paragraph(660, *BODY, bold=True)]
    assert compose([Page(600, 800, lines)])[1] == {}


def test_what_recurs_at_the_edges_of_pages_is_furniture_and_so_are_page_numbers():
    pages = [
        Page(
            600,
            800,
            [line(f"Inspection of Marlow Sands, page {n}", 30, size=8), *paragraph(700, *BODY), line(f"{n}", 20)],
        )
        for n in (1, 2, 3)
    ]
    text, hints = compose(pages)
    assert set(hints.values()) == {"furniture"}
    assert len(hints) == 6
    assert text.count("\f") == 2


def test_small_print_at_the_foot_of_a_page_is_furniture_and_its_mark_is_left_out():
    lines = [
        *paragraph(700, *BODY),
        Line("1", 70 + 6 * len(BODY[1]), 0, 690, 7, False),
        *paragraph(90, "The framework came into force in 2018.", "It is on the website.", size=9),
    ]
    text, hints = compose([Page(600, 800, lines)])
    assert text.startswith("\n".join(BODY) + "\n\nThe framework")
    assert [text[start : start + 6] for start in hints] == ["The fr", "It is "]


def test_a_list_of_contents_is_furniture():
    entries = [f"{name} ........ {page}" for page, name in enumerate(("Summary", "Children in care", "Leadership"), 2)]
    lines = [line("Contents", 740, size=16), *paragraph(700, *entries), *paragraph(600, *BODY)]
    text, hints = compose([Page(600, 800, lines)])
    assert [kind for start, kind in hints.items() if text[start:].startswith(("Summ", "Children in", "Lead"))][:3] == [
        "furniture"
    ] * 3


def test_columns_drawn_across_are_read_one_after_the_other():
    first = "Leaders in Marlow Sands know what / needs to improve and they act when / plans for children drift or are /"
    first += " left without review. Managers meet / each week and look at every child / who waits."
    second = "Visits are late in too many of the / cases that inspectors looked at and / children wait for their"
    second += (
        " plans to be / written. The council has said that it / will recruit more social workers and / train them."
    )
    left, right = paragraph(700, *first.split(" / ")), paragraph(700, *second.split(" / "), left=320)
    rows = [cell for row in zip(left, right, strict=True) for cell in row]
    text, _ = compose([Page(600, 800, [line("Findings across the whole width of the page and no less", 740), *rows])])
    assert "every child who waits. Visits are late in too many" in " ".join(text.split())


def test_a_page_drawn_from_below_is_read_from_above():
    text, _ = compose([Page(600, 800, [line("They act on it.", 600), line("Leaders know their services.", 700)])])
    assert text.index("Leaders") < text.index("They")


@given(
    st.lists(
        st.lists(
            st.builds(
                Line,
                st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=30),
                *[st.floats(-50, 900)] * 3,
                st.floats(0, 40),
                st.booleans(),
            ),
            max_size=12,
        ),
        max_size=4,
    )
)
def test_any_lines_make_a_text_with_hints_at_the_starts_of_lines(pages):
    text, hints = compose([Page(600, 800, lines) for lines in pages])
    starts = {0} | {place + 1 for place, character in enumerate(text) if character in "\n\f"}
    assert set(hints) <= starts
    assert text.count("\f") == max(len(pages) - 1, 0)
