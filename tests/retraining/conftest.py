"""A corpus and store of their own, and requests to retrain on them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.labels import Themes
from pipeline.retraining.outcomes import Outcome, Request
from pipeline.retraining.run import retrain
from pipeline.settings import Settings
from pipeline.store import Store

Retrain = Callable[..., Outcome]


@pytest.fixture
def corpus(small_corpus: Path, tmp_path: Path) -> Path:
    """A copy of the small corpus, for one test to change."""
    return shutil.copytree(small_corpus, tmp_path / "corpus")


@pytest.fixture
def lenient(settings: Settings) -> Settings:
    """Settings with which nearly any challenger passes: the small corpus is too small to tell."""
    open_gate = settings.retraining.replace(
        margin=1.0, label_fall=1.0, calibration_rise=1.0, samples=100, behaviour="", disagreement=1.0
    )
    return settings.replace(retraining=open_gate)


@pytest.fixture
def strict(lenient: Settings) -> Settings:
    """Settings with which no challenger passes that isn't better beyond doubt."""
    return lenient.replace(retraining=lenient.retraining.replace(margin=0.0))


@pytest.fixture
def request_to(corpus: Path, themes: Themes, lenient: Settings) -> Request:
    """A request to retrain on the corpus alone."""
    return Request([corpus], [], themes, lenient)


@pytest.fixture
def store_root(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "models"


@pytest.fixture
def store(store_root: Path) -> Store:
    """The store, which may not be there yet."""
    return Store(store_root)


@pytest.fixture
def retrained(store_root: Path, request_to: Request) -> Retrain:
    """Retrains: `retrained(settings=strict, force=True)`."""

    def called(**changes: object) -> Outcome:
        return retrain(Store(store_root), replace(request_to, **changes))  # type: ignore[arg-type]

    return called


@pytest.fixture
def first(retrained: Retrain) -> Outcome:
    """A first version, made by retraining."""
    return retrained()


def label(path: Path, *rows: tuple[str, str], article: str = "more") -> Path:
    """A file of labelled sentences."""
    lines = [json.dumps({"text": text, "finding": finding, "article": article}) for text, finding in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Labelled sentences beside the corpus."""
    return label(tmp_path / "more.jsonl", ("Staff are kind and skilled.", "strength"), ("Plans are late.", "concern"))
