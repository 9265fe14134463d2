import pytest

from pipeline.articles import Article, Source
from pipeline.facts import read_facts
from pipeline.facts.page import reading

PROSE = "Inspectors came for a week and saw much that was good, and some things that were not, as they said later.\n"


def title(text: str) -> str:
    found = read_facts(Article.of(Source("text", text))).title
    if found is None:
        return ""
    assert reading(text[found.start : found.end]) == found.value
    return found.value


def test_a_letters_subject_is_its_title():
    letter = f"3 May 2022\n\nMs Dana Bell\nAmbrook Council\n\nDear Ms Bell\n\n{{}}\n\n{PROSE}"
    assert title(letter.format("Focused visit to Ambrook")) == "Focused visit to Ambrook"
    two = "Monitoring visit of Ambrook City Council\nchildren’s services"
    assert title(letter.format(two)) == "Monitoring visit of Ambrook City Council children’s services"
    assert title(letter.format("Focused visit to Ambrook children’s\nservices.")).endswith(
        "Ambrook children’s services"
    )
    assert title(letter.format("Care leavers in Ambrook")) == "Care leavers in Ambrook"


def test_a_letter_without_a_subject_has_no_title():
    assert title(f"Ms Dana Bell\n\nDirector\n\nDear Ms Bell\n\n{PROSE}") == ""


def test_a_letter_without_blank_lines_is_read_too():
    letter = f"3 May 2022\nMs Dana Bell\nAmbrook\nDear Ms Bell\nFocused visit to Ambrook children’s services\n{PROSE}"
    assert title(letter) == "Focused visit to Ambrook children’s services"


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ("Inspection of Ambrook \nchildren’s services", "Inspection of Ambrook children’s services"),
        ("Re-inspection of services for \nchildren in need", "Re-inspection of services for children in need"),
        ("Inspection of decision-\nmaking in Ambrook", "Inspection of decision-making in Ambrook"),
        ("Joint targeted area inspection of Ambrook", "Joint targeted area inspection of Ambrook"),
        ("Area SEND inspection of Ambrook", "Area SEND inspection of Ambrook"),
        ("Inspection of services1\nInspection dates: 3 to 5 May 2022", "Inspection of services"),
        ("Inspection of care leavers\nand\nReview of the board", "Inspection of care leavers"),
    ],
)  # fmt: skip
def test_a_reports_title_is_put_together(lines, value):
    assert title(f"Ambrook Council\n\n{lines}\n\nLead inspector: Jo Bell\n\n{PROSE}") == value


def test_a_sentence_is_no_title():
    text = f"Help praised in Ambrook\n\n{PROSE}\nInspection of records showed gaps.\n\n{PROSE}"
    assert title(text) == "Help praised in Ambrook"


def test_a_wrapped_line_that_begins_like_a_title_is_none():
    text = (
        "Help is late here\n\nIt was said of the council last week, after its third\nFocused visit to it, that it is."
    )
    assert title(text) == "Help is late here"


@pytest.mark.parametrize(
    ("above", "headline"),
    [
        ("", "Ambrook’s care leavers ‘do well’"),
        ("The Ambrook Gazette\n\nNEWS  SPORT  WEATHER  JOBS\n\n", "Ambrook’s care leavers ‘do well’"),
        ("Ambrook Local Offer\n\nHome > News > Inspections\n\n", "Area inspection: a summary"),
        ("News archive > 2014 > June\n\n", "Ambrook’s care leavers ‘do well’"),
        ("Ambrook Council\n\n", "Ambrook’s care leavers ‘do well’"),
        ("INSPECTIONS\n\n", "Ambrook’s care leavers ‘do well’"),
        ("The Ambrook Times\n\n", "Care leavers do well"),
    ],
)
def test_a_headline_is_told_from_the_name_of_the_paper(above, headline):
    assert title(f"{above}{headline}\n\nBy Jo Bell\n\n{PROSE}") == headline


def test_marks_of_markdown_are_no_part_of_a_title():
    assert title(f"# Ambrook does *well*\n\n{PROSE}") == "Ambrook does *well"
    assert title(f"## Ambrook does well ##\n\n{PROSE}") == "Ambrook does well"


def test_a_table_alone_has_no_title():
    assert (
        title("Judgement Grade\n\nLeaders\n\nGood\n\nCare leavers\n\nGood\n\nMore follows here.") != "Judgement Grade"
    )
    assert title("Help is late.") == ""
