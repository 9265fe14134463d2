"""Sentences: where a block's text is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.articles import punkt, site
from pipeline.articles.layout import Block
from pipeline.articles.markers import MARKER
from pipeline.articles.marks import EndMarks
from pipeline.articles.phrases import any_of
from pipeline.articles.text import Span

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
_LOST_SPACE = EndMarks(r"(?:(?<=[a-z]{3}[.?!])(?:(?=[A-Z][a-z]+[ ,])|\d{1,2}(?= [A-Z]))|[⁰¹²³⁴-⁹]{1,2}(?= [A-Z]))")
_ADDRESS = re.compile(r"@|www\.|://")
_LONGEST_ADDRESS = 80


def cuts(blocks: Sequence[Block]) -> Iterator[list[Span]]:
    """The sentences of each block as offsets into its text; what isn't running text is one whole."""
    running = [block for block in blocks if _is_running(block)]
    markers = [_marker_length(block) for block in running]
    texts = [block.text[marker:] for block, marker in zip(running, markers, strict=True)]
    spaces_lost = bool(_LOST_SPACE.within("\n".join(texts)))
    found = zip(punkt.spans_of_each(texts), texts, markers, strict=True)
    for block in blocks:
        if not _is_running(block):
            yield [(0, len(block.text))]
            continue
        parts, text, marker = next(found)
        if len(parts) > 1:
            parts = _joined(text, parts)
        if spaces_lost:
            parts = [part for span in parts for part in _split(text, span)]
        if marker or not parts:
            # A marker belongs to the first sentence of its item.
            parts = [(start + marker, end + marker) for start, end in parts or [(0, len(text))]]
            parts[0] = (0, parts[0][1])
        yield parts


def _is_running(block: Block) -> bool:
    return block.kind in _RUNNING_TEXT or (block.kind == "furniture" and site.is_imprint(block.text))


def _marker_length(block: Block) -> int:
    marker = MARKER.match(block.text) if block.marked else None
    return marker.end() if marker else 0


def _joined(text: str, found: list[Span]) -> list[Span]:
    """Join what Punkt's rules cut off from the sentence before."""
    joined = found[:1]
    for span in found[1:]:
        if _belongs(text, joined[-1], span):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _belongs(text: str, before: Span, span: Span) -> bool:
    """Whether a span belongs to the one before it."""
    first = text[span[0]]
    if first.isupper():  # Cllr J. Young said
        last_word = text[text.rfind(" ", before[0], before[1]) + 1 : before[1]]
        if len(last_word) >= _LONGEST_TITLE or last_word.islower():
            return False
        return bool(_BEFORE_SURNAME.search(text[max(before[0], before[1] - _LONGEST_BEFORE_SURNAME) : before[1]]))
    if first.islower():  # "Why?" she asked
        return text[before[1] - 1] in _CLOSING
    if first == "(":  # Visits are late. (Regulation 12)
        return bool(_REFERENCE.match(text, *span))
    return text.startswith("](", span[0])  # [Why?](https://…)


def _split(text: str, span: Span) -> list[Span]:
    """Cut where a space was lost or a footnote's mark stands after the full stop."""
    start, end = span
    parts: list[Span] = []
    for mark, after in _LOST_SPACE.within(text, start, end):
        if not _in_address(text, mark):
            parts.append((start, after))
            start = after + (text[after] == " ")
    return [*parts, (start, end)]


def _in_address(text: str, position: int) -> bool:
    before = text[max(0, position - _LONGEST_ADDRESS) : position]
    return bool(_ADDRESS.search(before, before.rfind(" ") + 1))
