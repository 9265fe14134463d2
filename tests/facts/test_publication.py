import pytest

from pipeline.articles import Article, Source
from pipeline.facts import read_facts


def published(text: str) -> str:
    found = read_facts(Article.of(Source("text", text))).published
    return found.value if found else ""


STORY = "Care leavers in Ambrook do well\n\n{}\n\nInspectors said so on 9 June 2022 in a letter to the council.\n"


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2022",
        "| 03 May 2022",
        "Tuesday, 3rd May 2022, 5:00 am\nUpdated 11:42 am",
        "07:15 BST 3 May 2022",
        "May 3, 2022",
        "Published: 3 May 2022 10:15",
        "*Published: Tuesday 3 May 2022 | Categories: News*",
        "Published\n3 May 2022",
        "Health | Published on 3 May 2022",
        "By Jo Bell, 3 May 2022",
        "Jo Bell · 3 May 2022 · 4 min read",
        "By Jo Bell | 3 May 2022",
        "2022-05-03",
        "03/05/2022",
        "1 April 2022\n\nPublished: 3 May 2022",
    ],
)
def test_a_story_is_dated(line):
    assert published(STORY.format(line)) == "2022-05-03"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "May 2022",
        "Last updated: 3 May 2022",
        "Inspected on 3 May 2022",
        "Visit date:\n3 May 2022",
        "3 May to 5 May 2022",
        "3 May 2022 was a Tuesday",
        "published on 3 of the 5 May days",
    ],
)
def test_other_dates_are_not_the_day_of_publication(line):
    assert published(STORY.format(line)) == ""


def test_a_report_says_when_it_was_published():
    report = "Inspection of Ambrook\n\nInspection dates: 3 May 2022 – 9 May 2022\n\n{}\n\nServices are good.\n"
    assert published(report.format("Report published: 12 July 2022")) == "2022-07-12"
    assert published(report.format("Published:\n12 July 2022")) == "2022-07-12"
    assert published(report.format("Report published: 12/07/2022")) == "2022-07-12"
    assert published(report.format("Lead inspector: Jo Bell")) == ""


def test_the_day_of_a_visit_is_not_that_of_its_publication():
    text = "Inspection of Ambrook\n\n3 May 2022\n\nInspection date: 3 May 2022\n\nHelp is late.\n"
    assert published(text) == ""


def test_a_date_that_a_wrapped_paragraph_leaves_on_a_line_is_none():
    text = "Help in Ambrook\n\nThe council said that it would put right what was found on\n3 May 2022\nand soon.\n"
    assert published(text) == ""


def test_the_date_of_a_letter_may_stand_below_its_subject():
    text = (
        "Dear Ms Bell\n\nFocused visit to Ambrook\n\nThis is about a visit on 3 May 2022.\n\n"
        "Ofsted\nStore Street\n\n9 June 2022\n\nDana Bell\n"
    )
    assert published(text) == "2022-06-09"
