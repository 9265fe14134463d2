"""Surroundings: the furniture that only the lines around it give away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.articles import furniture, people, site
from pipeline.articles.lines import Lines

_DIGITS = re.compile(r"\d+")
_MAX_HEADER_LENGTH = 120
_HEADER_SHARE = 0.2
_LINES_AFTER_SIGN_OFF = 6
_LONGEST_NAME = 70
_LONGEST_POST = 60


def mark_furniture(lines: Lines, width: int) -> None:
    """Mark what is furniture where it stands, and may be text elsewhere."""
    _mark_running_headers(lines)
    if width:
        _mark_addresses(lines)
    _mark_signatures(lines)
    _mark_posts(lines)
    _mark_link_lists(lines)


def _mark_running_headers(lines: Lines) -> None:
    """Mark short lines that recur at the tops and bottoms of pages, whatever their digits.

    A heading may stand at the edge of a page too, and again in the table of contents; a running header recurs more.
    """
    pages = [range(start, stop) for start, stop in pairwise([*lines.pages, len(lines)])]
    filled = sum(map(bool, pages))
    if filled < 2:
        return
    edges: dict[str, list[int]] = {}
    for page in pages:
        for number in [*(page[:3] if page is not pages[0] else ()), *page[3:][-2:]]:
            text = lines.texts[number]
            if len(text) <= _MAX_HEADER_LENGTH and not lines.ended[number] and not lines.marked[number]:
                edges.setdefault(_DIGITS.sub("#", text), []).append(number)
    enough = max(2, _HEADER_SHARE * filled)
    for recurring in edges.values():
        if len(recurring) >= enough:
            for number in recurring:
                lines.furniture[number] = True


def _mark_addresses(lines: Lines) -> None:
    for start, stop in _runs(lines):
        if stop - start > 1 and furniture.is_address(lines.texts[start:stop]):
            lines.furniture[start:stop] = bytes([True]) * (stop - start)


def _runs(lines: Lines) -> Iterator[tuple[int, int]]:
    """Lines with no blank line between them: where such runs start and stop."""
    starts = [number for number, gap in enumerate(lines.gaps) if gap or not number]
    return pairwise([*starts, len(lines)])


def _mark_signatures(lines: Lines) -> None:
    """Mark names and posts under a signature."""
    letters = furniture.SIGN_OFF_LETTERS
    signed = [n for n, text in enumerate(lines.texts) if text[0] in letters and furniture.is_sign_off(text)]
    for sign_off, following in pairwise([*signed, len(lines)]):
        for number in range(sign_off + 1, min(sign_off + 1 + _LINES_AFTER_SIGN_OFF, following)):
            text = lines.texts[number]
            if len(text) > _LONGEST_NAME or (lines.ended[number] and not _is_capitalised(text)):
                break
            lines.furniture[number] = True


def _is_capitalised(text: str) -> bool:
    """Whether every word of some length begins with a capital: "Her Majesty's Inspector."."""
    return all(word[0].isupper() for word in text.split() if len(word) > 3)


def _mark_posts(lines: Lines) -> None:
    """Mark the writer's post or desk under a byline."""
    short = [n for n, text in enumerate(lines.texts) if n and len(text) <= _LONGEST_POST and not lines.ended[n]]
    for number in short:
        if people.is_post(lines.texts[number]) and people.is_byline(lines.texts[number - 1]):
            lines.furniture[number] = True


def _mark_link_lists(lines: Lines) -> None:
    """Mark lists of links after an article: what follows "Related topics" and the like with no sentence in it."""
    start = stop = len(lines)
    while start and _is_no_sentence(lines, start - 1):
        start -= 1
    for number in range(start, stop):
        if site.is_link_list(lines.texts[number]):
            lines.furniture[number:stop] = bytes([True]) * (stop - number)
            return


def _is_no_sentence(lines: Lines, number: int) -> bool:
    return bool(lines.furniture[number]) or not lines.ended[number] or furniture.is_furniture(lines.texts[number])
