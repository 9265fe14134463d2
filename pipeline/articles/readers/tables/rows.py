"""Rows: what tables of every format come to, and the values in their cells."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from pipeline.articles.source import Failure, Value
from pipeline.errors import ArticleError

_HEAD = 20
_MOST_NAMED = 30
_LARGEST = 2**63
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its columns' names; `number` is the one that a spreadsheet or editor shows for it."""

    number: int
    values: Mapping[str, Value]


Cells = tuple[int, Sequence[object]]
"""A row's number and its cells."""


@dataclass(frozen=True)
class Table:
    """Rows, read as they are asked for, and the names of their columns, the text's among them.

    `notes` gives what was assumed to read the rows so far. In one that is `ragged`, rows may have columns of their own.
    """

    columns: tuple[str, ...]
    text_column: str
    rows: Iterator[Row | Failure]
    notes: Callable[[], Sequence[str]] = tuple
    ragged: bool = False


def text_column(columns: Sequence[str], wanted: str) -> str | None:
    """The column that is meant: of that name, else of the only one that differs in case or spaces at most."""
    if wanted in columns:
        return wanted
    alike = [column for column in columns if column.strip().casefold() == wanted.strip().casefold()]
    return alike[0] if len(alike) == 1 else None


class MissingColumnError(ArticleError):
    """A table without the text column; `columns` are those that it has."""

    def __init__(self, name: str, wanted: str, columns: Iterable[str]) -> None:
        self.columns = [column for column in columns if column]
        more = len(self.columns) - _MOST_NAMED
        found = ", ".join(self.columns[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        super().__init__(
            f"{name}: no column '{wanted}' (its columns: {found or 'none'}): name the text's with --text-column"
        )


def grid(name: str, cells: Iterable[Cells | Failure], wanted: str, *, wide: bool = False) -> Table:
    """The table that rows of cells are, the first of which names the columns.

    Titles may stand above: the header is the first row of twenty that has the text column. With `wide`, all columns
    are kept; else those at the end that have no name aren't, and rows with something in them are failures.
    Raises `ArticleError` where no row has the text column, naming what the first does have.
    """
    items = iter(cells)
    head = list(islice(items, _HEAD))
    for place, item in enumerate(head):
        names = [] if isinstance(item, Failure) else [_name(cell) for cell in item[1]]
        if text_column(names, wanted):
            columns = unique(names if wide else names[: _named(names)])
            column = text_column(columns, wanted)
            assert column
            return Table(columns, column, _rows(name, columns, chain(head[place + 1 :], items)))
    first: Sequence[object] = next((item[1] for item in head if not isinstance(item, Failure) and any(item[1])), ())
    raise MissingColumnError(name, wanted, map(_name, first))


def _rows(name: str, columns: Sequence[str], cells: Iterable[Cells | Failure]) -> Iterator[Row | Failure]:
    for item in cells:
        if isinstance(item, Failure):
            yield item
            continue
        number, row = item
        if len(row) > len(columns) and any(row[len(columns) :]):
            found = f"{len(row)} cells, but the table has {len(columns)} columns"
            yield Failure(f"{name}: row {number} has {found}: put cells that hold a delimiter into quotation marks")
            continue
        values = [value(cell) for cell in row[: len(columns)]]
        yield Row(number, dict(zip(columns, [*values, *[None] * (len(columns) - len(values))], strict=True)))


def _named(names: Sequence[str]) -> int:
    """How many columns there are, up to the last that has a name."""
    return max((place for place, name in enumerate(names, start=1) if name), default=0)


def _name(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names for all columns, none twice."""
    found: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        first = unique = name or f"column {place}"
        while unique in found:
            found[first] += 1
            unique = f"{first} ({found[first]})"
        found[unique] = 1
    return tuple(found)


def value(cell: object) -> Value:
    """A cell's value: dates as ISO text, what has parts as JSON; None for an empty one."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode() if not cell.isascii() else cell
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int):
        return cell if -_LARGEST <= cell < _LARGEST else str(cell)
    if isinstance(cell, float):
        return None if math.isnan(cell) else str(cell) if math.isinf(cell) else cell
    return _said(cell)


def _said(cell: object) -> Value:
    """The text of a value that is neither text nor number."""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second or cell.microsecond or cell.tzinfo):
        return cell.date().isoformat()
    if isinstance(cell, date | time):  # a datetime is a date too
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, dict | list):
        return value(json.dumps(cell, ensure_ascii=False, default=str))
    return value(str(cell))


def whole(number: float) -> int | float:
    """A number as a spreadsheet shows it: 7, not 7.0."""
    return int(number) if number.is_integer() and abs(number) < _EXACT else number
