"""Delimited tables: CSV and TSV, as programs and people write them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from pipeline.articles.readers.tables.rows import Cells, Table, grid, text_column
from pipeline.articles.readers.tables.textlines import TextLines
from pipeline.articles.source import Failure
from pipeline.settings import ArticleSettings

_DELIMITERS = (",", ";", "\t", "|")
_NONE = "\x1f"
"""In place of a delimiter, where there is one column only."""
_SNIFFED = 50
_END = "\ue000end\ue000"
"""The line after the last: a row by itself, unless a quotation mark was never closed."""


def table(file: BinaryIO, name: str, settings: ArticleSettings) -> Table:
    """The table in a file. Raises `ArticleError` when it has no text column.

    Rows have the numbers that a spreadsheet shows: the header is one, and so is a blank line.
    """
    lines = TextLines(file, name, settings.max_megabytes)
    csv.field_size_limit(lines.longest)
    every = iter(lines)
    head = list(islice(every, _SNIFFED))
    number = 1
    if head and head[0].lower().startswith("sep=") and len(head[0].strip("\r\n")) == 5:  # written for Excel
        number, delimiter = 2, head.pop(0)[4]
    else:
        delimiter = _delimiter(head, settings.text_column)
    found = grid(name, _cells(chain(head, every), delimiter, name, number), settings.text_column)
    return Table(found.columns, found.text_column, found.rows, lambda: lines.notes)


def _cells(lines: Iterable[str], delimiter: str, name: str, number: int) -> Iterator[Cells | Failure]:
    """Rows from the first on, which has this number. What can't be told apart any more ends them with a failure."""
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter)
    try:
        for number, row in enumerate(reader, start=number):  # noqa: B020, PLR1704
            if row and row[-1].endswith(_END):
                if row != [_END]:
                    yield Failure(f"{name}: {_unclosed(number)}")
                return
            yield number, row
    except csv.Error:  # a cell is larger than may be
        yield Failure(f"{name}: {_unclosed(number + 1)}")


def _unclosed(number: int) -> str:
    return f"row {number} has a quotation mark that nothing closes: mend it, since it and what follows can't be read"


def _delimiter(head: Sequence[str], wanted: str) -> str:
    """What stands between cells: what cuts the header into the most, the text column being one."""
    scores: dict[str, tuple[bool, int]] = {}
    for delimiter in _DELIMITERS:
        rows = [row for row in _sniffed(head, delimiter) if row]
        with_text = [row for row in rows if text_column(row, wanted)]
        scores[delimiter] = (bool(with_text), max(map(len, (with_text or rows)[:1]), default=0))
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best][1] > 1 else _NONE


def _sniffed(head: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from islice(csv.reader(head, delimiter=delimiter), 20)
    except csv.Error:
        return
