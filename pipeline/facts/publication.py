"""Publication: the day on which an article was published."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.articles.people import is_byline
from pipeline.articles.phrases import any_of
from pipeline.facts.dates import Days, day_at, days
from pipeline.facts.page import OPENING, Fact, Line, Page

_PUBLISHED = ("published", "posted", "issued", "publication date", "date published", "date of publication", "date")
# "Report published: …", "*Published: Wednesday …", "Posted on …"
_LABEL = re.compile(
    rf"(?:(?:first|report|letter|article)\s+)?{any_of(*_PUBLISHED)}(?=[\s:*_-]|$)(?:\s+on\b)?[\s:*_-]*", re.IGNORECASE
)
_OTHER_DAYS = re.compile(
    rf"{any_of('inspection', 'visit', 'inspected', 'visited', 'dates? of (?:inspection|visit)', 'last', 'updated')}\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:at\s+)?[0-9]{1,2}[:.][0-9]{2}(?:\s*[ap]m)?(?:\s*(?:gmt|bst|utc))?[,\s]+(?:on\s+)?", re.IGNORECASE
)
_AFTER = re.compile(
    r"[*_.,\s]*(?:(?:at\s+)?[0-9]{1,2}[:.][0-9]{2}(?:\s*[ap]m)?(?:\s*(?:gmt|bst|utc))?[*_.\s]*)?(?:$|(?:last\s+)?updated\b)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:[^|·•-]|(?<!\s)-|-(?!\s))+")
_DRESS = " *_>#"
_YEAR = re.compile(r"[0-9]{4}|/[0-9]{2}\b")
_LONGEST = 160
_WRAPPED = 50
_LONGEST_LABEL = 40


def published(page: Page, inspected: Days | None) -> Fact | None:
    """The day of publication: the first with a label that says so, else the first that is a line or in a byline.

    Without a label it is none of the days of the inspection, `inspected`.
    """
    lines = [line for line in page.lines if line.start < OPENING]
    for number, line in enumerate(lines):
        if found := _labelled(page.text, line, lines[number + 1 : number + 2]):
            return page.fact(found.start, found.end, found.first.isoformat())
    for number, line in enumerate(lines):
        found = _alone(page.text, line, lines[number - 1] if number else None)
        if found and not (inspected and inspected.first <= found.first <= inspected.last):
            return page.fact(found.start, found.end, found.first.isoformat())
    return None


def _parts(line: Line) -> Iterator[tuple[int, str]]:
    """The parts of a line between dividers, and where they start."""
    for match in _PART.finditer(line.text):
        part = match.group().lstrip(_DRESS)
        yield line.start + match.end() - len(part), part


def _labelled(text: str, line: Line, following: list[Line]) -> Days | None:
    """The day after a label, on its line or alone on the next."""
    if len(line.text) > _LONGEST:
        return None
    for start, part in _parts(line):
        if label := _LABEL.match(part):
            if label.end() < len(part):
                return _day(text, start + label.end(), line.end)
            if following:
                return _day(text, following[0].start, following[0].end)
    return None


def _day(text: str, start: int, end: int) -> Days | None:
    """The one day that stands at a place, perhaps after a time."""
    time = _TIME.match(text, start, end)
    found = day_at(text, time.end() if time else start, end)
    return found if found and found.single else None


def _alone(text: str, line: Line, above: Line | None) -> Days | None:
    """The one day that a line is, or a part of it between dividers, or that ends a byline."""
    if len(line.text) > _LONGEST or not _YEAR.search(line.text) or _follows(line, above):
        return None
    for start, part in _parts(line):
        found = _day(text, start, start + len(part))
        if found and _AFTER.match(text, found.end, start + len(part)):
            return found
    if is_byline(line.text):
        return next((found for found in days(text, line.start, line.end) if found.single), None)
    return None


def _follows(line: Line, above: Line | None) -> bool:
    """Whether a line goes on with the one above it: wrapped text, or the label of other days."""
    if above is None:
        return False
    if len(above.text) <= _LONGEST_LABEL and _OTHER_DAYS.match(above.text):
        return True
    return not line.gap and len(above.text) >= _WRAPPED and not above.text.endswith((".", ":", "?", "!"))
