import pytest

from pipeline.articles.markers import CHANCE_MARKER, LONE_MARKER, MARKER


@pytest.mark.parametrize(
    ("line", "marker"),
    [
        ("◼ Text", "◼ "),
        ("\uf06e Text", "\uf06e "),
        ("\uf02dText", "\uf02d"),
        ("•\tText", "•\t"),
        ("★ Text", "★ "),
        ("- Text", "- "),
        ("– Text", "– "),
        ("‒ Text", "‒ "),
        ("o Text", "o "),
        ("12. Text", "12. "),
        ("3) Text", "3) "),
        ("(7) Text", "(7) "),
        ("(b) Text", "(b) "),
        ("iv. Text", "iv. "),
    ],
)
def test_an_item_begins_with_a_marker(line, marker):
    assert MARKER.match(line).group() == marker


@pytest.mark.parametrize("line", ["-Text", "2019. Text", "3.4 Text", "On Monday", "Text", "A. Text", "good) Text", "-"])
def test_other_lines_have_no_marker(line):
    assert not MARKER.match(line)


@pytest.mark.parametrize("line", ["◼", "-", "–", "12.", "(3)", "(b)", "o"])
def test_a_marker_can_stand_alone(line):
    assert LONE_MARKER.match(line)


def test_glyphs_are_no_accident_of_wrapping_but_dashes_and_numbers_may_be():
    assert not CHANCE_MARKER.match("◼ Text")
    assert all(CHANCE_MARKER.match(line) for line in ("– text", "12. Text", "(3) text", "b) text"))
