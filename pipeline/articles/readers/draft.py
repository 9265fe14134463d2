"""Drafts: paragraphs, as a reader meets them, to a source whose hints tell their kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipeline.articles.furniture import is_furniture
from pipeline.articles.headings import is_grade
from pipeline.articles.source import Kind, Source
from pipeline.articles.text import BLANK, SOFT_HYPHEN, ends
from pipeline.errors import ArticleError

_STRIPPED = BLANK + SOFT_HYPHEN
_BREAK = re.compile("[\n\v\f\r\x85\u2028\u2029]")
_LONGEST_HEADING = 250
_MOST_WORDS = 18
_LEAST_UNDER_HEADING = 60
_UNHEADED = (".", ";", ",", "!")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's lines, its kind where the file tells it, and whether all of it is bold and stands by itself."""

    lines: tuple[str, ...]
    kind: Kind | None
    bold: bool


class Draft:
    """A text in the making: each paragraph is a line, or those that its writer broke it into, and a blank line."""

    def __init__(self) -> None:
        self._paragraphs: list[Paragraph] = []

    def add(self, text: str, kind: Kind | None = None, *, bold: bool = False) -> None:
        """Add a paragraph; one without text is left out. `bold` marks one that may be a heading by its type alone."""
        lines = tuple(line for part in _BREAK.split(text) if (line := part.strip(_STRIPPED)))
        if lines:
            # Templates give whole paragraphs a heading's style, for its number.
            told = None if kind == "heading" and _is_prose(" ".join(lines)) else kind
            self._paragraphs.append(Paragraph(lines, told, bold and not kind))

    def extend(self, other: Draft) -> None:
        """Add what another draft holds."""
        self._paragraphs += other._paragraphs

    def source(self, name: str, notes: tuple[str, ...] = ()) -> Source:
        """The source. Raises `ArticleError` when there is no text in it."""
        if not self._paragraphs:
            raise ArticleError(f"{name}: empty: there is no text in it to read")
        hints: dict[int, Kind] = {}
        parts: list[str] = []
        at = 0
        for paragraph, following in pairwise([*self._paragraphs, None]):
            assert paragraph
            kind = paragraph.kind or ("heading" if following and _heads(paragraph, following) else None)
            for number, line in enumerate(paragraph.lines):
                if kind and (not number or kind in ("heading", "furniture", "caption")):
                    hints[at] = kind
                parts.append(line + "\n")
                at += len(line) + 1
            parts.append("\n")
            at += 1
        return Source(name, "".join(parts)[:-1], notes, hints)


def _is_prose(text: str) -> bool:
    return len(text) > _LONGEST_HEADING or (ends(text, (".",)) and len(text.split(maxsplit=_MOST_WORDS)) > _MOST_WORDS)


def _heads(paragraph: Paragraph, following: Paragraph) -> bool:
    """Whether a bold paragraph is a heading: short, not a name, date or grade, and with ordinary text under it."""
    text = " ".join(paragraph.lines)
    return (
        paragraph.bold
        and len(text.split(maxsplit=_MOST_WORDS)) <= _MOST_WORDS
        and not ends(text, _UNHEADED)
        and not is_grade(text)
        and not any(map(is_furniture, paragraph.lines))
        and not following.bold
        and (following.kind == "bullet" or sum(map(len, following.lines)) >= _LEAST_UNDER_HEADING)
    )
