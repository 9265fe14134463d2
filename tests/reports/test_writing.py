"""Writing tables: each format whole or not at all, and nothing in a spreadsheet runs."""

from __future__ import annotations

import builtins
import csv
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from pipeline.errors import MissingExtraError, TableError
from pipeline.reports.writing import SUFFIXES, read_table, writing

FORMULAS = ["=1+1", "+44 20 7946 0000", "-Visits", "@cmd", "\t=1", "\r=1", "\n=1", "  =HYPERLINK(1)"]
FORMULAS += ["＝1+1", "＋1", "－1", "＠cmd", " ＝1"]
PLAIN = ["Visits are late.", "1 = 1", "'quoted'", "a-b", "“=1”", "", "Café 👍 – naïve"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table(texts: list[str], **columns: object) -> pd.DataFrame:
    found = pd.DataFrame({"article": "a.txt", "text": texts, "finding": "concern", "confidence": 0.123456789})
    found["themes"] = pd.Series([["practice", "leadership"], *([[]] * len(texts))][: len(texts)], dtype=object)
    found["theme_practice"] = pd.Series([0.25] * len(texts), dtype="float32")
    return found.assign(**columns)


def written(path: Path, *parts: pd.DataFrame) -> Path:
    with writing(path) as writer:
        for part in parts:
            writer.write(part)
    return path


def sheet(path: Path) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))


def cells_of(path: Path) -> list[list[str]]:
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{MAIN}c")] for row in sheet(path).iter(f"{MAIN}row")
    ]  # fmt: skip


# CSV


def test_names_of_columns_are_escaped_in_csv(tmp_path: Path):
    whole = table(["Late."], **{"=1+1": "x", "'=1+1": "y"})
    path = written(tmp_path / "a.csv", whole, whole)
    header, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
    assert header[-2:] == ["'=1+1", "'=1+1"]
    assert [row[-2:] for row in rows] == [["x", "y"]] * 2


def test_csv_has_a_byte_order_mark_and_six_digits(tmp_path: Path):
    data = written(tmp_path / "a.csv", table(PLAIN)).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfarticle,text,")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert b"\r" not in data
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert rows[0]["confidence"] == "0.123457"
    assert [row["text"] for row in rows] == PLAIN
    assert json.loads(rows[0]["themes"]) == ["practice", "leadership"]
    assert rows[1]["themes"] == "[]"


def test_csv_cells_cannot_become_formulas(tmp_path: Path):
    path = written(tmp_path / "a.csv", table(FORMULAS, heading="=cmd|' /C calc'!A0", article="@evil.txt"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["'" + text.replace("\r", "\n") for text in FORMULAS]
    assert {row["heading"][:2] for row in rows} == {"'="}
    assert {row["article"] for row in rows} == {"'@evil.txt"}


def test_a_carriage_return_does_not_begin_a_row(tmp_path: Path):
    path = written(tmp_path / "a.csv", table(["x"], article="a.txt\r=cmd,1,2"))
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert [len(row) for row in rows] == [6, 6]


def test_numbers_stay_numbers(tmp_path: Path):
    path = written(tmp_path / "a.csv", table(["x"], position=-5))
    assert pd.read_csv(path)["position"].tolist() == [-5]


# JSON Lines


def test_json_lines_have_no_mark_no_escapes_and_lists(tmp_path: Path):
    data = written(tmp_path / "a.jsonl", table(FORMULAS + PLAIN)).read_bytes()
    assert data.startswith(b"{")
    rows = [json.loads(line) for line in data.decode("utf-8").split("\n") if line]
    assert [row["text"] for row in rows] == FORMULAS + PLAIN
    assert rows[0]["themes"] == ["practice", "leadership"]
    assert rows[0]["confidence"] == 0.123457
    assert "👍".encode() in data


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\x9b2Jb", "a\x7f\x85b", "a\x00b"])
def test_json_lines_hold_control_characters_and_show_none(tmp_path: Path, text: str):
    data = written(tmp_path / "a.jsonl", table([text])).read_text("utf-8")
    assert data.removesuffix("\n").isprintable()
    assert json.loads(data)["text"] == text
    found = pd.read_csv(written(tmp_path / "a.csv", table([text.replace("\0", "")])))
    assert found["text"].tolist() == [text.replace("\0", "")]


# Excel


def test_a_workbook_is_filterable_styled_and_frozen(tmp_path: Path):
    path = written(tmp_path / "a.xlsx", table(["Visits are late.", "Plans are good."]))
    found = sheet(path)
    assert found.find(f"{MAIN}autoFilter").get("ref") == "A1:F3"
    assert found.find(f".//{MAIN}pane").get("state") == "frozen"
    assert cells_of(path)[0] == ["article", "text", "finding", "confidence", "themes", "theme_practice"]
    assert cells_of(path)[1][:4] == ["a.txt", "Visits are late.", "concern", "0.123457"]
    styles = {cell.get("s") for cell in found.iter(f"{MAIN}c")}
    assert len(styles) > 1


def test_a_workbook_has_no_formulas_and_no_links(tmp_path: Path):
    texts = [*FORMULAS, "http://example.org/x", "{=SUM(1)}"]
    path = written(tmp_path / "a.xlsx", table(texts))
    assert not list(sheet(path).iter(f"{MAIN}f"))
    assert not list(sheet(path).iter(f"{MAIN}hyperlink"))
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "sheet1.xml.rels" in name]
    shown = [row[1] for row in cells_of(path)[1:]]
    assert shown[0] == "'=1+1"
    assert shown[-2:] == texts[-2:]


def test_a_workbook_of_no_rows_has_its_columns(tmp_path: Path):
    path = written(tmp_path / "a.xlsx", table(["x"]).iloc[:0])
    assert cells_of(path) == [["article", "text", "finding", "confidence", "themes", "theme_practice"]]


def test_a_worksheet_holds_a_million_rows_and_no_more(tmp_path: Path):
    with pytest.raises(TableError, match=r"1,048,575 rows: write \.csv"), writing(tmp_path / "a.xlsx") as writer:
        writer.write(table(["x"]))
        writer._row = 1_048_575
        writer.write(table(["y"]))
    assert list(tmp_path.iterdir()) == []


# Parquet


def test_parquet_keeps_types_lists_and_texts(tmp_path: Path):
    found = pd.read_parquet(written(tmp_path / "a.parquet", table(FORMULAS), table(PLAIN)))
    assert found["text"].tolist() == FORMULAS + PLAIN
    assert [list(row) for row in found["themes"][:2]] == [["practice", "leadership"], []]
    assert str(found["theme_practice"].dtype) == "float32"
    assert found["confidence"][0] == 0.123456789


def test_parquet_of_empty_parts_has_typed_columns(tmp_path: Path):
    empty = table(["x"], before="b").iloc[:0]
    found = pd.read_parquet(written(tmp_path / "a.parquet", empty, table(["x"], before="b"), empty))
    assert found["text"].tolist() == ["x"]
    assert [list(row) for row in found["themes"]] == [["practice", "leadership"]]


# All formats


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_parts_are_joined_under_one_head(tmp_path: Path, suffix: str):
    path = written(tmp_path / f"a{suffix}", table(["One."]), table(["Two.", "Three."]))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    if suffix == ".xlsx":
        assert [row[1] for row in cells_of(path)] == ["text", "One.", "Two.", "Three."]
    else:
        assert read_table(path)["text"].tolist() == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_broken_off_nothing_is_left_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, error: type[BaseException]
):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "out").mkdir()
    old = tmp_path / "out" / f"a{suffix}"
    old.write_bytes(b"old")
    for path in (old, tmp_path / "out" / f"new{suffix}"):
        with pytest.raises(error), writing(path) as writer:
            writer.write(table(["One."]))
            raise error
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == [old.name]
    assert old.read_bytes() == b"old"
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_that_is_not_there_is_said(tmp_path: Path, suffix: str):
    path = tmp_path / "no" / f"a{suffix}"
    with pytest.raises(TableError) as caught:
        written(path, table(["x"]))
    assert str(caught.value).startswith(f"{path}: can't be written (")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(TableError, match="No space left on device"):
        written(path, table(["x"]))
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["a.doc", "a", "a.csv.gz", ".csv"])
def test_other_suffixes_are_refused(tmp_path: Path, name: str):
    with pytest.raises(TableError, match=r"use one of \.csv, \.jsonl, \.xlsx, \.parquet"):
        written(tmp_path / name, table(["x"]))
    assert list(tmp_path.iterdir()) == []


def test_suffixes_may_be_capitals(tmp_path: Path):
    assert read_table(written(tmp_path / "A.CSV", table(["x"])))["text"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("suffix", "package", "extra"), [(".xlsx", "xlsxwriter", "excel"), (".parquet", "pyarrow", "parquet")]
)
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, package: str, extra: str
):
    real: Callable[..., object] = builtins.__import__

    def without(name: str, *arguments: object, **options: object) -> object:
        if name.split(".", maxsplit=1)[0] == package:
            raise ImportError(name)
        return real(name, *arguments, **options)

    part = table(["x"])
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=rf"pip install 'inspection-pipeline\[{extra}\]'"):
        written(tmp_path / f"a{suffix}", part)
    assert list(tmp_path.iterdir()) == []


# Reading back


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_saved_table_comes_back(tmp_path: Path, suffix: str):
    texts = [*PLAIN, *(text for text in FORMULAS if "\r" not in text), "12.5", "2021", "NA", "null", "True"]
    found = read_table(written(tmp_path / f"a{suffix}", table(texts, article="2021")))
    assert found["text"].tolist() == texts
    assert found["article"].tolist() == ["2021"] * len(texts)
    assert found["themes"].tolist()[:2] == [["practice", "leadership"], []]
    assert found["confidence"].dtype == "float64"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "can't be read"),
        ("a.csv", "text,finding\nx,none\n", "no column 'article'"),
        ("a.csv", "article,text,finding,confidence,themes\na,x,none,0.5,practice\n", "'themes' must hold JSON lists"),
        ("a.csv", f"article,text,finding,confidence,themes\na,x,none,1,{'[' * 100_000}\n", "must hold JSON lists"),
        ("a.csv", "article,text,finding,confidence,themes\na,x,strenght,0.5,[]\n", "unknown finding 'strenght'"),
        ("a.csv", "article,text,finding,confidence,themes\na,x,none,high,[]\n", "'confidence' must hold numbers"),
        ("a.jsonl", "{oops", "can't be read"),
        ("a.jsonl", '{"article": "a", "text": "x", "finding": "none", "confidence": 1, "themes": 5}', "JSON lists"),
        ("a.parquet", "not parquet", "can't be read"),
        ("a.txt", "x", r"save it as \.csv"),
        (None, "", "no such file"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, name: str | None, content: str, message: str):
    path = tmp_path / (name or "missing.csv")
    if name:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=message) as caught:
        read_table(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(b"article,text\ncaf\xe9,x\n")
    with pytest.raises(TableError, match="can't be read"):
        read_table(tmp_path / "a.csv")
