"""Parquet tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.articles.readers.formats import PARQUET
from pipeline.articles.readers.tables.rows import MissingColumnError, Row, Table, text_column, unique, value
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

if TYPE_CHECKING:
    from pyarrow import Array
    from pyarrow.parquet import ParquetFile

_ROWS = 64
"""How many are read at once: each may hold a long article."""


def table(file: BinaryIO, name: str, settings: ArticleSettings) -> Table:
    """The table in a file, read in batches; its rows, which no program shows the numbers of, are numbered from 1.

    Raises `ArticleError` when it has no text column; `ImportError` without pyarrow.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        parquet = ParquetFile(file, pre_buffer=False)
        columns = unique([str(value(column) or "") for column in parquet.schema_arrow.names])
        groups = [parquet.metadata.row_group(number).total_byte_size for number in range(parquet.num_row_groups)]
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(name, error) from None
    limit = settings.max_collection_megabytes
    if sum(groups) > limit * 1_000_000:
        reason = f"unpacks to more than {limit:g} MB: split it, or raise articles.max_collection_megabytes"
        raise ArticleError(f"{name}: {reason} in the configuration")
    column = text_column(columns, settings.text_column)
    if column is None:
        raise MissingColumnError(name, settings.text_column, columns)
    return Table(columns, column, _rows(parquet, columns, name))


def _rows(parquet: ParquetFile, columns: Sequence[str], name: str) -> Iterator[Row]:
    from pyarrow import ArrowException

    number = 0
    try:
        for batch in parquet.iter_batches(batch_size=_ROWS, use_threads=False):
            for cells in zip(*map(_cells, batch.columns), strict=True):
                number += 1
                yield Row(number, dict(zip(columns, map(value, cells), strict=True)))
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(name, error) from None


def _cells(column: Array[Any]) -> list[object]:
    """A column's cells as Python's objects; those that Python has no like of, such as dates too far away, as text."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return list(column.cast("string").to_pylist())


def _damaged(name: str, error: Exception) -> ArticleError:
    reason = (str(error).splitlines() or ["unreadable"])[0].rstrip(".")
    return ArticleError(f"{name}: a damaged {PARQUET.title} file ({reason}): save it again")
