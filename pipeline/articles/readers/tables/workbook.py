"""Workbooks: Excel's sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from pipeline.articles.readers.formats import EXCEL
from pipeline.articles.readers.package import UNPACKING_ERRORS
from pipeline.articles.readers.tables.rows import Cells, MissingColumnError, Table, grid, whole
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def table(file: BinaryIO, name: str, settings: ArticleSettings) -> Table:
    """The first sheet of a workbook that has the text column; its rows have the numbers that Excel shows.

    Raises `ArticleError` when no sheet has it; `ImportError` without python-calamine.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _check_size(file, name, settings.max_collection_megabytes)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        sheets = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        return _first(workbook, sheets, name, settings.text_column)
    except CalamineError as error:
        raise _damaged(name, str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what Rust's libraries raise is no `Exception`
            raise
        raise _damaged(name, "") from None


def _first(workbook: CalamineWorkbook, sheets: list[str], name: str, wanted: str) -> Table:
    """The table of the first sheet that has the text column, with a note where others have it too."""
    found: Table | None = None
    chosen, others, columns = "", list[str](), list[str]()
    for title in sheets:
        sheet = workbook.get_sheet_by_name(title)
        try:
            one = grid(name, _cells(sheet), wanted, wide=True)
        except MissingColumnError as error:
            columns += error.columns
            continue
        if found is None:
            found, chosen = one, title
        else:
            others.append(title)
    if found is None:
        raise MissingColumnError(name, wanted, columns)
    note = f"{name}: the sheet '{chosen}' is read, and no other; these have the column too: {', '.join(others)}"
    return replace(found, notes=lambda: [note] if others else [])


def _cells(sheet: CalamineSheet) -> Iterator[Cells]:
    """The rows of a sheet, from its first on, whether there is anything in it or not."""
    if sheet.start is None:  # an empty sheet
        return
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [whole(cell) if isinstance(cell, float) else cell for cell in row]


def _check_size(file: BinaryIO, name: str, max_megabytes: float) -> None:
    """Raise `ArticleError` for a workbook that unpacks to more than may be; one that lies of it ends its process."""
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml"))
    except UNPACKING_ERRORS:
        return  # the library says better what is wrong
    file.seek(0)
    if size > max_megabytes * 1_000_000:
        limit = f"{max_megabytes:g} MB: split it, or raise articles.max_collection_megabytes in the configuration"
        raise ArticleError(f"{name}: unpacks to more than {limit}")


def _damaged(name: str, reason: str) -> ArticleError:
    reason = (reason.splitlines() or ["unreadable"])[0]
    return ArticleError(f"{name}: a damaged {EXCEL.title} file ({reason}): save it again")
