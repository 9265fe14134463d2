"""What tests of commands share."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from samples.articles import NEWS
from samples.settings import LENIENT


@pytest.fixture
def predict(run, store: Path, here: Path):
    def called(*arguments: object, **options: object):
        return run("predict", *arguments, "--models", store, **options)

    return called


@pytest.fixture
def config(here: Path) -> Path:
    """A file with lenient settings."""
    path = here / "lenient.yaml"
    path.write_text(LENIENT, encoding="utf-8")
    return path


@pytest.fixture
def corpus(here: Path, small_corpus: Path) -> Path:
    """A copy of the small corpus, for one test to change."""
    return shutil.copytree(small_corpus, here / "corpus")


@pytest.fixture
def retrain(run, config: Path, corpus: Path, here: Path):
    """Runs `pipeline retrain` on that corpus, with these settings."""

    def called(*arguments: object):
        return run("retrain", "--corpus", corpus, "--config", config, "--models", "models", *arguments)

    return called


@pytest.fixture
def review(run, store: Path, here: Path):
    """Runs `pipeline review ARGUMENTS`, with the small model where one is needed."""
    (here / "news.txt").write_text(NEWS, encoding="utf-8")

    def called(command: str, *arguments: object):
        models = ["--models", store] if command in ("queue", "export") else []
        return run("review", command, *arguments, *models)

    return called


@pytest.fixture
def sheet(review, here: Path) -> pd.DataFrame:
    """What was given out, as a table to fill in."""
    assert review("export", "letter.txt", "news.txt", "-o", "out.csv", "--all", "-q").returncode == 0
    return pd.read_csv(here / "out.csv", keep_default_na=False)


Started = tuple["subprocess.Popen[str]", list[str]]


@pytest.fixture
def started(program: str):
    """Starts the real command and waits for a line: `with started("… ", "train") as (process, said)`.

    What it has said on standard error is given with it; the rest is there to be read.
    """

    @contextmanager
    def called(awaited: str, *arguments: str) -> Iterator[Started]:
        with subprocess.Popen(
            [program, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process:
            assert process.stderr is not None
            said = []
            for line in process.stderr:
                said.append(line)
                if line.startswith(awaited):
                    break
            yield process, said

    return called
