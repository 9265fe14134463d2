"""`pipeline review`: answers in, and what becomes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from samples.reviews import answer

from pipeline.review.formats.rows import THEME


def test_two_reviewers_answers_become_corrections_to_train_on(
    review, run, sheet: pd.DataFrame, here: Path, small_corpus: Path, small_config: Path
):
    answer(sheet, here / "ana.csv", Staff="strength", Managers="recommendation", Visits="can't tell")
    answer(sheet, here / "ben.csv", Staff="strength", Managers="concern", Visits="concern")
    assert "3 new reviews; 0 known already" in review("import", "ana.csv", "--by", "ana").stderr
    assert review("import", "ben.csv", "--by", "ben").returncode == 0
    found = json.loads(review("status", "--json").stdout)
    assert (found["accepted"], found["conflicts"]) == (2, 1)
    assert [(a["reviewers"], a["sentences"], a["share"]) for a in found["agreement"]] == [(["ana", "ben"], 2, 0.5)]
    shown = review("status").stdout
    for part in ("ana and ben", "Managers should check plans more often.", "ana: recommendation; ben: concern"):
        assert part in shown

    [conflict] = found["disagreements"]
    done = review("settle", conflict["id"], "--finding", "recommendation", "--theme", "practice", "--by", "lead")
    assert done.returncode == 0, done.stderr
    assert json.loads(review("status", "--json").stdout)["conflicts"] == 0

    done = review("accepted", "-o", "corrections.jsonl")
    assert done.stderr == "3 labelled sentences; 0 left out: not agreed on\n"
    rows = [json.loads(line) for line in (here / "corrections.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["text"].split()[0]: (row["finding"], row.get("themes")) for row in rows} == {
        **{"Staff": ("strength", None), "Managers": ("recommendation", ["practice"]), "Visits": ("concern", None)}
    }
    assert review("accepted").stdout == (here / "corrections.jsonl").read_text(encoding="utf-8")
    data = ("--corpus", small_corpus, "--add", "corrections.jsonl", "--config", small_config, "--models", "new")
    done = run("train", *data)
    assert done.returncode == 0, done.stderr


def test_the_same_file_twice_changes_nothing(review, sheet: pd.DataFrame, here: Path):
    answer(sheet, here / "in.csv", Staff="strength")
    assert "1 new review;" in review("import", "in.csv", "--by", "ana").stderr
    done = review("import", "in.csv", "--by", "ana")
    assert (done.returncode, done.stdout) == (0, "")
    assert "imported before: nothing changed" in done.stderr
    assert "0 new reviews; 1 known already" in review("import", "in.csv", "--by", "ana", "--again").stderr
    assert "1 new review;" in review("import", "in.csv", "--by", "ben").stderr


def test_an_untouched_file_is_said_to_hold_no_answers(review, sheet: pd.DataFrame):
    for _ in range(2):
        done = review("import", "out.csv", "--by", "ana")
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == (f"out.csv: no answers are in it, {len(sheet)} sentences not reviewed: nothing changed\n")


def test_what_of_a_file_does_not_count_is_said(review, here: Path):
    assert review("export", "news.txt", "--format", "prodigy", "-o", "out.jsonl", "--limit", 1).returncode == 0
    row = json.loads((here / "out.jsonl").read_text(encoding="utf-8"))
    row |= {"answer": "accept", "accept": ["none", f"{THEME}practice"]}
    (here / "in.jsonl").write_text(json.dumps(row), encoding="utf-8")
    done = review("import", "in.jsonl", "--by", "ana")
    assert done.stderr == (
        "note: in.jsonl: 1 with themes ticked beside none or can't tell: those themes are left out\n"
        "1 new review; 0 known already, 0 sentences not reviewed\n"
    )


def test_themes_come_back_from_a_labelling_tool(review, here: Path):
    assert review("export", "news.txt", "--format", "prodigy", "-o", "out.jsonl", "--limit", 1).returncode == 0
    [row] = [json.loads(line) for line in (here / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    row |= {"answer": "accept", "accept": ["concern", f"{THEME}practice"], "_annotator_id": "set-ana"}
    (here / "in.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert review("import", "in.jsonl", "--by", "set-ana=ana").returncode == 0
    assert [r["reviewer"] for r in json.loads(review("status", "--json").stdout)["reviewers"]] == ["ana"]


def test_nothing_is_imported_of_a_file_with_a_bad_row(review, sheet: pd.DataFrame, here: Path):
    answer(sheet, here / "in.csv", Staff="strength", Managers="advice")
    done = review("import", "in.csv", "--by", "ana")
    assert done.returncode == 1
    assert done.stderr.startswith("error: in.csv: 1 problem: mend them, nothing was imported\nin.csv:")
    assert "unknown finding 'advice'" in done.stderr
    assert json.loads(review("status", "--json").stdout)["reviewed"] == 0


@pytest.mark.parametrize(
    ("finding", "theme", "wrong"),
    [
        ("good", "practice", "unknown finding 'good': use one of strength, concern, recommendation, none, cant_tell"),
        ("", "practice", "themes without a finding: give a finding, or can't tell"),
        ("concern", "wizardry", "unknown theme 'wizardry': correct it"),
        ("none", "practice", "themes are given only beside a finding, not beside none: remove them, or correct"),
    ],
)
def test_what_cannot_settle_is_said(review, sheet: pd.DataFrame, finding: str, theme: str, wrong: str):
    key = sheet["id"][0]
    done = review("settle", key, "--finding", finding, "--theme", theme, "--by", "lead")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {key}: not settled: {wrong}")
    assert done.stderr.count("\n") == 1
    assert review("settle", key, "--finding", "").returncode == 2
    assert review("settle", key, "--finding", "", "--by", "lead").returncode == 1
    assert review("settle", key, "--finding", "none", "--by", " ").returncode == 2
    assert json.loads(review("status", "--json").stdout)["reviewed"] == 0
