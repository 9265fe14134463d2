"""Explanations: the n-grams that weighed for and against a label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from pipeline.errors import TableError
from pipeline.labels import FINDINGS
from pipeline.learning.features import (
    Ngrams,
    Sentences,
    Words,
    character_ngrams,
    column_of,
    opening_ngrams,
    word_ngrams,
)

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.model import Model


def explain(model: Model, sentences: pd.DataFrame, position: int, label: str | None) -> pd.DataFrame:
    """See `Model.explain`."""
    import pandas as pd

    if not 0 <= position < len(sentences):
        raise TableError(f"no row {position}: the table has {len(sentences)}")
    labels = [*FINDINGS, *model.themes]
    if label is None:
        label = FINDINGS[int(model.probabilities(sentences)[0][position].argmax())]
    if label not in labels:
        raise TableError(f"no label {label!r}: known are {', '.join(labels)}")
    column = labels.index(label)
    found: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    batch = Sentences.of(sentences)
    near = {"sentence": position, "before": int(batch.before[position]), "after": int(batch.after[position])}
    for mixing, (place, row) in zip(model.mixing, near.items(), strict=True):
        if row < 0:
            continue
        share = mixing[:, column] - (mixing[:, : len(FINDINGS)].mean(axis=1) if column < len(FINDINGS) else 0.0)
        for group, text, hashed, value in _ngrams(model, batch, row):
            scores = np.asarray(model.coefficients[hashed], dtype=np.float64) * model.task_scale(group)
            found[place, group, text] += float(scores @ share * value)
    rows_found = [(*key, weight) for key, weight in found.items() if weight]
    rows_found.sort(key=lambda row: -abs(row[3]))
    return pd.DataFrame(rows_found, columns=["place", "group", "ngram", "weight"])


def _ngrams(model: Model, batch: Sentences, position: int) -> Iterator[tuple[str, str, int, float]]:
    """Each n-gram of the sentence at a row: group, text, column, value."""
    settings = model.feature_settings
    before, after = int(batch.before[position]), int(batch.after[position])
    words = Words([batch.texts[position]])
    yield from _spelt("char", words, list(character_ngrams(words, settings.characters)), settings.bits)
    yield from _spelt("word", words, list(word_ngrams(words, settings.words)), settings.bits)
    yield from _spelt("opening", words, list(opening_ngrams(words, settings.opening_words)), settings.bits)
    others = [
        ("heading", batch.headings[position], settings.heading_words),
        ("before", batch.texts[before] if before >= 0 else "", settings.neighbour_words),
        ("after", batch.texts[after] if after >= 0 else "", settings.neighbour_words),
    ]
    for group, text, sizes in others:
        near = Words([text])
        yield from _spelt(group, near, list(word_ngrams(near, sizes)), settings.bits)


def _spelt(group: str, words: Words, pieces: list[Ngrams], bits: int) -> Iterator[tuple[str, str, int, float]]:
    total = sum(len(piece.hashes) for piece in pieces)
    ends = np.append(words.starts[1:] - 1, len(words.stream) - 1) if len(words.starts) else words.starts
    for piece in pieces:
        for place, column in zip(piece.places().tolist(), column_of(piece.hashes, group, bits).tolist(), strict=True):
            if group == "char":
                text = words.text(place, place + piece.size).replace(" ", "·")
            else:
                text = words.text(int(words.starts[place]), int(ends[place + piece.size - 1]))
            yield group, text, column, total**-0.5
