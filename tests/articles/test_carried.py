"""Columns carried over from tables of articles."""

from __future__ import annotations

from pathlib import Path

from pipeline.articles.carried import carried_columns
from pipeline.settings import load_settings

SETTINGS = load_settings().articles


def test_columns_of_all_tables_are_carried_under_names_that_are_free(tmp_path: Path):
    (tmp_path / "a.csv").write_text("id,text,area\n1,Late.,Ambrook\n")
    (tmp_path / "b.jsonl").write_text('{"text": "One."}\n{"text": "Two.", "area": "x", "theme_a": 1}\n')
    (tmp_path / "c.txt").write_text("Visits are late.")
    files = [str(tmp_path / name) for name in ("a.csv", "b.jsonl", "c.txt", "missing.csv")] + ["-"]
    found = carried_columns(files, SETTINGS, {"id"})
    assert found == {"id": "input_id", "area": "area", "theme_a": "input_theme_a"}


def test_rows_that_cannot_be_read_are_passed_over(tmp_path: Path):
    (tmp_path / "a.csv").write_text("id,text\n1,Late.,2,3,4\n2,Good.\n")
    assert carried_columns([str(tmp_path / "a.csv")], SETTINGS, ()) == {"id": "id"}
