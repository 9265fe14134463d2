"""Writing tables, a part at a time: CSV, JSON Lines, Excel workbooks and Parquet, whole or not at all."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.errors import MissingExtraError, TableError
from pipeline.labels import FINDINGS
from pipeline.reports.printable import json_text

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".jsonl", ".xlsx", ".parquet")
# Some spreadsheets take the full-width forms that East Asian keyboards write for the usual ones.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_FILL = {"strength": "#E2F0D9", "concern": "#FBE5D6", "recommendation": "#DDEBF7"}


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """A table for spreadsheets: lists as JSON text, and text that a spreadsheet would run as a formula escaped."""
    table = table.copy()
    for column in table.columns:
        if table[column].dtype == object:
            table[column] = [
                json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in table[column]
            ]
        if table[column].dtype == object or str(table[column].dtype).startswith("str"):
            table[column] = [_escaped(value) for value in table[column]]
    return table


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose missing whole numbers are None."""
    gaps = {
        str(name): table[name].astype(object).where(table[name].notna(), None)
        for name in table
        if str(table[name].dtype) == "Int64"
    }
    return table.assign(**gaps)


def _escaped(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = value.replace("\r", "\n")  # a lone carriage return would not be quoted, and begin a row of its own
    return "'" + value if value.lstrip(" ").startswith(_FORMULA) else value


def unescaped(value: str) -> str:
    """A spreadsheet's cell as it was before `cells` escaped it."""
    return value[1:] if value[:1] == "'" and _escaped(value[1:]) == value else value


class Writer(ABC):
    """Writes parts of one table to a file, in order."""

    @abstractmethod
    def write(self, part: pd.DataFrame) -> None:
        """Add a part; all parts have the same columns."""

    @abstractmethod
    def close(self) -> None:
        """Finish the file."""


class CsvWriter(Writer):
    """UTF-8 with a byte-order mark, as spreadsheets expect."""

    def __init__(self, file: IO[str], *, mark: bool = True) -> None:
        self._file = file
        self._first = True
        if mark:
            file.write("\ufeff")

    def write(self, part: pd.DataFrame) -> None:
        # Columns carried over from a table are called as its writer liked.
        header = list(map(_escaped, part.columns)) if self._first else False
        cells(part).to_csv(self._file, index=False, header=header, lineterminator="\n", float_format="%.6g")
        self._first = False

    def close(self) -> None:
        self._file.flush()


class JsonLinesWriter(Writer):
    """One JSON object a row; lists stay lists."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, part: pd.DataFrame) -> None:
        for row in _plain(part).to_dict("records"):
            values = {key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()}
            self._file.write(json_text(values) + "\n")

    def close(self) -> None:
        self._file.flush()


_WIDTHS = {"text": 80, "heading": 30, "article": 28, "themes": 30, "before": 50, "after": 50}


class ExcelWriter(Writer):
    """A styled, filterable worksheet, written row by row."""

    def __init__(self, path: Path) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtraError("writing .xlsx", "excel") from None
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._sheet = self._book.add_worksheet("findings")
        self._head = self._book.add_format({"bold": True, "bg_color": "#D9D9D9", "border": 1})
        plain = {"valign": "top", "text_wrap": True}
        self._styles = {name: self._book.add_format(plain | {"bg_color": colour}) for name, colour in _FILL.items()}
        self._plain = self._book.add_format(plain)
        self._row = 0
        self._columns = 0

    def write(self, part: pd.DataFrame) -> None:
        if self._row == 0:
            self._columns = len(part.columns)
            for i, column in enumerate(part.columns):
                self._sheet.set_column(i, i, _WIDTHS.get(str(column), 12))
            self._sheet.freeze_panes(1, 0)
            self._sheet.write_row(0, 0, list(map(str, part.columns)), self._head)
        for values in _plain(cells(part)).to_dict("records"):
            self._row += 1
            if self._row > 1_048_575:
                raise TableError("a worksheet holds 1,048,575 rows: write .csv, .jsonl or .parquet instead")
            style = self._styles.get(str(values.get("finding")), self._plain)
            self._sheet.write_row(self._row, 0, [_excel_value(value) for value in values.values()], style)

    def close(self) -> None:
        from xlsxwriter.exceptions import FileCreateError

        if self._columns:
            self._sheet.autofilter(0, 0, max(self._row, 1), self._columns - 1)
        try:
            self._book.close()
        except FileCreateError as error:
            raise OSError(getattr(error.args[0], "strerror", None) or str(error)) from None


def _excel_value(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value


class ParquetWriter(Writer):
    """Typed columns; themes as lists."""

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise MissingExtraError("writing .parquet", "parquet") from None
        self._arrow = pyarrow
        self._path = path
        self._writer: Any = None

    def write(self, part: pd.DataFrame) -> None:
        arrow = self._arrow
        table = arrow.Table.from_pandas(part, preserve_index=False)
        if "themes" in table.column_names:
            column = arrow.array(part["themes"].tolist(), type=arrow.list_(arrow.string()))
            table = table.set_column(table.column_names.index("themes"), "themes", column)
        table = table.replace_schema_metadata(None)
        if self._writer is None:
            self._writer = arrow.parquet.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table.cast(self._writer.schema))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A writer for a path by its suffix; the file is written beside it and renamed at the end, or not there at all.

    Raises `TableError` for an unknown suffix or a folder that can't be written, `MissingExtraError` without the extra.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TableError(f"{path}: can't write {suffix or 'a file without a suffix'}: use one of {', '.join(SUFFIXES)}")
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{suffix}")
    try:
        writer, file = _open(temporary, suffix)
        try:
            yield writer
        finally:
            # Closed even when a run is broken off: nothing of it may stay behind in temporary files.
            try:
                writer.close()
            finally:
                if file is not None:
                    file.close()
        temporary.replace(path)
    except OSError as error:
        raise TableError(
            f"{path}: can't be written ({error.strerror or error}): check the folder, or name another with --output"
        ) from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _open(path: Path, suffix: str) -> tuple[Writer, IO[str] | None]:
    if suffix == ".xlsx":
        return ExcelWriter(path), None
    if suffix == ".parquet":
        return ParquetWriter(path), None
    file = path.open("w", encoding="utf-8", newline="")
    return (CsvWriter(file) if suffix == ".csv" else JsonLinesWriter(file)), file


def read_table(path: Path) -> pd.DataFrame:
    """Read a findings table that was saved before. Raises `TableError` when it isn't one."""
    import pandas as pd

    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            words = {"article": "str", "text": "str", "heading": "str", "themes": "str"}
            table = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, dtype=words)
            for column in map(str, table.columns[table.dtypes == "str"]):
                table[column] = [unescaped(value) for value in table[column]]
        elif suffix == ".jsonl":
            table = pd.read_json(path, lines=True, dtype=False)
        elif suffix == ".parquet":
            table = pd.read_parquet(path)
        else:
            raise TableError(f"{path}: can't be read as a findings table: save it as .csv, .jsonl or .parquet")
    except ImportError:
        raise MissingExtraError("reading .parquet", "parquet") from None
    except FileNotFoundError:
        raise TableError(f"{path}: no such file: check the path") from None
    except (OSError, ValueError) as error:
        raise TableError(
            f"{path}: can't be read ({str(error).splitlines()[0]}): save the findings table again"
        ) from None
    return _checked(table, path)


def _checked(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    missing = {"article", "text", "finding", "confidence", "themes"} - set(table.columns)
    if missing:
        raise TableError(
            f"{path}: not a findings table (no column {sorted(missing)[0]!r}): make one with 'pipeline predict -o'"
        )
    for column in ("article", "text", "finding"):
        if not all(isinstance(value, str) for value in table[column]):
            raise TableError(f"{path}: the column {column!r} must hold text: save the findings table again")
    unknown = set(table["finding"]) - set(FINDINGS)
    if unknown:
        raise TableError(f"{path}: unknown finding {sorted(map(str, unknown))[0]!r}: use {', '.join(FINDINGS)}")
    try:
        table["confidence"] = table["confidence"].astype("float64")
    except (ValueError, TypeError):
        raise TableError(f"{path}: the column 'confidence' must hold numbers: save the findings table again") from None
    try:
        table["themes"] = [json.loads(cell) if isinstance(cell, str) else list(cell) for cell in table["themes"]]
        if not all(isinstance(keys, list) and all(isinstance(key, str) for key in keys) for keys in table["themes"]):
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise TableError(f"{path}: the column 'themes' must hold JSON lists: save the findings table again") from None
    return table
