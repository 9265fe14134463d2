"""How the peers' settings were chosen: cross-validation on the corpus, split by article.

`python -m peers.choice NAME …`, in this folder's parent.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from peers.peer import Examples
from peers.registry import peers
from peers.stages import read_examples
from pipeline.learning.evaluation import macro_f1, micro_f1

FOLDS = 3


def folds(examples: Examples) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows to learn from and rows to measure on, no article on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=1)
    yield from splitter.split(examples.findings, examples.findings, examples.articles)


def main() -> None:
    """Print each candidate's scores out of fold; with `--folds N`, of the first folds only."""
    names = sys.argv[1:]
    count = FOLDS
    if "--folds" in names:
        place = names.index("--folds")
        count = int(names[place + 1])
        del names[place : place + 2]
    examples = read_examples()
    for name in names:
        kind = type(peers()[name])
        for candidate in getattr(kind, "candidates", [{}]):
            scores = []
            for training, testing in list(folds(examples))[:count]:
                peer = kind(**candidate)
                peer.fit(examples.take(training))
                held = examples.take(testing)
                found = peer.predict({"text": held.texts, "heading": held.headings})
                themed = np.zeros_like(held.themes) if found.themes is None else found.themes
                scores.append((macro_f1(held.findings, found.findings), micro_f1(held.themes, themed)))
            finding, themes = np.mean(scores, axis=0)
            print(f"{name} {candidate}: findings macro-F1 {finding:.4f}, themes micro-F1 {themes:.4f}", flush=True)


if __name__ == "__main__":
    main()
