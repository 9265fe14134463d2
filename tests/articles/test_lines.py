import pytest

from pipeline.articles.lines import lines, wrap_width

WRAPPED = (
    "Children in Aldbrook who need help are seen quickly by workers who\n"
    "know them and who listen to what they say about life at home, and\n"
    "families told inspectors that this had made a difference to them.\n"
)


def in_source(text, found):
    """What stands in a text where lines start."""
    return [text[start : start + len(line)] for line, start in zip(found.texts, found.starts, strict=True)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\x85", "\u2028", "\u2029"])
def test_every_line_end_counts_once(end):
    text = f"One{end}{end}Two{end}Three{end}"
    found = lines(text)
    assert found.texts == ["One", "Two", "Three"]
    assert found.gaps == [0, 1, 0]
    assert in_source(text, found) == found.texts


def test_a_form_feed_starts_a_page():
    found = lines("One\n\fTwo\nStill two\n\f\n\fFour")
    assert found.texts == ["One", "Two", "Still two", "Four"]
    assert found.pages == [0, 1, 3, 3]
    first, *second, fourth = (found.page(number) for number in range(4))
    assert first < second[0] == second[1] < fourth


def test_space_and_characters_that_take_no_room_are_no_part_of_a_line():
    text = "\ufeff\u200b One \u200b\n\u200b\u2060\n\t Two\xa0"
    found = lines(text)
    assert (found.texts, found.gaps) == (["One", "Two"], [0, 1])
    assert in_source(text, found) == found.texts


def test_glued_site_text_is_a_line_of_its_own():
    text = "\nChildren waited outside.Image source, Getty ImagesImage caption, The hall"
    found = lines(text)
    assert found.texts == ["Children waited outside.", "Image source, Getty Images", "Image caption, The hall"]
    assert found.gaps == [1, 0, 0]
    assert in_source(text, found) == found.texts


def test_it_is_known_how_each_line_begins_and_ends():
    found = lines("Children\nare safe.\n- item (why?)\nb) more:")
    assert list(found.small) == [False, True, False, True]
    assert list(found.marked) == [False, False, True, True]
    assert list(found.ended) == [False, True, True, True]


def test_the_wrap_width_is_that_of_lines_that_go_on():
    assert 60 <= wrap_width(lines(WRAPPED)) <= 70


def test_paragraphs_on_lines_of_their_own_are_not_wrapped():
    assert wrap_width(lines("Children are seen quickly and are safe.\n\nThey are heard.\nWorkers stay.")) == 0
    assert wrap_width(lines("")) == 0
