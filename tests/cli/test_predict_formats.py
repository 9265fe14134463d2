"""`pipeline predict` on files of other formats, tables of articles, and what articles are."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from samples.pdfs import drawn, pdf
from samples.tables import csv_rows, json_rows

TEXT = "Visits are late. Plans are good.\n"
LETTER = """Ofsted
Piccadilly Gate
Store Street
Manchester
M1 2WD

14 March 2023

Dear Ms Bell

Focused visit to Merton children’s services

This letter summarises the findings of the focused visit to Merton children’s services on 1 and 2 February 2023.
"""


def test_a_pdf_is_scored_with_its_pages(predict, here: Path):
    (here / "a.pdf").write_bytes(pdf([drawn("Visits are late.", 70, 700), drawn("Plans are good.", 70, 700)]))
    rows = csv_rows(predict("a.pdf").stdout)
    assert [(row["text"], row["page"]) for row in rows] == [("Visits are late.", "1"), ("Plans are good.", "2")]


def test_pages_of_texts_without_pages_are_empty(predict, here: Path):
    (here / "a.txt").write_text(TEXT, encoding="utf-8")
    assert {row["page"] for row in csv_rows(predict("a.txt").stdout)} == {""}
    assert {row["page"] for row in json_rows(predict("a.txt", "--format", "jsonl").stdout)} == {None}


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet", ".csv", ".jsonl"])
def test_pages_are_written_in_every_format(predict, here: Path, suffix: str):
    (here / "a.txt").write_text(TEXT, encoding="utf-8")
    (here / "b.txt").write_text("Visits are late.\n\f\nPlans drift.\n", encoding="utf-8")
    assert predict("a.txt", "b.txt", "-o", f"out{suffix}").returncode == 0
    read = {
        ".xlsx": lambda path: pd.read_excel(path, engine="calamine"),
        ".parquet": pd.read_parquet,
        ".csv": pd.read_csv,
        ".jsonl": lambda path: pd.read_json(path, lines=True),
    }
    table = read[suffix](here / f"out{suffix}")
    assert table["page"].isna().tolist() == [True, True, False, False]
    assert table["page"].tolist()[2:] == [1, 2]


# Tables of articles


def test_rows_of_a_table_are_articles_and_other_columns_are_carried(predict, here: Path):
    pd.DataFrame(
        {"id": [7, 8], "url": ["https://a.example", None], "text": [TEXT, "Leaders act."], "finding": ["x", "y"]}
    ).to_csv(here / "all.csv", index=False)
    (here / "plain.txt").write_text(TEXT, encoding="utf-8")
    rows = csv_rows(predict("all.csv", "plain.txt").stdout)
    both = ["Visits are late.", "Plans are good."]
    assert [row["text"] for row in rows] == [*both, "Leaders act.", *both]
    assert [row["input_id"] for row in rows] == ["7", "7", "8", "", ""]
    assert [row["url"] for row in rows] == ["https://a.example"] * 2 + ["", "", ""]
    assert {row["input_finding"] for row in rows} == {"x", "y", ""}
    assert len({row["article"] for row in rows}) == 3


def test_the_column_of_the_text_can_be_named(predict, here: Path):
    (here / "all.jsonl").write_text(json.dumps({"body": TEXT, "n": 1}) + "\n", encoding="utf-8")
    done = predict("all.jsonl")
    assert done.returncode == 1
    assert "body, n" in done.stderr
    assert "--text-column" in done.stderr
    rows = csv_rows(predict("all.jsonl", "--text-column", "body").stdout)
    assert [(row["text"], row["n"]) for row in rows] == [("Visits are late.", "1"), ("Plans are good.", "1")]


def test_archives_are_scored_and_a_bad_file_in_one_stops_nothing(predict, here: Path):
    with zipfile.ZipFile(here / "all.zip", "w") as archive:
        archive.writestr("in/a.txt", TEXT)
        archive.writestr("in/b.pdf", b"%PDF-1.7 broken")
        archive.writestr("../../c.txt.gz", gzip.compress(b"Leaders act."))
    done = predict("all.zip", "-o", "out.csv")
    assert done.returncode == 1
    assert "error: all.zip/in/b.pdf: " in done.stderr
    assert "1 could not be read; 2 articles are done" in done.stderr
    names = {row["article"] for row in csv_rows((here / "out.csv").read_text(encoding="utf-8-sig"))}
    assert len(names) == 2
    assert not any(".." in name for name in names)


def test_standard_input_may_be_a_pdf(predict, here: Path):
    rows = csv_rows(predict("-", stdin=pdf([drawn("Visits are late.", 70, 700)])).stdout)
    assert [(row["article"], row["text"], row["page"]) for row in rows] == [("stdin", "Visits are late.", "1")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_columns_of_a_table_on_standard_input_are_carried(predict, here: Path, jobs: int):
    for number in range(9):
        (here / f"{number}.txt").write_text(TEXT, encoding="utf-8")
    table = "id,url,text\n7,https://a.example,Visits are late.\n8,,Leaders act.\n"
    rows = csv_rows(predict("-", ".", "--jobs", jobs, stdin=table.encode()).stdout)
    assert [(row["article"], row["text"], row["input_id"], row["url"]) for row in rows[:2]] == [
        ("stdin#2", "Visits are late.", "7", "https://a.example"),
        ("stdin#3", "Leaders act.", "8", ""),
    ]
    assert len(rows) == 2 + 9 * 2 + len(csv_rows(predict("letter.txt").stdout))


def test_columns_of_late_rows_are_carried(predict, here: Path):
    rows = [{"text": "Visits are late."}] * 1001 + [{"text": "Leaders act.", "late": 1}]
    (here / "all.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [row["late"] for row in csv_rows(predict("all.jsonl").stdout)] == [""] * 1001 + ["1"]


def test_a_findings_table_is_no_table_of_articles(predict, here: Path):
    (here / "a.txt").write_text(TEXT, encoding="utf-8")
    predict("a.txt", "-o", "out.csv")
    done = predict("out.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("error: out.csv: a findings table")


# Facts and repetitions


def test_what_articles_are_is_added_on_demand(predict, here: Path):
    (here / "letter.txt").write_text(LETTER, encoding="utf-8")
    (here / "note.txt").write_text(TEXT, encoding="utf-8")
    rows = csv_rows(predict("letter.txt", "note.txt", "--facts").stdout)
    letter = next(row for row in rows if row["article"] == "letter.txt")
    assert (letter["authority"], letter["published"], letter["inspection_kind"]) == (
        "Merton",
        "2023-03-14",
        "focused_visit",
    )
    assert {row["authority"] for row in rows if row["article"] == "note.txt"} == {""}
    assert "authority" not in csv_rows(predict("letter.txt").stdout)[0]


def test_an_article_that_comes_twice_is_said_and_kept_once_on_demand(predict, here: Path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (here / name).write_text(TEXT if name != "c.txt" else "Leaders act.", encoding="utf-8")
    done = predict("a.txt", "b.txt", "c.txt")
    assert "note: b.txt: the same text as a.txt: --dedupe keeps one of them" in done.stderr
    assert {row["article"] for row in csv_rows(done.stdout)} == {"a.txt", "b.txt", "c.txt"}
    done = predict("a.txt", "b.txt", "c.txt", "--dedupe")
    assert done.returncode == 0
    assert "note: b.txt: the same text as a.txt; left out" in done.stderr
    assert {row["article"] for row in csv_rows(done.stdout)} == {"a.txt", "c.txt"}
