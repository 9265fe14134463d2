"""JSON Lines: an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from pipeline.articles.readers.tables.rows import MissingColumnError, Row, Table, text_column, value
from pipeline.articles.readers.tables.textlines import TextLines
from pipeline.articles.source import Failure, Value
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_HEAD = 1000
_MEGABYTES = 20
_MOST_COLUMNS = 10_000
"""How many names all rows may have between them: each is a column of the result, and held in memory."""


def table(file: BinaryIO, name: str, settings: ArticleSettings) -> Table:
    """The table in a file; its columns are those of its first 1000 rows, or 20 MB. Rows are numbered by their lines.

    Raises `ArticleError` when none of these rows is an object, or none has the text column.
    """
    lines = TextLines(file, name, settings.max_megabytes)
    rows = _rows(lines, name)
    head: list[Row | Failure] = []
    size = 0
    for row in islice(rows, _HEAD):
        head.append(row)
        size += sum(len(cell) for cell in row.values.values() if isinstance(cell, str)) if isinstance(row, Row) else 0
        if size > _MEGABYTES * 1_000_000:
            break
    objects = [row for row in head if isinstance(row, Row)]
    if head and not objects:
        raise ArticleError(f"{name}: no line in it is a JSON object: JSON Lines has one article a line")
    columns = tuple(dict.fromkeys(key for row in objects for key in row.values))
    column = text_column(columns, settings.text_column)
    if column is None:
        raise MissingColumnError(name, settings.text_column, columns)
    return Table(columns, column, chain(head, rows), lambda: lines.notes, ragged=True)


def _rows(lines: TextLines, name: str) -> Iterator[Row | Failure]:
    columns: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except RecursionError:
            yield Failure(f"{name}: line {number} holds lists in lists without end: mend it")
        except ValueError as error:
            reason = getattr(error, "msg", "a number that is too long")
            yield Failure(f"{name}: line {number} is not JSON ({reason}): mend it")
        else:
            if isinstance(found, dict):
                values = {str(value(key) or ""): value(cell) for key, cell in found.items()}
                yield _row(number, values, columns, name)
            else:
                yield Failure(f'{name}: line {number} is not a JSON object: give it names, as in {{"text": …}}')


def _row(number: int, values: dict[str, Value], columns: set[str], name: str) -> Row | Failure:
    """A row, whose columns are added to those so far; none where they would be too many."""
    new = values.keys() - columns
    if len(columns) + len(new) > _MOST_COLUMNS:
        limit = f"more than {_MOST_COLUMNS:,} columns: put names that differ from row to row under one"
        return Failure(f"{name}: line {number} makes {limit}")
    columns |= new
    return Row(number, values)
