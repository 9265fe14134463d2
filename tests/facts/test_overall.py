import pytest

from pipeline.articles import Article, Source
from pipeline.facts import read_facts


def overall(text: str) -> str:
    found = read_facts(Article.of(Source("text", text))).overall
    if found:
        assert text[found.start : found.end].lower().startswith(found.value.split()[0][:6])
    return found.value if found else ""


@pytest.mark.parametrize(
    ("statement", "grade"),
    [
        ("The overall judgement is good", "good"),
        ("The overall judgement is that children’s services are \ninadequate.2", "inadequate"),
        ("The overall judgement is that children’s services require \nimprovement", "requires improvement"),
        ("Children’s services in Ambrook are outstanding", "outstanding"),
        ("Children’s services in the Borough of Ambrook requires improvement to \nbe good", "requires improvement"),
        ("Children’s services in Ambrook are good. Leaders are ambitious.", "good"),
        ("Overall, services for children in Ambrook require improvement to be good.", "requires improvement"),
        ("Overall effectiveness of services for children is inadequate.", "inadequate"),
        ("Ofsted rated its services ‘inadequate’ overall.", "inadequate"),
        ("The borough was judged to require improvement to be good overall.", "requires improvement"),
        ("Children’s services overall were judged to require improvement.", "requires improvement"),
        ("Its overall rating is now “outstanding”, up one grade.", "outstanding"),
    ],
)  # fmt: skip
def test_a_plain_statement_gives_the_overall_grade(statement, grade):
    assert overall(f"Help in Ambrook\n\n{statement}\n\nMore follows.\n") == grade


@pytest.mark.parametrize(
    "statement",
    [
        "Children’s services in Ambrook are good at listening.",
        "The borough was rated inadequate overall in 2019.",
        "It was previously judged good overall.",
        "Since the last inspection, when services were judged inadequate overall, much has changed.",
        "It has never been rated good overall.",
        "Overall, it is a good team.",
        "Leaders were rated good.",
        "The overall judgement will be published.",
    ],
)
def test_other_grades_are_not_the_overall_grade(statement):
    assert overall(f"Help in Ambrook\n\n{statement}\n\nMore follows.\n") == ""
