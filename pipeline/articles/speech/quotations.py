"""Quotations: what of a sentence stands outside quotation marks, and which quotation it leaves open.

Curly, straight and angle marks are read alike: by what stands beside them. A quotation may be in double or in single
marks; marks of the other kind within it are words quoted in turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# A quotation whose end isn't among so many sentences has lost its closing mark.
LONGEST = 30
PLACE = ' " '
"""What is left in place of a quotation."""

_CURLY = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚", "'"))
_DOUBLE = re.compile('"')
# Single marks with a word on one side only; those within words, and of "the '90s", are apostrophes.
_ANY = re.compile(r"\"|(?<![^\s(\[—–\"-])'(?=\w)(?!(?:\d\ds|til|em|cause)\b)|(?<=[\w.,!?…)])'(?!\w)")
_PLURAL = re.compile(r"s' +[a-z]")
_ENDS = tuple(f"{mark}'" for mark in ".,!?…")
# What may stand before the first mark of a sentence: markers of items and set-off quotations.
_BEFORE = frozenset(" \t\n\u00a0-–—•◼>*")


class Quoted(NamedTuple):
    """A sentence's own words, and how its quotation marks stand."""

    outside: str
    """The sentence with `PLACE` for each quotation."""
    mark: str
    """The mark of the quotation that it leaves open, or ""."""
    starts: bool
    """Whether it begins with a quotation of its own."""
    closes: bool
    """Whether a quotation ends in it that began before it."""


def straight(text: str) -> str:
    """A text with straight quotation marks only."""
    return text if text.isascii() else text.translate(_CURLY)


def read(text: str, mark: str = "") -> Quoted:
    """Read a sentence (straight marks) that begins within a quotation in `mark`, or outside any."""
    if '"' not in text and "'" not in text:
        return Quoted("" if mark else text, mark, False, False)
    return _scanned(text, mark)


def _scanned(text: str, began: str) -> Quoted:
    parts: list[str] = []
    mark, at = began, 0
    starts = closes = False
    last_end = max(map(text.rfind, _ENDS)) + 1
    for match in (_ANY if "'" in text else _DOUBLE).finditer(text):
        place, found = match.start(), match.group()
        leads = _leads(text, place)
        opening = _opens(text, place)
        if not mark:
            if not opening and found == "'":
                continue  # an apostrophe
            if opening:
                parts.append(text[at:place])
                mark, starts = found, starts or leads
            else:  # its opening mark was lost
                parts = []
            parts.append(PLACE)
            at = place + 1
        elif found == mark:
            if opening and leads:
                starts = True  # a paragraph that goes on with the quotation
            elif opening and found == '"':  # the quotation before was never closed
                parts += [text[at:place], PLACE]
                at = place + 1
            elif not opening and not (found == "'" and place < last_end and _PLURAL.match(text, place - 1)):
                if not parts:
                    parts.append(PLACE)
                closes = closes or (bool(began) and at == 0)
                mark, at = "", place + 1
    if not mark:
        parts.append(text[at:])
    return Quoted("".join(parts), mark, starts, closes)


def _opens(text: str, place: int) -> bool:
    """Whether a mark opens a quotation: something follows it at once, and no word goes before."""
    after = text[place + 1 : place + 2]
    before = text[place - 1 : place] if place else ""
    return bool(after) and not after.isspace() and not (before.isalnum() or (before and before in ".,!?…;:)%"))


def _leads(text: str, place: int) -> bool:
    return place == 0 or (place < 6 and all(character in _BEFORE for character in text[:place]))


def end_of(texts: Sequence[str], kinds: Sequence[str], number: int, mark: str) -> int | None:
    """The sentence in which a quotation ends that is open after sentence `number`; None where its end was lost."""
    for later in range(number + 1, min(number + 1 + LONGEST, len(texts))):
        if kinds[later] in ("furniture", "caption"):
            continue
        if kinds[later] == "heading":
            return None
        text = straight(texts[later])
        if mark not in text:
            continue
        quoted = _scanned(text, mark)
        if quoted.closes:
            return later
        if quoted.outside:
            return None  # another opens before this one ends
    return None
