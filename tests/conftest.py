"""What the tests share: a small corpus and model, stores, and the command, in a subprocess and in this process."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings as hypothesis_settings

from pipeline.cli import main
from pipeline.corpus import read_corpus
from pipeline.labels import Themes, load_themes
from pipeline.learning import tuning
from pipeline.learning.training import Trained, train
from pipeline.model import Model
from pipeline.reports.card import model_card
from pipeline.settings import Settings, bundled, load_settings
from pipeline.store import Store

# The same examples each time: a run is red for what was changed, not by luck.
hypothesis_settings.register_profile("steady", derandomize=True)
hypothesis_settings.load_profile("steady")

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parent.parent
LETTER = """Focused visit to Ambrook

This letter sets out what inspectors found in June.

Main findings

Social workers visit children often and know them well. However, plans are too general and visits are late.

What needs to improve

- The quality of plans.
- Leaders should make sure that visits are on time.
"""


@pytest.fixture(scope="session")
def small_corpus() -> Path:
    """A folder of twelve labelled documents."""
    return DATA / "corpus"


@pytest.fixture(scope="session")
def small_config() -> Path:
    """The settings of the small model."""
    return DATA / "small.yaml"


@pytest.fixture(scope="session")
def gold() -> Path:
    """A folder with gold in both shapes."""
    return DATA / "gold"


@pytest.fixture(scope="session")
def settings(small_config: Path) -> Settings:
    return load_settings(small_config)


@pytest.fixture(scope="session")
def themes() -> Themes:
    return load_themes()


@pytest.fixture(scope="session")
def examples(small_corpus: Path, themes: Themes) -> pd.DataFrame:
    """The small corpus as a sentence table with labels. Not to be changed."""
    return read_corpus([small_corpus], themes).examples


@pytest.fixture(scope="session")
def trained(examples: pd.DataFrame, themes: Themes, settings: Settings) -> Trained:
    """What training on the small corpus gives."""
    return train(examples, themes, settings)


@pytest.fixture(scope="session")
def model(trained: Trained) -> Model:
    return trained.model


@pytest.fixture(scope="session")
def store(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small model. Not to be changed: `own_store` may be."""
    root = tmp_path_factory.mktemp("store") / "models"
    card = model_card(trained.model.notes, trained.metrics, "0" * 64, "0.0.0")
    Store(root).write(trained.model, metrics=trained.metrics, card=card, corpus="0" * 64)
    return root


@pytest.fixture
def own_store(store: Path, tmp_path: Path) -> Path:
    """A store with the small model, for one test to spoil."""
    return shutil.copytree(store, tmp_path / "own-models")


@pytest.fixture
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuning tries few values of each setting."""
    for name, values in (("REGULARISATION", (0.3, 1.0)), ("RARITY", (0.5,)), ("BALANCE", (0.5,)), ("WEIGHTS", (0.5,))):
        monkeypatch.setattr(tuning, f"_{name}", values)


@pytest.fixture(scope="session")
def whole_model(themes: Themes) -> Model:
    """A model trained on the whole bundled corpus, with two folds to be quicker."""
    settings = load_settings()
    settings = settings.replace(training=settings.training.replace(folds=2))
    corpus = read_corpus([bundled("data/corpus")], themes)
    return train(corpus.examples, themes, settings, jobs=os.cpu_count() or 1).model


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with one article, `letter.txt`."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `pipeline ARGUMENTS` in this process: `run("predict", "a.txt", stdin=b"")`."""

    def called(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        words = [str(argument) for argument in arguments]
        monkeypatch.setattr(sys, "argv", ["pipeline", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        monkeypatch.setenv("COLUMNS", "200")
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        code = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as exit_:
                code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
        read = []
        for stream in (out, err):
            stream.flush()
            read.append(stream.buffer.getvalue().decode("utf-8"))
        return subprocess.CompletedProcess(words, code, *read)

    return called


@pytest.fixture(scope="session")
def program() -> str:
    """The installed `pipeline` command."""
    return str(Path(sys.executable).with_name("pipeline"))


@pytest.fixture(scope="session")
def command(program: str) -> Run:
    """Runs the real command: `command("predict", "a.txt", cwd=folder)`; deprecation warnings are errors."""

    def called(*arguments: object, cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "COLUMNS": "200", "PYTHONWARNINGS": "error::DeprecationWarning"}
        return subprocess.run(
            [program, *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return called


@pytest.fixture
def python() -> Run:
    """Runs a few lines of Python in a new process."""

    def called(code: str, *arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return called
