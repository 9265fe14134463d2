"""The model: what is saved and loaded, and scores sentences. It imports neither scikit-learn nor NLTK."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.encoders import encoder
from pipeline.encoders.encoder import Reference
from pipeline.errors import ModelError, TableError
from pipeline.labels import FINDINGS, NONE
from pipeline.learning import features
from pipeline.learning.context import PLACES, mix
from pipeline.learning.features import Sentences
from pipeline.settings import GROUPS, FeatureSettings

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.articles import Article

FORMAT = 2
"""Raised when a saved model can no longer be read by older code: 2 reads a wider context, and may need an encoder."""

_BATCH = 20_000


@dataclass(frozen=True)
class Model:
    """Linear models of findings and themes over hashed n-grams, and an encoder's vectors if any, calibrated in context.

    `coefficients` (float32) has a row per hashed column and a column per finding, then per theme: they give each
    sentence a score per label. With an `encoder`, `head` (float32, dimensions + 1 rows, the last the intercepts) gives
    it as many again. `mixing` holds an inputs x labels matrix for each of `PLACES`: the scores of the sentence, of its
    neighbours and of its section make its logits; `intercepts` are added. `weights` gives each task's weight per group
    of features; `thresholds`, the probability from which a theme is assigned. `notes` is free information for people
    (how it was trained, what is uncalibrated). `store` is the folder that it was loaded from.
    """

    feature_settings: FeatureSettings
    weights: Mapping[str, Mapping[str, float]]
    themes: Mapping[str, str]
    thresholds: Mapping[str, float]
    coefficients: NDArray[np.float32]
    mixing: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    notes: Mapping[str, Any]
    head: NDArray[np.float32] | None = None
    encoder: Reference | None = None
    store: Path | None = field(default=None, compare=False)

    def predict(self, text: str, name: str = "text") -> pd.DataFrame:
        """Split one article's text and score it: the findings table, a row per sentence."""
        from pipeline.articles import split_sentences

        return self.predict_sentences(split_sentences(text, name))

    def predict_articles(self, articles: list[Article]) -> pd.DataFrame:
        """The findings table of articles, in their order."""
        from pipeline.articles import sentence_table

        return self.predict_sentences(sentence_table(articles))

    def predict_sentences(self, sentences: pd.DataFrame) -> pd.DataFrame:
        """Score a sentence table: its columns, then those of the findings table.

        Only `text` is needed; `article`, `heading`, `block` and `speaker` are used when present. Raises `TableError`
        without `text`.
        """
        import pandas as pd

        if "text" not in sentences.columns:
            raise TableError(
                f"a sentence table needs a 'text' column (found: {', '.join(map(str, sentences.columns))})"
            )
        findings, themes = self.probabilities(sentences)
        best = findings.argmax(axis=1) if len(findings) else np.zeros(0, np.int64)
        keys = list(self.themes)
        chosen = (themes >= np.array([self.thresholds[key] for key in keys])) & (best != FINDINGS.index(NONE))[:, None]
        assigned: list[list[str]] = [[] for _ in range(len(best))]
        for row, theme in zip(*np.nonzero(chosen), strict=True):
            assigned[row].append(keys[theme])
        scored = {name: findings[:, i] for i, name in enumerate(FINDINGS)}
        scored["finding"] = np.array(FINDINGS, dtype=object)[best]
        scored["confidence"] = findings.max(axis=1) if len(findings) else np.zeros(0)
        table = pd.DataFrame(scored, index=sentences.index).astype({"finding": "str"})
        table["themes"] = pd.Series(assigned, index=sentences.index, dtype=object)
        theme_columns = pd.DataFrame(
            themes.astype(np.float32), columns=[f"theme_{key}" for key in keys], index=sentences.index
        )
        kept = [column for column in sentences.columns if column not in table and column not in theme_columns]
        return pd.concat([sentences[kept], table, theme_columns], axis=1)

    def probabilities(self, sentences: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities of findings (rows sum to 1) and of themes, sentences x labels."""
        parts = [self._logits(Sentences.of(batch)) for batch in _batches(sentences)]
        logits = np.concatenate(parts) if parts else np.zeros((0, len(self.intercepts)))
        count = len(FINDINGS)
        shifted = np.exp(logits[:, :count] - logits[:, :count].max(axis=1, initial=-np.inf, keepdims=True))
        findings = shifted / shifted.sum(axis=1, keepdims=True)
        return findings, 1 / (1 + np.exp(-np.clip(logits[:, count:], -60, 60)))

    def explain(self, sentences: pd.DataFrame, position: int = 0, label: str | None = None) -> pd.DataFrame:
        """What weighed for and against a label (by default the finding predicted) of the sentence at a row.

        A row per n-gram: `place` (the sentence, or the one before or after), `group` (which part of it), `ngram`, and
        `weight` (its share of the label's logit; for findings, against the mean of the four), heaviest first. Raises
        `TableError` for a row or label that isn't there.
        """
        from pipeline.learning.explanation import explain

        return explain(self, sentences, position, label)

    def task_scale(self, group: str) -> NDArray[np.float32]:
        """A group's weight for each column of `coefficients`."""
        finding, themes = self.weights["finding"][group], self.weights["themes"][group]
        return np.array([finding] * len(FINDINGS) + [themes] * len(self.themes), np.float32)

    def scores(self, sentences: Sentences) -> NDArray[np.float64]:
        """Scores before context: a column per label by the n-grams, then a column per label by the encoder if any."""
        scores = np.zeros((len(sentences), len(self.intercepts)))
        for group in features.extract(sentences, self.feature_settings):
            scale = self.task_scale(group.name)
            if scale.any():
                scores += features.project(group, self.coefficients) * scale
        if self.encoder is None or self.head is None or not len(sentences):
            return scores if self.encoder is None else np.hstack([scores, scores])
        vectors = encoder.needed(self.encoder, self.store).embed(sentences)
        return np.hstack([scores, features.project_dense(vectors, self.head)])

    def _logits(self, sentences: Sentences) -> NDArray[np.float64]:
        return mix(self.scores(sentences), sentences.context, self.mixing, self.intercepts)

    # Saving and loading: data, never code

    def save(self, folder: Path) -> None:
        """Write `model.json` and `arrays/*.npy` into a folder."""
        (folder / "arrays").mkdir(parents=True, exist_ok=True)
        np.save(folder / "arrays" / "coefficients.npy", self.coefficients, allow_pickle=False)
        np.save(folder / "arrays" / "mixing.npy", self.mixing, allow_pickle=False)
        np.save(folder / "arrays" / "intercepts.npy", self.intercepts, allow_pickle=False)
        if self.head is not None:
            np.save(folder / "arrays" / "head.npy", self.head, allow_pickle=False)
        described = {
            "format": FORMAT,
            "features": self.feature_settings.to_dict(),
            "weights": {task: dict(weights) for task, weights in self.weights.items()},
            "findings": list(FINDINGS),
            "themes": dict(self.themes),
            "thresholds": dict(self.thresholds),
            "encoder": asdict(self.encoder) if self.encoder else None,
            "notes": dict(self.notes),
        }
        (folder / "model.json").write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote; arrays are memory-mapped. Raises `ModelError` when anything isn't as it must be."""
        try:
            described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            if described["format"] > FORMAT:
                raise ModelError(f"{folder}: format {described['format']} is newer than {FORMAT}: upgrade the pipeline")
            if described["format"] < FORMAT:
                raise ModelError(f"{folder}: format {described['format']} is older than {FORMAT}: train it again")
            if tuple(described["findings"]) != FINDINGS:
                raise ModelError(
                    f"{folder}: model.json names other findings than {', '.join(FINDINGS)}: train it again"
                )
            model = cls(
                feature_settings=FeatureSettings.of(described["features"]),
                weights=described["weights"],
                themes=described["themes"],
                thresholds=described["thresholds"],
                coefficients=np.load(folder / "arrays" / "coefficients.npy", mmap_mode="r", allow_pickle=False),
                mixing=np.load(folder / "arrays" / "mixing.npy", allow_pickle=False),
                intercepts=np.load(folder / "arrays" / "intercepts.npy", allow_pickle=False),
                notes=described["notes"],
                head=_head(folder) if described["encoder"] else None,
                encoder=Reference(**described["encoder"]) if described["encoder"] else None,
                store=folder.parent,
            )
            labels = len(FINDINGS) + len(model.themes)
            fits = (
                model.coefficients.shape == (2**model.feature_settings.bits, labels)
                and model.coefficients.dtype == np.float32
                and model.mixing.shape == (len(PLACES), labels * (1 if model.encoder is None else 2), labels)
                and model.mixing.dtype == np.float64
                and model.intercepts.shape == (labels,)
                and model.intercepts.dtype == np.float64
                and set(model.thresholds) == set(model.themes)
                and all(set(model.weights[task]) == set(GROUPS) for task in ("finding", "themes"))
                and all(_numeric(values) for values in (*model.weights.values(), model.thresholds))
                and all(isinstance(name, str) for name in model.themes.values())
                and isinstance(model.notes, dict)
                and (model.encoder is None or _headed(model.head, model.encoder, labels))
                and bool(np.isfinite(model.mixing).all() and np.isfinite(model.intercepts).all())
            )
        except FileNotFoundError as error:
            raise ModelError(
                f"{folder}: {Path(error.filename).name} is missing: the model is damaged, train it again"
            ) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, RecursionError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"{folder}: not a readable model ({reason}): train it again") from None
        if not fits:
            raise ModelError(
                f"{folder}: arrays and model.json don't fit together: the model is damaged, train it again"
            )
        return model


def _head(folder: Path) -> NDArray[np.float32]:
    return np.asarray(np.load(folder / "arrays" / "head.npy", allow_pickle=False))


def _headed(head: NDArray[np.float32] | None, reference: Reference, labels: int) -> bool:
    """Whether a head fits its encoder and the model's labels."""
    return (
        head is not None
        and type(reference.dimension) is int
        and isinstance(reference.name, str)
        and isinstance(reference.digest, str)
        and head.shape == (reference.dimension + 1, labels)
        and head.dtype == np.float32
        and bool(np.isfinite(head).all())
    )


def _numeric(values: Mapping[str, Any]) -> bool:
    return all(type(value) in (int, float) and np.isfinite(value) for value in values.values())


def _batches(sentences: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Parts of a table of about `_BATCH` rows, cut between articles, so that memory stays bounded."""
    count = len(sentences)
    if count <= _BATCH:
        if count:
            yield sentences
        return
    if "article" in sentences.columns:
        articles = sentences["article"].to_numpy()
        borders = np.append(np.flatnonzero(articles[1:] != articles[:-1]) + 1, count)
    else:
        borders = np.arange(_BATCH, count + _BATCH, _BATCH).clip(max=count)
    start = 0
    for number, border in enumerate(borders):
        following = borders[number + 1] if number + 1 < len(borders) else None
        if following is None or following - start > _BATCH:
            yield sentences.iloc[start:border]
            start = int(border)
