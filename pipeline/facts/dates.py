"""Dates: single days and spans of days in plain text, as ISO dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pipeline.articles.phrases import any_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = any_of(
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?"),
    *("sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_WEEKDAY = any_of("mon", "tues?", "wed(?:nes)?", "thu(?:rs)?", "fri", "sat(?:ur)?", "sun") + "(?:day)?"
# What may stand in a span: "17", "17 March", "17 March 2025", "March 17, 2025", "17/03/2025", "2025-03-17".
_PART = re.compile(
    r"(?<![0-9/.])(?:(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"|(?P<numeric>[0-9]{1,2}(?:/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})|[.-][0-9]{1,2}[.-][0-9]{4}))"
    rf"|(?P<month_first>{_MONTH})\.?\s+(?P<day_second>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year_last>[0-9]{{4}})"
    rf"|(?:{_WEEKDAY},?\s+)?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>[0-9]{{4}}))?)?)(?![\w/])",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*,?\s*(?:to\b|and\b|until\b|through\b|&|-|,)\s*", re.IGNORECASE)
_MOST_PARTS = 12
_EARLIEST, _LATEST = 1900, 2100


class Days(NamedTuple):
    """The first and the last of some days, how many dates name them, and where these stand."""

    first: date
    last: date
    dates: int
    start: int
    end: int

    @property
    def iso(self) -> str:
        """First and last day as an ISO 8601 interval."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @property
    def single(self) -> bool:
        """Whether one date is named."""
        return self.dates == 1


def days(text: str, start: int = 0, end: int | None = None) -> Iterator[Days]:
    """Days named in a stretch of plain text, with their year: "3 May 2022", "28 April to 3 May 2022"."""
    end = len(text) if end is None else end
    while match := _PART.search(text, start, end):
        parts = _sequence(text, match, end)
        start = parts[-1].end()
        if found := _days(parts):
            start = found.end
            yield found


def day_at(text: str, start: int, end: int | None = None) -> Days | None:
    """The days named exactly at a place, if any."""
    match = _PART.match(text, start, len(text) if end is None else end)
    return _days(_sequence(text, match, len(text) if end is None else end)) if match else None


def _sequence(text: str, first: re.Match[str], end: int) -> list[re.Match[str]]:
    parts = [first]
    while len(parts) < _MOST_PARTS:
        separator = _SEPARATOR.match(text, parts[-1].end(), end)
        following = separator and _PART.match(text, separator.end(), end)
        if not following:
            break
        parts.append(following)
    return parts


def _days(parts: list[re.Match[str]]) -> Days | None:
    """The days that parts name, from the first to the last with a year; None where one of them is no day."""
    while parts and not _has_year(parts[-1]):
        parts = parts[:-1]
    found: list[date] = []
    for part in reversed(parts):
        day = _date(part, found[-1] if found else None)
        if day is None or (found and day > found[-1]):
            return None
        found.append(day)
    return Days(found[-1], found[0], len(found), parts[0].start(), parts[-1].end()) if found else None


def _has_year(part: re.Match[str]) -> bool:
    return bool(part["year"] or part["year_last"] or part["numeric"] or part["iso"])


def _date(part: re.Match[str], following: date | None) -> date | None:
    """A part's day; the month and year that it leaves out are those of the day that follows it."""
    if part["iso"]:
        return _made(*map(int, part["iso"].split("-")))
    if part["numeric"]:
        day, month, year = map(int, re.split(r"[/.-]", part["numeric"]))
        return _made(year if year > 99 else 2000 + year, month, day)
    number = int(part["day"] or part["day_second"])
    name = part["month"] or part["month_first"]
    if name and (written := part["year"] or part["year_last"]):
        return _made(int(written), _month(name), number)
    if not following:
        return None
    if not name:
        return _made(following.year, following.month, number)
    found = _made(following.year, _month(name), number)
    # "12 December to 9 January 2026": over a year's end.
    return _made(following.year - 1, _month(name), number) if found and found > following else found


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _EARLIEST <= year <= _LATEST else None
    except ValueError:
        return None
