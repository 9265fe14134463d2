import pytest

from pipeline.articles.dates import is_date


@pytest.mark.parametrize(
    "line",
    [
        "8 June 2018",
        "| 08 June 2018",
        "June 8, 2018",
        "June 2018",
        "8th Sept 2018",
        "08/06/2018",
        "2018-06-08",
        "Friday 8 June 2018",
        "Published: 3 March 2021 10:15",
        "Published on 3 March 2021.",
        "07:15 BST 8 Apr 2025",
        "Posted 18th May 2017 at 16:40",
        "11 to 15 March 2024",
        "28 February to 3 March 2023",
        "Inspection dates: 2 to 13 December 2024",
        "3 May 2020 | Updated 4 May",
        "3 hours ago",
        "Published two weeks ago",
    ],
)
def test_a_dressed_date_is_a_date(line):
    assert is_date(line)


@pytest.mark.parametrize(
    "line",
    [
        "February 2013.",
        "May 2020 was the month in which visits began again",
        "On 8 June 2018 inspectors came back",
        "8 June 2018 saw the council’s first visit since the pandemic began",
        "March on the town hall",
        "Published",
        "12",
        "Two weeks ago, the council lost its director and has not found another yet",
    ],
)
def test_a_date_in_a_sentence_or_at_its_end_is_not(line):
    assert not is_date(line)
