import json

import pytest

from pipeline.articles import Article, Source
from pipeline.facts import Facts, read_facts

LEADERS = "The impact of leaders on practice with children"
AREAS = {LEADERS: "good", "Care leavers": "requires improvement", "Overall effectiveness": "outstanding"}


def facts(text: str) -> Facts:
    return read_facts(Article.of(Source("text", text)))


def grades(text: str) -> dict[str, str]:
    return json.loads(facts(text).columns()["judgements"] or "{}")


@pytest.mark.parametrize(
    "table",
    [
        # As web pages and text taken from PDF give them.
        "Judgement \nGrade\n\nThe impact of leaders on practice \nwith children\n\nGood\n\nCare leavers\n\n"
        "Requires improvement to be good\n\nOverall effectiveness \nOutstanding\n",
        "Judgement\nGrade\nThe impact of leaders on practice\nwith children\nGood\nCare leavers\nRequires improvement\n"
        "to be good\nOverall effectiveness\nOutstanding\n",
        "1. The impact of leaders on practice with children.\nGood\n\n2.1 Care leavers\nRequires \nimprovement\n\n"
        "3. \nOverall effectiveness\nOutstanding\n",
        # Beside each other.
        "Judgement Grade\nThe impact of leaders on practice\nwith children Good\nCare leavers Requires improvement\n"
        "Overall effectiveness Outstanding\n",
        "The impact of leaders on practice with children     Good\nCare leavers     Requires improvement to be good\n"
        "Overall effectiveness\tOutstanding\n",
        "The impact of leaders on practice      Good\nwith children\nCare leavers        Requires improvement to\n"
        "                     be good\nOverall effectiveness       Outstanding\n",
        "The impact of leaders on practice      Good\nwith children\nCare leavers                  Requires\n"
        "                          improvement\nOverall effectiveness       Outstanding\n",
        "| Judgement | Grade |\n|---|---|\n| The impact of leaders on practice with children | Good |\n"
        "| Care leavers | **Requires improvement** |\n| Overall effectiveness | Outstanding |\n",
        # One by one.
        "- The impact of leaders on practice with children: good\n\nSo.\n\n- Care leavers: requires improvement\n\n"
        "It was so.\n\n- Overall effectiveness: Outstanding\n",
    ],
)
def test_tables_are_read_however_they_are_set(table):
    found = facts(f"Inspection of Ambrook children’s services\n\n{table}\nServices in Ambrook are well led.\n")
    assert json.loads(found.columns()["judgements"]) == AREAS
    assert list(json.loads(found.columns()["judgements"])) == list(AREAS)
    assert found.overall.value == "outstanding"


def test_places_are_those_of_area_and_grade():
    text = "Judgement\nGrade\n\n1. Care \nleavers\nRequires \nimprovement\n\n2. Leaders\nGood\n"
    places = [(text[a.start : a.end], text[g.start : g.end]) for a, g in facts(text).judgements]
    assert places == [("Care \nleavers", "Requires \nimprovement"), ("Leaders", "Good")]


def test_a_list_of_an_older_report_is_read_with_its_board():
    text = (
        "The overall judgement is that children’s services require\nimprovement\n\nThe areas are:\n\n"
        "1. Help and protection\nrequires\nimprovement\n\n2. Adoption\nNot judged\n\n"
        "3. Care leavers\nInadequate Grade 4\n\nThe effectiveness of the Local Board (LSCB) is \ngood.2\n\nIt is.\n"
    )
    assert grades(text) == {
        "Help and protection": "requires improvement",
        "Care leavers": "inadequate",
        "The effectiveness of the Local Board (LSCB)": "good",
    }
    assert facts(text).overall.value == "requires improvement"


def test_a_table_at_the_end_of_a_long_report_is_found():
    text = "Inspection of looked after children services\n\n" + "Much is told here of Ambrook.\n\n" * 1000
    assert grades(text + "Overall effectiveness\nAdequate\n\nQuality of provision\nGood\n") == {
        "Overall effectiveness": "adequate",
        "Quality of provision": "good",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Help in Ambrook\n\nServices for care leavers are now\ngood\nand they were not before.\n",
        "Help in Ambrook\n\nThe care leavers' service was judged to be Good\n",
        "Help is late here\n\nLunch\nGood\n",
        "Help is late here\n\nLunch: good\nTea: outstanding\n",
        "Care leavers at the last inspection: good\n",
        "Grade in 2019: inadequate\n",
        "Good\n",
        "Help is late. Care leavers: good\n",
        "Inspection: overall effectiveness, good\n",
        "Good\nGood\nGood\n",
        "What is so good\n",
    ],
)
def test_prose_and_stray_grades_are_no_judgements(text):
    assert grades(text) == {}


def test_a_visit_ends_without_grades():
    text = "Focused visit to Ambrook children’s services\n\nCare leavers: good\n\nThe overall judgement is good.\n"
    assert facts(text).judgements == ()
    assert facts(text).overall is None


def test_areas_beside_known_ones_are_read_too():
    assert grades("Help and protection: good\nHealth: inadequate\n") == {
        "Help and protection": "good",
        "Health": "inadequate",
    }


def test_a_table_goes_on_over_a_page_break_and_ends_where_text_begins():
    text = "Judgement\nGrade\n\nLeaders\nGood\n\nHelp\nGood\n{}\nCare leavers\nInadequate\n\nServices are good.\n"
    page = "\n3\n\f\nInspection of Ambrook children’s services\n3 to 7 May 2022\n"
    assert list(grades(text.format(page))) == ["Leaders", "Help", "Care leavers"]
    assert list(grades(text.format("\nThat is so.\n"))) == ["Leaders", "Help"]
