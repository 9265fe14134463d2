"""Pages: a source text made plain to read facts from, character for character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.articles.text import HIDDEN

LONGEST = 400_000
"""How much of a text is read, in characters."""

HEAD = 12_000
"""Within how many characters from its start a text says what it is."""

OPENING = 4_000
"""Within how many it says from when it is: title, address, dates."""

_PLAIN = {
    "'": "‘’ʼ′`´",
    '"': "“”„″«»",
    "-": "‐‑‒–—−",
    " ": "\xa0\t\u2002\u2003\u2007\u2009\u200a\u200b\u202f\u2060\ufeff",
    "\n": "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029",
}
_BREAK_AFTER_HYPHEN = re.compile(r"(?<=[^\W_][-‐‑])[^\S\n]*\n\s*")
_UNSEEN = dict.fromkeys(map(ord, HIDDEN))
_PROSE_WORDS = 25
_FULL_LINE = 60


class Fact(NamedTuple):
    """A value, and the source offsets that it was read from."""

    value: str
    start: int
    end: int


class Line(NamedTuple):
    """A line: its offsets and text without white space around it, and whether it stands under a blank line."""

    start: int
    end: int
    text: str
    gap: bool


def plain(text: str) -> str:
    """A text of the same length with plain quotation marks, hyphens, spaces and line ends."""
    text = text.replace("\r\n", " \n")
    for mark, others in _PLAIN.items():
        for other in others:
            text = text.replace(other, mark)
    return text


def reading(text: str) -> str:
    """A stretch of source as it is read: runs of white space made one space, none after a hyphen at a line's end."""
    return " ".join(_BREAK_AFTER_HYPHEN.sub("", text).translate(_UNSEEN).split())


@dataclass(frozen=True)
class Page:
    """A source text, and the same in plain characters."""

    source: str

    @cached_property
    def text(self) -> str:
        """The source in plain characters, at the same offsets; of a very long one, the start."""
        return plain(self.source[:LONGEST])

    @cached_property
    def lines(self) -> list[Line]:
        """The head's lines."""
        return lines(self.text[:HEAD])

    @cached_property
    def all_lines(self) -> list[Line]:
        """All lines."""
        return lines(self.text) if len(self.text) > HEAD else self.lines

    @cached_property
    def prose(self) -> int:
        """Where prose starts: at two full lines with a third under them, or one very long; or where the head ends."""
        for number, line in enumerate(self.lines):
            below = self.lines[number + 1 : number + 3]
            full = len(line.text) >= _FULL_LINE and len(below) == 2 and len(below[0].text) >= _FULL_LINE
            if len(line.text.split()) >= _PROSE_WORDS or (full and not (below[0].gap or below[1].gap)):
                return line.start
        return min(HEAD, len(self.text))

    def fact(self, start: int, end: int, value: str | None = None) -> Fact:
        """A fact read from a place; without a value, it is what stands there."""
        return Fact(reading(self.source[start:end]) if value is None else value, start, end)


def lines(text: str) -> list[Line]:
    """The lines of a plain text that aren't blank."""
    found: list[Line] = []
    start = 0
    gap = False
    for raw in text.split("\n"):
        shown = raw.strip()
        if shown:
            at = start + raw.index(shown[0])
            found.append(Line(at, at + len(shown), shown, gap))
        gap = not shown
        start += len(raw) + 1
    return found
