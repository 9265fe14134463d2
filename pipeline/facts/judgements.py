"""Judgements: areas and their grades, from tables, numbered lists and headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.articles.phrases import any_of
from pipeline.facts.page import Fact, Line, Page

GRADE = any_of(
    *("outstanding", "good", "requir(?:es?|ing) improvement(?: to be good)?"),
    *("inadequate", "adequate", "satisfactory"),
)
"""A grade, as a pattern in which case doesn't matter."""

_KNOWN = re.compile(
    any_of(
        *("overall", "effectiveness", "experiences", "impact of leaders", "help and protection", "helped", "leaders"),
        *("children in care", "looked[ -]?after", "care leavers", "adoption", "leadership", "governance"),
        *("quality of (?:education|provision|care)", "behaviour", "personal development", "early years"),
        *("sixth form", "capacity to improve", "outcomes", "safeguarding", "need help"),
    ),
    re.IGNORECASE,
)
_DRESS = " *_\"'|"
_LAST_WORDS = (
    *("outstanding", "good", "improvement", "adequate", "satisfactory"),
    *("requires", "to", "be", "judged", "grade"),
)
_CELL = rf"(?P<grade>{GRADE}|not\s+judged)(?:\s+grade\s[0-9])?"
_ALONE = re.compile(rf"[{_DRESS}]*(?:grade\s[0-9]\s?[(:-]\s?)?{_CELL}[{_DRESS})]*\.?[0-9]?[{_DRESS}]*$", re.IGNORECASE)
_ALONE_START = re.compile(
    rf"[{_DRESS}]*(?:grade|outstanding|good|requires?|inadequate|adequate|satisfactory|not)\b", re.IGNORECASE
)
# What stands between an area and its grade on one line: a gap or divider, a colon, or but a space and a capital letter.
_BESIDE = re.compile(
    rf"(?P<area>.*?[^\s|])(?:(?P<gap>\s*[|][\s|]*|\s{{2,}})|(?P<colon>\s?:\s+)|\s-\s+|\s(?=(?-i:[A-Z])))"
    rf"[*_\"']*(?:{_CELL}(?P<part>\s+to(?:\s+be)?)?|(?P<half>requires))[{_DRESS}]*\.?[0-9]?[{_DRESS}]*$",
    re.IGNORECASE,
)
# What a line below adds to a grade that began in the column beside it.
_GRADE_GOES_ON = re.compile(
    r"(?:^|\s{2,})(?:improvement)?\s*(?:to\s+be\s+good|to\s+be|be\s+good|good|to)?[*_\"'.]*$", re.IGNORECASE
)
_NO_AREA = re.compile(r"\b(?:is|are|was|were|as|be|now|judged|rated|graded|found|remains?)$|,$|[.!?]\s", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*\.?$")
_MARKER = re.compile(r"(?:[|*_\s-]|[^\w\s(\"']\s|[0-9]+(?:\.[0-9]+)*\.?\s)*")
_AFTER_AREA = " \n.:|*_-"
_NOTE_NUMBER = re.compile(r"(?<=[a-z)])[0-9]$")
_VERB = re.compile(r"\s(?:is|are)$")
_COLUMN = any_of("judgements?", "grades?", "areas?(?: judged)?", "ratings?")
_HEADER = re.compile(rf"{_COLUMN}(?:\W+{_COLUMN})?\W*$", re.IGNORECASE)
# "3", "Page 3", "Inspection of Ambrook children's services", "3 to 7 May 2022", "Judgement Grade"
_PAGE_FURNITURE = re.compile(
    rf"[\W\d]*$|page\b|(?:re-?)?inspection\b|[0-9]{{1,2}}\s.{{0,40}}[0-9]{{4}}$|{_HEADER.pattern}", re.IGNORECASE
)
_LABEL = any_of("lead inspector", "inspection dates?", "reporting inspector", "report published", "page")
_NOT_OF_AREA = re.compile(rf"{_HEADER.pattern}|{_LABEL}\b|{GRADE}$", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:previous|last|20[0-9]{2})\b", re.IGNORECASE)
_NOT = "not judged"
_STATEMENT = re.compile(
    r"(?:the )?overall judge?ment\b|(?:the )?children[’']s (?:social care )?services?\b", re.IGNORECASE
)
_ENDS = (".", "!", "?", ";")
_LONGEST_LINE = 200
_MOST_LINES = 8
_MOST_GRADE_LINES = 4
_MOST_WORDS = 30
_MOST_WORDS_IN_SENTENCE = 15


class Judgement(NamedTuple):
    """An area that was judged and its grade, in lower case; each with its place."""

    area: Fact
    grade: Fact


class _Row(NamedTuple):
    """A judgement, and the first and the last of its lines."""

    judgement: Judgement
    first: int
    last: int


def grade(text: str) -> str:
    """A grade in its usual form: "Requires improvement to be good" is "requires improvement"."""
    word = text.split(maxsplit=1)[0].lower()
    return "requires improvement" if word.startswith("requir") else _NOT if word == "not" else word


def judgements(page: Page) -> tuple[Judgement, ...]:
    """Areas and grades in the order read: those of the first table, else each that a heading or other line gives."""
    table = _table(_rows(page, page.lines), page.lines)
    if not table:
        rows = list(_rows(page, page.all_lines))
        table = _table(rows, page.all_lines)
    if table:
        return _graded(row.judgement for row in table)
    found: dict[str, Judgement] = {}
    for row in rows:
        if _KNOWN.search(row.judgement.area.value):
            found.setdefault(row.judgement.area.value.lower(), row.judgement)
    return _graded(found.values())


def _graded(found: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Judgements without the areas that a table says were not judged."""
    return tuple(judgement for judgement in found if judgement.grade.value != _NOT)


def _table(rows: Iterable[_Row], lines: list[Line]) -> list[_Row]:
    """The first rows that follow one another, of which an area is known; page numbers and headers may be between."""
    table: list[_Row] = []
    for row in rows:
        between = lines[table[-1].last + 1 : row.first] if table else []
        if not all(_PAGE_FURNITURE.match(line.text) for line in between):
            if _is_table(table):
                break
            table = []
        table.append(row)
    return table if _is_table(table) else []


def _is_table(rows: list[_Row]) -> bool:
    return len(rows) > 1 and any(_KNOWN.search(row.judgement.area.value) for row in rows)


def _rows(page: Page, lines: list[Line]) -> Iterator[_Row]:
    after = -1
    for number, line in enumerate(lines):
        if number <= after or len(line.text) > _LONGEST_LINE:
            continue
        if not line.text.rstrip(_DRESS + ").0123456789").lower().endswith(_LAST_WORDS):
            continue
        row = _below(page, lines, number, after) or _beside(page, lines, number, after)
        if row:
            after = row.last
            if not _STATEMENT.match(row.judgement.area.value):
                yield row


def _below(page: Page, lines: list[Line], number: int, after: int) -> _Row | None:
    """A grade on lines of its own, under the lines of its area."""
    first = _area_start(lines, number, after)
    if first is None or not _ALONE_START.match(lines[number].text):
        return None
    last = number
    found = None
    for count in range(1, _MOST_GRADE_LINES + 1):
        piece = page.text[lines[number].start : lines[min(number + count, len(lines)) - 1].end]
        if len(piece) <= _LONGEST_LINE and (match := _ALONE.match(piece)):
            found, last = match, min(number + count, len(lines)) - 1
    if not found:
        return None
    start = lines[number].start
    area = _area(page, lines[first].start, lines[number - 1].end, sentence=found["grade"][0].islower())
    return area and _Row(_judgement(page, area, start + found.start("grade"), start + found.end("grade")), first, last)


def _area_start(lines: list[Line], number: int, after: int) -> int | None:
    """The first line of the area whose last line is above a grade; None where there isn't any."""
    first = number
    while first - 1 > after and number - first < _MOST_LINES:
        above = lines[first - 1]
        if len(above.text) > _LONGEST_LINE or _NOT_OF_AREA.match(above.text):
            break
        below = lines[first]
        if first < number and below.gap and not below.text[0].islower():
            break
        if first < number and above.text.endswith(_ENDS) and not _NUMBER.match(above.text):
            break
        first -= 1
    return first if first < number else None


def _beside(page: Page, lines: list[Line], number: int, after: int) -> _Row | None:
    """A grade at the end of a line of its area; with neither gap nor colon before it, only of an area that is known."""
    line = lines[number]
    match = _BESIDE.match(line.text)
    if not match:
        return None
    first = number
    if line.text[0].islower():
        above = _area_start(lines, number, after)
        first = number if line.gap or above is None else above
    area = _area(page, lines[first].start, line.start + match.end("area"))
    if not area:
        return None
    last = number
    if match["gap"]:
        below = _continuation(lines, number)
        if below:
            last += 1
            if rest := _GRADE_GOES_ON.sub("", below.text).rstrip(_AFTER_AREA):
                added = page.fact(below.start, below.start + len(rest))
                area = Fact(f"{area.value} {added.value}", area.start, added.end)
    elif match["part"] or match["half"] or not (match["colon"] or _KNOWN.search(area.value)):
        return None
    start, end = match.span("half" if match["half"] else "grade")
    return _Row(_judgement(page, area, line.start + start, line.start + end), first, last)


def _continuation(lines: list[Line], number: int) -> Line | None:
    """The line that goes on with the columns of the one above it."""
    below = lines[number + 1] if number + 1 < len(lines) else None
    if below is None or below.gap or not below.text[0].islower() or len(below.text) > _LONGEST_LINE:
        return None
    match = _BESIDE.match(below.text)
    return None if match and not _GRADE_GOES_ON.search(below.text) else below


def _area(page: Page, start: int, end: int, *, sentence: bool = False) -> Fact | None:
    """An area without its number and marks; None where it can't be one. In a sentence, its verb stands at its end."""
    text = page.text[start:end]
    marker = _MARKER.match(text)
    first = marker.end() if marker else 0
    shown = _NOTE_NUMBER.sub("", text[first:].rstrip(_AFTER_AREA))
    verb = _VERB.search(shown)
    if verb:
        shown = shown[: verb.start()].rstrip(_AFTER_AREA)
    if _NO_AREA.search(shown):
        return None
    words = len(shown.split())
    if not shown or not shown[0].isupper() or words > _MOST_WORDS or _EARLIER.search(shown):
        return None
    if sentence and (words > _MOST_WORDS_IN_SENTENCE or not (verb or _KNOWN.search(shown))):
        return None
    return page.fact(start + first, start + first + len(shown))


def _judgement(page: Page, area: Fact, start: int, end: int) -> Judgement:
    return Judgement(area, page.fact(start, end, grade(page.text[start:end])))
