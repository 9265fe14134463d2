"""Layout: source text to blocks (headings, paragraphs, items, quotations, captions, furniture).

Two shapes of text are understood: one paragraph a line, as web pages give, and hard-wrapped lines, as PDF files give.
In the second, lines are joined into paragraphs, across page breaks and the furniture around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.articles import furniture, site
from pipeline.articles.headings import assign_headings, is_grade, mark_headings
from pipeline.articles.lines import Lines, lines, wrap_width
from pipeline.articles.markers import CHANCE_MARKER, LONE_MARKER
from pipeline.articles.surroundings import mark_furniture
from pipeline.articles.text import Offsets, Reader, ends

Kind = Literal["heading", "paragraph", "bullet", "quote", "caption", "furniture"]
KINDS: tuple[Kind, ...] = ("heading", "paragraph", "bullet", "quote", "caption", "furniture")

_MD_HEADING = re.compile(r"#{1,6}\s+\S")
_LONGEST_MARKER = 6
_FULL = 0.8
_MAX_FURNITURE_BETWEEN = 40


@dataclass(slots=True)
class Block:
    """Lines that belong together: `lines` are their numbers, `text` what they read as, joined.

    `last` is the last line, empty where that is a marker alone; `marked` says that a marker shows the block's kind.
    """

    kind: Kind
    lines: list[int]
    last: str
    marked: bool = False
    heading: str = ""
    text: str = ""
    offsets: Offsets = ([], [], 0)


def blocks(source: str) -> list[Block]:
    """Cut a source text into blocks, in reading order, each with its kind, its text and the heading it stands under."""
    found_lines = lines(source)
    width = wrap_width(found_lines)
    mark_furniture(found_lines, width)
    found = _grouped(found_lines, width)
    if width:
        found = _joined(found, found_lines, width)
    reader = Reader(source, found_lines.texts, found_lines.starts)
    for block in found:
        block.text, block.offsets = reader.read(block.lines)
    mark_headings(found)
    assign_headings(found)
    return found


def _grouped(lines: Lines, width: int) -> list[Block]:
    found: list[Block] = []
    plain = _plainly_continuing(lines, width)
    block: Block | None = None
    number = 0
    while number < len(lines):
        text = lines.texts[number]
        own = bool(lines.furniture[number]) or not (
            _opens_paragraph(lines, number, width)
            or _amid_paragraph(block, lines, number, width)
            or not furniture.is_furniture(text)
        )
        if not own and block and _continues(block, lines, number, width):
            block.lines.append(number)
            block.last = "" if LONE_MARKER.match(text) else text
        else:
            kind, marked = _kind(text, bool(lines.marked[number]), own)
            block = Block(kind, [number], text, marked)
            found.append(block)
        number += 1
        if plain[number] and block.kind in ("paragraph", "bullet"):
            stop = plain.index(False, number)
            block.lines += range(number, stop)
            block.last = lines.texts[stop - 1]
            number = stop
    return found


def _plainly_continuing(lines: Lines, width: int) -> bytes:
    """Which lines are the next of a wrapped paragraph, beyond doubt: most lines are, and need no closer look.

    There is one more at the end, which isn't.
    """
    plain = bytearray(len(lines) + 1)
    if width:
        texts, gaps, small, ended, marked = lines.texts, lines.gaps, lines.small, lines.ended, lines.marked
        for number in range(1, len(lines)):
            if small[number] and not (gaps[number] or ended[number - 1] or marked[number] or lines.furniture[number]):
                before = texts[number - 1]
                plain[number] = len(before) > _LONGEST_MARKER and not _is_short(before, texts[number], width)
    return bytes(plain)


def _kind(text: str, marked: bool, own: bool) -> tuple[Kind, bool]:
    """A block's kind by its first line, and whether a marker says so."""
    if own:
        return "furniture", False
    if marked or LONE_MARKER.match(text):
        return "bullet", True
    if _MD_HEADING.match(text):
        return "heading", True
    if text.startswith("> "):
        return "quote", True
    if site.is_caption(text):
        return "caption", True
    return "paragraph", False


def _opens_paragraph(lines: Lines, number: int, width: int) -> bool:
    """Whether a full line that doesn't end has a small letter directly under it: wrapped text, however it looks."""
    following = number + 1
    return (
        following < len(lines)
        and bool(width)
        and not lines.gaps[following]
        and bool(lines.small[following])
        and len(lines.texts[number]) >= _FULL * width
        and not lines.ended[number]
    )


def _amid_paragraph(block: Block | None, lines: Lines, number: int, width: int) -> bool:
    """Whether a line stands directly under a full line that doesn't end: wrapped text, whatever it looks like."""
    if not width or lines.gaps[number] or block is None or block.kind in ("furniture", "caption", "heading"):
        return False
    text = lines.texts[number]
    if ends(block.last) or _is_short(block.last, text, width):
        return False
    return bool(lines.small[number]) or len(text) >= 0.6 * width or bool(lines.ended[number])


def _is_short(line: str, following: str, width: int) -> bool:
    """Whether a wrapped line ended early: the next line's first word would have fitted."""
    room = 0.72 * width - len(line) - 1
    return room > 0 and len(following.split(maxsplit=1)[0]) < room


def _continues(block: Block, lines: Lines, number: int, width: int) -> bool:
    """Whether a line goes on with the block before it: a marker's own text, or the next line of wrapped text."""
    text, gap, marked = lines.texts[number], lines.gaps[number], lines.marked[number]
    if block.kind == "bullet" and len(block.lines) == 1 and LONE_MARKER.match(block.last):
        return gap <= 1 and not marked
    if gap or not width or block.kind in ("furniture", "caption") or (block.kind == "heading" and block.marked):
        return False
    ended = ends(block.last)
    short = _is_short(block.last, text, width)
    if marked or _MD_HEADING.match(text):
        chance = CHANCE_MARKER.match(text) and block.kind != "bullet" and not LONE_MARKER.match(text)
        return bool(chance) and not ended and not short
    if (ended or short) and site.is_caption(text):
        return False
    if lines.small[number]:
        return True
    return not short and not is_grade(text) and not is_grade(block.last)


def _joined(found: list[Block], lines: Lines, width: int) -> list[Block]:
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
            and _goes_on(result[open_at], block, lines, bool(between), width)
        ):
            head = result[open_at]
            head.lines += block.lines
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


def _goes_on(head: Block, block: Block, lines: Lines, apart: bool, width: int) -> bool:
    if block.marked or not head.last or ends(head.last):
        return False
    if lines.small[block.lines[0]] or head.last.endswith(("-", ",")):
        return True
    # "… in post since", blank line, "February 2013.": what follows a full line and ends as a sentence belongs to it.
    full = len(head.last) >= 0.75 * width and (len(head.lines) > 1 or head.marked)
    page_break = lines.page(head.lines[-1]) != lines.page(block.lines[0])
    return full and (page_break or apart or head.marked) and ends(block.last)
