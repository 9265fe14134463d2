"""Content: which of a page's blocks are its article.

Trafilatura finds the main text, but drops and joins lines of it; so it shows where the article stands, and the page's
own blocks are what is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from pipeline.articles.readers.html import tags
from pipeline.articles.readers.html.blocks import Block, Walk
from pipeline.articles.readers.html.boxes import boxes_of, in_order
from pipeline.articles.readers.html.words import edges, is_long
from pipeline.articles.text import ends

# Beyond these it takes too long: its time grows with the square of the one, and the cube of the other.
_MOST_ELEMENTS = 50_000
_DEEPEST = 150
_MOST_BEFORE = 12
_MOSTLY = 0.3
_LINKS = 0.5
_NOTHING_BUT_LINKS = 0.8
_FEW = 0.25
_LEAST = 0.33


class Content:
    """What is known of each block of a page: whether it was `found` among the main text, and may be part of it."""

    def __init__(self, walk: Walk, root: HtmlElement) -> None:
        self._walk, self._blocks, self._ends = walk, walk.blocks, walk.ends
        # A letter or report that was made with a word processor, or the like, has nothing around it.
        self._alone = not any(block.doubts or block.linked > _LINKS for block in walk.blocks)
        known = self._alone or walk.elements > _MOST_ELEMENTS or walk.depth > _DEEPEST
        lines = [] if known else _main_lines(root, walk.rows)
        self._found = [True] * len(walk.blocks) if self._alone else _found(walk.blocks, lines)
        self.allowed = _allowed(walk.blocks, self._found)

    def article(self, title: int | None) -> list[int]:
        """The numbers of the article's blocks, as they are read, none where that can't be told.

        `title` is the number of its headline's.
        """
        if self._alone:
            return list(range(len(self._blocks)))
        blocks, found, allowed = self._blocks, self._found, self.allowed
        both = [number for number in range(len(blocks)) if found[number] and allowed[number]]
        main = [number for number in both if _is_long(blocks[number])] or both
        chosen = [False] * len(blocks)
        if not main or self._is_too_little(main):
            return []
        first, last = main[0], main[-1]
        titled = title is not None and first - _MOST_BEFORE <= title < first
        for number in range(title if title is not None and titled else _opening(found, first), last + 1):
            chosen[number] = number == title or (allowed[number] and _is_text(blocks[number], found[number]))
        for number in range(last + 1, self._ends[blocks[last].parent]):
            if not allowed[number] or not _is_text(blocks[number], found[number]):
                break
            chosen[number] = True
        boxes = boxes_of(self._walk, main, chosen)
        for number in (number for box in boxes for number in box):
            chosen[number] = _is_text(blocks[number], found[number])
        return in_order(blocks, _without_empty_sections(blocks, chosen, title), boxes)

    def _is_too_little(self, main: Sequence[int]) -> bool:
        """Whether there is much more on the page that looks like an article than was found of it."""
        open_text = [block for block in self._blocks if not block.doubts and block.linked <= _LINKS and _is_long(block)]
        return sum(len(self._blocks[number].text) for number in main) < _LEAST * sum(len(b.text) for b in open_text)

    def rest(self) -> list[int]:
        """The numbers of all blocks but links, and those where an article's seldom are; or of all, failing others."""
        free = [not block.doubts for block in self._blocks]
        text = [
            is_free and block.linked <= _NOTHING_BUT_LINKS for block, is_free in zip(self._blocks, free, strict=True)
        ]
        if any(is_text and not block.level for block, is_text in zip(self._blocks, text, strict=True)):
            return _numbers(text)
        return _numbers(free) or list(range(len(free)))


def _numbers(chosen: Sequence[bool]) -> list[int]:
    return [number for number, is_chosen in enumerate(chosen) if is_chosen]


def _main_lines(root: HtmlElement, rows: set[HtmlElement]) -> list[str]:
    """The lines of what Trafilatura takes for a page's main text."""
    tags.unfold(root, rows)
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(root, fast=True, include_comments=False)
    except Exception:  # it meets trees that it wasn't made for
        return []
    text = getattr(found, "text", None)
    return text.split("\n") if isinstance(text, str) else []


def _found(blocks: Sequence[Block], main: Sequence[str]) -> list[bool]:
    """Which blocks stand among lines: short ones whole, long ones with their first or last words."""
    if not main:
        return [False] * len(blocks)
    known = [edges(line) for line in main]
    firsts, lasts = {first for first, _ in known if first}, {last for _, last in known if last}
    own = (edges(block.text) for block in blocks)
    return [first in firsts or last in lasts for first, last in own]


def _is_long(block: Block) -> bool:
    return is_long(block.text) and block.linked <= _NOTHING_BUT_LINKS


def _allowed(blocks: Sequence[Block], found: Sequence[bool]) -> list[bool]:
    """Which blocks stand in no element that is doubtful; one that much of the main text stands in is beyond doubt."""
    inside: Counter[int] = Counter()
    total = 0
    for block, is_found in zip(blocks, found, strict=True):
        if is_found:
            length = len(block.text)
            total += length
            for doubt in block.doubts:
                inside[doubt] += length
    cleared = {doubt for doubt, length in inside.items() if length >= _MOSTLY * total}
    allowed = [cleared.issuperset(block.doubts) for block in blocks]
    left = sum(len(block.text) for block, *both in zip(blocks, found, allowed, strict=True) if all(both))
    return allowed if left >= _FEW * total else list(found)


def _opening(found: Sequence[bool], first: int) -> int:
    """Where an article begins whose headline isn't known: with the short lines that were found before its text."""
    start = first
    while start and found[start - 1]:
        start -= 1
    return start


def _is_text(block: Block, found: bool) -> bool:
    """Whether a block amid an article is part of it, and no link to another."""
    if block.kind == "paragraph":  # of a table of facts
        return block.linked < 1
    if block.linked > _NOTHING_BUT_LINKS:
        return found and (bool(block.level) or ends(block.text, (".", "!")))
    return found or block.linked <= _LINKS


def _without_empty_sections(blocks: Sequence[Block], chosen: list[bool], title: int | None) -> list[bool]:
    """Without headings of which nothing was chosen that stands under them."""
    filled = [False] * 8  # by level: whether text follows before the next heading that is as high
    for number in reversed(range(len(blocks))):
        level = blocks[number].level
        if not level:
            if chosen[number]:
                filled = [True] * 8
            continue
        chosen[number] = chosen[number] and (filled[level] or number == title)
        filled[level:] = [False] * (8 - level)
    return chosen
