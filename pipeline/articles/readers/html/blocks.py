"""Blocks: the lines of text that a page's tree shows, with what its tags say of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from pipeline.articles.readers.html import tags
from pipeline.articles.source import Kind
from pipeline.articles.text import BLANK, SOFT_HYPHEN, ends
from pipeline.errors import ArticleError

_SPACES = re.compile(r"[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_ODD_SPACES = re.compile(r"[\t\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_WIDE = re.compile(r" {2,}")
_CELL = "\x1f"
_EMPTY_LINE = re.compile(r"\n[ \n]*\n")
_SENTENCE_ENDS = (".", "!", "?", ";", ",")
_LONGEST_CAPTION = 400
_LONGEST_BYLINE = 120
_LONGEST_TERM = 60
_LONGEST_VALUE = 200
_SHORT_LINE = 60
_LONGEST_BEFORE = 40
_MOST_DOUBTS = 8
_MOST_ELEMENTS = 1_000_000
_MOST_BLOCKS = 400_000


@dataclass(slots=True)
class Block:
    """Lines of text that belong together, white space collapsed.

    `tag` is that of the element around them, `level` a heading's, else 0; `bold` says that all of it is, `linked` how
    much of it is links (0 to 1); `doubts` are the numbers of the elements around it that seldom hold a page's text, and
    `parent` is the number of the element that its own stands in, lists and the like aside.
    """

    lines: list[str]
    kind: Kind | None
    tag: str
    level: int = 0
    bold: bool = False
    linked: float = 0.0
    doubts: tuple[int, ...] = ()
    parent: int = 0

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time element, what stands before it in its block, and that block's number."""

    element: HtmlElement
    before: str
    block: int


class _Origin:
    """An element that says of what kind its blocks are; `used` once there is one."""

    def __init__(self, element: HtmlElement, kind: Kind | None) -> None:
        self.kind = kind
        self.level = tags.level(element) or (tags.LOWEST if kind == "heading" else 0)
        self.used = False


@dataclass(frozen=True, slots=True)
class _Place:
    """An element that starts a block, as far as those inside it need to know."""

    number: int
    parent: int
    tag: str
    origin: _Origin | None
    inner: str = ""
    """"row" and "pre": white space and blocks are no breaks, or all are."""
    doubts: tuple[int, ...] = ()


@dataclass(slots=True)
class _Open:
    """The block that text is added to; `heads` says that as yet it is one bold line."""

    place: _Place | None = None
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    plain: bool = False
    heads: bool = False


class Walk:
    """A walk over a page's tree: `blocks` and `moments` are what it found, in order.

    `ends` are the numbers of the blocks after the last in each element that starts a block, by the elements' numbers;
    `mains` and `boxes` are, alike, those of the first blocks in elements that hold an article, and in asides that may
    be part of one. `rows` are those of tables of facts, `elements` is how many elements the page shows, and `depth` how
    many of them are inside one another. Raises `ArticleError`, with the page's name, for more elements or blocks than
    any page has.
    """

    def __init__(self, root: HtmlElement, name: str) -> None:
        self._name = name
        self.blocks: list[Block] = []
        self.moments: list[Moment] = []
        self.ends: dict[int, int] = {}
        self.mains: dict[int, int] = {}
        self.boxes: dict[int, int] = {}
        self.elements = self.depth = 0
        self.rows = tags.rows(root)
        self._places = [_Place(0, 0, "", None)]
        self._numbers = self._bold = self._links = 0
        self._open = _Open()
        self._walk(root)
        self._close()
        self.ends[0] = len(self.blocks)

    def _walk(self, root: HtmlElement) -> None:
        walker = iterwalk(root, events=("start", "end"))
        passed: HtmlElement | None = None
        depth = 0
        for event, element in walker:
            depth += 1 if event == "start" else -1
            if event == "end":
                if element is not passed:
                    self._leave(element)
                passed = None
                self._add(element.tail)
            elif self._is_passed(element):
                walker.skip_subtree()
                passed = element
            else:
                self.elements += 1
                if self.elements > _MOST_ELEMENTS:
                    raise self._too_many(_MOST_ELEMENTS, "elements")
                self.depth = max(self.depth, depth)
                self._enter(element)
                self._add(element.text)

    def _is_passed(self, element: HtmlElement) -> bool:
        origin = self._places[-1].origin
        in_heading = origin is not None and origin.kind == "heading"
        return tags.is_unseen(element, in_heading=in_heading) or tags.is_note_number(element)

    def _enter(self, element: HtmlElement) -> None:
        tag, place = element.tag, self._places[-1]
        if tag in tags.BLOCKS and (place.inner != "row" or element in self.rows):
            self._close()
            self._places.append(self._place(element))
        elif place.inner == "row" and tag in tags.BLOCKS:
            self._open.pieces.append(_CELL if tag in tags.CELLS else " ")
        elif tag == "br":
            self._break()
        elif tag == "q":
            self._add("“")
        elif tag == "time":
            self.moments.append(Moment(element, "".join(self._open.pieces[-3:])[-_LONGEST_BEFORE:], len(self.blocks)))
        self._bold += tags.is_bold(element)
        self._links += tag == "a" and "href" in element.attrib

    def _leave(self, element: HtmlElement) -> None:
        tag = element.tag
        self._bold -= tags.is_bold(element)
        self._links -= tag == "a" and "href" in element.attrib
        if tag == "q":
            self._add("”")
        elif tag in tags.BLOCKS and (self._places[-1].inner != "row" or element in self.rows):
            self._close()
            self.ends[self._places.pop().number] = len(self.blocks)

    def _place(self, element: HtmlElement) -> _Place:
        """What an element makes of the blocks in it."""
        above = self._places[-1]
        self._numbers += 1
        doubts = above.doubts
        if tags.is_main(element):
            self.mains[self._numbers] = len(self.blocks)
        elif not doubts and tags.is_box(element):
            self.boxes[self._numbers] = len(self.blocks)
        if len(doubts) < _MOST_DOUBTS and tags.is_doubtful(element):
            doubts = (*doubts, self._numbers)
        parent = above.parent if above.tag in tags.HOLDERS else above.number
        if element in self.rows:
            return _Place(self._numbers, parent, "tr", _Origin(element, "paragraph"), "row", doubts)
        inner = "pre" if element.tag == "pre" else above.inner
        kind = tags.kind(element)
        origin = _Origin(element, kind) if kind or element.tag in tags.BREAKING else above.origin
        return _Place(self._numbers, parent, element.tag, origin, inner, doubts)

    def _break(self) -> None:
        """A line break: the second of two starts a new block."""
        pieces = self._open.pieces
        if self._places[-1].inner:
            pieces.append("\n" if self._places[-1].inner == "pre" else " ")
        elif pieces and pieces[-1] == "\n":
            self._close()
        elif self._open.length:
            self._open.heads = not self._open.plain and "\n" not in pieces
            pieces.append("\n")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        place, block = self._places[-1], self._open
        text = _ODD_SPACES.sub(" ", text) if place.inner == "pre" else _SPACES.sub(" ", text)
        length = len(text.strip(BLANK))
        if not length and block.pieces and block.pieces[-1] == "\n" and not place.inner:
            return  # nothing between two line breaks
        if length:
            if block.heads and not self._bold:
                self._close()
                block = self._open
            block.place = block.place or place
            block.length += length
            block.linked += length if self._links else 0
            block.plain |= not self._bold
        block.pieces.append(text)

    def _close(self) -> None:
        """End the block that is open, and keep what text it has."""
        block, self._open = self._open, _Open()
        place = block.place
        if place is None:
            return
        text = "".join(block.pieces)
        if place.inner == "row":
            text = " | ".join(filter(None, map(_stripped, text.split(_CELL))))
        origin = place.origin
        linked = block.linked / block.length
        for part in _EMPTY_LINE.split(text) if place.inner == "pre" else (text,):
            kind = origin.kind if origin and not (origin.used and origin.kind == "bullet") else None
            lines = _lines(part, kind, place.inner)
            if lines:
                kind = _fitting(kind, lines)
                level = origin.level if origin and kind == "heading" else 0
                self._keep(Block(lines, kind, place.tag, level, not block.plain, linked, place.doubts, place.parent))
        if origin:
            origin.used = True

    def _keep(self, block: Block) -> None:
        """Add a block, or, to a term that it explains in a few words, its text."""
        last = self.blocks[-1] if self.blocks else None
        if last and last.tag == "dt" and block.tag == "dd":
            term, value = last.text, block.text
            if len(term) <= _LONGEST_TERM and len(value) <= _LONGEST_VALUE and not ends(value, _SENTENCE_ENDS):
                last.lines = [f"{term.rstrip(':')}: {value}"]
                last.kind, last.tag = "paragraph", "dd"
                last.linked = (last.linked * len(term) + block.linked * len(value)) / (len(term) + len(value))
                return
        self.blocks.append(block)
        if len(self.blocks) > _MOST_BLOCKS:
            raise self._too_many(_MOST_BLOCKS, "paragraphs")

    def _too_many(self, most: int, what: str) -> ArticleError:
        return ArticleError(f"{self._name}: has more than {most:,} {what}: split it, or save it as text")


def _stripped(text: str) -> str:
    return _WIDE.sub(" ", text).lstrip(BLANK + SOFT_HYPHEN).rstrip(BLANK)


def _lines(text: str, kind: Kind | None, inner: str) -> list[str]:
    """The lines of a block that have text."""
    lines = [line for part in text.split("\n") if (line := _stripped(part))]
    if kind in ("heading", "bullet", "caption"):
        return [" ".join(lines)] if lines else []
    return lines if inner == "pre" else _joined(lines)


def _joined(lines: list[str]) -> list[str]:
    """Lines, those joined that a line break parts in the middle of a sentence."""
    joined = lines[:1]
    for line in lines[1:]:
        before = joined[-1]
        if not ends(before) and (line[0].islower() or len(before) > _SHORT_LINE):
            joined[-1] = f"{before} {line}"
        else:
            joined.append(line)
    return joined


def _fitting(kind: Kind | None, lines: list[str]) -> Kind | None:
    """The kind, if it fits the text: a picture's frame may have more in it than captions."""
    length = sum(map(len, lines))
    if kind == "caption" and length > _LONGEST_CAPTION:
        return None
    if kind == "furniture" and (length > _LONGEST_BYLINE * len(lines) or ends(lines[-1], _SENTENCE_ENDS)):
        return None
    return kind
