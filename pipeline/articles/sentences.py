"""Sentences: where a block's text is cut."""

from __future__ import annotations

import re

from pipeline.articles import punkt
from pipeline.articles.layout import Block
from pipeline.articles.markers import MARKER
from pipeline.articles.phrases import any_of

_RUNNING_TEXT = ("paragraph", "bullet", "quote")
_CLOSING = "\"”’')]"
# "(Regulation 12)", "(Outcome 1, national framework)", "(Recommendation.)": no sentence.
_REFERENCE = re.compile(r"\((?:[^().?!]++|[^().?!\s]{1,30}(?: [^().?!\s]{1,30})?\.)\)\.?$")
# What comes before a surname, which may be a word too (Bell, Young): "Cllr.", "Cllr J. R.", "Sir A.", "A. B.".
_SHORT_TITLE = any_of("M[rsx]", "Mrs", "Dr", "Prof", "Cllrs?", "Rev", "Sgt", "Supt", "Insp", "Det", "Capt", "Lt")
_TITLE = any_of(rf"{_SHORT_TITLE}\.?", "Miss", "Councillor", "Sir", "Dame", "Lord", "Lady")
_BEFORE_SURNAME = re.compile(rf"\b{_SHORT_TITLE}\.$|(?:^|\b(?:{_TITLE}|by) )(?:[A-Z]\. )*[A-Z]\.$")
_LONGEST_BEFORE_SURNAME = 40
_LONGEST_TITLE = 8
# "children.The council": a space lost where lines or tags were joined; "plans.3 The", "plans.³ The": a footnote's mark.
_LOST_SPACE = re.compile(
    r"[.?!](?:(?<=[a-z]{3}[.?!])(?:(?=[A-Z][a-z]+[ ,])|\d{1,2}(?= [A-Z]))|[⁰¹²³⁴-⁹]{1,2}(?= [A-Z]))"
)
_ADDRESS = re.compile(r"@|www\.|://")
_LONGEST_ADDRESS = 80


def cuts(block: Block) -> list[tuple[int, int]]:
    """The sentences of a block as offsets into its text; what isn't running text is one whole."""
    text = block.text
    if block.kind not in _RUNNING_TEXT:
        return [(0, len(text))]
    marker = MARKER.match(text) if block.marked else None
    skipped = marker.end() if marker else 0
    found = [(start + skipped, end + skipped) for start, end in punkt.spans(text[skipped:])]
    parts = _joined(text, found)
    if _LOST_SPACE.search(text):
        parts = [part for span in parts for part in _split(text, span)]
    # A marker belongs to the first sentence of its item.
    return [(0, parts[0][1]), *parts[1:]] if parts else [(0, len(text))]


def _joined(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what Punkt's rules cut off from the sentence before."""
    joined: list[tuple[int, int]] = []
    for span in found:
        if joined and _belongs(text, joined[-1], span):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _belongs(text: str, before: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether a span belongs to the one before it."""
    start, end = span
    if text[start].islower():  # "Why?" she asked
        return text[before[1] - 1] in _CLOSING
    if text[start] == "(":  # Visits are late. (Regulation 12)
        return bool(_REFERENCE.match(text, start, end))
    if text[start].isupper():  # Cllr J. Young said
        if before[1] - text.rfind(" ", before[0], before[1]) > _LONGEST_TITLE:
            return False
        return bool(_BEFORE_SURNAME.search(text[max(before[0], before[1] - _LONGEST_BEFORE_SURNAME) : before[1]]))
    return text.startswith("](", start)  # [Why?](https://…)


def _split(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """Cut where a space was lost or a footnote's mark stands after the full stop."""
    start, end = span
    parts: list[tuple[int, int]] = []
    for lost in _LOST_SPACE.finditer(text, start, end):
        if not _in_address(text, lost.start()):
            parts.append((start, lost.end()))
            start = lost.end() + (text[lost.end()] == " ")
    return [*parts, (start, end)]


def _in_address(text: str, position: int) -> bool:
    before = text[max(0, position - _LONGEST_ADDRESS) : position]
    return bool(_ADDRESS.search(before, before.rfind(" ") + 1))
