"""Pages: a web page's bytes to a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipeline.articles.dates import is_date
from pipeline.articles.furniture import is_furniture
from pipeline.articles.headings import is_grade
from pipeline.articles.people import is_byline
from pipeline.articles.readers import plain
from pipeline.articles.readers.html import markup
from pipeline.articles.readers.html.about import About, Head, about
from pipeline.articles.readers.html.blocks import Block, Walk
from pipeline.articles.readers.html.content import Content
from pipeline.articles.readers.html.words import words
from pipeline.articles.source import Kind, Source
from pipeline.articles.text import BLANK, SOFT_HYPHEN, ends
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_LONGEST_HEADING = 18
_NO_HEADING_ENDS = (".", "!", ";", ",", "…")
_QUOTES = '“"‘'
_MOST_HEADINGS = 2
_LONGEST_BYLINE = 100

Line = tuple[str, Kind | None]


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """The article of a saved page."""
    yield source(plain.bounded(file, name, settings.max_megabytes), name)


def source(data: bytes, name: str) -> Source:
    """The article of a page: its title, the day it was published and its site, if it says, then its text.

    A block is a line, or several where lines are broken, with an empty one after it. Raises `ArticleError` for a page
    without text.
    """
    root, notes = markup.tree(data, name)
    walk = Walk(root, name)
    blocks = walk.blocks
    if not blocks:
        raise ArticleError(f"{name}: no text in it: save the whole page, after it has loaded")
    contents = Content(walk, root)
    page = about(Head(root), blocks, walk.moments, contents.allowed)
    chosen = contents.article(page.block)
    if not chosen:
        notes = (*notes, f"{name}: its main text can't be told from the rest: all of it is read")
        chosen = contents.rest()
    taken = [blocks[number] for number in chosen]
    return _composed(_opening(page, taken), taken, name, notes)


def _opening(page: About, taken: list[Block]) -> list[Line]:
    """The lines that say what a page is; the block that shows its title is taken out."""
    title = words(page.title)
    opening: list[Line] = []
    if title:
        opening.append((page.title, "heading"))
        shown = next((n for n, block in enumerate(taken[:20]) if words(block.text) == title), None)
        if shown is not None:
            del taken[shown]
    opening += [(line, "furniture") for line in (page.date, page.site) if line]
    return opening


def _composed(opening: Sequence[Line], blocks: Sequence[Block], name: str, notes: tuple[str, ...]) -> Source:
    kinds = _kinds(blocks)
    lines: list[Line] = []
    for line, kind in opening:
        lines += [(line, kind), ("", None)]
    for block, kind in zip(blocks, kinds, strict=True):
        lines += [(line, kind) for line in block.lines]
        lines.append(("", None))
    whole, notes = plain.mended("\n".join(line for line, _ in lines[:-1]), name, *notes)
    hints: dict[int, Kind] = {}
    at = 0
    for text, (_, kind) in zip(whole.split("\n"), lines, strict=False):
        start = at + len(text) - len(text.lstrip(BLANK + SOFT_HYPHEN))
        if kind and start < at + len(text):
            hints[start] = kind
        at += len(text) + 1
    return Source(name, whole + "\n", notes, hints)


def _kinds(blocks: Sequence[Block]) -> list[Kind | None]:
    """The kinds of blocks, short bold lines above a text being its headings, but for rows of them: an address, say."""
    kinds = [block.kind for block in blocks]
    above = _MOST_HEADINGS  # how many headings stand directly above what comes next, or as many as may
    for number in reversed(range(len(blocks))):
        block = blocks[number]
        if block.kind is None and _is_bold_heading(block):
            if above < _MOST_HEADINGS and not _is_plain_furniture(blocks[number + 1]):
                kinds[number] = "heading"
                above += 1
            else:
                above = _MOST_HEADINGS
            continue
        if block.kind == "bullet" and _is_about(block.text):
            kinds[number] = "furniture"
        above = above + 1 if block.kind == "heading" else _MOST_HEADINGS if kinds[number] == "furniture" else 0
    return kinds


def _is_plain_furniture(block: Block) -> bool:
    return block.kind is None and is_furniture(block.text)


def _is_about(text: str) -> bool:
    """Whether an item of a list tells of the page: its date and writer may be one."""
    return len(text) <= _LONGEST_BYLINE and (is_date(text) or is_byline(text))


def _is_bold_heading(block: Block) -> bool:
    text = block.text
    return (
        block.bold
        and len(block.lines) == 1
        and len(text.split()) <= _LONGEST_HEADING
        and not ends(text, _NO_HEADING_ENDS)
        and text[0] not in _QUOTES
        and not is_grade(text)
        and not is_furniture(text)
    )
