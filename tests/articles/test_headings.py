import pytest

from pipeline.articles.headings import is_grade
from pipeline.articles.layout import blocks


def kinds(text):
    return [(block.kind, block.text) for block in blocks(text)]


def headed(text):
    return [(block.heading, block.text) for block in blocks(text) if block.kind != "heading"]


SENTENCE = "Children are safe, and their workers know them well."


@pytest.mark.parametrize(
    "line",
    [
        "Findings",
        "Children in care",
        "Care leavers ‘left behind’ in Aldbrook, inspectors find",
        "What needs to improve?",
        "Where are they? Inspectors ask after 60 pupils",
        "The experiences of care leavers: good",
        "‘We were never asked’",
        "iPads for all",
        "## Findings",
        "5.1 Adoption",
    ],
)
def test_a_short_line_before_text_is_a_heading(line):
    assert kinds(f"{line}\n\n{SENTENCE}") == [("heading", line), ("paragraph", SENTENCE)]


@pytest.mark.parametrize(
    "line",
    [
        "Children are safe.",
        "Children are safe!",
        "Good",
        "Requires improvement to be good",
        "children who need help",
        "They are safe. They are well",
        "A line of nineteen words " * 4,
        "The letter says:",
    ],
)
def test_other_short_lines_are_not(line):
    assert kinds(f"{line}\n\n{SENTENCE}")[0] == ("paragraph", line.strip())


def test_a_last_line_heads_nothing():
    assert kinds(f"{SENTENCE}\n\nAldbrook Council")[-1] == ("paragraph", "Aldbrook Council")


def test_a_lead_in_heads_its_list_and_nothing_after_it():
    text = f"Findings\n\nLeaders should improve:\n\n- Visits.\n- Plans.\n\n{SENTENCE}"
    assert headed(text) == [
        ("Leaders should improve:", "- Visits."),
        ("Leaders should improve:", "- Plans."),
        ("Findings", SENTENCE),
    ]


def test_a_lead_in_without_a_heading_above_it_is_a_heading():
    assert headed("Leaders should improve:\n\n- Visits.")[0] == ("Leaders should improve:", "- Visits.")


def test_text_stands_under_the_last_heading_without_its_marks():
    text = f"# Summary #\n\n{SENTENCE}\n\n**Care leavers**\n\n{SENTENCE}\n\n3 May 2020"
    assert headed(text) == [("Summary", SENTENCE), ("Care leavers", SENTENCE), ("Care leavers", "3 May 2020")]


def test_a_paragraph_in_quotation_marks_is_a_quote():
    assert kinds(f"“We listen. We act.”\n{SENTENCE}")[0][0] == "quote"
    assert kinds(f"‘We listen. We act.’\n{SENTENCE}")[0][0] == "quote"
    assert kinds(f"“We listen,” said Jo Bell.\n{SENTENCE}")[0][0] == "paragraph"


def test_a_list_of_inspectors_is_furniture():
    assert kinds(f"Team inspectors: Jo Bell HMI, Al Frame HMI\n\n{SENTENCE}")[0][0] == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "If you would like a copy of this document in a different format, such as large print, please telephone us.",
        "You may reuse this information (not including logos) free of charge in any format or medium.",
        "This report is available at https://reports.example.org/.",
        "Interested in our work? You can subscribe to our newsletter for more.",
    ],
)
def test_an_imprint_is_furniture_whole(line):
    assert kinds(f"{SENTENCE}\n\n{line} {SENTENCE}") == [
        ("paragraph", SENTENCE),
        ("furniture", f"{line} {SENTENCE}"),
    ]
    assert kinds(f"{SENTENCE} {line}")[0][0] == "paragraph"


def test_grades():
    assert is_grade("Good")
    assert is_grade("Requires improvement to be good.")
    assert not is_grade("Good progress")


def test_the_areas_of_a_table_of_grades_head_their_grades_only():
    table = (
        "Inspection of Aldbrook\n\n3 May 2026\n\nJudgement\n\nGrade\n\nHelp and protection\n\nGood\n\nCare leavers\n\n"
    )
    text = f"{table}Inadequate\n\n{SENTENCE}\n\n{SENTENCE}\n\nCare leavers: inadequate\n\n{SENTENCE}"
    assert headed(text) == [
        ("Inspection of Aldbrook", "3 May 2026"),
        ("Help and protection", "Good"),
        ("Care leavers", "Inadequate"),
        ("Inspection of Aldbrook", SENTENCE),
        ("Inspection of Aldbrook", SENTENCE),
        ("Care leavers: inadequate", SENTENCE),
    ]


def test_what_follows_a_table_of_grades_stands_under_its_last_area_where_that_is_the_whole():
    text = f"Aldbrook\n\n3 May 2026\n\nCare leavers\n\nGood\n\nOverall effectiveness\n\nGood\n\n{SENTENCE}"
    assert headed(text)[-1] == ("Overall effectiveness", SENTENCE)


def test_a_section_that_begins_with_its_grade_is_no_table():
    assert headed(f"Aldbrook\n\n3 May 2026\n\nCare leavers\n\nGood\n\n{SENTENCE}")[-1] == ("Care leavers", SENTENCE)
