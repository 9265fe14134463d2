"""What happens to a peer in processes of its own: `python -m peers.stages train|score|cold NAME FOLDER …`.

Little is imported at the top: what a stage imports counts in its time and memory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from peers.peer import Examples, Peer, Predictions
from peers.registry import peers

TURNS = 3
BUDGET = 60.0
"""Seconds after which a slow peer is not timed again."""

_ONE = {"text": ["Visits to children are often late."]}


def read_examples() -> Examples:
    """The bundled corpus."""
    from pipeline.corpus import read_corpus
    from pipeline.labels import load_themes
    from pipeline.settings import bundled

    themes = load_themes()
    return Examples.of(read_corpus([bundled("data/corpus")], themes).examples, list(themes))


def train(peer: Peer, folder: Path, *, quick: bool) -> None:
    """Learn from the bundled corpus (when quick, from a tenth of its articles) and save."""
    examples = read_examples()
    if quick:
        names = np.unique(examples.articles)
        examples = examples.take(np.flatnonzero(np.isin(examples.articles, names[::10])))
    start = perf_counter()
    peer.fit(examples)
    (folder / "model").mkdir(parents=True)
    peer.save(folder / "model")
    _write(folder / "training.json", {"seconds": perf_counter() - start})


def score(peer: Peer, folder: Path, tables: Path) -> None:
    """Label every table of a JSON file, and time the one named `speed`."""
    given = json.loads(tables.read_text(encoding="utf-8"))
    peer.load(folder / "model")
    for name, table in given.items():
        if name != "speed":
            keep(peer.predict(table), folder / f"{name}.npz")
    taken: list[float] = []
    while len(taken) < TURNS and sum(taken) < BUDGET:
        start = perf_counter()
        peer.predict(given["speed"])
        taken.append(perf_counter() - start)
    count = len(given["speed"]["text"])
    _write(folder / "scoring.json", {"sentences a second": count / min(taken), "megabytes": _peak()})


def cold(peer: Peer, folder: Path) -> None:
    """Load and label one sentence."""
    peer.load(folder / "model")
    peer.predict(_ONE)


def keep(predictions: Predictions, file: Path) -> None:
    """Write predictions, for another process to measure."""
    arrays: dict[str, Any] = {"findings": predictions.findings}
    if predictions.themes is not None:
        arrays["themes"] = predictions.themes
    np.savez(file, **arrays)


def kept(file: Path) -> Predictions:
    """Read what `keep` wrote."""
    with np.load(file) as arrays:
        return Predictions(arrays["findings"], arrays.get("themes"))


def _peak() -> float:
    """The most memory that this process has held, in megabytes; 0 where the system doesn't tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        try:
            from resource import RUSAGE_SELF, getrusage
        except ImportError:
            return 0.0
        return getrusage(RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
    # Unlike getrusage, this forgets what the process was before it became Python.
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def _write(file: Path, values: dict[str, float]) -> None:
    file.write_text(json.dumps(values))


def main(stage: str, name: str, folder: str, *more: str) -> None:
    """Run one stage."""
    peer, place = peers()[name], Path(folder)
    if stage == "train":
        train(peer, place, quick="quick" in more)
    elif stage == "score":
        score(peer, place, Path(more[0]))
    else:
        cold(peer, place)


if __name__ == "__main__":
    main(*sys.argv[1:])
