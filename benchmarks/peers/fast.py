"""fastText's supervised classifier (Joulin and others 2017)."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import numpy as np

from peers.peer import Booleans, Examples, Predictions, Table

_PREFIX = "__label__"


class FastText:
    """Averaged vectors of words and pairs of words: softmax for the findings, one against all for themes."""

    name = "fastText"
    settings = (
        "supervised, lower case, punctuation apart, words 1-2, {dim} dimensions, {epochs} epochs at rate {rate:g}, "
        "as cross-validation chose, one thread so that it repeats; findings by softmax, themes one against all from 0.5"
    )
    needs: tuple[str, ...] = ("fasttext",)
    candidates: ClassVar[list[dict[str, Any]]] = [
        {"epochs": epochs, "rate": rate} for epochs in (10, 25, 50) for rate in (0.2, 0.5, 1.0)
    ]

    def __init__(self, epochs: int = 25, rate: float = 0.5, dim: int = 100) -> None:
        self.epochs, self.rate, self.dim = epochs, rate, dim
        self.settings = self.settings.format(epochs=epochs, rate=rate, dim=dim)

    def fit(self, examples: Examples) -> None:
        self.count = examples.themes.shape[1]
        self.findings = self._learnt(examples.texts, examples.findings[:, None] == np.arange(4), "softmax")
        self.themes = self._learnt(examples.texts, examples.themes, "ova")

    def _learnt(self, texts: list[str], targets: Booleans, loss: str) -> Any:
        import fasttext

        lines = [
            " ".join([*(f"{_PREFIX}{label}" for label in np.flatnonzero(row)), _plain(text)])
            for text, row in zip(texts, targets, strict=True)
            if row.any()  # it learns from lines with a label only; others could only be given a label of their own
        ]
        with TemporaryDirectory() as folder:
            file = Path(folder) / "lines.txt"
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            # 2 million buckets, the default, are for far larger corpora: they would make 1.6 GB of two models.
            return fasttext.train_supervised(
                str(file),
                wordNgrams=2,
                epoch=self.epochs,
                lr=self.rate,
                dim=self.dim,
                bucket=200_000,
                loss=loss,
                thread=1,
                seed=1,
                verbose=0,
            )

    def save(self, folder: Path) -> None:
        self.findings.save_model(str(folder / "findings.bin"))
        self.themes.save_model(str(folder / f"themes-{self.count}.bin"))

    def load(self, folder: Path) -> None:
        import fasttext

        (themes,) = folder.glob("themes-*.bin")
        self.count = int(themes.stem.removeprefix("themes-"))
        self.findings, self.themes = (fasttext.load_model(str(file)) for file in (folder / "findings.bin", themes))

    def predict(self, table: Table) -> Predictions:
        texts = [_plain(text) for text in table["text"]]
        best, _ = self.findings.predict(texts)
        given, _ = self.themes.predict(texts, k=-1, threshold=0.5)
        themes = np.zeros((len(texts), self.count), dtype=bool)
        for row, labels in enumerate(given):
            themes[row, [_code(label) for label in labels]] = True
        return Predictions(np.array([_code(labels[0]) for labels in best], dtype=np.int64), themes)


def _plain(text: str) -> str:
    """A text in lower case, words and punctuation apart, as fastText's own preparation leaves it."""
    return " ".join(re.findall(r"[\w’'-]+|[^\w\s]", text.lower()))


def _code(label: str) -> int:
    return int(label.removeprefix(_PREFIX))
