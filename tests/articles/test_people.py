import pytest

from pipeline.articles.people import is_byline, is_post, is_role, is_team


@pytest.mark.parametrize(
    "line",
    [
        "By Jo Bell",
        "By JO BELL and Al de Frame, Aldbrook",
        "Words: the communications team",
        "Written by Jo Bell | 3 May 2020",
        "Posted by Jo Bell on Tuesday 3 May",
        "By BBC News",
        "By Tobi (15) and Arash (16)",
        "Compiled by Jo Bell",
        "Jo Bell, education correspondent",
        "Jo Bell Local Democracy Reporter",
        "Local Democracy Reporting Service",
        "Jo Bell, 3 May 2020",
        "Jo Bell · 3 May 2020 · 4 min read",
        "Long read • Jo Bell • 3 May",
        "By  Jo \t Bell",
    ],
)
def test_a_line_that_names_the_writer_is_a_byline(line):
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By April, leaders had put this right",
        "By Friday, every child had been seen",
        "From September, a new team will take over",
        "However, the news was better for care leavers",
        "And, dear reader, the news is good",
        "By then it was too late",
        "Focused Visit, March 2021",
        "Aldbrook County Council, 3 May 2022",
        "Children in Aldbrook are safe",
        "Good | Outstanding",
    ],
)
def test_other_lines_are_no_byline(line):
    assert not is_byline(line)


def test_posts_and_desks():
    assert is_post("Education correspondent")
    assert is_post("East region news")
    assert is_post("Reporter, Aldbrook")
    assert not is_post("Children are safe and their workers know them well")


@pytest.mark.parametrize(
    "line",
    [
        "Lead inspector: Jo Bell HMI",
        "Lead inspector: Jo Bell, His Majesty’s Inspector",
        "Reporting inspector Jo Bell HMI",
        "Jo Bell, Her Majesty’s Inspector",
        "Jo Bell, Ofsted Inspector",
        "Inspectors",
        "URN: 80512",
    ],
)
def test_a_line_that_names_an_inspector_or_a_reference_is_a_role(line):
    assert is_role(line)


@pytest.mark.parametrize(
    "line",
    [
        "Inspectors: council must do better for its care leavers",
        "Ofsted inspectors praised the staff",
        "Inspectors found that children were safe",
        "The inspection team met 40 children",
        "Provider: the council has been slow to act",
    ],
)
def test_a_headline_about_inspectors_is_not(line):
    assert not is_role(line)


def test_a_paragraph_of_names_is_a_team():
    assert is_team("Team inspectors: Jo Bell HMI, Al Frame (AI), Di O’Moss and Cy van Zandt.")
    assert is_team("Senior data analyst: Jo Bell")
    assert not is_team("Team inspectors: Jo Bell met 40 children and their workers.")
    assert not is_team("Team inspectors: " + "Jo Bell, " * 100)
