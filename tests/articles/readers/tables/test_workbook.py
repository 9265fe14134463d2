"""Excel workbooks: their cells, rows and sheets."""

from __future__ import annotations

from datetime import datetime, time

from samples.article_tables import failure, sheets, sources


def test_cells_are_as_excel_shows_them():
    rows = [["id", "text", "when", "at", "share", "sure"], [7, "Late.", datetime(2031, 5, 6), time(9, 30), 0.5, True]]
    [article] = sources(sheets(One=rows), "a.xlsx")
    assert article.extra == {"id": 7, "when": "2031-05-06", "at": "09:30:00", "share": 0.5, "sure": True}


def test_rows_have_the_numbers_that_excel_shows():
    rows = [
        [],
        [None, "Articles of May"],
        [],
        [None, "id", "text"],
        [],
        [None, 1, "Late."],
        [None, None, None, "aside"],
    ]
    [article] = sources(sheets(One=rows), "a.xlsx")
    assert article.name == "a.xlsx#6"
    assert article.extra == {"id": 1, "column 3": None}  # of those that the sheet uses
    assert article.notes == ("a.xlsx: 2 rows without text left out",)


def test_the_first_sheet_with_the_column_is_read():
    data = sheets(
        Notes=[["About"]], empty=[], hidden=[["text"], ["Hidden."]], B=[["text"], ["B."]], C=[["text"], ["C."]]
    )
    [article] = sources(data, "a.xlsx")
    assert article.text == "B."
    assert article.notes == ("a.xlsx: the sheet 'B' is read, and no other; these have the column too: C",)
    assert "its columns: About, Area" in failure(sheets(Notes=[["About"]], More=[["Area"]]), "a.xlsx")
