"""What tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def predict(run, store: Path, here: Path):
    def called(*arguments: object, **options: object):
        return run("predict", *arguments, "--models", store, **options)

    return called
