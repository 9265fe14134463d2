"""Text: what a block of source lines reads as, and where each character of it stands in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

Offsets = list[tuple[int, int]]
"""Places in a text and in its source, in order: between two of them both run on together."""

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

SOFT_HYPHEN = "\xad"
_HIDDEN = re.compile(rf"[{_UNSEEN}{SOFT_HYPHEN}]")
_WIDE = re.compile(r"\s{2,}")
_WIDE_OR_HIDDEN = re.compile(rf"[\s{_UNSEEN}{SOFT_HYPHEN}]{{2,}}|[{_UNSEEN}{SOFT_HYPHEN}]")
_SPACE = re.compile(r"\s")
_ODD_SPACE = re.compile(r"[^\S ]")
_HYPHENS = "-‐‑"
_LETTERS = re.compile(r"[^\W\d_]++")
_COMPOUND = re.compile(rf"(?<![^\W\d_])([^\W\d_]++)(?=[{_HYPHENS}]([^\W\d_]++))")
# Endings that no word is written with after a hyphen: "devel-" and "opment" are one word.
_NOUN_ENDINGS = ("tion", "tions", "ation", "ations", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ers")
_QUALITY_ENDINGS = ("ance", "ence", "ences", "ency", "able", "ible", "tive", "ally", "ively")
_VERB_ENDINGS = ("ies", "ing", "ings", "ated")
_ENDINGS = frozenset((*_NOUN_ENDINGS, *_QUALITY_ENDINGS, *_VERB_ENDINGS))


_BEYOND = 1 << 60  # greater than any offset, so that bisection compares positions alone
_FEW = 50


def ends(text: str, marks: tuple[str, ...] = TERMINAL) -> bool:
    """Whether a text ends with one of these marks, closing quotes and brackets aside."""
    return text.rstrip("\"”’')]").endswith(marks)


def source_offset(offsets: Offsets, position: int) -> int:
    """The source offset of a position in a text."""
    at, source = offsets[bisect_right(offsets, (position, _BEYOND)) - 1]
    return source + position - at


class Reader:
    """Reads pieces of one source as running text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._asked = 0
        self._gaps = _WIDE_OR_HIDDEN if _HIDDEN.search(source) else _WIDE

    def read(self, pieces: Sequence[tuple[int, int]]) -> tuple[str, Offsets]:
        """Pieces as one text, and its offsets.

        Runs of white space are made one space, hyphens at line breaks closed, and characters that take no room dropped.
        """
        source = self._source
        parts: list[str] = []
        offsets: Offsets = []
        length = 0
        for number, (start, end) in enumerate(pieces):
            piece = source[start:end]
            if number:
                glue, cut = self._glue(pieces[number - 1], (start, end))
                if cut:
                    parts[-1] = parts[-1][:-1]
                    length -= 1
                parts.append(glue)
                length += len(glue)
            if piece.isprintable() and "  " not in piece:
                offsets.append((length, start))
                parts.append(piece)
                length += end - start
                continue
            at = start
            for gap in self._gaps.finditer(source, start, end):
                offsets.append((length, at))
                space = " " if _SPACE.search(gap.group()) else ""
                parts.append(source[at : gap.start()] + space)
                length += len(parts[-1])
                at = gap.end()
            offsets.append((length, at))
            parts.append(source[at:end])
            length += end - at
        text = "".join(parts)
        return text if text.isprintable() else _ODD_SPACE.sub(" ", text), offsets

    def _glue(self, piece: tuple[int, int], following: tuple[int, int]) -> tuple[str, bool]:
        """What joins two pieces, and whether the first one's last character (a hyphen) goes."""
        source = self._source
        last = piece[1] - 1
        if source[last] == SOFT_HYPHEN:
            return "", False
        if source[last] not in _HYPHENS or last == piece[0]:
            return " ", False
        if not source[last - 1].isalnum() or not source[following[0]].isalnum():
            return " ", False
        return "", self._splits_word(piece[0], last, following)

    def _splits_word(self, start: int, hyphen: int, following: tuple[int, int]) -> bool:
        """Whether a hyphen at a line's end was put there by the typesetter, and not by the writer.

        Typesetters' hyphens split words; writers' hyphens (multi-agency) stay. The rest of the source tells them apart.
        """
        first = hyphen
        while first > start and self._source[first - 1].isalpha():
            first -= 1
        left = self._source[first:hyphen]
        match = _LETTERS.match(self._source, *following)
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
        found = [self._stands(left + hyphen + right) for hyphen in _HYPHENS] if self._seldom() else [None]
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
    def _words(self) -> frozenset[str]:
        return frozenset(_LETTERS.findall(self._source))

    @cached_property
    def _compounds(self) -> frozenset[tuple[str, str]]:
        return frozenset(_COMPOUND.findall(self._source))
