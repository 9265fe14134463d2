"""Columns carried over from tables of articles."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from pipeline.articles import carried
from pipeline.articles.carried import carried_columns
from pipeline.articles.readers import apart
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


def test_columns_of_tables_inside_other_files_are_carried_wherever_they_stand(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "Visits are late.")
        archive.writestr("b.csv", "id,text\n1,Late.\n")
        archive.writestr("c.jsonl", json.dumps({"text": "Late.", "area": "x"}))
    assert carried_columns([str(tmp_path / "a.zip")], SETTINGS, ()) == {"id": "id", "area": "area"}


def test_what_holds_no_table_is_not_read_twice(tmp_path: Path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "Visits are late.")
    (tmp_path / "b.zip").write_bytes(b"PK\3\4")
    monkeypatch.setattr(carried, "read_sources", lambda *_, **__: 1 / 0)
    assert carried_columns([str(tmp_path / name) for name in ("a.zip", "b.zip", "a.txt.gz")], SETTINGS, ()) == {}


def test_one_process_reads_many_small_files(tmp_path: Path, monkeypatch):
    started = []
    monkeypatch.setattr(apart, "_Process", lambda new=apart._Process: started.append(new()) or started[-1])
    for number in range(5):
        (tmp_path / f"{number}.csv").write_text("id,text\n1,Late.\n2,Early.\n")
    assert carried_columns([str(tmp_path / f"{number}.csv") for number in range(5)], SETTINGS, ()) == {"id": "id"}
    assert len(started) <= 1
