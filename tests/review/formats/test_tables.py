"""CSV: cells as spreadsheets save them."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from samples.answers import SHEET, imported, problems
from samples.reviews import FIRST, OTHER, SECOND

from pipeline.review import Ledger
from pipeline.review.formats import write
from pipeline.review.formats.tables import COLUMNS


@pytest.mark.parametrize("formula", ["=SUM(A1)", "＝SUM(A1)", "＠SUM(A1)"])
def test_cells_cannot_become_formulas_and_come_back_as_they_were(ledger: Ledger, tmp_path: Path, formula: str):
    write(tmp_path / "out.csv", "csv", SHEET)
    rows = list(csv.DictReader(StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert rows[2]["text"] == "'" + OTHER.text
    assert list(rows[0]) == list(COLUMNS)
    table = pd.DataFrame(rows).assign(finding="none", note=f"'{formula}")
    table.to_csv(tmp_path / "out.csv", index=False)
    assert [r.note for r in imported(tmp_path / "out.csv", ledger, "ana")] == [formula] * 3


def test_csv_as_other_locales_save_it(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_bytes(f"\ufeffid;finding;themes\r\n{FIRST.id};concern;practice, workforce\r\n".encode())
    [found] = imported(path, ledger, "ana")
    assert (found.finding, found.themes) == ("concern", ("practice", "workforce"))


@pytest.mark.parametrize(
    ("cell", "themes"),
    [
        *(("", None), ("-", ()), ("none", ()), ("[]", ()), ('["practice"]', ("practice",))),
        *(("practice; workforce", ("practice", "workforce")),),
    ],
)
def test_an_empty_cell_says_nothing_of_themes(ledger: Ledger, tmp_path: Path, cell: str, themes: Any):
    path = tmp_path / "in.csv"
    pd.DataFrame([{"id": FIRST.id, "finding": "concern", "themes": cell}]).to_csv(path, index=False)
    assert imported(path, ledger, "ana")[0].themes == themes


def test_every_bad_row_is_said_with_its_line(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    rows = [
        {"id": FIRST.id, "finding": "concern", "themes": "practice", "text": FIRST.text},
        {"id": "nobody:1-2", "finding": "concern"},
        {"id": SECOND.id, "finding": "good"},
        {"id": SECOND.id, "finding": "strength", "themes": "practise, workforce"},
        {"id": SECOND.id, "finding": "strength", "text": FIRST.text},
        {"id": SECOND.id, "finding": "strength", "reviewed": "yesterday"},
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    found = problems(path, ledger, "ana")
    assert [line.removeprefix(str(path)).split(":")[1] for line in found] == ["3", "4", "5", "6", "7"]
    for line, wrong in zip(found, ("unknown id", "'good'", "'practise'", "rows were mixed up", "no time"), strict=True):
        assert wrong in line
    assert ledger.reviews() == []


def test_unknown_and_missing_columns_are_said(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(f"id,finding,my view\n{FIRST.id},none,x\n", encoding="utf-8")
    assert problems(path, ledger, "ana") == (f"{path}:1: unknown column 'my view': remove it",)
    path.write_text("sentence,label\nx,y\n", encoding="utf-8")
    assert "no column 'id'" in problems(path, ledger, "ana")[0]
