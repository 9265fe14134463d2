"""A store with several versions, for one test to change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from samples.stores import NAMES

from pipeline.learning.training import Trained
from pipeline.store import Store, Version


@pytest.fixture
def write(trained: Trained) -> Callable[..., Version]:
    """`write(root)`: a new version in a store, of the small model."""

    def written(root: Path, **options: object) -> Version:
        return Store(root).write(trained.model, metrics=trained.metrics, card="# Card\n", corpus="f" * 64, **options)

    return written


@pytest.fixture
def filled(own_store: Path) -> Callable[..., Store]:
    """`filled("A", "B")`: a store with versions of these names, none current."""

    def made(*names: str) -> Store:
        root = own_store.parent / "models"
        root.mkdir()
        for name in names:
            shutil.copytree(Store(own_store).folder(), root / name)
        return Store(root)

    return made


@pytest.fixture
def six(filled: Callable[..., Store]) -> Store:
    """A store with the versions `NAMES`, none current."""
    return filled(*NAMES)
