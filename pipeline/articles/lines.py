"""Lines: a source's lines, as columns, and the width they are wrapped at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import quantiles
from types import MappingProxyType

from pipeline.articles import site
from pipeline.articles.markers import MARKER, NO_MARKER
from pipeline.articles.source import Kind
from pipeline.articles.text import BLANK, CLOSING, HIDDEN, SOFT_HYPHEN, TERMINAL, ends

_BREAKS = "\v\f\r\x85\u2028\u2029"
_NO_BREAKS = "\x1c\x1d\x1e"  # where Python would end a line, and no editor does
_PAGE_BREAK = re.compile("\f")
_ENDS = "".join(TERMINAL)
_MAX_WIDTH = 160
_MIN_GOING_ON = 30


@dataclass(slots=True)
class Lines:
    """The lines of a source that have text in them, as columns: most rules look at one or two of them, line by line.

    `gaps` are the numbers of blank lines before each line, `pages` the lines that pages start with, `given` the kinds
    of blocks that the file tells, by the lines they begin with. What is asked of every line is found out for all of
    them at once: whether a small letter or a marker begins it, and a mark ends it.
    """

    texts: list[str]
    """Without the white space around them."""
    starts: list[int]
    gaps: list[int]
    pages: list[int]
    given: dict[int, Kind] = field(default_factory=dict)
    furniture: bytearray = field(init=False)
    small: bytes = field(init=False)
    marked: bytes = field(init=False)
    ended: bytes = field(init=False)

    def __post_init__(self) -> None:
        texts = self.texts
        self.furniture = bytearray(len(texts))
        for number, kind in self.given.items():
            self.furniture[number] = kind == "furniture"
        self.small = bytes([text[0].islower() for text in texts])
        self.marked = bytes([text[0] not in NO_MARKER and MARKER.match(text) is not None for text in texts])
        self.ended = bytes([text[-1] in _ENDS or (text[-1] in CLOSING and ends(text)) for text in texts])

    def __len__(self) -> int:
        return len(self.texts)

    def page(self, number: int) -> int:
        """The page that a line stands on."""
        return bisect_right(self.pages, number)


def plain_breaks(source: str) -> str:
    """A source with no line breaks but newlines, each character in its place."""
    for separator in _NO_BREAKS:
        source = source.replace(separator, " ")
    source = source.replace("\r\n", " \n")
    for separator in _BREAKS:
        source = source.replace(separator, "\n")
    return source


def lines(source: str, hints: Mapping[int, Kind] = MappingProxyType({})) -> Lines:
    """The lines that have text in them; a line that site text was glued to counts as several."""
    plain = plain_breaks(source)
    # Without characters that take no room, what may be stripped is white space, and Python is fast at that.
    hidden = any(character in plain for character in HIDDEN)
    before, after = (BLANK + SOFT_HYPHEN, BLANK) if hidden else (None, None)
    texts: list[str] = []
    starts: list[int] = []
    gaps: list[int] = []
    at = gap = 0
    for whole in plain.split("\n"):
        text = whole.lstrip(before)
        if text:
            starts.append(at + len(whole) - len(text))
            texts.append(text.rstrip(after))
            gaps.append(gap)
            gap = 0
        else:
            gap += 1
        at += len(whole) + 1
    cuts = _cuts(plain, texts, starts)
    if cuts:
        texts, starts, gaps = _unglued(texts, starts, gaps, cuts)
    pages = [0, *(bisect_right(starts, match.start()) for match in _PAGE_BREAK.finditer(source))]
    given = {number: hints[start] for number, start in enumerate(starts) if start in hints} if hints else {}
    return Lines(texts, starts, gaps, pages, given)


def _cuts(source: str, texts: list[str], starts: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Where lines are to be cut from site text or a picture credit that was glued to them, by their numbers."""
    numbers = {bisect_right(starts, place) - 1 for place in site.glued_words(source)}
    return {number: cuts for number in sorted(numbers) if (cuts := site.glued(texts[number]))}


def _unglued(
    texts: list[str], starts: list[int], gaps: list[int], cuts: dict[int, list[tuple[int, int]]]
) -> tuple[list[str], list[int], list[int]]:
    """The columns with each part of such a line as a line of its own."""
    parts: list[tuple[str, int, int]] = []
    for number, (text, start, gap) in enumerate(zip(texts, starts, gaps, strict=True)):
        at = 0
        for end, following in cuts.get(number, ()):
            parts.append((text[at:end], start + at, 0 if at else gap))
            at = following
        parts.append((text[at:], start + at, 0 if at else gap))
    return [part[0] for part in parts], [part[1] for part in parts], [part[2] for part in parts]


def wrap_width(lines: Lines) -> int:
    """The column that lines are wrapped at, or 0 where each line is a paragraph."""
    following = zip(lines.texts, lines.small[1:], lines.gaps[1:], lines.marked[1:], strict=False)
    lengths = [small and len(text) for text, small, gap, marked in following if not gap and not marked]
    going_on = [length for length in lengths if length >= _MIN_GOING_ON]
    if len(going_on) < 2 or len(going_on) < 0.2 * len(lengths):
        return 0
    width = int(quantiles(going_on, n=10)[-1])
    return width if width <= _MAX_WIDTH else 0
