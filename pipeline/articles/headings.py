"""Headings: which short paragraphs are headings, and what stands under them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.articles import people, punkt, site
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
_LEAST_ROWS = 2
_WHOLE = "overall"


def mark_headings(blocks: list[Block]) -> None:
    """Tell headings, set-off quotations, lists of inspectors and imprints from paragraphs."""
    following: Block | None = None
    for block in reversed(blocks):
        if block.kind == "paragraph" and not block.marked:
            if _QUOTED.match(block.text):
                block.kind = "quote"
            elif people.is_team(block.text) or site.is_imprint(block.text):
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
    """Give each block the heading it stands under.

    A lead-in that ends in a colon heads its list only. The areas in a table of grades head their grades only, but for
    the last where it is the whole.
    """
    heading = lead_in = above = ""
    graded = 0  # how many headings directly above have nothing but a grade under them
    for before, block in pairwise([None, *blocks]):
        assert block
        if block.kind == "heading":
            label = block.text.strip("#*_ ")
            if label.endswith(":") and heading:
                lead_in = label
            else:
                heading, lead_in = label, ""
            continue
        headed = before is not None and before.kind == "heading"
        if headed and is_grade(block.text):
            graded += 1
        elif block.kind != "furniture" or not graded:
            if graded >= _LEAST_ROWS and not headed and not heading.lower().startswith(_WHOLE):
                heading = above
            graded, above = 0, heading
        if block.kind not in ("bullet", "furniture"):
            lead_in = ""
        block.heading = lead_in or heading
