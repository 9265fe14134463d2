"""Layout: source text to blocks (headings, paragraphs, items, quotations, captions, furniture).

Two shapes of text are understood: one paragraph a line, as web pages give, and hard-wrapped lines, as PDF files give.
In the second, lines are joined into paragraphs, across page breaks and the furniture around them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Literal

from pipeline.articles import furniture, punkt

Kind = Literal["heading", "paragraph", "bullet", "quote", "caption", "furniture"]
KINDS: tuple[Kind, ...] = ("heading", "paragraph", "bullet", "quote", "caption", "furniture")

# Bullets as web pages, word processors and PDF fonts encode them (private-use glyphs U+F02D to U+F0FC stand for symbols).
_GLYPHS = "◼■▪▫●○•◦‣⁃∙·►▶➢➤✓✔\uf02d\uf06e\uf0a7\uf0b7\uf0be\uf0d8\uf0fc\uf0a8\uf076"
_DASHES = r"\-–—―−─⎯*+o"
MARKER = re.compile(
    rf"(?:[{_GLYPHS}]+[ \t\u00a0]*|[{_DASHES}][ \t\u00a0]+(?=\S)|\(?\d{{1,3}}[.)](?:[ \t\u00a0]+|$)|\((?:[a-z]|[ivx]{{1,4}})\)[ \t\u00a0]+|(?:[a-h]|[ivx]{{1,4}})[.)][ \t\u00a0]+)"
)
_LONE_MARKER = re.compile(rf"(?:[{_GLYPHS}{_DASHES}]|\(?\d{{1,3}}[.)]|\((?:[a-z]|[ivx]{{1,4}})\))$")
_DASH_OR_NUMBER = re.compile(rf"[{_DASHES}]|\(?\d|\(?[a-z]+[.)]")
_MD_HEADING = re.compile(r"#{1,6}\s+\S")
_GRADE = re.compile(
    r"(?:outstanding|good|requires improvement(?: to be good)?|inadequate|adequate|satisfactory)[.*]?$", re.IGNORECASE
)
_TERMINAL = re.compile(r"[.!?:;…][\"”’')\]]*$")
_QUOTED = re.compile(r"(?:“[^“”]+”|\"[^\"]+\"|‘[^“”]+[.!?,]’)$")
_MAX_HEADING_WORDS = 18
_MAX_LEAD_IN_WORDS = 14


@dataclass(slots=True)
class Line:
    """A line of the source without the white space around it; `gap` is the number of blank lines before it."""

    start: int
    end: int
    text: str
    page: int
    gap: int
    furniture: bool = False


@dataclass(slots=True)
class Block:
    """Lines that belong together: `pieces` are their source offsets, `text` what they read as, joined."""

    kind: Kind
    pieces: list[tuple[int, int]]
    last: str
    marked: bool = False
    heading: str = ""
    text: str = ""
    offsets: list[tuple[int, int]] = field(default_factory=list)


def blocks(source: str) -> list[Block]:
    """Cut a source text into blocks, in reading order, each with its kind, its text and the heading it stands under."""
    lines = _lines(source)
    _mark_running_headers(lines)
    width = _wrap_width(lines)
    found = _grouped(lines, source, width)
    found = _joined(found, source, width)
    for block in found:
        _flatten(block, source)
    _mark_headings(found)
    _assign_headings(found)
    return found


def source_offset(block: Block, position: int) -> int:
    """The source offset of a position in a block's text."""
    offsets = block.offsets
    if len(offsets) == 1:
        return offsets[0][1] + position
    low, high = 0, len(offsets)
    while high - low > 1:
        middle = (low + high) // 2
        if offsets[middle][0] <= position:
            low = middle
        else:
            high = middle
    return offsets[low][1] + position - offsets[low][0]


# Lines


def _lines(source: str) -> list[Line]:
    lines: list[Line] = []
    start, gap = 0, 1
    page = 0
    for raw in re.split(r"(\r\n|[\n\r\f\u2028\u2029])", source):
        stripped = raw.strip()
        if stripped:
            begin = start + raw.index(stripped[0])
            for piece_start, piece_end in _unglued(stripped):
                lines.append(Line(begin + piece_start, begin + piece_end, stripped[piece_start:piece_end], page, gap))
                gap = 0
        elif raw == "\f":
            page += 1
            gap += 1
        elif raw and raw[0] in "\n\r\u2028\u2029":
            gap += 1
        start += len(raw)
    # Each line's own line end was counted with the blank lines after it.
    for line in lines:
        line.gap = max(0, line.gap - 1)
    return lines


def _unglued(text: str) -> list[tuple[int, int]]:
    """Cut a line where site text or a picture credit was glued to it."""
    if len(text) > 2000 or not (cuts := list(furniture.GLUED.finditer(text))):
        return [(0, len(text))]
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    return list(zip(starts, ends, strict=True))


def _mark_running_headers(lines: list[Line]) -> None:
    """Mark short lines that recur at the tops and bottoms of pages, whatever their digits."""
    if not lines or lines[-1].page == 0:
        return
    edges: list[tuple[str, Line]] = []
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    for page, members in by_page.items():
        top = members[:3] if page else []
        edges += [(re.sub(r"\d+", "#", line.text), line) for line in [*top, *members[3:][-2:]] if len(line.text) <= 120]
    counts = Counter(key for key, _ in edges)
    for key, line in edges:
        if counts[key] > 1 and not MARKER.match(line.text):
            line.furniture = True


def _wrap_width(lines: list[Line]) -> int:
    """The column that lines are wrapped at, or 0 where each line is a paragraph."""
    pairs = [(a, b) for a, b in zip(lines, lines[1:], strict=False) if b.gap == 0 and not MARKER.match(b.text)]
    going_on = [a for a, b in pairs if b.text[0].islower() and len(a.text) >= 30]
    if len(going_on) < 2 or len(going_on) < 0.2 * len(pairs):
        return 0
    lengths = sorted(len(line.text) for line in going_on)
    width = int(quantiles(lengths, n=10)[-1])
    return width if width <= 160 else 0


# Blocks


def _grouped(lines: list[Line], source: str, width: int) -> list[Block]:
    found: list[Block] = []
    after_sign_off = 0
    for run in _runs(lines):
        address = width and furniture.is_address([line.text for line in run])
        for line in run:
            text = line.text
            previous = found[-1] if found else None
            own = line.furniture or bool(address)
            own = own or (not _amid_paragraph(previous, line, width) and furniture.is_furniture(text))
            if furniture.is_sign_off(text):
                after_sign_off = 6
            elif after_sign_off and len(text) <= 70 and not _TERMINAL.search(text):
                own, after_sign_off = True, after_sign_off - 1
            else:
                after_sign_off = 0
            if not own and previous and _continues(previous, line, source, width):
                previous.pieces.append((line.start, line.end))
                previous.last = text
                if _LONE_MARKER.match(text):
                    previous.last = ""
                continue
            kind, marked = _kind(text, own)
            found.append(Block(kind, [(line.start, line.end)], text, marked))
    return found


def _runs(lines: list[Line]) -> list[list[Line]]:
    runs: list[list[Line]] = []
    for line in lines:
        if line.gap == 0 and runs:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _kind(text: str, own: bool) -> tuple[Kind, bool]:
    if own:
        return "furniture", False
    if _LONE_MARKER.match(text) or MARKER.match(text):
        return "bullet", True
    if _MD_HEADING.match(text):
        return "heading", True
    if text.startswith("> "):
        return "quote", True
    if furniture.is_caption(text):
        return "caption", True
    return "paragraph", False


def _amid_paragraph(block: Block | None, line: Line, width: int) -> bool:
    """Whether a line stands directly under a full line that doesn't end: wrapped text, whatever it looks like."""
    if not width or line.gap or block is None or block.kind in ("furniture", "caption", "heading"):
        return False
    if _TERMINAL.search(block.last) or _is_short(block.last, line.text, width):
        return False
    return line.text[0].islower() or len(line.text) >= 0.6 * width or bool(_TERMINAL.search(line.text))


def _is_short(line: str, following: str, width: int) -> bool:
    """Whether a wrapped line ended early: the next line's first word would have fitted."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) < 0.72 * width


def _continues(block: Block, line: Line, source: str, width: int) -> bool:
    """Whether a line goes on with the block before it: a marker's own text, or the next line of wrapped text."""
    if block.kind == "bullet" and len(block.pieces) == 1 and _LONE_MARKER.match(block.last):
        return line.gap <= 1 and not MARKER.match(line.text)
    if line.gap or not width or block.kind in ("furniture", "caption"):
        return False
    if block.kind == "heading" and block.marked:
        return False
    ended = bool(_TERMINAL.search(block.last))
    short = _is_short(block.last, line.text, width)
    if MARKER.match(line.text) or _MD_HEADING.match(line.text):
        # A dash or number may fall at the start of a line by chance; a bullet glyph never does.
        chance = _DASH_OR_NUMBER.match(line.text) and block.kind != "bullet"
        return bool(chance and not ended and not short and not _LONE_MARKER.match(line.text))
    if furniture.is_caption(line.text) and (ended or short):
        return False
    if line.text[0].islower():
        return True
    if _GRADE.match(line.text) or _GRADE.match(block.last):
        return False
    return not short


def _joined(found: list[Block], source: str, width: int) -> list[Block]:
    """Join what page breaks, blank lines and furniture have put asunder: a block that doesn't end with one that goes on."""
    if not width:
        return found
    result: list[Block] = []
    open_at: int | None = None
    between = 0
    for block in found:
        if block.kind == "furniture":
            result.append(block)
            between += 1
            continue
        if open_at is not None and between <= 40 and _goes_on(result[open_at], block, source, bool(between), width):
            head = result[open_at]
            head.pieces += block.pieces
            head.last = block.last
            if _TERMINAL.search(head.last):
                # What stood in between is dropped from the sentence it interrupted, and stands after it no more.
                del result[open_at + 1 :]
        else:
            result.append(block)
            open_at = len(result) - 1
        if open_at is not None and (
            _TERMINAL.search(result[open_at].last) or result[open_at].kind in ("heading", "caption")
        ):
            open_at = None
        between = 0
    return result


def _goes_on(head: Block, block: Block, source: str, apart: bool, width: int) -> bool:
    if block.marked or not head.last or _TERMINAL.search(head.last):
        return False
    first = source[block.pieces[0][0]]
    if first.islower() or head.last.endswith(("-", ",")):
        return True
    # "… in post since", blank line, "February 2013.": what follows a full line and ends as a sentence belongs to it.
    full = len(head.last) >= 0.75 * width and (len(head.pieces) > 1 or head.marked)
    page_break = "\f" in source[head.pieces[-1][1] : block.pieces[0][0]]
    return full and (page_break or apart or head.marked) and bool(_TERMINAL.search(block.last))


_WIDE = re.compile(r"\s\s+")
_ODD_SPACE = re.compile(r"[^\S ]")
_SUFFIXES = re.compile(
    r"(?:tions?|ments?|ing|ings|ity|ities|ance|ences?|ency|ated|ation|ations|ers|ness|able|ible|ally|ively|ies|tive|sion|sions)\b"
)


def _flatten(block: Block, source: str) -> None:
    """Set a block's text: white space runs made one space, hyphens at line breaks closed; and its offsets into the source."""
    parts: list[str] = []
    offsets: list[tuple[int, int]] = []
    length = 0
    for number, (start, end) in enumerate(block.pieces):
        if number:
            glue, cut = _glue(parts[-1], source, start, end)
            if cut:
                parts[-1] = parts[-1][:-1]
                length -= 1
            parts.append(glue)
            length += len(glue)
        at = start
        for gap in _WIDE.finditer(source, start, end):
            offsets.append((length, at))
            parts.append(source[at : gap.start()] + " ")
            length += len(parts[-1])
            at = gap.end()
        offsets.append((length, at))
        parts.append(source[at:end])
        length += end - at
    block.text = _ODD_SPACE.sub(" ", "".join(parts))
    block.offsets = offsets


def _glue(before: str, source: str, start: int, end: int) -> tuple[str, bool]:
    """What joins two lines, and whether the first one's last character (a hyphen) goes."""
    if before.endswith("\xad"):
        return "", True
    if not (len(before) > 1 and before[-1] in "-‐‑" and before[-2].isalnum() and source[start].isalnum()):
        return " ", False
    left = re.search(r"[^\W\d_]+(?=[-‐‑]$)", before)
    right = re.match(r"[^\W\d_]+", source[start:end])
    if not left or not right or not right.group().islower():
        return "", False
    whole = left.group() + right.group()
    # Typesetters' hyphens split words; writers' hyphens (multi-agency) stay. The rest of the text tells them apart.
    if re.search(rf"\b{left.group()}[-‐‑]{right.group()}\b", source):
        return "", False
    return "", bool(re.search(rf"\b{whole}\b", source) or _SUFFIXES.fullmatch(right.group()))


def _mark_headings(found: list[Block]) -> None:
    for number, block in enumerate(found):
        if block.kind != "paragraph":
            continue
        text = block.text
        following = next((b for b in found[number + 1 :] if b.kind != "furniture"), None)
        if _QUOTED.match(text):
            block.kind = "quote"
        elif _is_heading(text, following):
            block.kind = "heading"


def _is_heading(text: str, following: Block | None) -> bool:
    words = len(text.split())
    if words > _MAX_HEADING_WORDS or not following or _GRADE.match(text):
        return False
    first = text.lstrip("“‘\"'[(")[:1]
    if first.islower() and len(text) > 1 and not text[1].isupper():
        return False
    if text.endswith(":"):
        return words <= _MAX_LEAD_IN_WORDS and following.kind == "bullet"
    return not re.search(r"[.!;,…][\"”’')\]]*$", text) and len(punkt.spans(text)) == 1


def _assign_headings(found: list[Block]) -> None:
    """Give each block the heading it stands under; a lead-in that ends in a colon heads its list only."""
    heading = ""
    lead_in = ""
    for block in found:
        if block.kind == "heading":
            label = block.text.lstrip("# ").rstrip("# ")
            if label.endswith(":") and heading:
                lead_in = label
            else:
                heading, lead_in = label, ""
            continue
        if block.kind == "furniture":
            block.heading = lead_in or heading
            continue
        if block.kind != "bullet":
            lead_in = ""
        block.heading = lead_in or heading
