import pytest

from pipeline.articles import Article, Source
from pipeline.facts import INSPECTORATES, KINDS, read_facts


def columns(text: str) -> dict[str, str]:
    return read_facts(Article.of(Source("text", text))).columns()


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Focused visit to Ambrook children’s services", "focused_visit"),
        ("Focussed visit to Ambrook", "focused_visit"),
        ("Monitoring visit of Ambrook children’s services", "monitoring_visit"),
        ("Assurance visit to Ambrook", "assurance_visit"),
        ("Inspection of Ambrook local authority children’s services", "full_inspection"),
        ("Inspection of children’s social care services", "full_inspection"),
        ("Re-inspection of services for children in need of help", "full_inspection"),
        ("Inspection of looked after children services", "full_inspection"),
        ("Joint targeted area inspection of Ambrook", "joint_inspection"),
        ("Area SEND inspection of Ambrook Local Area Partnership", "send_area_inspection"),
        ("Inspection of youth offending services in Ambrook", "youth_justice_inspection"),
        ("Inspection of Ambrook children’s home", "childrens_home_inspection"),
        ("Inspection of Ambrook Fostering Service", "fostering_inspection"),
        ("Inspection of Ambrook Adoption Agency", "adoption_inspection"),
        ("Inspection of Ambrook Primary School", "school_inspection"),
        ("Inspection of Little Ambrook Nursery", "early_years_inspection"),
        ("Review of the effectiveness of the Local Safeguarding Children Board", "safeguarding_board_review"),
        ("Inspection of Ambrook", ""),
    ],
)
def test_the_kind_is_the_titles(title, kind):
    assert columns(f"{title}\n\nInspectors came for a week.\n")["inspection_kind"] == kind
    assert not kind or kind in KINDS


def test_a_story_says_of_what_kind_a_visit_was():
    story = "Care leavers do well\n\nIt was {} of children’s services in Ambrook."
    assert columns(story.format("the first monitoring visit"))["inspection_kind"] == "monitoring_visit"
    assert columns(story.format("found at a focused visit"))["inspection_kind"] == "focused_visit"
    assert columns(story.format("better than at the last monitoring visit"))["inspection_kind"] == ""
    assert columns(story.format("since its most recent full inspection"))["inspection_kind"] == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ofsted came to Ambrook.", "Ofsted"),
        ("write to enquiries@ofsted.example", "Ofsted"),
        ("The CQC and Ofsted both did.", "Ofsted"),
        ("The Care Quality Commission came.", "CQC"),
        ("It was His Majesty’s Inspectorate of Probation.", "HMI Probation"),
        ("Inspectors came.", ""),
        (
            "Joint targeted area inspection: Ofsted, the Care Quality Commission, HMICFRS and HMI Probation came.",
            "Ofsted; CQC; HMICFRS; HMI Probation",
        ),
        ("An area SEND inspection by CQC and Ofsted.", "CQC; Ofsted"),
        ("A child protection inspection by HMICFRS, seen by Ofsted.", "HMICFRS"),
    ],
)
def test_the_inspectorate_is_named(text, value):
    assert columns(text)["inspectorate"] == value
    assert all(name in INSPECTORATES for name in value.split("; ") if name)


@pytest.mark.parametrize(
    "text",
    [
        "Inspection dates: 3 May to 5 May 2022",
        "Inspection dates: \n3 – 5 May 2022",
        "Date of visit | 3–5 May 2022",
        "This is about the focused visit to Ambrook on 3 to 5 May 2022. It is short.",
        "Inspectors visited Ambrook\nbetween 3 and 5 May 2022.",
        "Since 2019 much has changed. An inspection took place from 3 to 5 May 2022.",
        "Thank you for the welcome that you gave us all on 3 and 5 May 2022.",
        "Inspection of Ambrook\n3 to 5 May 2022\n\nPage one.",
    ],
)
def test_the_days_of_an_inspection_are_read(text):
    assert columns(f"Inspection in Ambrook\n\n{text}\n")["inspection_dates"] == "2022-05-03/2022-05-05"


@pytest.mark.parametrize(
    "text",
    [
        "Inspectors came in May 2022.",
        "Since the last inspection on 3 May 2022 much has changed.",
        "The council met on 3 May 2022.",
        "It was 3 May 2022 when the visit was announced.",
        "3 May 2022",
        "Inspection dates: not given",
    ],
)
def test_other_days_are_not_those_of_the_inspection(text):
    assert columns(f"Help in Ambrook\n\n{text}\n")["inspection_dates"] == ""
