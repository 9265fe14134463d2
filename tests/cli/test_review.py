"""`pipeline review`: sentences out, answers in, and what becomes of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from pipeline.review import Ledger
from pipeline.review.formats.rows import THEME

Done = subprocess.CompletedProcess[str]
Reviewing = Callable[..., Done]
ARTICLES = ("letter.txt", "news.txt")
OTHER = "Council news\n\nStaff stay longer now. Managers should check plans more often. Visits are sometimes late.\n"


@pytest.fixture
def review(run, store: Path, here: Path) -> Reviewing:
    """Runs `pipeline review ARGUMENTS`, with the small model where one is needed."""
    (here / "news.txt").write_text(OTHER, encoding="utf-8")

    def called(command: str, *arguments: object) -> Done:
        models = ["--models", store] if command in ("queue", "export") else []
        return run("review", command, *arguments, *models)

    return called


@pytest.fixture
def sheet(review: Reviewing, here: Path) -> pd.DataFrame:
    """What was given out, as a table to fill in."""
    assert review("export", *ARTICLES, "-o", "out.csv", "--all", "-q").returncode == 0
    return pd.read_csv(here / "out.csv", keep_default_na=False)


def answer(sheet: pd.DataFrame, path: Path, **findings: str) -> Path:
    """A file in which sentences that begin with a word are answered."""
    filled = sheet.copy()
    for word, finding in findings.items():
        filled.loc[filled["text"].str.startswith(word), "finding"] = finding
    filled.to_csv(path, index=False)
    return path


def test_the_queue_shows_sentences_and_why(review: Reviewing):
    done = review("queue", *ARTICLES, "--limit", 3)
    assert done.returncode == 0
    assert "why" in done.stdout
    found = json.loads(review("queue", *ARTICLES, "--limit", 3, "--json").stdout)
    assert len(found) == 3
    assert all(item["reason"] and item["id"] for item in found)
    assert {item["article"] for item in found} <= {"letter.txt", "news.txt"}


def test_the_queue_is_written_as_a_table(review: Reviewing, here: Path):
    assert review("queue", "letter.txt", "-o", "queue.csv").returncode == 0
    table = pd.read_csv(here / "queue.csv")
    assert {"id", "text", "reason", "finding", "themes", "before", "after"} <= set(table.columns)


def test_a_saved_findings_table_needs_no_model(review: Reviewing, run, store: Path, here: Path):
    assert run("predict", "letter.txt", "news.txt", "-o", "findings.csv", "--models", store).returncode == 0
    done = run("review", "queue", "findings.csv", "--json", "--models", here / "none")
    assert done.returncode == 0, done.stderr
    assert {item["article"] for item in json.loads(done.stdout)} == {"letter.txt", "news.txt"}
    done = run("review", "export", "findings.csv", "-o", "out.xlsx", "--models", here / "none")
    assert done.returncode == 0, done.stderr


def test_a_table_of_articles_is_read_as_such(review: Reviewing, here: Path):
    pd.DataFrame({"text": ["Visits are late. Plans are good."], "url": ["x"]}).to_csv(
        here / "articles.csv", index=False
    )
    found = json.loads(review("queue", "articles.csv", "--json").stdout)
    assert {item["text"] for item in found} == {"Visits are late.", "Plans are good."}


def test_what_is_reviewed_leaves_the_queue(review: Reviewing, sheet: pd.DataFrame, here: Path):
    answer(sheet, here / "in.csv", Staff="strength")
    assert review("import", "in.csv", "--by", "ana").returncode == 0
    texts = [item["text"] for item in json.loads(review("queue", *ARTICLES, "--limit", 50, "--json").stdout)]
    assert texts
    assert "Staff stay longer now." not in texts
    texts = [
        item["text"] for item in json.loads(review("queue", *ARTICLES, "--for", "ben", "--limit", 50, "--json").stdout)
    ]
    assert "Staff stay longer now." in texts


def test_two_reviewers_answers_become_corrections_to_train_on(
    review: Reviewing, run, sheet: pd.DataFrame, here: Path, small_corpus: Path, small_config: Path
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


def test_conflicts_are_given_out_again_for_a_third(review: Reviewing, sheet: pd.DataFrame, here: Path):
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


def test_the_same_file_twice_changes_nothing(review: Reviewing, sheet: pd.DataFrame, here: Path):
    answer(sheet, here / "in.csv", Staff="strength")
    assert "1 new review;" in review("import", "in.csv", "--by", "ana").stderr
    done = review("import", "in.csv", "--by", "ana")
    assert (done.returncode, done.stdout) == (0, "")
    assert "imported before: nothing changed" in done.stderr
    assert "0 new reviews; 1 known already" in review("import", "in.csv", "--by", "ana", "--again").stderr
    assert "1 new review;" in review("import", "in.csv", "--by", "ben").stderr


def test_an_untouched_file_is_said_to_hold_no_answers(review: Reviewing, sheet: pd.DataFrame):
    for _ in range(2):
        done = review("import", "out.csv", "--by", "ana")
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == (f"out.csv: no answers are in it, {len(sheet)} sentences not reviewed: nothing changed\n")


def test_what_of_a_file_does_not_count_is_said(review: Reviewing, here: Path):
    assert review("export", "news.txt", "--format", "prodigy", "-o", "out.jsonl", "--limit", 1).returncode == 0
    row = json.loads((here / "out.jsonl").read_text(encoding="utf-8"))
    row |= {"answer": "accept", "accept": ["none", f"{THEME}practice"]}
    (here / "in.jsonl").write_text(json.dumps(row), encoding="utf-8")
    done = review("import", "in.jsonl", "--by", "ana")
    assert done.stderr == (
        "note: in.jsonl: 1 with themes ticked beside none or can't tell: those themes are left out\n"
        "1 new review; 0 known already, 0 sentences not reviewed\n"
    )


@pytest.mark.parametrize(
    ("finding", "theme", "wrong"),
    [
        ("good", "practice", "unknown finding 'good': use one of strength, concern, recommendation, none, cant_tell"),
        ("", "practice", "themes without a finding: give a finding, or can't tell"),
        ("concern", "wizardry", "unknown theme 'wizardry': correct it"),
        ("none", "practice", "themes are given only beside a finding, not beside none: remove them, or correct"),
    ],
)
def test_what_cannot_settle_is_said(review: Reviewing, sheet: pd.DataFrame, finding: str, theme: str, wrong: str):
    key = sheet["id"][0]
    done = review("settle", key, "--finding", finding, "--theme", theme, "--by", "lead")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {key}: not settled: {wrong}")
    assert done.stderr.count("\n") == 1
    assert review("settle", key, "--finding", "").returncode == 2
    assert review("settle", key, "--finding", "", "--by", "lead").returncode == 1
    assert review("settle", key, "--finding", "none", "--by", " ").returncode == 2
    assert json.loads(review("status", "--json").stdout)["reviewed"] == 0


def test_nothing_is_imported_of_a_file_with_a_bad_row(review: Reviewing, sheet: pd.DataFrame, here: Path):
    answer(sheet, here / "in.csv", Staff="strength", Managers="advice")
    done = review("import", "in.csv", "--by", "ana")
    assert done.returncode == 1
    assert done.stderr.startswith("error: in.csv: 1 problem: mend them, nothing was imported\nin.csv:")
    assert "unknown finding 'advice'" in done.stderr
    assert json.loads(review("status", "--json").stdout)["reviewed"] == 0


def test_themes_come_back_from_a_labelling_tool(review: Reviewing, here: Path):
    assert review("export", "news.txt", "--format", "prodigy", "-o", "out.jsonl", "--limit", 1).returncode == 0
    [row] = [json.loads(line) for line in (here / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    row |= {"answer": "accept", "accept": ["concern", f"{THEME}practice"], "_annotator_id": "set-ana"}
    (here / "in.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert review("import", "in.jsonl", "--by", "set-ana=ana").returncode == 0
    assert [r["reviewer"] for r in json.loads(review("status", "--json").stdout)["reviewers"]] == ["ana"]


@pytest.mark.parametrize("by_file", [True, False])
def test_a_purged_article_is_forgotten(review: Reviewing, sheet: pd.DataFrame, here: Path, by_file: bool):
    answer(sheet, here / "in.csv", Staff="strength")
    review("import", "in.csv", "--by", "ana")
    if by_file:
        (here / "moved.txt").write_text(OTHER, encoding="utf-8")  # the same text under another name
    (here / "news.txt").unlink()
    done = review("purge", "moved.txt" if by_file else "news.txt")
    digest = sheet.loc[sheet["article"] == "news.txt", "id"].iloc[0].partition(":")[0]
    assert done.stderr == f"news.txt ({digest}): forgotten with 4 sentences and 1 review\n"
    assert b"Staff stay" not in b"".join(path.read_bytes() for path in (here / "reviews").iterdir())
    assert json.loads(review("status", "--json").stdout)["sentences"] == len(sheet) - 4
    assert review("import", "in.csv", "--by", "ana").returncode == 1


def test_an_article_that_is_not_there_is_not_said_to_be_forgotten(review: Reviewing, sheet: pd.DataFrame, here: Path):
    (here / "sub").mkdir()
    (here / "sub" / "news.txt").write_text("Another text.\n", encoding="utf-8")
    for asked in ("nwes.txt", "sub/news.txt"):
        done = review("purge", asked)
        assert done.returncode == 1
        assert done.stderr == (
            f"error: {asked}: nothing is kept of an article of this name, digest or text, and nothing was forgotten: "
            "did you mean news.txt?\n"
        )
    assert json.loads(review("status", "--json").stdout)["sentences"] == len(sheet)


@pytest.mark.parametrize("edited", [True, False])
def test_an_article_is_purged_by_its_name_alone_or_another_path(
    review: Reviewing, here: Path, edited: bool, monkeypatch: pytest.MonkeyPatch
):
    (here / "sub").mkdir()
    (here / "news.txt").rename(here / "sub" / "news.txt")
    assert review("export", here / "sub", "-o", "out.csv", "--all").returncode == 0
    if edited:
        (here / "sub" / "news.txt").unlink()
    else:
        monkeypatch.chdir(here / "sub")
    done = review("purge", "news.txt", "--reviews", here / "reviews")
    assert done.returncode == 0, done.stderr
    assert "news.txt (" in done.stderr
    assert done.stderr.endswith("forgotten with 4 sentences and 0 reviews\n")


def test_what_cannot_be_done_is_said(review: Reviewing, here: Path):
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
def test_a_file_that_is_for_no_tool_is_said(review: Reviewing, name: str, parts: tuple[str, ...]):
    done = review("export", "letter.txt", "-o", name)
    assert done.returncode == 2
    shown = " ".join(done.stderr.replace("│", " ").split())
    for part in parts:
        assert part in shown


def test_reviews_are_kept_where_a_configuration_says(run, review: Reviewing, store: Path, here: Path):
    (here / "own.yaml").write_text("reviews: elsewhere\n", encoding="utf-8")
    done = run("review", "export", "letter.txt", "-o", "out.csv", "--config", "own.yaml", "--models", store)
    assert done.returncode == 0, done.stderr
    assert list((here / "elsewhere").iterdir())
    assert run("review", "status", "--reviews", "elsewhere").returncode == 0


# Many at once, and killed


@pytest.fixture
def files(review: Reviewing, sheet: pd.DataFrame, here: Path) -> list[Path]:
    """Files of answers, each by a reviewer of its own."""
    return [
        answer(sheet.assign(finding="none", reviewer=f"reader{i}"), here / f"in{i}.csv", Staff="strength")
        for i in range(12)
    ]


def started(file: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "pipeline", "review", "import", str(file)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=file.parent)


def counts(here: Path) -> dict[str, int]:
    with Ledger(here / "reviews") as ledger:
        ledger.check()
        who = [review.who for review in ledger.reviews()]
    return {name: who.count(name) for name in who}


def test_nothing_is_lost_of_many_imports_at_once(files: list[Path], sheet: pd.DataFrame, here: Path):
    def imported(file: Path) -> int:
        process = started(file)
        process.communicate(timeout=120)
        return process.returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(imported, files)) == [0] * len(files)
    assert counts(here) == {f"reader{i}": len(sheet) for i in range(len(files))}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_import_leaves_all_or_nothing(files: list[Path], sheet: pd.DataFrame, here: Path):
    start = time.monotonic()
    assert started(files[0]).wait(timeout=120) == 0
    usual = time.monotonic() - start
    random = Random(1)
    done = {"reader0"}
    for number, file in enumerate(files[1:6], 1):
        process = started(file)
        time.sleep(random.uniform(0.5, 1.1) * usual)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        if process.wait() == 0:
            done.add(f"reader{number}")
        process.communicate()
        found = counts(here)
        assert set(found.values()) == {len(sheet)}
        assert done <= set(found)
