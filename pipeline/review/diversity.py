"""Diversity: the best of many, but no near-duplicates, and not all of one article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from pipeline.settings import FeatureSettings

Floats = NDArray[np.float64]
_ALIKE = 0.8
_LIKENESS = 0.5
_CROWDING = 0.1


def chosen(scores: Floats, articles: Sequence[str], words: csr_matrix, limit: int) -> list[int]:
    """The places of up to `limit` sentences, the most worthwhile first.

    Each next one has the highest score, less `_LIKENESS` times its likeness to the nearest chosen before (the cosine of
    their word n-grams, `words` with rows of length 1), less `_CROWDING` for the first sentence chosen from its article,
    half that for the second and so on: J. Carbonell and J. Goldstein, "The Use of MMR", SIGIR 1998. What is all but a
    repetition is not chosen at all.
    """
    taken: list[int] = []
    names = np.unique(np.asarray(articles, dtype=object).astype(str), return_inverse=True)[1]
    crowds, counts = (np.zeros(int(names.max(initial=-1)) + 1) for _ in range(2))
    likeness = np.zeros(len(scores))
    free = np.ones(len(scores), dtype=bool)
    while len(taken) < limit and free.any():
        worth = np.where(free, scores - _LIKENESS * likeness - _CROWDING * crowds[names], -np.inf)
        best = int(worth.argmax())
        taken.append(best)
        counts[names[best]] += 1
        crowds[names[best]] += 1 / counts[names[best]]
        likeness = np.maximum(likeness, (words @ words[best].T).toarray().ravel())
        free &= likeness < _ALIKE
        free[best] = False
    return taken


def word_vectors(texts: Sequence[str], settings: FeatureSettings) -> csr_matrix:
    """Hashed word n-grams of texts, rows of length 1 (or 0 for a text without words)."""
    import pandas as pd
    from scipy.sparse import diags

    from pipeline.learning.features import Sentences, extract, matrix

    for group in extract(Sentences.of(pd.DataFrame({"text": list(texts)})), settings):
        if group.name == "word":
            counts = matrix(group, settings.bits)
            lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
            return diags(1 / np.maximum(lengths, 1e-9)) @ counts
    raise AssertionError("every sentence has a group of words")
