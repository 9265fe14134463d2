"""Dates: lines that are a date, however it is dressed."""

from __future__ import annotations

import re

from pipeline.articles.phrases import any_of

_MONTH = any_of(
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?"),
    *("sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_WEEKDAY = any_of("mon", "tues?", "wed(?:nes)?", "thu(?:rs)?", "fri", "sat(?:ur)?", "sun") + "(?:day)?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"\d{4}"
_TIME = any_of(r"\d{1,2}[:.]\d\d(?:\s*[ap]m)?", r"\d{1,2}\s*[ap]m") + r"(?:\s*(?:gmt|bst|utc))?"

# "8 June 2018", "June 8, 2018", "June 2018", "08/06/18", "2018-06-08"
DATE = any_of(
    rf"{_DAY} {_MONTH},?(?:\s+(?:{_YEAR}|\d\d))?",
    rf"{_MONTH} {_DAY},?(?:\s+{_YEAR})?",
    rf"{_MONTH} {_YEAR}",
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}",
    r"\d{4}-\d\d-\d\d",
)
_BEFORE = any_of(
    *("(?:first |last )?(?:published|posted|updated|modified)", "dated?", "created", "issued", "release date"),
    *("(?:inspection|visit) dates?", "dates? of (?:inspection|visit|publication)", "report published"),
)
_TO = r"\s*(?:to|and|-|–|&)\s*"
_WEEKDAY_BEFORE = rf"(?:{_WEEKDAY},?\s*)?"

# "| 08 June 2018", "Published: 3 March 2021 10:15", "11 to 15 March 2024", "3 May 2020 | Updated 4 May", "3 May – News"
_DATE_LINE = re.compile(
    rf"[|•·\s-]*+(?P<label>{_BEFORE}(?:\s+on)?\b\s*[:|-]?\s*)?{_WEEKDAY_BEFORE}(?:at\s+)?"
    rf"(?:{_TIME}[,\s]*(?:on\s+)?{_WEEKDAY_BEFORE})?"
    rf"(?:\d{{1,2}}(?:\s+{_MONTH}(?:\s+{_YEAR})?)?{_TO})?{DATE}(?:{_TO}{DATE})?"
    rf"[,|\s–-]*(?:at\s+)?(?:{_TIME})?[.\s]*"
    rf"(?:[|•·,–-]?\s*(?:last\s+)?(?:updated|modified|published)\b.*|[|•·–-]\s*.{{0,40}})?$",
    re.IGNORECASE,
)
# "3 hours ago", "Published two weeks ago"
_AGO = re.compile(
    r"(?:(?:published|posted|updated)\s+)?(?:\d+|an?|one|two)\s+(?:minute|hour|day|week|month|year)s?\s+ago\b.{0,30}$",
    re.IGNORECASE,
)


def is_date(line: str) -> bool:
    """Whether a line is nothing but a date, a span of dates or an age, with its label."""
    if match := _DATE_LINE.match(line):
        # "February 2013." is more likely the end of a sentence.
        return bool(match["label"]) or not line.endswith(".")
    return bool(_AGO.match(line))
