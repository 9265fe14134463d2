"""What the tests of reviews share: a ledger that knows some items."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from samples.reviews import ITEMS, THEMES

from pipeline.review import Ledger


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a ledger."""
    return tmp_path / "reviews"


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    """A ledger that knows `ITEMS`."""
    with Ledger(folder, create=True) as opened:
        opened.add(ITEMS, THEMES)
        yield opened
