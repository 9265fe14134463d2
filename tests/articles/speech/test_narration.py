import pytest

from pipeline.articles.speech.clauses import Clause
from pipeline.articles.speech.narration import announces, is_background, is_headline, looks_at
from pipeline.articles.speech.speakers import speakers


@pytest.mark.parametrize(
    "text",
    [
        "Aldbrook has 90 care leavers.",
        "The council looks after about 300 children.",
        "The home has six beds.",
        "The visit took place in May.",
        "The council was last inspected in 2019.",
        "Visits of this kind do not lead to a grade.",
        "The service, rated inadequate since 2013, is small.",
        "Council leader Jo Bell stood down.",
        "It costs £3m a year.",
        "Have you been in care?",
        "We will say more on Friday.",
        "Email the newsdesk.",
    ],
)
def test_what_an_article_tells_itself(text):
    assert is_background(Clause(text), text)


@pytest.mark.parametrize(
    "text",
    [
        "Plans are weak.",
        "Some children waited eleven weeks.",
        "Nine in ten plans have dates in them.",
        "Leaders know their services well.",
        "The council is in touch with most care leavers.",
        "The director knows every team.",
        "Staff should be trained.",
    ],
)
def test_what_may_be_part_of_what_inspectors_found(text):
    assert not is_background(Clause(text), text)


def test_what_inspectors_looked_at():
    assert looks_at(Clause("Inspectors visited in May and looked at plans."))
    assert not looks_at(Clause("The council looked at the letter."))
    assert not looks_at(Clause("After the inspection, the council looked at plans."))


def test_headlines_that_tell_a_judgement():
    assert is_headline(Clause("Aldbrook rated good"))
    assert is_headline(Clause("Council told to improve"))
    assert not is_headline(Clause("Aldbrook improves"))


@pytest.mark.parametrize(
    ("heading", "announced"),
    [
        ("What inspectors found", True),
        ("What needs to improve", True),
        ("What happens next", False),
        ("What the council says", False),
        ("Mental health", None),
    ],
)
def test_what_headings_announce(heading, announced):
    assert announces(Clause(heading)) == announced


def test_what_was_found_goes_on_until_someone_else_speaks():
    texts = [
        "Inspectors found weak plans.",
        "Visits are late.",
        "Aldbrook has 90 care leavers.",
        "Supervision is rare.",
        "Cllr Jo Bell said it would change.",
        "It would take a year.",
        "The town lies on the coast.",
    ]
    expected = ["inspector", "inspector", "narrator", "inspector", "provider", "provider", "narrator"]
    assert speakers(texts, ["paragraph"] * len(texts), own_document=False) == expected


def test_a_list_is_whose_words_introduce_it():
    texts = ["The council said it would:", "hire staff", "open a home", "The town is small."]
    kinds = ["paragraph", "bullet", "bullet", "paragraph"]
    assert speakers(texts, kinds, own_document=False) == ["provider", "provider", "provider", "narrator"]


def test_a_heading_ends_what_was_found_when_it_announces_something_else():
    texts = [
        "Inspectors found weak plans.",
        "What we are doing",
        "Plans are now read.",
        "What inspectors found",
        "Fine.",
    ]
    kinds = ["paragraph", "heading", "paragraph", "heading", "paragraph"]
    expected = ["inspector", "narrator", "narrator", "narrator", "inspector"]
    assert speakers(texts, kinds, own_document=False) == expected
