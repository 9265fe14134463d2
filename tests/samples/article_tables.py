"""Tables with an article a row, in every format, and what is read of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, time

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from pipeline.articles.readers.reading import take
from pipeline.articles.source import Failure, Source
from samples.readings import SETTINGS, refused

ROWS = [
    {"id": 7, "text": "Visits are late.", "area": "Ambrook"},
    {"id": 8, "text": "Plans drift.", "area": None},
]


def csv_of(rows) -> bytes:
    """As CSV, without quotation marks."""
    lines = [",".join(rows[0])] + [",".join("" if cell is None else str(cell) for cell in row.values()) for row in rows]
    return "\n".join(lines).encode()


def jsonl_of(rows) -> bytes:
    """As JSON Lines."""
    return "\n".join(map(json.dumps, rows)).encode()


def parquet_of(rows) -> bytes:
    """As Parquet."""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def sheets(**contents: list[list[object]]) -> bytes:
    """A workbook with these rows of cells by the titles of its sheets; those whose title says so are hidden."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, rows in contents.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date | time):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell is not None:
                        sheet.write(number, column, cell)
            if title.startswith("hidden"):
                sheet.hide()
    return out.getvalue()


def excel_of(rows) -> bytes:
    """As the one sheet of a workbook."""
    return sheets(Articles=[list(rows[0]), *[list(row.values()) for row in rows]])


MAKERS: dict[str, Callable[[list], bytes]] = {
    "a.csv": csv_of,
    "a.jsonl": jsonl_of,
    "a.parquet": parquet_of,
    "a.xlsx": excel_of,
}


def read(data: bytes, name: str = "a.csv", settings=SETTINGS) -> list[Source | Failure]:
    """What comes of its rows."""
    return list(take(io.BytesIO(data), name, settings))


def sources(data: bytes, name: str = "a.csv", settings=SETTINGS) -> list[Source]:
    """The articles of its rows, where all can be read."""
    items = read(data, name, settings)
    assert all(isinstance(item, Source) for item in items), items
    return items


def failure(data: bytes, name: str = "a.csv", settings=SETTINGS) -> str:
    """Why nothing of it can be read."""
    return refused(data, name, settings)
