"""Text: what a block of source lines reads as, and where each character of it stands in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

Span = tuple[int, int]
"""Where something starts and ends."""

Offsets = tuple[list[int], list[int], int]
"""Places, in order, where they are in the source, and at which place a text starts.

From each place to the next the text and its source run on together.
"""

_UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
# Within words these two have a meaning in some scripts.
_JOINERS = "\u200c\u200d"
BLANK = (
    " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000" + _UNSEEN + _JOINERS
)
"""What a line may have at its ends without showing it."""

TERMINAL = (".", "!", "?", ":", ";", "…")
"""Marks that end a paragraph or lead on to something."""

CLOSING = "\"”’')]"
"""Quotes and brackets that may stand after such a mark."""

OPENING = "\"“‘'[("
"""Quotes and brackets that may stand before a first word."""

SOFT_HYPHEN = "\xad"
HIDDEN = _UNSEEN + _JOINERS + SOFT_HYPHEN
"""Characters that take no room."""
_WIDE = re.compile(r"\s{2,}")
_WIDE_OR_DROPPED = re.compile(rf"[\s{_UNSEEN}{SOFT_HYPHEN}]{{2,}}|[{_UNSEEN}{SOFT_HYPHEN}]")
_SPACE = re.compile(r"\s")
_ODD_SPACE = re.compile(r"[^\S ]")
# All of these in one class, which is looked for several times faster than one of two.
_ODD = re.compile("[" + "".join(sorted({*BLANK, SOFT_HYPHEN} - {" ", *_JOINERS})) + "]")
_HYPHENS = "-‐‑"
_DASH = "–"
_SPLITTING = frozenset(_HYPHENS + SOFT_HYPHEN + _DASH)
_LETTERS = re.compile(r"[^\W\d_]++")
_COMPOUND = re.compile(rf"(?<![^\W\d_])([^\W\d_]++)(?=[{_HYPHENS}]([^\W\d_]++))")
# Endings that no word is written with after a hyphen: "devel-" and "opment" are one word.
_NOUN_ENDINGS = ("tion", "tions", "ation", "ations", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ers")
_QUALITY_ENDINGS = ("ance", "ence", "ences", "ency", "able", "ible", "tive", "ally", "ively")
_VERB_ENDINGS = ("ies", "ing", "ings", "ated")
_ENDINGS = frozenset((*_NOUN_ENDINGS, *_QUALITY_ENDINGS, *_VERB_ENDINGS))

_FEW = 50


def ends(text: str, marks: tuple[str, ...] = TERMINAL) -> bool:
    """Whether a text ends with one of these marks, closing quotes and brackets aside."""
    return text.rstrip(CLOSING).endswith(marks)


def single_spaced(line: str) -> str:
    """A line with each run of white space made one space."""
    return line if _is_plain(line) else " ".join(line.split())


def _is_plain(text: str) -> bool:
    """Whether a text has but single spaces for white space, and no characters that take no room."""
    return "  " not in text and (text.isprintable() or not _ODD.search(text))


def source_spans(offsets: Offsets, spans: Iterable[Span]) -> list[Span]:
    """The source offsets of parts of a text, given in order."""
    places, sources, base = offsets
    found: list[Span] = []
    last = 0
    for start, end in spans:
        first = bisect_right(places, start + base, last) - 1
        last = bisect_right(places, end - 1 + base, first) - 1
        found.append((sources[first] + start + base - places[first], sources[last] + end + base - places[last]))
    return found


class Reader:
    """Reads lines of one source as running text."""

    def __init__(self, source: str, lines: Sequence[str], starts: list[int]) -> None:
        """Of a source, the lines, and where each of them starts."""
        self._source = source
        self._asked = 0
        self._lines = lines
        self._starts = starts
        # Most texts are a stretch of this: lines that stand together, with nothing in them or between them to close.
        self._joined = " ".join(lines)
        self._places = [0, *accumulate([len(line) + 1 for line in lines])]
        self._splitting = bytes([line[-1] in _SPLITTING for line in lines])
        self._plain = _is_plain(self._joined)

    def read(self, numbers: Sequence[int]) -> tuple[str, Offsets]:
        """Lines, by their numbers, as one text, and its offsets.

        Runs of white space are made one space, hyphens at line breaks closed, and characters that take no room dropped.
        """
        first, last = numbers[0], numbers[-1]
        if last - first + 1 == len(numbers) and self._splitting.find(True, first, last) < 0:
            start = self._places[first]
            text = self._joined[start : self._places[last + 1] - 1]
            if self._plain or _is_plain(text):
                return text, (self._places, self._starts, start)
        return self._read_closely([self._lines[number] for number in numbers], [self._starts[n] for n in numbers])

    def _read_closely(self, parts: Sequence[str], starts: Sequence[int]) -> tuple[str, Offsets]:
        """As `read`, where there is more to do than to put a space between lines."""
        pieces: list[str] = []
        places: list[int] = []
        sources: list[int] = []
        length = 0
        before = ""
        for part, start in zip(parts, starts, strict=True):
            if before:
                glue, cut = self._glue(before, part) if before[-1] in _SPLITTING else (" ", False)
                if cut:
                    pieces[-1] = pieces[-1][:-1]
                    length -= 1
                pieces.append(glue)
                length += len(glue)
            before = part
            at = 0
            for gap in () if _is_plain(part) else self._gaps.finditer(part):
                places.append(length)
                sources.append(start + at)
                pieces.append(part[at : gap.start()] + (" " if _SPACE.search(gap.group()) else ""))
                length += len(pieces[-1])
                at = gap.end()
            places.append(length)
            sources.append(start + at)
            pieces.append(part[at:])
            length += len(part) - at
        text = "".join(pieces)
        return text if text.isprintable() else _ODD_SPACE.sub(" ", text), (places, sources, 0)

    def _glue(self, part: str, following: str) -> tuple[str, bool]:
        """What joins a line that ends in a hyphen to the next, and whether the hyphen goes."""
        if part[-1] == SOFT_HYPHEN:
            return "", False
        if len(part) == 1 or not part[-2].isalnum() or not following[0].isalnum():
            return " ", False
        if part[-1] == _DASH:  # "2014–", "15": a span of years
            return "" if part[-2].isdigit() and following[0].isdigit() else " ", False
        return "", self._splits_word(part, following)

    def _splits_word(self, part: str, following: str) -> bool:
        """Whether a hyphen at a line's end was put there by the typesetter, and not by the writer.

        Typesetters' hyphens split words; writers' hyphens (multi-agency) stay. The rest of the source tells them apart.
        """
        first = hyphen = len(part) - 1
        while first and part[first - 1].isalpha():
            first -= 1
        left = part[first:hyphen]
        match = _LETTERS.match(following)
        if not left or not match or not match.group().islower():
            return False
        right = match.group()
        if self._has_compound(left, right):
            return False
        return right in _ENDINGS or self._has_word(left + right)

    def _has_word(self, word: str) -> bool:
        found = self._stands(word) if self._seldom() else None
        return word in self._words if found is None else found

    def _has_compound(self, left: str, right: str) -> bool:
        found = [self._stands(left + hyphen + right) for hyphen in self._hyphens] if self._seldom() else [None]
        return (left, right) in self._compounds if None in found else True in found

    def _seldom(self) -> bool:
        """Whether a source has been asked little of as yet: then searching it costs less than indexing it."""
        self._asked += 1
        return self._asked <= _FEW

    def _stands(self, word: str) -> bool | None:
        """Whether a word stands in the source, and not as part of another; None where it is part of too many others."""
        source = self._source
        at = -1
        for _ in range(_FEW):
            at = source.find(word, at + 1)
            if at < 0:
                return False
            end = at + len(word)
            if not source[at - 1 : at].isalpha() and not source[end : end + 1].isalpha():
                return True
        return None

    @cached_property
    def _gaps(self) -> re.Pattern[str]:
        return _WIDE_OR_DROPPED if any(character in self._source for character in _UNSEEN + SOFT_HYPHEN) else _WIDE

    @cached_property
    def _hyphens(self) -> list[str]:
        return [hyphen for hyphen in _HYPHENS if hyphen in self._source]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_LETTERS.findall(self._source))

    @cached_property
    def _compounds(self) -> frozenset[tuple[str, str]]:
        return frozenset(_COMPOUND.findall(self._source))
