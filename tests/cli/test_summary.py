"""`pipeline summary`: findings by theme, of articles or of a saved table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def summary(run, store: Path, here: Path):
    def called(*arguments: object, **options: object):
        return run("summary", *arguments, "--models", store, **options)

    return called


@pytest.fixture
def articles(here: Path) -> Path:
    """Ten articles, one of which can't be read."""
    folder = here / "in"
    folder.mkdir()
    for number in range(10):
        text = f"Report {number}\n\nVisits are late in some teams. Plans are good. Leaders should act.\n"
        (folder / f"a{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_saved_tables_summary_is_the_articles(run, summary, articles: Path, store: Path, suffix: str):
    run("predict", "in", "letter.txt", "--models", store, "-o", f"out.{suffix}")
    one = summary("in", "letter.txt", "--json")
    other = run("summary", f"out.{suffix}", "--json")  # needs no model
    assert one.returncode == other.returncode == 0
    first, second = json.loads(one.stdout), json.loads(other.stdout)
    assert first["all"]["sentences"] == 48
    assert rounded(first) == rounded(second)


def rounded(value: object) -> object:
    """Confidences to five digits: a CSV file has six."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return round(value, 5) if isinstance(value, float) else value


def test_people_see_counts_and_examples(summary, articles: Path):
    done = summary("in", "letter.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert "all 11 articles: 48 sentences" in done.stdout
    assert "in/a3.txt: 4 sentences" in done.stdout
    assert "recommendation" in done.stdout
    assert "%]" in done.stdout
    assert "in/a3.txt: 4 sentences" not in summary("in", "letter.txt", "--no-articles").stdout


def test_a_bad_file_is_reported_and_the_others_are_counted(summary, articles: Path, here: Path):
    (articles / "a3.txt").write_bytes(b"\0")
    done = summary("in", "--json")
    assert done.returncode == 1
    assert done.stderr.startswith("error: in/a3.txt: not a text file")
    assert len(json.loads(done.stdout)["articles"]) == 9


def test_a_whole_part_of_bad_files_is_no_trouble(summary, articles: Path):
    for number in range(8):
        (articles / f"a{number}.txt").write_bytes(b"\0")
    done = summary("in", "--json")
    assert done.returncode == 1
    assert list(json.loads(done.stdout)["articles"]) == ["in/a8.txt", "in/a9.txt"]


def test_with_nothing_readable_nothing_is_printed(summary):
    done = summary("missing.txt")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: missing.txt: no such file: check the path\n"


def test_furniture_alone_is_a_summary_of_none(summary, here: Path):
    (here / "f.txt").write_text("By Jo Bell\n\n14 March 2023\n", encoding="utf-8")
    found = json.loads(summary("f.txt", "--json").stdout)
    assert found["all"]["findings"] == {"strength": 0, "concern": 0, "recommendation": 0, "none": 2}
    assert found["all"]["themes"] == {}


@pytest.mark.parametrize("name", ["[draft] notes.txt", "a [bold].txt"])
def test_names_that_look_like_markup_stay_as_they_are(summary, here: Path, name: str):
    (here / name).write_text("Visits are late.", encoding="utf-8")
    done = summary(name, "letter.txt")
    assert done.returncode == 0
    assert f"{name}: 1 sentences" in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "no such file"),
        ("a.csv", "text,finding\nA.,none\n", "not a findings table (no column 'article')"),
        ("a.jsonl", "oops", "can't be read"),
        ("a.parquet", "oops", "can't be read"),
    ],
)
def test_a_table_that_is_none_is_said(run, here: Path, name: str, content: str | None, message: str):
    if content is not None:
        (here / name).write_text(content, encoding="utf-8")
    done = run("summary", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {name}: {message}")
    assert done.stderr.count("\n") == 1


def test_standard_input_is_summarised(summary):
    found = json.loads(summary("-", "--json", stdin=b"Visits are late.\n").stdout)
    assert list(found["articles"]) == ["stdin"]
