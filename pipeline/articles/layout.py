"""Layout: source text to blocks (headings, paragraphs, items, quotations, captions, furniture).

Two shapes of text are understood: one paragraph a line, as web pages give, and hard-wrapped lines, as PDF files give.
In the second, lines are joined into paragraphs, across page breaks and the furniture around them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.articles import furniture, site
from pipeline.articles.headings import assign_headings, is_grade, mark_headings
from pipeline.articles.lines import Lines, lines, wrap_width
from pipeline.articles.markers import CHANCE_MARKER, LONE_MARKER
from pipeline.articles.source import Kind
from pipeline.articles.surroundings import mark_furniture
from pipeline.articles.text import OPENING, Offsets, Reader, ends

_MD_HEADING = re.compile(r"#{1,6}\s+\S")
_NUMBER = re.compile(r"(\d{1,3})\.")
_LONGEST_MARKER = 6
_FULL = 0.8
_MAX_FURNITURE_BETWEEN = 40


@dataclass(slots=True)
class Block:
    """Lines that belong together: `lines` are their numbers, `text` what they read as, joined.

    `last` is the last line, empty where that is a marker alone; `marked` says that a marker shows the block's kind, or
    the file tells it.
    """

    kind: Kind
    lines: list[int]
    last: str
    marked: bool = False
    heading: str = ""
    text: str = ""
    offsets: Offsets = ([], [], 0)


def blocks(source: str, hints: Mapping[int, Kind] = MappingProxyType({})) -> list[Block]:
    """Cut a source text into blocks, in reading order, each with its kind, its text and the heading it stands under.

    `hints` are the kinds of blocks that the file tells, by the offset of their first line.
    """
    found_lines = lines(source, hints)
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
        given = lines.given.get(number)
        if given == "heading" and (lines.furniture[number] or furniture.is_furniture(text)):
            given = "furniture"  # a post under a signature may be bold, and a report's dates large
        own = not given and (
            bool(lines.furniture[number])
            or not (
                _opens_paragraph(lines, number, width)
                or _amid_paragraph(block, lines, number, width)
                or not furniture.is_furniture(text)
            )
        )
        if block and (
            given == "heading" and _is_next_of_heading(block, lines, number)
            if given
            else not own and _continues(block, lines, number, width)
        ):
            block.lines.append(number)
            block.last = "" if LONE_MARKER.match(text) else text
        else:
            kind, marked = (given, True) if given else _kind(text, bool(lines.marked[number]), own)
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
            apart = gaps[number] or ended[number - 1] or marked[number] or lines.furniture[number]
            if small[number] and not (apart or number in lines.given):
                before = texts[number - 1]
                plain[number] = len(before) > _LONGEST_MARKER and not _is_short(before, texts[number], width)
    return bytes(plain)


def _is_next_of_heading(block: Block, lines: Lines, number: int) -> bool:
    """Whether a line, which the file says is a heading, is another line of the one directly above it."""
    given = lines.given
    return block.kind == "heading" and given.get(number - 1) == given[number] == "heading" and not lines.gaps[number]


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
    if marked and _is_number_of_text(block, lines, text, width):
        return True
    if marked or _MD_HEADING.match(text):
        chance = CHANCE_MARKER.match(text) and block.kind != "bullet" and not LONE_MARKER.match(text)
        return bool(chance) and not ended and not short
    if (ended or short) and site.is_caption(text):
        return False
    if lines.small[number]:
        return True
    return not short and not is_grade(text) and not is_grade(block.last)


def _is_number_of_text(block: Block, lines: Lines, text: str, width: int) -> bool:
    """Whether what looks like an item's number goes on with unended text: "… COVID-", "19. …", or "… they are", "18.".

    In a numbered paragraph, a number that is neither the next nor the first begins no item.
    """
    number = _NUMBER.match(text)
    if not number or ends(block.last):
        return False
    if block.last.endswith("-"):
        return True
    own = _NUMBER.match(lines.texts[block.lines[0]]) if block.marked else None
    if own is None or len(block.last) < _FULL * width:
        return False
    return int(number[1]) not in (1, int(own[1]) + 1)


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
    if not head.last or ends(head.last):
        return False
    first = lines.texts[block.lines[0]]
    if block.marked:
        return block.kind == "bullet" and _is_number_of_text(head, lines, first, width)
    if lines.small[block.lines[0]] or first.lstrip(OPENING)[:1].islower() or head.last.endswith(("-", ",")):
        return True
    # "… in post since", blank line, "February 2013.": what follows a full line and ends as a sentence belongs to it.
    page_break = lines.page(head.lines[-1]) != lines.page(block.lines[0])
    several = len(head.lines) > 1 or head.marked
    full = len(head.last) >= (0.75 if several else 0.85) * width and (several or page_break)
    return full and (page_break or apart or head.marked) and ends(block.last)
