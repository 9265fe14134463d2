"""PDF, by PDFium: the lines of each page, with the place and type of each; `typesetting` makes a text of them.

PDFium's text pages give characters in the order in which the page draws them, with generated spaces and line breaks
(https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/fpdf_text.h).
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.articles.readers.plain import bounded
from pipeline.articles.readers.typesetting import Line, Page, compose
from pipeline.articles.source import Source
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_BREAK = "\r\n"
# What PDFium makes of a hyphen at a line's end.
_LINE_HYPHENS = ("\ufffe", "\x02")
_BOLD = 600
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_LONGEST_FONT_NAME = 200
_LEVEL = 0.1
"""Radians by which text may slope and still be read: watermarks slope more."""
_FAR = 4.0
"""Distance from one character to the next, in type sizes, from which they stand in different columns."""
_WIDE = 0.7
"""Distance from the start of one character to the next, in type sizes, that few characters fill."""
_SPACE = 0.25
"""Distance from the end of one to the next that is as good as a space."""
_RAISED = 0.8
"""Share of a line's type size below which a raised digit is the mark of a footnote."""


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """The text of a PDF file, its pages divided by form feeds.

    Raises `ArticleError` when it is encrypted, damaged, scanned without text, or has more pages or text than may be.
    """
    import pypdfium2

    data = bounded(file, name, settings.max_megabytes)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ArticleError(f"{name}: needs a password: save it without one") from None
        raise ArticleError(f"{name}: a damaged PDF file: save it again") from None
    with document:
        count = len(document)
        if count > settings.max_pages:
            limit = f"more than {settings.max_pages:,}"
            raise ArticleError(
                f"{name}: {count:,} pages, {limit}: split it, or raise articles.max_pages in the configuration"
            )
        pages = list(_pages(document, name, int(settings.max_megabytes * 1_000_000)))
    empty = [number for number, page in enumerate(pages, 1) if not page.lines]
    if len(empty) == count:
        found = f"no text in its {count:,} page{'s' * (count != 1)}, only pictures"
        raise ArticleError(f"{name}: {found}: convert it by text recognition (OCR) first")
    notes = (f"{name}: no text on {len(empty)} of its {count} pages (page {empty[0]} first)",) if empty else ()
    text, hints = compose(pages)
    yield Source(name, text, notes, hints, paged=True)


def _pages(document: Any, name: str, most: int) -> Iterator[Page]:
    """The lines of each page; a page that can't be read is empty."""
    import pypdfium2

    total = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield Page(0, 0, [])
            continue
        total += text_page.count_chars()
        if total > most:
            raise ArticleError(f"{name}: more than {most:,} characters: split it, or raise articles.max_megabytes")
        width, height = page.get_size()
        yield Page(width, height, list(_lines(text_page.raw, text_page.count_chars())))
        text_page.close()
        page.close()


def _lines(text_page: Any, count: int) -> Iterator[Line]:
    """The lines of a page, as it draws them: characters on one baseline that follow one another."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    unicode_of, size_of, origin_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetFontSize, raw.FPDFText_GetCharOrigin
    run: list[tuple[int, str, float, float, float]] = []
    for index in range(count):
        character = chr(unicode_of(text_page, index))
        if character in _BREAK:
            yield from _line(text_page, run)
            run = []
            continue
        origin_of(text_page, index, at_x, at_y)
        size = size_of(text_page, index)
        if character.isspace():
            if run:
                run.append((index, " ", *run[-1][2:]))
            continue
        if run and _elsewhere(run[-1], x.value, y.value, size):
            yield from _line(text_page, run)
            run = []
        elif run and run[-1][1] != " " and _is_space_between(text_page, run[-1], x.value, size):
            run.append((index, " ", *run[-1][2:]))
        run.append((index, "-" if character in _LINE_HYPHENS else character, x.value, y.value, size))
    yield from _line(text_page, run)


def _elsewhere(before: tuple[int, str, float, float, float], x: float, y: float, size: float) -> bool:
    """Whether a character stands on another line than the one before it, as no raised mark does, or far from it."""
    em = max(size, before[4])
    return abs(y - before[3]) > 0.6 * em or x < before[2] - em or x > before[2] + _FAR * em


def _is_space_between(text_page: Any, before: tuple[int, str, float, float, float], x: float, size: float) -> bool:
    """Whether a character stands so far from the end of the one before it that a reader sees a space: "1. Text"."""
    return x > before[2] + _WIDE * size and x > _right(text_page, before[0]) + _SPACE * size


def _line(text_page: Any, run: list[tuple[int, str, float, float, float]]) -> Iterator[Line]:
    """A line of a run of characters, without the marks of footnotes; none, where nothing in it is to be read."""
    inked = [character for character in run if not character[1].isspace()]
    if not inked:
        return
    from pypdfium2 import raw

    if abs((raw.FPDFText_GetCharAngle(text_page, inked[0][0]) + _LEVEL) % (2 * 3.14159265)) > 2 * _LEVEL:
        return
    sizes = sorted(character[4] for character in inked)
    size = sizes[len(sizes) // 2]
    levels = sorted(character[3] for character in inked if character[4] > _RAISED * size)
    base = levels[len(levels) // 2]
    marks = {c[0] for c in inked if c[1].isdigit() and c[4] < _RAISED * size and c[3] > base + 0.1 * size}
    text = "".join(character[1] for character in run if character[0] not in marks)
    kept = [character for character in inked if character[0] not in marks]
    if not text.strip() or not kept:
        return
    sample = kept[:: max(1, len(kept) // 8)]
    bold = sum(_is_bold(text_page, character[0]) for character in sample) > 0.8 * len(sample)
    yield Line(text.strip(), kept[0][2], _right(text_page, kept[-1][0]), base, round(size, 1), bold)


def _right(text_page: Any, index: int) -> float:
    """Where a character ends."""
    from pypdfium2 import raw

    edges = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text_page, index, *map(ctypes.byref, edges))
    return edges[1].value


def _is_bold(text_page: Any, index: int) -> bool:
    from pypdfium2 import raw

    if raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD:
        return True
    name, flags = ctypes.create_string_buffer(_LONGEST_FONT_NAME), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, _LONGEST_FONT_NAME, ctypes.byref(flags))
    return bool(_BOLD_NAME.search(name.value))
