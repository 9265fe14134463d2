"""`pipeline predict`: articles to the findings table."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from samples.articles import many
from samples.tables import csv_rows, json_rows

from pipeline.cli import main
from pipeline.labels import FINDINGS
from pipeline.model import Model

# What is printed and written


def test_less_confident_sentences_are_marked_as_doubtful(predict):
    arguments = ("letter.txt", "--format", "jsonl")
    rows = json_rows(predict(*arguments, "--doubtful-below", "0.97").stdout)
    assert [row["doubtful"] for row in rows] == [row["confidence"] < 0.97 for row in rows]
    assert {True, False} == {row["doubtful"] for row in rows}
    assert list(rows[0]).index("doubtful") == list(rows[0]).index("confidence") + 1
    assert "doubtful" not in json_rows(predict(*arguments).stdout)[0]


def test_without_a_terminal_csv_is_printed(predict, model: Model, here: Path):
    done = predict("letter.txt")
    assert (done.returncode, done.stderr) == (0, "")
    rows = csv_rows(done.stdout)
    expected = model.predict((here / "letter.txt").read_text(encoding="utf-8"), "letter.txt")
    assert list(rows[0]) == list(expected.columns)
    assert [row["finding"] for row in rows] == expected["finding"].tolist()
    assert [json.loads(row["themes"]) for row in rows] == expected["themes"].tolist()
    assert not done.stdout.startswith("\ufeff")


def test_json_lines_are_printed_on_demand(predict):
    rows = json_rows(predict("letter.txt", "--format", "jsonl").stdout)
    assert len(rows) == 8
    assert isinstance(rows[0]["themes"], list)
    assert sum(rows[3][finding] for finding in FINDINGS) == pytest.approx(1, abs=1e-5)


def test_a_table_for_people_is_printed_on_demand(predict):
    done = predict("letter.txt", "--format", "table")
    assert done.returncode == 0
    assert "letter.txt" in done.stdout
    assert "%" in done.stdout
    assert "However, plans are too general and visits are late." in done.stdout


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx", "parquet"])
def test_a_file_is_written_and_nothing_printed(predict, here: Path, suffix: str):
    done = predict("letter.txt", "--output", f"out.{suffix}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {path.name for path in here.iterdir()} == {"letter.txt", f"out.{suffix}"}


def test_formats_agree(predict, here: Path):
    for suffix in ("csv", "jsonl", "parquet"):
        predict("letter.txt", "-o", f"out.{suffix}")
    table = pd.read_parquet(here / "out.parquet")
    lines = json_rows((here / "out.jsonl").read_text(encoding="utf-8"))
    cells = csv_rows((here / "out.csv").read_text(encoding="utf-8-sig"))
    assert table["finding"].tolist() == [row["finding"] for row in lines] == [row["finding"] for row in cells]
    themes = [list(given) for given in table["themes"]]
    assert themes == [row["themes"] for row in lines] == [json.loads(row["themes"]) for row in cells]
    for column in (*FINDINGS, "confidence", "theme_practice"):
        for rows in (lines, cells):
            assert np.allclose(table[column], [float(row[column]) for row in rows], atol=1e-5)


def test_formulas_are_escaped_in_csv_only(predict, here: Path):
    (here / "evil.txt").write_text("=HYPERLINK(1) Visits are late.\n\n+44 20 7946 0018 is wrong.\n", encoding="utf-8")
    assert [row["text"][0] for row in csv_rows(predict("evil.txt").stdout)] == ["'", "'"]
    rows = json_rows(predict("evil.txt", "--format", "jsonl").stdout)
    assert [row["text"][0] for row in rows] == ["=", "+"]


def test_standard_input_is_an_article(predict, here: Path):
    text = (here / "letter.txt").read_bytes()
    rows = csv_rows(predict("-", stdin=text).stdout)
    assert {row["article"] for row in rows} == {"stdin"}
    assert len(rows) == 8


# What is kept


def test_only_some_findings(predict):
    every = csv_rows(predict("letter.txt").stdout)
    kept = csv_rows(predict("letter.txt", "--only", "concern, recommendation").stdout)
    assert kept == [row for row in every if row["finding"] in ("concern", "recommendation")]
    assert 0 < len(kept) < len(every)


def test_only_sure_ones(predict):
    every = csv_rows(predict("letter.txt").stdout)
    least = sorted(float(row["confidence"]) for row in every)[3] - 0.001
    kept = csv_rows(predict("letter.txt", "--min-confidence", least).stdout)
    assert kept == [row for row in every if float(row["confidence"]) >= least]
    assert 0 < len(kept) < len(every)


def test_only_some_themes(predict):
    every = csv_rows(predict("letter.txt").stdout)
    kept = csv_rows(predict("letter.txt", "--theme", "practice", "--theme", "leadership").stdout)
    assert kept == [row for row in every if {"practice", "leadership"} & set(json.loads(row["themes"]))]
    assert 0 < len(kept) < len(every)


def test_neighbours_stand_beside_each_row(predict):
    texts = [row["text"] for row in json_rows(predict("letter.txt", "--format", "jsonl").stdout)]
    rows = json_rows(predict("letter.txt", "--context", "2", "--only", "concern", "--format", "jsonl").stdout)
    assert rows
    for row in rows:
        place = row["position"]
        assert row["before"] == " ".join(texts[max(0, place - 2) : place])
        assert row["after"] == " ".join(texts[place + 1 : place + 3])
    columns = list(rows[0])
    assert columns[columns.index("text") - 1 : columns.index("text") + 2] == ["before", "text", "after"]


def test_neighbours_are_of_the_same_article(predict, here: Path):
    for name in ("a", "b"):
        (here / f"{name}.txt").write_text(f"Visits to {name} are late.\n", encoding="utf-8")
    rows = csv_rows(predict("a.txt", "b.txt", "--context", "1").stdout)
    assert [(row["before"], row["after"]) for row in rows] == [("", ""), ("", "")]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx", "parquet"])
def test_nothing_kept_is_a_table_without_rows(predict, here: Path, suffix: str):
    done = predict("letter.txt", "--min-confidence", "1", "--context", "1", "-o", f"out.{suffix}")
    assert done.returncode == 0
    assert (here / f"out.{suffix}").exists()
    if suffix == "parquet":
        assert len(pd.read_parquet(here / "out.parquet")) == 0
    if suffix == "csv":
        assert csv_rows((here / "out.csv").read_text(encoding="utf-8-sig")) == []


@pytest.mark.parametrize("arguments", [
    ["--only", "weakness"],
    ["--only", "concern,"],
    ["--only", ""],
    ["--only", "Concern"],
    ["--theme", "weather"],
    ["--min-confidence", "2"],
    ["--min-confidence", "high"],
    ["--context", "-1"],
    ["--jobs", "-1"],
    ["--format", "xml"],
    ["-o", "out.docx"],
    ["-o", "out"],
])  # fmt: skip
def test_what_is_unknown_is_wrong_usage(predict, here: Path, arguments: list[str]):
    done = predict("letter.txt", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[0] in done.stderr
    assert [path.name for path in here.iterdir()] == ["letter.txt"]


def test_the_known_values_are_named(predict):
    assert "strength, concern, recommendation, none" in predict("letter.txt", "--only", "weakness").stderr
    assert "help_and_protection" in predict("letter.txt", "--theme", "weather").stderr


# Many files


def test_two_workers_write_what_one_writes(predict, here: Path):
    many(here, 24)
    (here / "in" / "a13.txt").write_bytes(b"\0")
    for jobs in (1, 2):
        assert predict("in", "--jobs", jobs, "-o", f"out{jobs}.csv").returncode == 1
    assert (here / "out1.csv").read_bytes() == (here / "out2.csv").read_bytes()
    rows = csv_rows((here / "out2.csv").read_text(encoding="utf-8-sig"))
    assert list(dict.fromkeys(row["article"] for row in rows)) == [
        f"in/a{number:02}.txt" for number in range(24) if number != 13
    ]


def test_a_file_named_twice_is_scored_once(predict):
    assert len(csv_rows(predict("letter.txt", "./letter.txt", ".").stdout)) == 8


def test_sources_are_saved(predict, here: Path):
    many(here, 2)
    done = predict("in", "--save-source", "sources", "-o", "out.jsonl")
    assert done.returncode == 0
    for row in json_rows((here / "out.jsonl").read_text(encoding="utf-8")):
        text = (here / "sources" / row["article"]).read_text(encoding="utf-8")
        assert text[row["start"] : row["end"]] == row["text"]


def test_sources_are_not_written_over_the_articles(predict, here: Path):
    before = (here / "letter.txt").read_bytes()
    done = predict("letter.txt", "--save-source", ".")
    assert done.returncode == 1
    assert "name another folder with --save-source" in done.stderr
    assert (here / "letter.txt").read_bytes() == before


def test_a_version_folder_serves_as_models(run, store: Path, here: Path):
    version = store / (store / "current").read_text(encoding="utf-8").strip()
    assert run("predict", "letter.txt", "--models", version).returncode == 0


@pytest.mark.parametrize("format", ["table", "csv", "jsonl"])
def test_nothing_on_a_terminal_steers_it(monkeypatch: pytest.MonkeyPatch, store: Path, here: Path, format: str):
    (here / "a.csv").write_text("text,area\x9b2J\nVisits\x1b[2J are\x9b2J late.,\x1b]0;x\x07\n", encoding="utf-8")

    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, Screen())
    monkeypatch.setattr(sys, "argv", ["pipeline", "predict", "a.csv", "--format", format, "--models", str(store)])
    with pytest.raises(SystemExit):
        main()
    for screen in (sys.stdout, sys.stderr):
        assert isinstance(screen, Screen)
        assert re.sub(r"\n|\x1b\[[\d;]*m", "", screen.getvalue()).isprintable()  # but for our own colours
    assert "late" in sys.stdout.getvalue()


def test_files_hold_what_was_read(predict, here: Path):
    (here / "a.csv").write_text("text,area\nVisits\x1b[2J are\x9b2J late.,\x1b]0;x\n", encoding="utf-8")
    assert predict("a.csv", "-o", "out.csv").returncode == 0
    [row] = csv_rows((here / "out.csv").read_text(encoding="utf-8-sig"))
    assert (row["text"], row["area"]) == ("Visits\x1b[2J are\x9b2J late.", "\x1b]0;x")
