"""`pipeline review queue` and `export`: sentences chosen and given out."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from samples.reviews import answer

ARTICLES = ("letter.txt", "news.txt")


def test_the_queue_shows_sentences_and_why(review):
    done = review("queue", *ARTICLES, "--limit", 3)
    assert done.returncode == 0
    assert "why" in done.stdout
    found = json.loads(review("queue", *ARTICLES, "--limit", 3, "--json").stdout)
    assert len(found) == 3
    assert all(item["reason"] and item["id"] for item in found)
    assert {item["article"] for item in found} <= {"letter.txt", "news.txt"}


def test_the_queue_is_written_as_a_table(review, here: Path):
    assert review("queue", "letter.txt", "-o", "queue.csv").returncode == 0
    table = pd.read_csv(here / "queue.csv")
    assert {"id", "text", "reason", "finding", "themes", "before", "after"} <= set(table.columns)


def test_a_saved_findings_table_needs_no_model(review, run, store: Path, here: Path):
    assert run("predict", "letter.txt", "news.txt", "-o", "findings.csv", "--models", store).returncode == 0
    done = run("review", "queue", "findings.csv", "--json", "--models", here / "none")
    assert done.returncode == 0, done.stderr
    assert {item["article"] for item in json.loads(done.stdout)} == {"letter.txt", "news.txt"}
    done = run("review", "export", "findings.csv", "-o", "out.xlsx", "--models", here / "none")
    assert done.returncode == 0, done.stderr


def test_a_table_of_articles_is_read_as_such(review, here: Path):
    pd.DataFrame({"text": ["Visits are late. Plans are good."], "url": ["x"]}).to_csv(
        here / "articles.csv", index=False
    )
    found = json.loads(review("queue", "articles.csv", "--json").stdout)
    assert {item["text"] for item in found} == {"Visits are late.", "Plans are good."}


def test_what_is_reviewed_leaves_the_queue(review, sheet: pd.DataFrame, here: Path):
    answer(sheet, here / "in.csv", Staff="strength")
    assert review("import", "in.csv", "--by", "ana").returncode == 0
    texts = [item["text"] for item in json.loads(review("queue", *ARTICLES, "--limit", 50, "--json").stdout)]
    assert texts
    assert "Staff stay longer now." not in texts
    texts = [
        item["text"] for item in json.loads(review("queue", *ARTICLES, "--for", "ben", "--limit", 50, "--json").stdout)
    ]
    assert "Staff stay longer now." in texts


def test_conflicts_are_given_out_again_for_a_third(review, sheet: pd.DataFrame, here: Path):
    for name, finding in (("ana", "none"), ("ben", "concern")):
        review("import", answer(sheet, here / f"{name}.csv", Staff=finding), "--by", name)
    assert review("export", "--again", "conflicts", "-o", "third.csv").returncode == 0
    table = pd.read_csv(here / "third.csv", keep_default_na=False)
    assert table["reviews"].tolist() == ["ana: none; ben: concern"]
    assert table["finding"].tolist() == [""]
    answer(table, here / "third.csv", Staff="concern")
    assert review("import", "third.csv", "--by", "lead", "--settle").returncode == 0
    assert json.loads(review("status", "--json").stdout)["conflicts"] == 0
    for name, themes in (("ana", "practice"), ("ben", "-")):
        sheet.loc[sheet["text"].str.startswith("Managers"), "themes"] = themes
        review("import", answer(sheet, here / f"{name}.csv", Managers="concern"), "--by", name)
    assert review("export", "--again", "conflicts", "-o", "third.csv").returncode == 0
    table = pd.read_csv(here / "third.csv", keep_default_na=False)
    assert table["reviews"].tolist() == ["ana: concern [practice]; ben: concern"]
    shown = review("status").stdout
    assert "conflicts on findings" in shown
    assert "conflicts on themes" in shown
    table.loc[0, ["finding", "themes"]] = ["concern", "practice"]
    table.to_csv(here / "third.csv", index=False)
    assert review("import", "third.csv", "--by", "lead", "--settle").returncode == 0
    assert json.loads(review("status", "--json").stdout)["conflicts"] == 0
    for which, count in (("all", len(sheet)), ("reviewed", 2), ("waiting", len(sheet) - 2), ("conflicts", 0)):
        assert review("export", "--again", which, "-o", "again.csv").stderr.startswith(f"{count} sentences")


def test_what_cannot_be_done_is_said(review, here: Path):
    done = review("status")
    assert (done.returncode, done.stdout) == (1, "")
    assert "start with 'pipeline review export'" in done.stderr
    assert not (here / "reviews").exists()
    assert review("queue").returncode == 2
    assert review("export", "letter.txt", "--again", "all", "-o", "out.csv").returncode == 2
    assert review("queue", "none.txt").returncode == 1
    (here / "empty.txt").write_text("")
    assert review("queue", "empty.txt").returncode == 1
    done = review("queue", "empty.txt", "letter.txt", "--json")
    assert json.loads(done.stdout)
    assert "1 could not be read" in done.stderr


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("out.txt", ("no tool uses .txt", ".csv, .xlsx, .json (label-studio)", "--format doccano or")),
        ("out", ("no tool uses a name without a suffix",)),
        ("out.jsonl", ("may be for doccano or prodigy", "--format")),
    ],
)
def test_a_file_that_is_for_no_tool_is_said(review, name: str, parts: tuple[str, ...]):
    done = review("export", "letter.txt", "-o", name)
    assert done.returncode == 2
    shown = " ".join(done.stderr.replace("│", " ").split())
    for part in parts:
        assert part in shown


def test_reviews_are_kept_where_a_configuration_says(run, review, store: Path, here: Path):
    (here / "own.yaml").write_text("reviews: elsewhere\n", encoding="utf-8")
    done = run("review", "export", "letter.txt", "-o", "out.csv", "--config", "own.yaml", "--models", store)
    assert done.returncode == 0, done.stderr
    assert list((here / "elsewhere").iterdir())
    assert run("review", "status", "--reviews", "elsewhere").returncode == 0
