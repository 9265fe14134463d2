"""Headings: which short paragraphs are headings, and what stands under them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.articles import people, punkt
from pipeline.articles.text import ends

if TYPE_CHECKING:
    from pipeline.articles.layout import Block

# The whole paragraph is in quotation marks.
_QUOTED = re.compile(r"(?:“[^“”]+”|\"[^\"]+\"|‘[^“”]+[.!?,]’)$")
# A mark after which something must come or a sentence is over, closing quotes and brackets aside.
_MID_OR_END = (".", "!", ";", ",", "…")
_GRADE = re.compile(
    r"(?:outstanding|good|requires improvement(?: to be good)?|inadequate|adequate|satisfactory)[.*]?$", re.IGNORECASE
)
_MAX_WORDS = 18
_MAX_LEAD_IN_WORDS = 14


def mark_headings(blocks: list[Block]) -> None:
    """Tell headings, set-off quotations and lists of inspectors from paragraphs."""
    following: Block | None = None
    for block in reversed(blocks):
        if block.kind == "paragraph" and not block.marked:
            if _QUOTED.match(block.text):
                block.kind = "quote"
            elif people.is_team(block.text):
                block.kind = "furniture"
            elif _is_heading(block.text, following):
                block.kind = "heading"
        if block.kind != "furniture":
            following = block


def is_grade(line: str) -> bool:
    """Whether a line is nothing but a grade."""
    return bool(_GRADE.match(line))


def _is_heading(text: str, following: Block | None) -> bool:
    lead_in = text.endswith(":")
    if not following or (ends(text, _MID_OR_END) and not lead_in):
        return False
    words = len(text.split(maxsplit=_MAX_WORDS + 1))
    if words > _MAX_WORDS or is_grade(text):
        return False
    first = text.lstrip("“‘\"'[(")[:1]
    if first.islower() and len(text) > 1 and not text[1].isupper():
        return False
    if lead_in:
        return words <= _MAX_LEAD_IN_WORDS and following.kind == "bullet"
    spans = punkt.spans(text)
    # "Where are they? Ofsted asks after 63 pupils" is one headline.
    return len(spans) == 1 or (len(spans) == 2 and text[spans[0][1] - 1] == "?")


def assign_headings(blocks: list[Block]) -> None:
    """Give each block the heading it stands under; a lead-in that ends in a colon heads its list only."""
    heading = lead_in = ""
    for block in blocks:
        if block.kind == "heading":
            label = block.text.strip("#*_ ")
            if label.endswith(":") and heading:
                lead_in = label
            else:
                heading, lead_in = label, ""
            continue
        if block.kind not in ("bullet", "furniture"):
            lead_in = ""
        block.heading = lead_in or heading
