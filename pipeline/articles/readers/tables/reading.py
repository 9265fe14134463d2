"""Articles of a table's rows.

An article is named after its row as one sees it: the number that a spreadsheet shows, so that the first row of data is
mostly 2; the line of a JSON Lines file; in Parquet, which nothing shows by number, the place of the row, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from pipeline.articles.readers.formats import CSV, EXCEL, JSONL, PARQUET, recognise
from pipeline.articles.readers.plain import mended
from pipeline.articles.readers.tables import delimited, jsonlines, parquet, workbook
from pipeline.articles.readers.tables.rows import Row, Table
from pipeline.articles.source import Failure, Source
from pipeline.articles.text import BLANK
from pipeline.errors import ArticleError, MissingExtraError
from pipeline.settings import ArticleSettings

_TABLES = {CSV: delimited.table, JSONL: jsonlines.table, EXCEL: workbook.table, PARQUET: parquet.table}

_FINDINGS_TABLE = {"id", "article", "position", "start", "end", "text", "finding", "confidence"}
"""Columns that no table of articles has; one that `pipeline predict` wrote may lie in the same folder."""


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source | Failure]:
    """The articles in the text column of a table, each with the other columns of its row.

    Rows without text are left out; the last article says how many. Raises `ArticleError` when no row has text.
    """
    table = _table(file, name, settings)
    if set(table.columns) >= _FINDINGS_TABLE:
        raise ArticleError(f"{name}: a findings table, no table of articles: name the articles themselves")
    held: list[Source | Failure] = []  # the last article, which may have to tell of what follows it, and failures since
    empty = failed = 0
    for row in table.rows:
        item = row if isinstance(row, Failure) else _article(row, table.text_column, name, settings.max_megabytes)
        if item is None:
            empty += 1
        elif held and isinstance(item, Failure):
            held.append(item)
        elif isinstance(item, Failure):
            failed += 1
            yield item
        else:
            yield from held
            held = [item]
    left_out = [f"{name}: {empty} row{'s' * (empty > 1)} without text left out"] if empty else []
    if not held:
        if not failed:
            raise ArticleError(f"{name}: no article in it: no row has text in the column '{table.text_column}'")
        yield from map(Failure, left_out)
        return
    last, *failures = held
    assert isinstance(last, Source)
    yield replace(last, notes=(*last.notes, *table.notes(), *left_out))
    yield from failures


def survey(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """Sources without text that have a table's columns, but for the text's: one, or one a row where rows differ."""
    table = _table(file, name, settings)
    if not table.ragged:
        yield _of_columns(table.columns, table.text_column, name)
        return
    known: set[str] = set()
    for row in table.rows:
        if isinstance(row, Row) and _text(row, table.text_column).strip(BLANK):
            yield _of_columns([column for column in row.values if column not in known], table.text_column, name)
            known.update(row.values)


def _of_columns(columns: Iterable[str], text_column: str, name: str) -> Source:
    return Source(name, "", extra=dict.fromkeys(column for column in columns if column != text_column))


def _table(file: BinaryIO, name: str, settings: ArticleSettings) -> Table:
    size = file.seek(0, 2)
    file.seek(0)
    if size > settings.max_collection_megabytes * 1_000_000:
        limit = f"{settings.max_collection_megabytes:g} MB"
        reason = f"larger than {limit}: split it, or raise articles.max_collection_megabytes in the configuration"
        raise ArticleError(f"{name}: {reason}")
    format, _ = recognise(file, name, settings.text_column)
    try:
        return _TABLES[format](file, name, settings)
    except ImportError as error:
        if (error.name or "").startswith("pipeline"):
            raise
        raise MissingExtraError(f"{name}: reading {format.title}", format.extra) from None


def _article(row: Row, text_column: str, name: str, max_megabytes: float) -> Source | Failure | None:
    """A row's article, or None where it has no text."""
    text = _text(row, text_column)
    name = f"{name}#{row.number}"
    if len(text) > max_megabytes * 1_000_000:
        limit = f"{max_megabytes:g} MB: split it, or raise articles.max_megabytes in the configuration"
        return Failure(f"{name}: larger than {limit}")
    text, notes = mended(text, name)
    if not text.strip(BLANK):
        return None
    return Source(name, text, notes, extra={key: cell for key, cell in row.values.items() if key != text_column})


def _text(row: Row, text_column: str) -> str:
    found = row.values.get(text_column)
    return "" if found is None else str(found)
