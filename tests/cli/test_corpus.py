"""`pipeline corpus`: check, count, relearn."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest


@pytest.fixture
def copy(small_corpus: Path, here: Path) -> Path:
    """A copy of the small corpus, to spoil."""
    return shutil.copytree(small_corpus, here / "labels")


def test_a_good_corpus_is_counted(run, small_corpus: Path):
    done = run("corpus", "check", small_corpus)
    assert done.returncode == 0
    assert "12 documents, 182 units, 0 sentences; 0 errors, 0 warnings" in done.stderr
    assert run("corpus", "check", small_corpus, "--quiet").stderr == ""
    found = json.loads(run("corpus", "check", small_corpus, "--json").stdout)
    assert (found["errors"], found["warnings"]) == ([], [])
    assert len(found["fingerprint"]) == 64


def test_every_problem_is_one_line_with_file_and_line(run, copy: Path):
    for name, old, new in (
        ("letters/letter-quenby-2023", '"concern"', '"bad"'),
        ("news/news-ostrey-trust", '"asylum_seeking_children"', '"asylum"'),
        ("pages/page-saltholme-good", '"start": 0', '"start": 1'),
    ):
        path = copy / f"{name}.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = run("corpus", "check", "labels")
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 3
    assert "labels/letters/letter-quenby-2023.jsonl:9: unknown finding 'bad'" in errors[0].replace("\\", "/")
    assert "unknown theme 'asylum'" in errors[1]
    assert "correct the offsets" in errors[2]
    found = json.loads(run("corpus", "check", "labels", "--json").stdout)
    assert ["error: " + message for message in found["errors"]] == errors


def test_other_cuts_are_warned_of_and_no_error(run, copy: Path):
    path = copy / "news" / "news-ostrey-trust.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[2])
    row["end"] -= 1
    row["text"] = row["text"][:-1]
    lines[2] = json.dumps(row)
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run("corpus", "check", "labels")
    assert done.returncode == 0
    assert "warning: " in done.stderr
    assert ":3: pipeline split cuts " in done.stderr
    assert run("corpus", "check", "labels", "--quiet").stderr == ""


@pytest.mark.parametrize("path", ["none", "letter.txt", "empty"])
def test_what_holds_no_labels_is_said(run, here: Path, path: str):
    (here / "empty").mkdir()
    done = run("corpus", "check", path)
    assert done.returncode == 1
    assert "error: " in done.stderr


def test_another_theme_list_may_be_checked_against(run, small_corpus: Path, here: Path):
    (here / "themes.yaml").write_text("- practice\n", encoding="utf-8")
    done = run("corpus", "check", small_corpus, "--themes", "themes.yaml")
    assert done.returncode == 1
    assert "unknown theme 'leadership'" in done.stderr


def test_statistics_are_printed_or_given_as_json(run, small_corpus: Path):
    found = json.loads(run("corpus", "stats", small_corpus, "--json").stdout)
    assert found["units"] == 182
    assert found["findings"] == {"strength": 48, "concern": 39, "recommendation": 28, "none": 67}
    shown = run("corpus", "stats", small_corpus)
    assert shown.returncode == 0
    for word in ("letters", "news", "pages", "help_and_protection", "near-duplicates"):
        assert word in shown.stdout


def test_doubted_labels_are_shown(run, copy: Path, small_config: Path):
    path = copy / "letters" / "letter-wendlebury-2021.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[5])
    assert row["finding"] == "strength"
    lines[5] = json.dumps(row | {"finding": "concern"})
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run("corpus", "stats", "labels", "--doubts", "50", "--config", small_config, "--json")
    assert done.returncode == 0
    doubts = json.loads(done.stdout)["doubts"]["rows"]
    assert row["text"] in [doubt["text"] for doubt in doubts]


def test_charts_are_written(run, small_corpus: Path, here: Path):
    done = run("corpus", "stats", small_corpus, "--charts", "charts")
    assert done.returncode == 0
    drawings = list((here / "charts").glob("*.svg"))
    assert drawings
    assert all(ElementTree.parse(path).getroot().tag.endswith("svg") for path in drawings)
    (here / "taken").write_text("a file", encoding="utf-8")
    done = run("corpus", "stats", small_corpus, "--charts", "taken")
    assert done.returncode == 1
    assert "can't be written" in done.stderr


def test_statistics_of_a_bad_corpus_list_its_problems(run, here: Path):
    (here / "c.jsonl").write_text('{"text": "A.", "finding": "bad"}\n', encoding="utf-8")
    done = run("corpus", "stats", "c.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert "c.jsonl:1: unknown finding 'bad'" in done.stderr


def test_punkt_is_relearnt(run, small_corpus: Path, here: Path):
    done = run("corpus", "punkt", "out.json", "--corpus", small_corpus)
    assert done.returncode == 0
    assert "from 12 texts" in done.stderr
    learnt = json.loads((here / "out.json").read_text(encoding="utf-8"))
    assert "cllr" in learnt["abbreviations"]
    assert run("corpus", "punkt", "out.json", "--corpus", small_corpus, "--quiet").stderr == ""


def test_punkt_without_texts_or_a_place_to_write_is_said(run, small_corpus: Path, here: Path):
    done = run("corpus", "punkt", "no/such/out.json", "--corpus", small_corpus)
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    (here / "docs").mkdir()
    (here / "docs" / "a.md").write_text("# Notes", encoding="utf-8")
    done = run("corpus", "punkt", "out.json", "--corpus", "docs")
    assert done.returncode == 1
    assert "no .txt document to learn from" in done.stderr
    assert not (here / "out.json").exists()
