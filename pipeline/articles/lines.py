"""Lines: a source's lines, the width they are wrapped at, and the furniture that only their surroundings give away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, pairwise, takewhile
from statistics import quantiles

from pipeline.articles import furniture, people, site
from pipeline.articles.markers import MARKER
from pipeline.articles.text import BLANK, SOFT_HYPHEN, ends

_BREAKS = frozenset("\n\v\f\r\x85\u2028\u2029")
_NO_BREAKS = "\x1c\x1d\x1e"  # where Python would end a line, and no editor does
_DIGITS = re.compile(r"\d+")
_MAX_HEADER_LENGTH = 120
_HEADER_SHARE = 0.2
_MAX_WIDTH = 160
_LINES_AFTER_SIGN_OFF = 6
_LONGEST_NAME = 70


@dataclass(slots=True)
class Line:
    """A line of the source without the white space around it; `gap` is the number of blank lines before it."""

    start: int
    end: int
    text: str
    page: int
    gap: int
    furniture: bool = False


def lines(source: str) -> list[Line]:
    """The lines that have text in them; a line that site text was glued to counts as several."""
    found: list[Line] = []
    page, breaks = 0, 1
    at = 0
    for separator in _NO_BREAKS:
        source = source.replace(separator, " ")
    for whole in source.splitlines(keepends=True):
        text = whole.lstrip(BLANK + SOFT_HYPHEN)
        start = at + len(whole) - len(text)
        at += len(whole)
        text = text.rstrip(BLANK)
        for piece_start, piece_end in _unglued(text):
            piece = text[piece_start:piece_end]
            found.append(Line(start + piece_start, start + piece_end, piece, page, max(0, breaks - 1)))
            breaks = 0
        if whole[-1] in _BREAKS:
            breaks += 1
            page += whole[-1] == "\f"
    return found


def _unglued(text: str) -> list[tuple[int, int]]:
    """The parts of a line where site text or a picture credit was glued to it; none for a blank line."""
    if not text:
        return []
    cuts = site.glued(text)
    if not cuts:
        return [(0, len(text))]
    starts = [0, *(end for _, end in cuts)]
    return list(zip(starts, [*(start for start, _ in cuts), len(text)], strict=True))


def wrap_width(lines: list[Line]) -> int:
    """The column that lines are wrapped at, or 0 where each line is a paragraph."""
    pairs = [(a, b) for a, b in pairwise(lines) if b.gap == 0 and not MARKER.match(b.text)]
    going_on = sorted(len(a.text) for a, b in pairs if b.text[0].islower() and len(a.text) >= 30)
    if len(going_on) < 2 or len(going_on) < 0.2 * len(pairs):
        return 0
    width = int(quantiles(going_on, n=10)[-1])
    return width if width <= _MAX_WIDTH else 0


def mark_furniture(lines: list[Line], width: int) -> None:
    """Mark what is furniture where it stands, and may be text elsewhere."""
    _mark_running_headers(lines)
    if width:
        _mark_addresses(lines)
    _mark_signatures(lines)
    _mark_posts(lines)
    _mark_link_lists(lines)


def _mark_running_headers(lines: list[Line]) -> None:
    """Mark short lines that recur at the tops and bottoms of pages, whatever their digits.

    A heading may stand at the edge of a page too, and again in the table of contents; a running header recurs more.
    """
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    if len(pages) < 2:
        return
    edges: dict[str, list[Line]] = {}
    for page, members in pages.items():
        for line in [*(members[:3] if page else []), *members[3:][-2:]]:
            if len(line.text) <= _MAX_HEADER_LENGTH and not ends(line.text) and not MARKER.match(line.text):
                edges.setdefault(_DIGITS.sub("#", line.text), []).append(line)
    enough = max(2, _HEADER_SHARE * len(pages))
    for recurring in edges.values():
        if len(recurring) >= enough:
            for line in recurring:
                line.furniture = True


def _mark_addresses(lines: list[Line]) -> None:
    for run in _runs(lines):
        if furniture.is_address([line.text for line in run]):
            for line in run:
                line.furniture = True


def _runs(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines with no blank line between them."""
    run: list[Line] = []
    for line in lines:
        if line.gap and run:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _mark_signatures(lines: list[Line]) -> None:
    """Mark names and posts under a signature."""
    left = 0
    for line in lines:
        if furniture.is_sign_off(line.text):
            left = _LINES_AFTER_SIGN_OFF
        elif left and len(line.text) <= _LONGEST_NAME and (not ends(line.text) or _is_capitalised(line.text)):
            line.furniture = True
            left -= 1
        else:
            left = 0


def _is_capitalised(text: str) -> bool:
    """Whether every word of some length begins with a capital: "Her Majesty's Inspector."."""
    return all(word[0].isupper() for word in text.split() if len(word) > 3)


def _mark_posts(lines: list[Line]) -> None:
    """Mark the writer's post or desk under a byline."""
    for line, following in pairwise(lines):
        if len(following.text) <= 60 and people.is_post(following.text) and people.is_byline(line.text):
            following.furniture = True


def _mark_link_lists(lines: list[Line]) -> None:
    """Mark lists of links after an article: what follows "Related topics" and the like with no sentence in it."""
    tail = list(takewhile(_is_no_sentence, reversed(lines)))[::-1]
    for line in dropwhile(lambda line: not site.is_link_list(line.text), tail):
        line.furniture = True


def _is_no_sentence(line: Line) -> bool:
    return line.furniture or not ends(line.text) or furniture.is_furniture(line.text)
