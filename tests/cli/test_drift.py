"""`pipeline drift`: new articles against what the model was trained on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.store import Store


@pytest.fixture
def own(run, small_corpus: Path, here: Path):
    """A store whose version keeps its profile, in `models`."""
    config = here / "own.yaml"
    config.write_text('features: {bits: 14}\nretraining: {behaviour: ""}\n', encoding="utf-8")
    done = run("retrain", "--corpus", small_corpus, "--config", config, "--models", "models", "--quiet")
    assert done.returncode == 0, done.stderr
    return here / "models"


@pytest.fixture
def drift(run, own: Path):
    def called(*arguments: object):
        return run("drift", *arguments, "--models", own)

    return called


@pytest.fixture
def strange(here: Path) -> Path:
    folder = here / "strange"
    folder.mkdir()
    for number in range(12):
        text = "\n\n".join(
            f"Zygotes quietly munch {word}ing flanges beneath gloomy turnips." * 3 for word in "abcdefgh"
        )
        (folder / f"{number}.txt").write_text(f"Number {number}\n\n{text}\n", encoding="utf-8")
    return folder


def test_articles_of_the_same_kind_are_steady(drift, small_corpus: Path, here: Path):
    for path in small_corpus.rglob("*.txt"):
        shutil.copy(path, here / f"own-{path.name}")
    done = drift(*sorted(here.glob("own-*.txt")))
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("steady: nothing shifted that matters (12 articles, ")
    for word in ("unknown words", "confidence", "length", "findings", "themes", "stability index"):
        assert word in done.stdout


def test_others_are_said_with_code_3(drift, strange: Path):
    done = drift(strange, "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert told["verdict"] == "retrain"
    assert "unknown words" in told["why"]
    assert {"munch", "zygotes"} & {found["word"] for found in told["new_words"]} == {"munch"}
    done = drift(strange, "--words", "2")
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1].startswith("new words: ")
    assert done.stdout.splitlines()[-1].count("(") == 2


def test_few_articles_cannot_tell(drift):
    done = drift("letter.txt")
    assert done.returncode == 0
    assert done.stdout.startswith("too few: 1 article: at least 5 are needed to tell")


def test_copies_are_left_out_and_said(drift, strange: Path, here: Path):
    for number in range(6):
        shutil.copy(here / "letter.txt", here / f"copy-{number}.txt")
    done = drift(*here.glob("copy-*.txt"))
    assert done.returncode == 0
    assert done.stdout.startswith("too few: 1 article: at least 5 are needed to tell (1 article, ")
    assert done.stderr == "note: 5 copies left out: each text counts once\n"
    alone = json.loads(drift(strange, "--json").stdout)
    # Whatever ends its lines.
    (strange / "again.txt").write_bytes((strange / "3.txt").read_bytes().replace(b"\n", b"\r\n"))
    done = drift(strange, "--json")
    assert done.stderr == "note: 1 copy left out: each text counts once\n"
    assert json.loads(done.stdout) == alone | {"copies": 1}
    assert drift(strange, "--json", "--quiet").stderr == ""


def test_files_that_cannot_be_read_are_told_and_left_out(drift, here: Path, strange: Path):
    (here / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    done = drift(strange, here / "broken.pdf", "--json")
    assert "error: " in done.stderr
    assert json.loads(done.stdout)["articles"] == 12
    done = drift(here / "broken.pdf")
    assert done.returncode == 1
    assert "no article could be read: there is nothing to compare" in done.stderr


def test_another_version_can_be_the_baseline(drift, own: Path, strange: Path):
    assert drift(strange, "--baseline", Store(own).current(), "--json").returncode == 3
    done = drift(strange, "--baseline", "nothing")
    assert done.returncode == 1
    assert "no version 'nothing'" in done.stderr


def test_a_version_that_keeps_no_profile_is_said(run, store: Path, here: Path):
    done = run("drift", "letter.txt", "--models", store)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "keeps no profile of what it was trained on: train it anew" in line


def test_without_a_model_it_is_said(run, here: Path):
    done = run("drift", "letter.txt", "--models", "nowhere")
    assert done.returncode == 1
    assert "no trained model here" in done.stderr
