"""Words: what tells lines of a page from others, however they are written."""

from __future__ import annotations

import re

from pipeline.articles.text import HIDDEN

_WORD = re.compile(r"\w+")
_NOT_SHOWN = re.compile(f"[{HIDDEN}]")
EDGE = 6
"""How many words at either end of a line tell it from others."""
_EDGE_LENGTH = 400

Words = tuple[str, ...]


def words(text: str) -> Words:
    """The words of a text, however it is written."""
    return tuple(_WORD.findall(_NOT_SHOWN.sub("", text).lower()))


def edges(text: str) -> tuple[Words, Words]:
    """The first and the last words of a text, as many as tell it from others."""
    first, last = words(text[:_EDGE_LENGTH]), words(text[-_EDGE_LENGTH:])
    return first[:EDGE], last[-EDGE:]


def is_long(text: str) -> bool:
    """Whether a text is of more words than tell it from others."""
    return len(text.split(maxsplit=EDGE)) > EDGE
