from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts.dates import day_at, days
from pipeline.facts.page import plain


def intervals(text: str) -> list[str]:
    return [found.iso for found in days(plain(text))]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("3 May 2022", "2022-05-03/2022-05-03"),
        ("Monday 3rd of May 2022", "2022-05-03/2022-05-03"),
        ("May 3, 2022", "2022-05-03/2022-05-03"),
        ("03/05/2022", "2022-05-03/2022-05-03"),
        ("3.5.2022", "2022-05-03/2022-05-03"),
        ("3/5/22", "2022-05-03/2022-05-03"),
        ("2022-05-03", "2022-05-03/2022-05-03"),
        ("8th Sept. 2018", "2018-09-08/2018-09-08"),
        ("17 March to 21 March 2025", "2025-03-17/2025-03-21"),
        ("26 to 27 March 2025", "2025-03-26/2025-03-27"),
        ("26 and\n27 March 2025", "2025-03-26/2025-03-27"),
        ("22–23 October 2019", "2019-10-22/2019-10-23"),
        ("14 January – 4 February 2015", "2015-01-14/2015-02-04"),
        ("14 January 2015–4 February 2015", "2015-01-14/2015-02-04"),
        ("1/06/2015 – 25/06/2015", "2015-06-01/2015-06-25"),
        ("3, 4 and 9 June 2021", "2021-06-03/2021-06-09"),
        ("12 December to 9 January 2026", "2025-12-12/2026-01-09"),
        ("30 September to 11 October 2024 and 14 to 16 January 2025", "2024-09-30/2025-01-16"),
        ("Monday 3 to Friday 7 November 2025", "2025-11-03/2025-11-07"),
    ],
)
def test_days_are_read_as_they_are_written(text, interval):
    assert intervals(text) == [interval]
    (found,) = days(plain(text))
    assert (found.start, found.end) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May 2022",
        "3 May",
        "31 February 2022",
        "3 May 1066",
        "30 May to 3 April 2022 and 1 March 2022",
        "0300 123 1231",
        "1,234 children in 2022",
        "99/99/2022",
        "2.1.10",
        "2022-13-01",
        "17 and 21",
        "step 3 may 2022x",
    ],
)
def test_what_is_no_day_with_a_year_is_none(text):
    assert intervals(text) == []


def test_what_follows_a_span_is_no_part_of_it():
    text = "from 3 to 7 November 2025, 12 people came on 4 December 2025."
    assert intervals(text) == ["2025-11-03/2025-11-07", "2025-12-04/2025-12-04"]
    assert [text[found.start : found.end] for found in days(text)] == ["3 to 7 November 2025", "4 December 2025"]
    assert [found.single for found in days(text)] == [False, True]


def test_a_day_is_read_exactly_where_it_is_asked_for():
    assert day_at("on 3 May 2022", 3).iso == "2022-05-03/2022-05-03"
    assert day_at("on 3 May 2022", 0) is None
    assert day_at("3 May 2022", 0, 5) is None


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["%-d %B %Y", "%d/%m/%Y", "%Y-%m-%d", "%B %-d, %Y", "%A %-d %b %Y"]),
)
def test_a_day_written_is_the_day_read(day, form):
    written = day.strftime(form)
    assert intervals(written) == ([f"{day}/{day}"] if 1900 <= day.year <= 2100 else [])


@given(st.text("0123456789 /-.,toandMayJune&\n", max_size=200))
def test_any_text_has_days_in_order_that_do_not_overlap(text):
    at = 0
    for found in days(text):
        assert at <= found.start < found.end <= len(text)
        assert found.first <= found.last
        at = found.end
