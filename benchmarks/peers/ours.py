"""Ours, as `pipeline train` and `load_model` give it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from peers.peer import Examples, Predictions, Table
from pipeline.encoders.encoder import Encoder
from pipeline.labels import FINDINGS


class Ours:
    """`pipeline train` in a process of its own, then `Model.predict_sentences`; with an encoder, tuned first or not."""

    def __init__(
        self, name: str, settings: str, encoder: Path | None = None, *, tuned: bool = False, needs: tuple[str, ...] = ()
    ) -> None:
        self.name, self.settings, self.encoder, self.tuned, self.needs = name, settings, encoder, tuned, needs

    def fit(self, examples: Examples) -> None:  # noqa: ARG002
        """Learn as a user would; the commands read the same corpus themselves."""
        self.folder = Path(mkdtemp())
        encoder = self.encoder
        if encoder is not None and self.tuned:
            self.run("encoder", "tune", str(encoder), str(self.folder / "tuned"))
            encoder = self.folder / "tuned"
        self.run("train", "--models", str(self.folder), *(["--encoder", str(encoder)] if encoder else []))
        if encoder is not None:
            # Where a model looks for its encoder first: the store can then be moved.
            kept = self.folder / "encoders" / Encoder.find(str(encoder)).digest[:12]
            kept.parent.mkdir()
            if self.tuned:
                encoder.rename(kept)
            else:
                shutil.copytree(encoder, kept)

    def run(self, *command: str) -> None:
        """Run one of our commands."""
        subprocess.run([sys.executable, "-m", "pipeline", *command, "--quiet"], check=True, stdout=subprocess.DEVNULL)

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
