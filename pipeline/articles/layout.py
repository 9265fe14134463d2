"""Layout: source text to blocks (headings, paragraphs, items, quotations, captions, furniture).

Two shapes of text are understood: one paragraph a line, as web pages give, and hard-wrapped lines, as PDF files give.
In the second, lines are joined into paragraphs, across page breaks and the furniture around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from pipeline.articles import furniture, site
from pipeline.articles.headings import assign_headings, is_grade, mark_headings
from pipeline.articles.lines import Line, lines, mark_furniture, wrap_width
from pipeline.articles.markers import CHANCE_MARKER, LONE_MARKER, MARKER
from pipeline.articles.text import Offsets, Reader, ends

Kind = Literal["heading", "paragraph", "bullet", "quote", "caption", "furniture"]
KINDS: tuple[Kind, ...] = ("heading", "paragraph", "bullet", "quote", "caption", "furniture")

_MD_HEADING = re.compile(r"#{1,6}\s+\S")
_LONGEST_MARKER = 6
_FULL = 0.8
_MAX_FURNITURE_BETWEEN = 40


@dataclass(slots=True)
class Block:
    """Lines that belong together: `pieces` are their source offsets, `text` what they read as, joined.

    `last` is the last line, empty where that is a marker alone; `marked` says that a marker shows the block's kind.
    """

    kind: Kind
    pieces: list[tuple[int, int]]
    last: str
    marked: bool = False
    heading: str = ""
    text: str = ""
    offsets: Offsets = field(default_factory=list)


def blocks(source: str) -> list[Block]:
    """Cut a source text into blocks, in reading order, each with its kind, its text and the heading it stands under."""
    found_lines = lines(source)
    width = wrap_width(found_lines)
    mark_furniture(found_lines, width)
    found = _grouped(found_lines, width)
    if width:
        found = _joined(found, source, width)
    reader = Reader(source)
    for block in found:
        block.text, block.offsets = reader.read(block.pieces)
    mark_headings(found)
    assign_headings(found)
    return found


def _grouped(lines: list[Line], width: int) -> list[Block]:
    found: list[Block] = []
    for line, following in zip_longest(lines, lines[1:]):
        previous = found[-1] if found else None
        if previous and not line.furniture and _plainly_continues(previous, line, width):
            previous.pieces.append((line.start, line.end))
            previous.last = line.text
            continue
        own = line.furniture or not (
            _opens_paragraph(line, following, width)
            or _amid_paragraph(previous, line, width)
            or not furniture.is_furniture(line.text)
        )
        if not own and previous and _continues(previous, line, width):
            previous.pieces.append((line.start, line.end))
            previous.last = "" if LONE_MARKER.match(line.text) else line.text
        else:
            kind, marked = _kind(line.text, own)
            found.append(Block(kind, [(line.start, line.end)], line.text, marked))
    return found


def _plainly_continues(block: Block, line: Line, width: int) -> bool:
    """Whether a line is the next of a wrapped paragraph, beyond doubt: most lines are, and need no closer look."""
    return (
        bool(width)
        and not line.gap
        and line.text[0].islower()
        and block.kind in ("paragraph", "bullet")
        and len(block.last) > _LONGEST_MARKER
        and not ends(block.last)
        and not _is_short(block.last, line.text, width)
        and not MARKER.match(line.text)
    )


def _kind(text: str, own: bool) -> tuple[Kind, bool]:
    """A block's kind by its first line, and whether a marker says so."""
    if own:
        return "furniture", False
    if LONE_MARKER.match(text) or MARKER.match(text):
        return "bullet", True
    if _MD_HEADING.match(text):
        return "heading", True
    if text.startswith("> "):
        return "quote", True
    if site.is_caption(text):
        return "caption", True
    return "paragraph", False


def _opens_paragraph(line: Line, following: Line | None, width: int) -> bool:
    """Whether a full line that doesn't end has a small letter directly under it: wrapped text, however it looks."""
    return (
        following is not None
        and bool(width)
        and not following.gap
        and following.text[0].islower()
        and len(line.text) >= _FULL * width
        and not ends(line.text)
    )


def _amid_paragraph(block: Block | None, line: Line, width: int) -> bool:
    """Whether a line stands directly under a full line that doesn't end: wrapped text, whatever it looks like."""
    if not width or line.gap or block is None or block.kind in ("furniture", "caption", "heading"):
        return False
    if ends(block.last) or _is_short(block.last, line.text, width):
        return False
    return line.text[0].islower() or len(line.text) >= 0.6 * width or ends(line.text)


def _is_short(line: str, following: str, width: int) -> bool:
    """Whether a wrapped line ended early: the next line's first word would have fitted."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) < 0.72 * width


def _continues(block: Block, line: Line, width: int) -> bool:
    """Whether a line goes on with the block before it: a marker's own text, or the next line of wrapped text."""
    if block.kind == "bullet" and len(block.pieces) == 1 and LONE_MARKER.match(block.last):
        return line.gap <= 1 and not MARKER.match(line.text)
    if line.gap or not width or block.kind in ("furniture", "caption") or (block.kind == "heading" and block.marked):
        return False
    ended = ends(block.last)
    short = _is_short(block.last, line.text, width)
    if MARKER.match(line.text) or _MD_HEADING.match(line.text):
        chance = CHANCE_MARKER.match(line.text) and block.kind != "bullet" and not LONE_MARKER.match(line.text)
        return bool(chance) and not ended and not short
    if (ended or short) and site.is_caption(line.text):
        return False
    if line.text[0].islower():
        return True
    return not short and not is_grade(line.text) and not is_grade(block.last)


def _joined(found: list[Block], source: str, width: int) -> list[Block]:
    """Join what page breaks, blank lines and furniture have put asunder: an unended block with one that goes on."""
    result: list[Block] = []
    open_at: int | None = None
    between = 0
    for block in found:
        if block.kind == "furniture":
            result.append(block)
            between += 1
            continue
        if (
            open_at is not None
            and between <= _MAX_FURNITURE_BETWEEN
            and _goes_on(result[open_at], block, source, bool(between), width)
        ):
            head = result[open_at]
            head.pieces += block.pieces
            head.last = block.last
            # The furniture in between is dropped: it stands inside the sentence it interrupted.
            del result[open_at + 1 :]
        else:
            result.append(block)
            open_at = len(result) - 1
        if ends(result[open_at].last) or result[open_at].kind in ("heading", "caption"):
            open_at = None
        between = 0
    return result


def _goes_on(head: Block, block: Block, source: str, apart: bool, width: int) -> bool:
    if block.marked or not head.last or ends(head.last):
        return False
    first = source[block.pieces[0][0]]
    if first.islower() or head.last.endswith(("-", ",")):
        return True
    # "… in post since", blank line, "February 2013.": what follows a full line and ends as a sentence belongs to it.
    full = len(head.last) >= 0.75 * width and (len(head.pieces) > 1 or head.marked)
    page_break = "\f" in source[head.pieces[-1][1] : block.pieces[0][0]]
    return full and (page_break or apart or head.marked) and ends(block.last)
