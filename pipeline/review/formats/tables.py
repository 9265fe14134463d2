"""Tables: CSV and Excel workbooks, for people with a spreadsheet.

The empty columns at the end are theirs to fill in. Cells that a spreadsheet would run as formulas are escaped, and
unescaped when they come back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from math import isnan
from pathlib import Path
from typing import Any

from pipeline.corpus.rows import themes_cell
from pipeline.errors import MissingExtraError, ReviewError
from pipeline.reports.writing import unescaped, writing
from pipeline.review.formats.rows import Answer, Sheet, unread

FILLED = ("finding", "themes", "note", "reviewer")
COLUMNS = (
    *("id", "article", "heading", "before", "text", "after", "model_finding", "confidence", "model_themes"),
    *("reason", "reviews", *FILLED),
)
_KNOWN = frozenset((*COLUMNS, "reviewed"))
_NO_THEME = frozenset({"-", "–", "none", "no theme"})
_DELIMITERS = ",;\t"


def write(path: Path, sheet: Sheet) -> None:
    """Write a `.csv` or `.xlsx` file. Raises `TableError` when it can't be written."""
    import pandas as pd

    rows = [
        {
            **{"id": item.id, "article": item.article, "heading": item.heading},
            **{"before": item.before, "text": item.text, "after": item.after},
            **{"model_finding": item.finding, "confidence": round(item.confidence, 4)},
            **{"model_themes": ", ".join(item.themes), "reason": item.reason, "reviews": sheet.reviews(item)},
            **dict.fromkeys(FILLED, ""),
        }
        for item in sheet.items
    ]
    with writing(path) as writer:
        writer.write(pd.DataFrame(rows, columns=list(COLUMNS)))


def read_csv(path: Path, content: str) -> Iterator[Answer]:
    """The answers of a CSV file. Raises `ReviewError` for columns that are unknown or missing."""
    first = content.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.DictReader(StringIO(content, newline=""), delimiter=delimiter)
    try:
        _check_columns(path, list(reader.fieldnames or []))
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if None in row:
                yield unread(where, f"more cells than columns: put text with {delimiter!r} in quotation marks")
            else:
                yield _answer(where, row)
    except csv.Error as error:
        yield unread(f"{path}:{reader.line_num}", f"not CSV ({error}): mend the row")


def read_workbook(path: Path) -> Iterator[Answer]:
    """The answers of a workbook's first sheet. Raises `ReviewError` as `read_csv` does."""
    import pandas as pd

    try:
        table = pd.read_excel(path, engine="calamine", dtype=object)
    except ImportError:
        raise MissingExtraError(f"{path}: reading .xlsx", "excel") from None
    except Exception as error:  # the library has errors of its own
        raise ReviewError(f"{path}: can't be read ({type(error).__name__}): save it again") from None
    _check_columns(path, [str(column) for column in table.columns])
    for line, values in enumerate(table.to_dict("records"), 2):
        yield _answer(f"{path}:{line}", {str(key): _cell(value) for key, value in values.items()})


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _check_columns(path: Path, columns: list[str]) -> None:
    missing = [name for name in ("id", "finding") if name not in columns]
    if missing:
        raise ReviewError(
            f"{path}:1: no column {missing[0]!r}: bring back the columns that 'pipeline review export' wrote"
        )
    problems = [f"{path}:1: unknown column {name!r}: remove it" for name in columns if name not in _KNOWN]
    if problems:
        raise ReviewError(f"{path}: nothing was imported; known columns are {', '.join(COLUMNS)}", problems)


def _answer(where: str, row: Mapping[str, str | None]) -> Answer:
    cells = {key: unescaped(value or "").strip() for key, value in row.items()}
    themes = cells.get("themes", "")
    return Answer(
        where,
        id=cells["id"],
        text=cells.get("text") or None,
        finding=cells["finding"],
        # An empty cell says nothing of themes, since nobody had to fill it in.
        themes=([] if themes.lower() in _NO_THEME else themes_cell(themes)) if themes else None,
        note=cells.get("note", ""),
        who=cells.get("reviewer") or None,
        at=cells.get("reviewed") or None,
    )
