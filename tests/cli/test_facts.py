"""`pipeline facts`: what articles say of themselves."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli.facts import facts
from pipeline.facts import FACT_COLUMNS

LETTER = """\
9 June 2022

Dear Ms Bell

Focused visit to Ambrook children’s services

This letter is about Ofsted’s focused visit on 3 and 4 May 2022.
"""
REPORT = "Inspection of Ambrook children’s services\n\nCare leavers\nGood\n\nOverall effectiveness\nGood\n\nIt is so.\n"


@pytest.fixture
def call(here: Path):
    """Calls the command in a folder with a letter and a report."""
    (here / "letter.txt").write_text(LETTER, encoding="utf-8")
    (here / "report.txt").write_text(REPORT, encoding="utf-8")
    app = typer.Typer()
    app.command()(facts)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_away_from_a_terminal_facts_are_printed_as_csv(call):
    done = call("letter.txt", "report.txt")
    assert done.exit_code == 0
    table = pd.read_csv(io.StringIO(done.stdout), keep_default_na=False)
    assert list(table) == ["article", *FACT_COLUMNS, "spans"]
    assert list(table["article"]) == ["letter.txt", "report.txt"]
    assert list(table["published"]) == ["2022-06-09", ""]
    assert list(table["inspection_dates"]) == ["2022-05-03/2022-05-04", ""]
    assert json.loads(table["judgements"][1]) == {"Care leavers": "good", "Overall effectiveness": "good"}
    start, end = json.loads(table["spans"][0])["title"]
    assert LETTER[start:end] == table["title"][0] == "Focused visit to Ambrook children’s services"


def test_json_has_every_fact_with_its_place(call):
    done = call("--json", "letter.txt")
    (row,) = json.loads(done.stdout)
    assert tuple(row) == ("article", *FACT_COLUMNS)
    start = LETTER.index("9 June")
    assert row["published"] == {"value": "2022-06-09", "start": start, "end": start + len("9 June 2022")}
    assert (row["authority"], row["judgements"]) == (None, [])


def test_a_file_is_written_in_the_format_of_its_suffix(call, here: Path):
    for suffix in ("csv", "jsonl", "parquet", "xlsx"):
        done = call("letter.txt", "report.txt", "-o", f"out.{suffix}")
        assert (done.exit_code, done.stdout) == (0, "")
    assert list(pd.read_json(here / "out.jsonl", lines=True)["overall"]) == ["", "good"]
    assert list(pd.read_parquet(here / "out.parquet")["inspection_kind"]) == ["focused_visit", "full_inspection"]


def test_a_bad_file_is_reported_and_the_others_are_read(call, here: Path):
    (here / "bad.txt").write_bytes(b"\0\0")
    done = call("bad.txt", "letter.txt", "-o", "out.csv")
    assert done.exit_code == 1
    assert "bad.txt" in done.stderr
    assert (here / "out.csv").exists()


def test_with_nothing_readable_nothing_is_written(call, here: Path):
    done = call("missing.txt", "-o", "out.csv")
    assert done.exit_code == 1
    assert not (here / "out.csv").exists()


def test_a_terminal_shows_a_table(call, monkeypatch):
    monkeypatch.setattr("pipeline.cli.facts._on_terminal", lambda: True)
    done = call("letter.txt", "report.txt")
    assert "2022-06-09" in done.stdout
    assert "full_inspection" in done.stdout
    assert "spans" not in done.stdout
