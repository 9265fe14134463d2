"""The real commands, one after the other, as a user runs them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import joblib
import pandas as pd
import pytest

from pipeline import load_model
from pipeline.labels import FINDINGS

MARKED = "\ufeff"


@pytest.fixture(scope="module")
def folder(command, small_corpus: Path, small_config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with two articles and a model trained by the command."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "articles").mkdir()
    for path in (small_corpus / "letters" / "letter-quenby-2023.txt", small_corpus / "news" / "news-ostrey-trust.txt"):
        (folder / "articles" / path.name).write_bytes(path.read_bytes())
    done = command("train", "--corpus", small_corpus, "--config", small_config, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "macro-F1" in done.stdout
    assert "now current" in done.stderr
    return folder


@pytest.fixture
def ok(command, folder: Path):
    """Runs a command that must succeed, and gives what it printed."""

    def called(*arguments: object, stdin: str = "") -> str:
        done = command(*arguments, cwd=folder, stdin=stdin)
        assert done.returncode == 0, done.stderr
        assert "Warning" not in done.stderr
        return done.stdout

    return called


def test_articles_are_scored_in_every_format(ok, folder: Path):
    for suffix in ("csv", "jsonl", "xlsx", "parquet"):
        assert ok("predict", "articles", "--output", f"findings.{suffix}") == ""
    table = pd.read_parquet(folder / "findings.parquet")
    assert table["article"].unique().tolist() == [
        "articles/letter-quenby-2023.txt",
        "articles/news-ostrey-trust.txt",
    ]
    assert set(table["finding"]) == set(FINDINGS)
    lines = [json.loads(line) for line in (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    text = (folder / "findings.csv").read_text(encoding="utf-8")
    assert text.startswith(MARKED)
    cells = list(csv.DictReader(text.removeprefix(MARKED).splitlines()))
    assert table["finding"].tolist() == [row["finding"] for row in lines] == [row["finding"] for row in cells]
    for row in lines:
        source = (folder / row["article"]).read_text(encoding="utf-8")
        assert source[row["start"] : row["end"]] == row["text"]
    assert (folder / "findings.xlsx").read_bytes()[:2] == b"PK"

    # In code it is the same table.
    model = load_model(folder / "models")
    source = (folder / "articles" / "letter-quenby-2023.txt").read_text(encoding="utf-8")
    alone = model.predict(source, "articles/letter-quenby-2023.txt")
    assert alone["finding"].tolist() == table["finding"].tolist()[: len(alone)]

    # A summary of the saved table counts the same sentences as one of the articles.
    saved, scored = (json.loads(ok("summary", path, "--json")) for path in ("findings.csv", "articles"))
    assert saved["all"]["findings"] == scored["all"]["findings"] == table["finding"].value_counts().to_dict()
    assert "all 2 articles" in ok("summary", "articles")


def test_standard_input_is_scored_to_standard_output(ok):
    rows = list(csv.DictReader(ok("predict", "-", stdin="Visits are late.\n").splitlines()))
    assert [row["text"] for row in rows] == ["Visits are late."]
    assert "Visits are late." in ok("predict", "-", "--format", "table", stdin="Visits are late.\n")


def test_sentences_are_split(ok):
    rows = [json.loads(line) for line in ok("split", "articles").splitlines()]
    assert rows[0]["block"] == "furniture"
    assert len({row["article"] for row in rows}) == 2


def test_a_model_is_measured_on_gold_in_both_shapes(ok, gold: Path):
    for name in ("units.jsonl", "spans.jsonl"):
        found = json.loads(ok("evaluate", gold / name, "--json"))
        assert found["findings"]["sentences"] == 9
        assert found["findings"]["accuracy"] > 0.5
        assert ("spans" in found) == (name == "spans.jsonl")
    assert "exact spans" in ok("evaluate", gold / "spans.jsonl")


def test_a_sentence_is_explained(ok):
    said = ok("explain", "However, plans are too general.", "--heading", "Main findings", "--label", "concern")
    assert "for concern" in said
    assert "against concern" in said


def test_versions_are_listed_shown_verified_and_exported(ok, folder: Path):
    [version] = json.loads(ok("models", "list", "--json"))
    assert version["current"]
    assert version["version"] in ok("models", "list")
    assert ok("models", "show").startswith("# ")
    assert ok("models", "verify") == ""
    ok("models", "export", version["version"], "findings.joblib")
    assert set(joblib.load(folder / "findings.joblib").classes_) == set(FINDINGS)


def test_a_corpus_is_checked_counted_and_relearnt_from(ok, folder: Path, small_corpus: Path):
    assert ok("corpus", "check", small_corpus) == ""
    assert json.loads(ok("corpus", "stats", small_corpus, "--json"))["documents"] == 12
    ok("corpus", "punkt", "punkt.json", "--corpus", small_corpus)
    assert "abbreviations" in json.loads((folder / "punkt.json").read_text(encoding="utf-8"))


def test_exit_codes_tell_what_went_wrong(command, folder: Path):
    assert command("predict", "missing.txt", cwd=folder).returncode == 1
    assert command("predict", "articles", "--only", "zzz", cwd=folder).returncode == 2
    done = command("predict", "articles", "missing.txt", "--output", "partly.csv", cwd=folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (folder / "partly.csv").exists()
