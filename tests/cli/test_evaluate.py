"""`pipeline evaluate`: agreement with labelled units, in both shapes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.gold import evaluate_gold, read_gold
from pipeline.labels import FINDINGS
from pipeline.model import Model


@pytest.fixture
def evaluate(run, store: Path, here: Path):
    def called(*arguments: object):
        return run("evaluate", *arguments, "--models", store)

    return called


@pytest.mark.parametrize("name", ["units.jsonl", "spans.jsonl"])
def test_json_is_what_evaluation_gives(evaluate, gold: Path, model: Model, name: str):
    done = evaluate(gold / name, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    expected = evaluate_gold(model, read_gold(gold / name, None, model.themes))
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))


def test_a_table_per_label_with_confusion_and_intervals(evaluate, gold: Path):
    done = evaluate(gold / "units.jsonl")
    assert done.returncode == 0
    for word in (*FINDINGS, "gold strength", "predicted", "macro-F1", "micro-F1", "findings (9 units)", "practice"):
        assert word in done.stdout
    assert "findings without unsure (8 units)" in done.stdout
    assert "bootstrap over articles" in done.stderr
    assert evaluate(gold / "units.jsonl", "--quiet").stderr == ""


def test_span_scores_are_shown_end_to_end(evaluate, gold: Path):
    assert "exact spans" in evaluate(gold / "spans.jsonl").stdout
    assert "exact spans" not in evaluate(gold / "units.jsonl").stdout


def test_articles_may_stand_elsewhere(evaluate, gold: Path, here: Path):
    shutil.copy(gold / "spans.jsonl", here)
    shutil.copytree(gold / "articles", here / "texts")
    done = evaluate("spans.jsonl")
    assert done.returncode == 1
    assert "no article 'fenny-bridge'" in done.stderr
    assert evaluate("spans.jsonl", "--articles", "texts").returncode == 0


def test_bad_gold_is_said_with_file_and_line(evaluate, here: Path):
    (here / "gold.jsonl").write_text('{"text": "A.", "finding": "good"}\n{"text": ""}\n', encoding="utf-8")
    done = evaluate("gold.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0] == "error: gold.jsonl: can't be measured on"
    assert [line.split(": ")[0] for line in lines[1:]] == ["gold.jsonl:1", "gold.jsonl:2", "gold.jsonl:2"]


def test_a_missing_file_is_said(evaluate):
    done = evaluate("none.jsonl")
    assert (done.returncode, done.stderr) == (1, "error: none.jsonl: no such file: check the path\n")
