"""`pipeline train`: labelled documents to a version."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

import pipeline.settings
from pipeline.labels import FINDINGS
from pipeline.store import Store, load_model


@pytest.fixture
def train(run, small_corpus: Path, small_config: Path, here: Path):
    def called(*arguments: object, corpus: Path | None = None):
        return run(
            *(
                "train",
                "--corpus",
                corpus or small_corpus,
                "--config",
                small_config,
                "--models",
                "models",
                "--jobs",
                "1",
            ),
            *arguments,
        )

    return called


def sentences(path: Path, *rows: tuple[str, str]) -> Path:
    lines = [json.dumps({"text": text, "finding": finding}) for text, finding in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_version_is_written_and_made_current(train, here: Path):
    done = train()
    assert done.returncode == 0
    store = Store(here / "models")
    [version] = store.versions()
    assert version.current
    assert f"wrote {version.folder.relative_to(here)}, now current" in done.stderr
    assert "12 documents" in done.stderr
    for word in (*FINDINGS, "precision", "recall", "F1", "support", "always none", "help_and_protection"):
        assert word in done.stdout
    assert f"{version.metrics['findings']['macro_f1']:.3f}" in done.stdout
    assert "too little data to calibrate" in done.stderr
    assert version.card.startswith("# ")
    assert load_model("models").themes


def test_quiet_prints_the_table_only(train):
    done = train("--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert "macro-F1" in done.stdout


def test_two_trainings_write_equal_models(train, here: Path):
    train()
    train()
    one, two = (version.folder for version in Store(here / "models").versions())
    for name in ("model.json", "metrics.json", *(f"arrays/{a}.npy" for a in ("coefficients", "mixing", "intercepts"))):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_without_promoting_the_current_version_stays(train, here: Path):
    train()
    first = Store(here / "models").current()
    done = train("--no-promote", "--seed", "2")
    assert done.returncode == 0
    assert "now current" not in done.stderr
    store = Store(here / "models")
    assert len(store.versions()) == 2
    assert store.current() == first
    assert store.load(store.versions()[1].name).notes["seed"] == 2


def test_more_is_added_to_the_bundled_corpus(
    run, small_corpus: Path, small_config: Path, here: Path, monkeypatch: pytest.MonkeyPatch
):
    real = pipeline.settings.bundled
    monkeypatch.setattr(
        pipeline.settings, "bundled", lambda name: small_corpus if name == "data/corpus" else real(name)
    )
    sentences(here / "more.jsonl", ("Fostering panels meet too seldom.", "concern"))
    arguments = ("--config", small_config, "--models", "models", "--jobs", "1")
    done = run("train", "--add", "more.jsonl", *arguments)
    assert done.returncode == 0
    assert "12 documents, 1 sentences beside them" in done.stderr
    assert load_model("models").notes["labelled"]["concern"] == 40


def test_another_theme_list_is_learnt(train, here: Path):
    themes = "practice: {name: Practice}\nleadership: {name: Leaders}\n"
    (here / "themes.yaml").write_text(themes, encoding="utf-8")
    corpus = shutil.copytree(Path(__file__).parents[1] / "data" / "corpus", here / "corpus")
    for path in corpus.rglob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            row["themes"] = [key for key in row["themes"] if key in ("practice", "leadership")]
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = train("--themes", "themes.yaml", corpus=corpus)
    assert done.returncode == 0
    assert dict(load_model("models").themes) == {"practice": "Practice", "leadership": "Leaders"}


def test_a_theme_list_that_lacks_labelled_themes_is_refused(train, here: Path):
    (here / "themes.yaml").write_text("- practice\n", encoding="utf-8")
    done = train("--themes", "themes.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "unknown theme 'leadership': correct it, or list it with --themes" in done.stderr
    assert not (here / "models").exists()


def test_without_themes_findings_alone_are_trained(train, here: Path):
    rows = [
        {"text": text, "finding": finding, "article": f"a{number % 6}"}
        for number, (text, finding) in enumerate(
            [("Visits are late.", "concern"), ("Plans are good.", "strength"), ("It was May.", "none")] * 8
        )
    ]
    (here / "c.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = train(corpus=here / "c.jsonl")
    assert done.returncode == 0
    assert "themes, out of fold" not in done.stdout
    assert dict(load_model("models").themes) == {}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("Visits are late.", "concern"), ("Plans are weak.", "concern")], "one class only (concern)"),
        (
            [("Visits are late.", "concern"), ("Plans are good.", "strength")],
            "too few articles to split: 2 of at least 5",
        ),
        ([("Visits are late.", "bad")], "1 problem in the corpus: mend them, nothing was trained"),
    ],
)
def test_a_corpus_that_cannot_be_trained_on_is_said(train, here: Path, rows: list[tuple[str, str]], message: str):
    done = train(corpus=sentences(here / "c.jsonl", *rows))
    assert (done.returncode, done.stdout) == (1, "")
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert message in errors[0]
    assert not (here / "models").exists()


def test_every_problem_is_listed_with_file_and_line(train, here: Path):
    path = here / "c.jsonl"
    rows = [("A.", "bad"), ("", "none"), ("B.", "concern"), ("B.", "strength")]
    done = train(corpus=sentences(path, *rows))
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "error: 3 problems in the corpus: mend them, nothing was trained"
    assert [line.split(": ")[0] for line in done.stderr.splitlines()[1:]] == [f"{path}:{line}" for line in (1, 2, 4)]


@pytest.mark.parametrize("arguments", [["--jobs", "0"], ["--seed", "x"], ["--zzz"]])
def test_wrong_usage_is_code_2(train, arguments: list[str]):
    assert train(*arguments).returncode == 2


def test_a_full_disk_is_one_line_and_no_version(train, here: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    done = train("--quiet")
    assert done.returncode == 1
    assert done.stderr == (
        "error: models: can't be written (No space left on device): make room, or name another folder with --models\n"
    )
    assert [path.name for path in (here / "models").iterdir()] == [".store.lock"]


@pytest.mark.usefixtures("short_search")
def test_tuning_prints_what_it_chose(train, here: Path):
    done = train("--tune")
    assert done.returncode == 0
    assert "finding: chosen" in done.stderr
    assert "themes: chosen" in done.stderr
    assert len(Store(here / "models").versions()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_interrupted_while_training_no_half_version_is_left(started, here: Path):
    with started("… ", "train", "--models", "models", "--jobs", "1") as (process, said):
        process.send_signal(signal.SIGINT)
        said.append(process.stderr.read())
        code = process.wait(60)
    assert code == 130
    assert "Traceback" not in "".join(said)
    assert said[-1] == "interrupted: no half file or version is left\n"
    assert Store(here / "models").versions() == []
    assert not (here / "models").exists() or list((here / "models").iterdir()) == []
