"""Explanations: the n-grams, words, neighbours and headings that weighed for and against a label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TableError
from pipeline.labels import FINDINGS
from pipeline.learning.context import PLACES, Context
from pipeline.learning.features import Sentences, column_of
from pipeline.learning.scope import main_clause, negated
from pipeline.learning.words import (
    Ngrams,
    Words,
    character_ngrams,
    masked_ngrams,
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
    scores = model.scores(batch)
    for place, mixing in zip(PLACES, model.mixing, strict=True):
        share = mixing[:, column] - (mixing[:, : len(FINDINGS)].mean(axis=1) if column < len(FINDINGS) else 0.0)
        rows = _standing(batch.context, place, position)
        for row in rows:
            if place == "section":
                found[place, "sentence", batch.texts[row]] += float(scores[row] @ share) / len(rows)
                continue
            for group, text, hashed, value in _ngrams(model, batch, row):
                weights = np.asarray(model.coefficients[hashed], dtype=np.float64) * model.task_scale(group)
                found[place, group, text] += float(weights @ share[: len(labels)] * value)
            if model.encoder is not None:
                total = float(scores[row, len(labels) :] @ share[len(labels) :])
                for text, weight in _by_encoder(model, sentences, row, total, share if place == "sentence" else None):
                    found[place, "encoder", text] += weight
    rows_found = [(*key, weight) for key, weight in found.items() if weight]
    rows_found.sort(key=lambda row: -abs(row[3]))
    return pd.DataFrame(rows_found, columns=["place", "group", "ngram", "weight"])


def by_source(weights: pd.DataFrame) -> pd.DataFrame:
    """What weighed by where it stands: the sum of `explain`'s weights for each place and source, heaviest first.

    The sources of a place are its n-grams, the heading, and the encoder; `weight` is what they add to the label.
    """
    sources = weights["group"].where(weights["group"].isin(["heading", "encoder"]), "words")
    # The n-grams of neighbours count as theirs, whether as features or by their own scores.
    places = weights["place"].where(~weights["group"].isin(["before", "after"]), weights["group"])
    summed = weights["weight"].groupby([places, sources.rename("source")]).sum().reset_index()
    order = summed["weight"].abs().sort_values(ascending=False).index
    ordered: pd.DataFrame = summed.loc[order].reset_index(drop=True)
    return ordered


def _standing(context: Context, place: str, position: int) -> list[int]:
    """The rows that stand at a place of a sentence."""
    if place == "sentence":
        return [position]
    if place == "section":
        number = context.sections[position]
        return np.flatnonzero(context.sections == number).tolist() if number >= 0 else []
    rows = context.before if place.endswith("before") else context.after
    row = int(rows[position])
    if place.startswith("second") and row >= 0:
        row = int(rows[row])
    return [row] if row >= 0 else []


def _by_encoder(
    model: Model, sentences: pd.DataFrame, row: int, total: float, share: NDArray[np.float64] | None
) -> Iterator[tuple[str, float]]:
    """An encoder's weight by word: how much less there is when the word is left out (occlusion), and the rest.

    M. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014. Without `share`, the
    whole as one.
    """
    import pandas as pd

    text = str(sentences["text"].iloc[row])
    words = text.split()
    if share is None or not 1 < len(words) <= _MOST_OCCLUDED:
        yield text, total
        return
    start = max(row - _NEAR, 0)
    near = sentences.iloc[start : row + _NEAR + 1]
    variants = []
    for number in range(len(words) + 1):
        left = " ".join(words[:number] + words[number + 1 :])
        changed = near.assign(text=[left if i == row - start else t for i, t in enumerate(near["text"])])
        if "article" in near.columns:
            changed = changed.assign(article=[f"{number} {name}" for name in near["article"]])
        variants.append(changed)
    scores = model.scores(Sentences.of(pd.concat(variants, ignore_index=True)))[row - start :: len(near)]
    half = len(share) // 2
    values = scores[:, half:] @ share[half:]
    # The last variant left nothing out.
    for word, value in zip(words, values[:-1], strict=True):
        yield word, float(values[-1] - value)
    yield "(all of it together)", total - float((values[-1] - values[:-1]).sum())


_MOST_OCCLUDED = 120
_NEAR = 4


def _ngrams(model: Model, batch: Sentences, position: int) -> Iterator[tuple[str, str, int, float]]:
    """Each n-gram of the sentence at a row: group, text, column, value."""
    settings = model.feature_settings
    before, after = int(batch.context.before[position]), int(batch.context.after[position])
    words = Words([batch.texts[position]])
    own = {
        "char": character_ngrams(words, settings.characters),
        "word": word_ngrams(words, settings.words),
        "main": masked_ngrams(words, settings.main_words, main_clause(words)),
        "negated": masked_ngrams(words, settings.negated_words, negated(words)),
        "opening": opening_ngrams(words, settings.opening_words),
    }
    for group, pieces in own.items():
        yield from _spelt(group, words, list(pieces), settings.bits)
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
