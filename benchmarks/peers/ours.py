"""Ours, as `pipeline train` and `load_model` give it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from peers.peer import Examples, Predictions, Table
from pipeline.labels import FINDINGS


class Ours:
    """`pipeline train` with further options, in a process of its own; then `Model.predict_sentences`."""

    def __init__(self, name: str, settings: str, options: Sequence[str] = (), needs: tuple[str, ...] = ()) -> None:
        self.name, self.settings, self.options, self.needs = name, settings, options, needs

    @property
    def unfit(self) -> str:
        """Why this version can't be trained so; empty when it can."""
        from pipeline.cli.train import train

        known = signature(train).parameters
        unknown = [option for option in self.options if option.startswith("--") and option[2:] not in known]
        return f"skipped (pipeline train has no {', '.join(unknown)})" if unknown else ""

    def fit(self, examples: Examples) -> None:  # noqa: ARG002
        """Learn as a user would; the command reads the same corpus itself."""
        self.folder = Path(mkdtemp())
        command = [sys.executable, "-m", "pipeline", "train", "--models", str(self.folder), "--quiet", *self.options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def save(self, folder: Path) -> None:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        shutil.rmtree(self.folder)

    def load(self, folder: Path) -> None:
        from pipeline import load_model

        self.model = load_model(folder)

    def predict(self, table: Table) -> Predictions:
        import pandas as pd

        found = self.model.predict_sentences(pd.DataFrame(dict(table)))
        codes = {finding: code for code, finding in enumerate(FINDINGS)}
        keys = {key: place for place, key in enumerate(self.model.themes)}
        themes = np.zeros((len(found), len(keys)), dtype=bool)
        for row, given in enumerate(found["themes"]):
            themes[row, [keys[key] for key in given]] = True
        return Predictions(np.array([codes[finding] for finding in found["finding"]], dtype=np.int64), themes)
