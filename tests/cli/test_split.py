"""`pipeline split`: articles to sentences."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest
from samples.pdfs import drawn, pdf

from pipeline import split_sentences
from pipeline.articles import COLUMNS

TEXT = "Main findings\n\nVisits are late. Plans are good.\n"


def rows(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]


def test_sentences_are_printed_as_json_lines(run, here: Path):
    (here / "a.txt").write_text(TEXT, encoding="utf-8")
    done = run("split", "a.txt")
    assert done.returncode == 0
    found = rows(done.stdout)
    assert tuple(found[0]) == COLUMNS
    assert [row["text"] for row in found] == ["Main findings", "Visits are late.", "Plans are good."]
    assert found == split_sentences(TEXT, "a.txt").to_dict("records")
    assert all(TEXT[row["start"] : row["end"]] == row["text"] for row in found)


def test_folders_globs_and_standard_input_are_read(run, here: Path):
    (here / "in").mkdir()
    for name in ("b.md", "a.txt", "skipped.png"):
        (here / "in" / name).write_text(TEXT, encoding="utf-8")
    done = run("split", "in", "in/*.txt", "-", stdin=TEXT.encode())
    assert done.returncode == 0
    names = list(dict.fromkeys(row["article"] for row in rows(done.stdout)))
    assert names == ["in/a.txt", "in/b.md", "stdin"]


def test_a_file_is_written_in_the_format_of_its_suffix(run, here: Path):
    for suffix in ("csv", "jsonl", "parquet", "xlsx"):
        done = run("split", "letter.txt", "-o", f"out.{suffix}")
        assert (done.returncode, done.stdout) == (0, "")
    frames = [pd.read_csv(here / "out.csv", keep_default_na=False), pd.read_json(here / "out.jsonl", lines=True)]
    frames.append(pd.read_parquet(here / "out.parquet"))
    assert {len(frame) for frame in frames} == {8}
    assert (here / "out.xlsx").stat().st_size > 1000


def test_a_bad_file_among_good_ones_is_reported_and_the_others_are_written(run, here: Path):
    (here / "bad.txt").write_bytes(b"\0\0")
    (here / "latin.txt").write_bytes(b"The caf\xe9 closed.")
    done = run("split", "letter.txt", "bad.txt", "latin.txt", "-o", "out.jsonl")
    assert done.returncode == 1
    assert "error: bad.txt: not a text file" in done.stderr
    assert "note: latin.txt: byte 7 is not UTF-8; read as Windows-1252" in done.stderr
    assert "1 could not be read; 2 articles are done" in done.stderr
    written = rows((here / "out.jsonl").read_text(encoding="utf-8"))
    assert {row["article"] for row in written} == {"letter.txt", "latin.txt"}


def test_with_nothing_readable_nothing_is_written(run, here: Path):
    for suffix in ("csv", "jsonl", "parquet", "xlsx"):
        done = run("split", "missing.txt", "-o", f"out.{suffix}")
        assert (done.returncode, done.stderr) == (1, "error: missing.txt: no such file: check the path\n")
    assert [path.name for path in here.iterdir()] == ["letter.txt"]


def test_quiet_keeps_errors_and_leaves_out_notes(run, here: Path):
    (here / "latin.txt").write_bytes(b"The caf\xe9 closed.")
    done = run("split", "latin.txt", "missing.txt", "--quiet")
    assert done.stderr == "error: missing.txt: no such file: check the path\n"


def test_an_unknown_suffix_is_wrong_usage(run, here: Path):
    done = run("split", "letter.txt", "-o", "out.docx")
    assert done.returncode == 2
    assert "out.docx" in done.stderr


def test_the_configured_limit_holds(run, here: Path):
    (here / "c.yaml").write_text("articles: {max_megabytes: 0.0001}\n", encoding="utf-8")
    done = run("split", "letter.txt", "--config", "c.yaml")
    assert done.returncode == 1
    assert "larger than 0.0001 MB" in done.stderr


def test_the_texts_that_offsets_refer_to_are_saved(run, here: Path):
    (here / "a.pdf").write_bytes(pdf([drawn("Visits are late.", 70, 700), drawn("Plans drift.", 70, 700)]))
    for command in ("split", "facts"):
        done = run(command, "a.pdf", "--save-source", command)
        assert done.returncode == 0
    text = (here / "split" / "a.pdf.txt").read_text(encoding="utf-8")
    assert (here / "facts" / "a.pdf.txt").read_text(encoding="utf-8") == text
    assert [text[row["start"] : row["end"]] for row in rows(run("split", "a.pdf").stdout)] == [
        "Visits are late.",
        "Plans drift.",
    ]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_columns_of_a_table_on_standard_input_are_carried(run, here: Path, pack):
    table = b'{"text": "Visits are late."}\n{"text": "Plans are good.", "area": "Ambrook"}\n'
    found = rows(run("split", "-", stdin=pack(table)).stdout)
    assert [(row["article"], row["text"], row["area"]) for row in found] == [
        ("stdin#1", "Visits are late.", ""),
        ("stdin#2", "Plans are good.", "Ambrook"),
    ]
