import pytest

from pipeline.articles.speech.quotations import LONGEST, end_of, read, straight


def outside(text, mark=""):
    return " ".join(read(straight(text), mark).outside.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Visits are late.", "Visits are late."),
        ("“It is late,” said Jo.", '" said Jo.'),
        ('"It is late," said Jo. "We know."', '" said Jo. "'),
        ("'It is late,' said Jo.", '" said Jo.'),
        ("«It is late», said Jo.", '" , said Jo.'),
        ("Plans were “thin” and “late”.", 'Plans were " and " .'),
        ("It isn't the children's fault.", "It isn't the children's fault."),
        ("The inspectors’ report is fair.", "The inspectors' report is fair."),
        ("‘The inspectors’ report is fair,’ she said.", '" she said.'),
        ("“They said ‘no’ to us,” she said.", '" she said.'),
        ("It was the '90s.", "It was the '90s."),
        ("It is late,” said Jo.", '" said Jo.'),
    ],
)
def test_what_stands_outside_quotations(text, expected):
    assert outside(text) == expected


@pytest.mark.parametrize(
    ("text", "mark", "left"),
    [
        ("Jo said: “It is late.", "", '"'),
        ("Jo said: ‘It is late.", "", "'"),
        ("“It is late.”", "", ""),
        ("We know.", '"', '"'),
        ("We know.”", '"', ""),
        ("“We know.", '"', '"'),
        ("“We know,” said Jo. “We act.", "", '"'),
        ("We know,” said Jo. “We act.", '"', '"'),
    ],
)
def test_the_quotation_that_a_sentence_leaves_open(text, mark, left):
    assert read(straight(text), mark).mark == left


def test_a_paragraph_that_goes_on_with_a_quotation_has_nothing_outside():
    assert read('"We know.', '"').outside == ""


def test_a_quotation_opened_within_another_means_that_the_first_lost_its_end():
    quoted = read('We know. He said: "No."', '"')
    assert "He said" in quoted.outside
    assert not quoted.closes


def test_the_end_of_a_quotation_is_found_past_furniture():
    texts = ["“We know.", "Image source, PA", "“We act.", "It is late.”"]
    kinds = ["paragraph", "furniture", "paragraph", "paragraph"]
    assert end_of(texts, kinds, 0, '"') == 3


@pytest.mark.parametrize(
    "following",
    [["It was May."], ["He said: “No.”"], ["It was May."] * LONGEST + ["It is late.”"]],
)
def test_a_quotation_whose_end_was_lost_has_none(following):
    assert end_of(["“We know.", *following], ["paragraph"] * (1 + len(following)), 0, '"') is None


def test_a_quotation_does_not_run_past_a_heading():
    assert end_of(["“We know.", "What now", "We act.”"], ["paragraph", "heading", "paragraph"], 0, '"') is None
