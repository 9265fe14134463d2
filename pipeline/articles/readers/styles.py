"""Styles: what the names that word processors give to styles tell of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.articles.source import Kind

_NAMES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"(?:toc|contents|index|header|footer|envelope)\b"), "furniture"),
    (re.compile(r"(?:date|salutation|signature|inside address)$"), "furniture"),
    (re.compile(r"(?:.*\b)?heading(?: ?\d{1,2})?$|heading \d|(?:sub)?title$"), "heading"),
    (re.compile(r"caption$"), "caption"),
    (re.compile(r"(?:intense |block )?quot(?:e|ations?)$|block text$"), "quote"),
    (re.compile(r"list (?:bullet|number)|(?:numbering|list) \d|.*\bbullets?(?: list)?(?: ?\d)?$"), "bullet"),
)
_BODY = 9
_MOST_PARENTS = 20


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: its name, the one it is based on, and what it says itself; None where it says nothing."""

    name: str = ""
    parent: str | None = None
    outline: int | None = None
    listed: bool | None = None
    bold: bool | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a style comes to, with those that it is based on."""

    kind: Kind | None = None
    listed: bool = False
    bold: bool = False


def look(styles: Mapping[str, Style], key: str | None) -> Look:
    """What a style comes to. The nearest that tells wins: a style may take back what the one it is based on says."""
    kind: Kind | None = None
    outline: int | None = None
    listed = bold = None
    for _ in range(_MOST_PARENTS):  # styles may be based on each other in a circle
        style = styles.get(key) if key is not None else None
        if style is None:
            break
        told = named(style.name)
        # One that is based on a heading's may say that it is body text: outline level 9.
        kind = kind or (None if told == "heading" and outline == _BODY else told)
        outline = style.outline if outline is None else outline
        listed = style.listed if listed is None else listed
        bold = style.bold if bold is None else bold
        key = style.parent
    if kind is None and outline is not None and 0 <= outline < _BODY:
        kind = "heading"
    return Look(kind, bool(listed), bool(bold))


def named(name: str) -> Kind | None:
    """The kind of paragraph that a style's name tells."""
    name = " ".join(name.lower().replace("_20_", " ").replace("_", " ").split())
    return next((kind for pattern, kind in _NAMES if pattern.match(name)), None)
