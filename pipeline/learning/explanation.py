"""Explanations: the n-grams that weighed for and against a label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from pipeline.errors import TableError
from pipeline.labels import FINDINGS
from pipeline.learning.features import Ngrams, Sentences, Words, character_ngrams, column_of, word_ngrams

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
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for group, text, columns, share in _ngrams(model, sentences, position):
        rows = np.asarray(model.coefficients[columns], dtype=np.float64)
        weight = rows[column] - (rows[: len(FINDINGS)].mean() if column < len(FINDINGS) else 0.0)
        found[group, text] += float(weight * share * model.task_scale(group)[column])
    rows_found = [(group, text, weight) for (group, text), weight in found.items() if weight]
    rows_found.sort(key=lambda row: -abs(row[2]))
    return pd.DataFrame(rows_found, columns=["group", "ngram", "weight"])


def _ngrams(model: Model, sentences: pd.DataFrame, position: int) -> Iterator[tuple[str, str, int, float]]:
    """Each n-gram of the sentence at a row: group, text, column, value."""
    settings = model.feature_settings
    batch = Sentences.of(sentences)
    before, after = int(batch.before[position]), int(batch.after[position])
    words = Words([batch.texts[position]])
    yield from _spelt("char", words, list(character_ngrams(words, settings.characters)), settings.bits)
    yield from _spelt("word", words, list(word_ngrams(words, settings.words)), settings.bits)
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
        for place, column in zip(piece.places.tolist(), column_of(piece.hashes, group, bits).tolist(), strict=True):
            if group == "char":
                text = words.text(place, place + piece.size).replace(" ", "·")
            else:
                text = words.text(int(words.starts[place]), int(ends[place + piece.size - 1]))
            yield group, text, column, total**-0.5
