"""What every peer is and does, and what it learns from and predicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.labels import FINDINGS

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]
Booleans = NDArray[np.bool_]

Table = Mapping[str, Sequence[str]]
"""Columns of a sentence table: `text`, and where known `article`, `heading`, `block` and `speaker`."""


@dataclass(frozen=True)
class Predictions:
    """A finding's code for each sentence, and sentences x themes (None from a peer that knows no themes)."""

    findings: Codes
    themes: Booleans | None


@dataclass(frozen=True)
class Examples:
    """Labelled sentences, as peers learn from them."""

    texts: list[str]
    headings: list[str]
    findings: Codes
    themes: Booleans
    articles: NDArray[Any]

    @classmethod
    def of(cls, table: pd.DataFrame, keys: Sequence[str]) -> Examples:
        """The labelled rows of a corpus's examples."""
        table = table[(table["finding"] != "") & table["themes"].notna()]
        codes = {finding: code for code, finding in enumerate(FINDINGS)}
        return cls(
            table["text"].tolist(),
            table["heading"].tolist(),
            np.array([codes[finding] for finding in table["finding"]], dtype=np.int64),
            np.array([[key in given for key in keys] for given in table["themes"]], dtype=bool),
            table["article"].to_numpy(dtype=str),
        )

    def take(self, rows: NDArray[np.int64]) -> Examples:
        """Some of them."""
        texts, headings = ([column[row] for row in rows] for column in (self.texts, self.headings))
        return Examples(texts, headings, self.findings[rows], self.themes[rows], self.articles[rows])


class Peer(Protocol):
    """A way of labelling sentences: it learns, is saved, loaded in another process, and predicts."""

    name: str
    settings: str
    """How it is set, in a line for the reader of the table."""

    needs: tuple[str, ...]
    """The modules it imports."""

    def fit(self, examples: Examples) -> None:
        """Learn."""

    def save(self, folder: Path) -> None:
        """Write everything that `load` needs into an empty folder."""

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""

    def predict(self, table: Table) -> Predictions:
        """Label sentences."""


def lacking(peer: Peer) -> str:
    """Why a peer can't run here; empty when it can."""
    missing = [module for module in peer.needs if find_spec(module) is None]
    return f"not installed ({', '.join(missing)})" if missing else ""
