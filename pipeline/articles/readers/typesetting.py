"""Typesetting: from lines with their place and type to a text with hints, as a reader of the page would see it.

What is larger or bolder than the body is a heading; what recurs at the edges of pages, what is set small at their feet
and what lists other pages is furniture; paragraphs are where the space between lines is wider than usual.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from pipeline.articles.source import Kind

_EDGE = 0.12
"""Share of a page's height within which running headers, footers and page numbers stand."""
_RECURRING = 0.2
"""Share of pages on which a line recurs that is a running header."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[–-]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:of|/)\s*\d{1,4})?\s*[–-]?$", re.IGNORECASE
)
# "The experiences of children in care ........ 7"
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{0,3}$|…{2,}\s*\d{0,3}$")
_TO_PAGE = re.compile(r"\S\s+\d{1,3}$")
_SMALL = 0.92
"""Share of the body's type size up to which type is small print."""
_LARGE = 1.12
_LONGEST_HEADING = 160
_MOST_BOLD_LINES = 3
_WIDER = 1.22
"""How much wider than usual the space between lines is that divides paragraphs."""
_LONGEST_CELL = 40
_SHORTEST_COLUMN = 25
_FEW_ROWS = 4
_LETTER = re.compile(r"[^\W\d_]")
_ENDED = re.compile(r"[.;,]['\"”’)]*$")


@dataclass(slots=True)
class Line:
    """A line of a page: where it begins and ends, its baseline (from the page's bottom) and type size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    kind: Kind | None = field(default=None)


@dataclass(slots=True)
class Page:
    """A page's width and height in points, and its lines in the order in which it draws them."""

    width: float
    height: float
    lines: list[Line]


def compose(pages: Sequence[Page]) -> tuple[str, dict[int, Kind]]:
    """The text of pages, divided by form feeds, and the kinds of blocks that their type shows, by offset."""
    for page in pages:
        page.lines = list(_without_marks(page.lines))
    body = _body_size(pages)
    _mark_recurring(pages)
    for page in pages:
        _mark_contents(page)
        _mark_small_print(page, body)
        page.lines = _in_order(page.lines)
    leading = _leading(pages)
    _mark_headings(pages, body, leading)
    pieces: list[str] = []
    hints: dict[int, Kind] = {}
    length = 0
    for number, page in enumerate(pages):
        before: Line | None = None
        if number:
            pieces.append("\n\f")
            length += 2
        for line in page.lines:
            gap = "" if before is None else "\n\n" if _apart(before, line, leading) else "\n"
            pieces += (gap, line.text)
            length += len(gap)
            if line.kind:
                hints[length] = line.kind
            length += len(line.text)
            before = line
    return "".join(pieces), hints


def _without_marks(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines but for marks of footnotes: small raised figures right after another line."""
    before: Line | None = None
    for line in lines:
        if not (before and line.text.isdigit() and _is_raised(line, before)):
            yield line
            before = line


def _is_raised(line: Line, before: Line) -> bool:
    """Whether a line is set small, a little higher, and right at the end of the one before it."""
    beside = abs(line.left - before.right) < before.size and 0 < line.base - before.base < before.size
    return beside and line.size < 0.85 * before.size


def _body_size(pages: Sequence[Page]) -> float:
    """The type size of most of the text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _leading(pages: Sequence[Page]) -> dict[float, float]:
    """The usual distance between baselines, by type size."""
    distances: dict[float, Counter[float]] = {}
    for page in pages:
        for before, line in pairwise(page.lines):
            distance = before.base - line.base
            if before.size == line.size and 0.9 * line.size < distance < 2.5 * line.size:
                distances.setdefault(line.size, Counter())[round(distance, 1)] += 1
    return {size: _usual(found) for size, found in distances.items()}


def _usual(distances: Counter[float]) -> float:
    """The smallest of the distances that are common: in short letters, as many paragraphs as lines may follow."""
    most = max(distances.values())
    return min(distance for distance, count in distances.items() if count >= 0.3 * most)


# Furniture


def _mark_recurring(pages: Sequence[Page]) -> None:
    """Mark what recurs at the edges of pages, whatever its digits, and page numbers."""
    places: dict[str, list[tuple[int, Line]]] = {}
    for number, page in enumerate(pages):
        for line in page.lines:
            if _at_edge(line, page):
                if _PAGE_NUMBER.match(line.text):
                    line.kind = "furniture"
                places.setdefault(_DIGITS.sub("#", line.text), []).append((number, line))
    enough = max(2, _RECURRING * len(pages))
    for found in places.values():
        if len({number for number, _ in found}) >= enough:
            for _, line in found:
                line.kind = "furniture"


def _at_edge(line: Line, page: Page) -> bool:
    return not _EDGE * page.height < line.base < (1 - _EDGE) * page.height


def _mark_contents(page: Page) -> None:
    """Mark a list of contents: lines that lead to page numbers."""
    listed = [line for line in page.lines if _LEADER.search(line.text)]
    if len(listed) < 3:
        titled = any(line.text.strip(": ").lower() in ("contents", "table of contents") for line in page.lines[:6])
        numbered = [line for line in page.lines if _TO_PAGE.search(line.text)]
        listed = numbered if titled and len(numbered) >= 3 else []
    for line in listed:
        line.kind = "furniture"


def _mark_small_print(page: Page, body: float) -> None:
    """Mark footnotes: small print below everything else on a page."""
    others = [line for line in page.lines if line.kind != "furniture"]
    lowest = min((line.base for line in others if line.size > _SMALL * body), default=0.0)
    for line in others:
        if line.size <= _SMALL * body and line.base < lowest:
            line.kind = "furniture"


# Order


def _in_order(lines: list[Line]) -> list[Line]:
    """Lines in the order in which they are read: as drawn, unless the page was drawn in disorder."""
    body = [line for line in lines if line.kind != "furniture"]
    leaps = sum(
        line.base > before.base + 1.5 * before.size and line.left < before.left + before.size
        for before, line in pairwise(body)
    )
    if not leaps and not _drawn_across(body):
        return lines
    return [line for line in lines if line.kind == "furniture"] + list(_by_columns(body))


def _drawn_across(lines: Sequence[Line]) -> bool:
    """Whether two columns of running text were drawn row by row; the cells of tables and addresses are shorter."""
    beside = [line for before, line in pairwise(lines) if abs(before.base - line.base) < 0.3 * line.size]
    long = sum(len(line.text) > _SHORTEST_COLUMN for line in beside)
    return len(beside) > 0.25 * len(lines) and long > _FEW_ROWS and long > 0.6 * len(beside)


def _by_columns(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines from top to bottom; between lines that go across, the left column before the right."""
    gutter = _gutter(lines)
    from_top = sorted(lines, key=lambda line: (-round(line.base), line.left))
    if gutter is None:
        yield from from_top
        return
    for across, group in groupby(from_top, key=lambda line: line.left < gutter - 5 and line.right > gutter + 5):
        found = list(group)
        yield from found if across else sorted(found, key=lambda line: line.left >= gutter)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the space between two columns is: a place that few lines cross and that many stand on both sides of."""
    starts = Counter(round(line.left) for line in lines)
    for place, count in starts.most_common(4):
        left = [line for line in lines if line.right < place]
        across = [line for line in lines if line.left < place - 5 and line.right > place + 5]
        if count >= 0.25 * len(lines) and len(left) >= 0.25 * len(lines) and len(across) <= 0.3 * len(lines):
            return place - 1.0
    return None


def _apart(before: Line, line: Line, leading: dict[float, float]) -> bool:
    """Whether two lines that follow one another belong to different paragraphs, or stand beside one another."""
    distance = before.base - line.base
    if abs(distance) < 0.3 * line.size:  # addresses and telephone numbers stand in such rows
        return max(len(before.text), len(line.text)) > _LONGEST_CELL
    if distance < 0.5 * line.size:
        return True
    if (before.kind or line.kind) and (before.kind, before.size, before.bold) != (line.kind, line.size, line.bold):
        return True
    return distance > _WIDER * max(leading.get(size, 1.2 * size) for size in (line.size, before.size))


# Headings


def _mark_headings(pages: Sequence[Page], body: float, leading: dict[float, float]) -> None:
    """Mark what is set larger or bolder than the body, and short."""
    lines = [line for page in pages for line in page.lines if line.kind is None]
    heavy = sum(len(line.text) for line in lines if line.bold) > 0.5 * sum(len(line.text) for line in lines)
    for page in pages:
        for group in _paragraphs(page.lines, leading):
            if _is_heading(group, body, heavy) and not _in_row(group[0], page.lines):
                for line in group:
                    line.kind = "heading"


def _paragraphs(lines: Iterable[Line], leading: dict[float, float]) -> Iterator[list[Line]]:
    """Lines of one type that follow one another directly."""
    group: list[Line] = []
    for line in lines:
        if group and (
            (line.size, line.bold, line.kind) != (group[-1].size, group[-1].bold, group[-1].kind)
            or _apart(group[-1], line, leading)
        ):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_heading(group: list[Line], body: float, heavy: bool) -> bool:
    """Whether lines of one type are a heading."""
    first, last = group[0], group[-1]
    text = " ".join(line.text for line in group)
    large = first.size >= _LARGE * body
    if first.kind or not (large or (first.bold and not heavy)) or first.size < _SMALL * body:
        return False
    if len(group) > _MOST_BOLD_LINES + 2 * large or len(text) > _LONGEST_HEADING or not _LETTER.search(text):
        return False
    return not _ENDED.search(last.text) and not first.text[0].islower()


def _in_row(line: Line, lines: Iterable[Line]) -> bool:
    """Whether a line is a cell of a table's row: another stands beside it."""
    return any(
        abs(other.base - line.base) < 0.3 * line.size and other is not line and other.kind != "furniture"
        for other in lines
    )
