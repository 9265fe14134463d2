"""Columns carried over from tables of articles."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.articles.carried import carried_columns, free_names
from pipeline.articles.readers import apart
from pipeline.settings import load_settings

SETTINGS = load_settings().articles


def test_columns_of_all_tables_are_carried_under_names_that_are_free(tmp_path: Path):
    (tmp_path / "a.csv").write_text("id,text,area\n1,Late.,Ambrook\n")
    (tmp_path / "b.jsonl").write_text('{"text": "One."}\n{"text": "Two.", "area": "x", "theme_a": 1}\n')
    (tmp_path / "c.txt").write_text("Visits are late.")
    files = [str(tmp_path / name) for name in ("a.csv", "b.jsonl", "c.txt", "missing.csv")] + ["-"]
    found = carried_columns(files, SETTINGS)
    assert found == ["id", "area", "theme_a"]
    assert free_names(found, {"id"}) == {"id": "input_id", "area": "area", "theme_a": "input_theme_a"}


def test_no_two_columns_have_one_name():
    assert free_names(["id", "input_id"], {"id"}) == {"id": "input_id", "input_id": "input_input_id"}


def test_rows_that_cannot_be_read_are_passed_over(tmp_path: Path):
    (tmp_path / "a.csv").write_text("id,text\n1,Late.,2,3,4\n2,Good.\n")
    assert carried_columns([str(tmp_path / "a.csv")], SETTINGS) == ["id"]


def test_columns_of_tables_inside_other_files_are_carried_wherever_they_stand(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "Visits are late.")
        archive.writestr("b.csv", "id,text\n1,Late.\n")
        archive.writestr("c.jsonl", json.dumps({"text": "Late.", "area": "x"}))
    assert carried_columns([str(tmp_path / "a.zip")], SETTINGS) == ["id", "area"]


def test_tables_are_told_by_what_they_hold(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "articles.txt", "w") as archive:
        archive.writestr("b.csv", "id,text\n1,Late.\n")
    (tmp_path / "articles").write_text("area,text\nAmbrook,Late.\n")
    files = [str(tmp_path / name) for name in ("articles.txt", "articles")]
    assert carried_columns(files, SETTINGS) == ["id", "area"]


def test_what_is_no_table_is_not_read_for_its_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "a.txt").write_text("Visits are late.")
    monkeypatch.setattr(apart, "read", lambda *_, **__: 1 / 0)
    assert carried_columns([str(tmp_path / name) for name in ("a.pdf", "a.txt")], SETTINGS) == []


def test_columns_of_late_rows_are_carried(tmp_path: Path):
    rows = [{"text": "Late.", "id": number} for number in range(2000)] + [
        {"text": "", "no": 1},
        {"late": 1, "text": "x"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert carried_columns([str(tmp_path / "a.jsonl")], SETTINGS) == ["id", "late"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_pipes_are_left_for_those_who_read_them(tmp_path: Path):
    os.mkfifo(tmp_path / "a.csv")  # opened, it would wait for a writer
    assert carried_columns([str(tmp_path / "a.csv"), "-"], SETTINGS) == []


def test_one_process_reads_many_small_files(tmp_path: Path, monkeypatch):
    started = []
    monkeypatch.setattr(apart, "_Process", lambda new=apart._Process: started.append(new()) or started[-1])
    for number in range(5):
        (tmp_path / f"{number}.csv").write_text("id,text\n1,Late.\n2,Early.\n")
    assert carried_columns([str(tmp_path / f"{number}.csv") for number in range(5)], SETTINGS) == ["id"]
    assert len(started) <= 1
