"""All facts together: any text has them or not, and they are where they say they are."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import Article, Source
from pipeline.facts import FACT_COLUMNS, INSPECTORATES, KINDS, Facts, read_facts
from pipeline.facts.authorities import namings
from pipeline.facts.dates import day_at
from pipeline.facts.judgements import grade
from pipeline.facts.page import plain, reading

LETTER = """\
Ofsted
Store Street

9 June 2022

Ms Dana Bell
Director
Ambrook Council

Dear Ms Bell

Focused visit to Ambrook children’s services

This letter is about the focused visit to Ambrook on 3 and 4 May 2022.
"""

PIECES = (
    *(
        "Focused visit to ",
        "Inspection of ",
        "Ambrook ",
        "Derby City Council ",
        "Reading ",
        "children’s services",
        "\n",
    ),
    *("\n\n", "Dear Ms Bell", "3 May 2022", "4 to 9 June 2023", "31/12/2024", "Published: ", "Inspection dates: "),
    *(
        "Good",
        "Requires \nimprovement",
        "inadequate",
        "Overall effectiveness ",
        "Care leavers",
        "    ",
        " | ",
        ": ",
        "1. ",
    ),
    *("The overall judgement is ", "rated good overall", "Ofsted", "CQC and HMICFRS", "JTAI", "\f", "\r\n", "–", "’"),
    *("By Jo Bell, ", "Judgement\nGrade\n", ". ", "We saw it all and said so later on.", "\u200b", "\xad"),
)


def facts(text: str) -> Facts:
    return read_facts(Article.of(Source("text", text)))


def assert_read_from(text: str, found: Facts) -> None:
    """Every fact's value is really found at its place."""
    source = Source("text", text).text
    shown = plain(source)

    def at(fact) -> str:
        assert 0 <= fact.start < fact.end <= len(source)
        return source[fact.start : fact.end]

    if found.title:
        assert found.title.value == reading(at(found.title)) != ""
    if found.published:
        at(found.published)
        assert day_at(shown, found.published.start, found.published.end).first.isoformat() == found.published.value
    if found.inspection_dates:
        at(found.inspection_dates)
        read = day_at(shown, found.inspection_dates.start, found.inspection_dates.end)
        assert read.iso == found.inspection_dates.value
    if found.authority:
        at(found.authority)
        named = [naming.value for naming in namings(shown, found.authority.start, found.authority.end)]
        assert "; ".join(dict.fromkeys(named)) == found.authority.value
    if found.inspectorate:
        at(found.inspectorate)
        assert set(found.inspectorate.value.split("; ")) <= set(INSPECTORATES)
    if found.inspection_kind:
        at(found.inspection_kind)
        assert found.inspection_kind.value in KINDS
    for judgement in found.judgements:
        words = iter(reading(at(judgement.area)).replace("-", "- ").split())
        assert all(any(word in other for other in words) for word in judgement.area.value.replace("-", "- ").split())
        assert grade(at(judgement.grade)) == judgement.grade.value
    if found.overall:
        assert grade(at(found.overall)) == found.overall.value


def test_a_letters_facts_are_read_with_their_places():
    found = facts(LETTER)
    assert found.columns() == {
        "title": "Focused visit to Ambrook children’s services",
        "published": "2022-06-09",
        "authority": "",
        "inspectorate": "Ofsted",
        "inspection_kind": "focused_visit",
        "inspection_dates": "2022-05-03/2022-05-04",
        "judgements": "",
        "overall": "",
    }
    places = {name: LETTER[start:end] for name, (start, end) in found.spans().items()}
    assert places == {
        "title": "Focused visit to Ambrook children’s services",
        "published": "9 June 2022",
        "inspectorate": "Ofsted",
        "inspection_kind": "Focused visit",
        "inspection_dates": "3 and 4 May 2022",
    }
    assert_read_from(LETTER, found)


def test_facts_are_ready_for_json():
    text = (
        "Inspection of Ambrook children’s services\n\nCare leavers\nGood\n\nOverall effectiveness\nGood\n\nGood work.\n"
    )
    found = facts(text)
    assert tuple(found.to_dict()) == tuple(found.columns()) == FACT_COLUMNS
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert found.to_dict()["published"] is None
    assert found.to_dict()["overall"] == {
        "value": "good",
        "start": text.rindex("Good\n\n"),
        "end": text.rindex("\n\nGood w"),
    }
    assert [row["area"]["value"] for row in found.to_dict()["judgements"]] == ["Care leavers", "Overall effectiveness"]
    assert json.loads(found.columns()["judgements"]) == {"Care leavers": "good", "Overall effectiveness": "good"}
    assert set(found.spans()) == {
        *("title", "inspection_kind", "overall"),
        *("judgements: Care leavers", "judgements: Overall effectiveness"),
    }


def test_an_area_judged_twice_has_its_first_grade():
    found = facts("Care leavers\nGood\n\nCare leavers\nInadequate\n\nMore is told.\n")
    assert len(found.judgements) == 2
    assert json.loads(found.columns()["judgements"]) == {"Care leavers": "good"}


def test_facts_without_any_are_empty():
    assert set(Facts().columns().values()) == {""}
    assert Facts().spans() == {}
    assert facts("x") == facts(" . ") == Facts()


@given(st.text(max_size=300))
def test_any_text_has_facts_or_none(text):
    assert_read_from(text, facts(text))


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_facts_of_any_muddle_are_where_they_say(pieces):
    text = "".join(pieces)
    assert_read_from(text, facts(text))


@pytest.mark.parametrize(
    "text",
    [
        "3 May 2022\n" * 2000,
        "3, 4 and 5 to 6 - " * 20000,
        "Derby, Leeds & Kent and York; " * 1000,
        "Reading " * 130_000,
        "Inspection of " * 70_000,
        "Good\n" * 100_000,
        "Care leavers\nGood\n" * 20_000,
        "Overall " * 100_000,
        "Published: " * 50_000,
        "| " * 400_000,
        "- " * 400_000,
        " " * 500_000 + "x" + "\n" * 500_000,
        "a" * 1_000_000,
        "1." * 400_000,
        "\n".join(["requires " * 20] * 5000),
        "by Jo Bell, " * 50_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_facts_of_much_of_the_same_are_read_in_little_time(text):
    article = Article(Source("text", text), [])
    start = perf_counter()
    found = read_facts(article)
    assert perf_counter() - start < 2
    assert_read_from(text, found)
