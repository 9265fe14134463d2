"""Training: labelled examples to a calibrated model and its out-of-fold metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import EncoderError
from pipeline.labels import FINDINGS, Themes
from pipeline.learning import features, linear
from pipeline.learning.context import PLACES
from pipeline.learning.evaluation import Metrics, finding_metrics, theme_metrics
from pipeline.learning.examples import Codes, Examples, Fold, Vectors, split
from pipeline.learning.linear import Booleans, Calibration, Floats
from pipeline.model import Model
from pipeline.settings import Settings, TaskSettings

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.encoders.encoder import Encoder

Progress = Callable[[str], None]
_LEAST_UNSEEN = 0.03
_THRESHOLDS = np.round(np.arange(0.2, 0.81, 0.02), 2)


@dataclass(frozen=True)
class Trained:
    """A model, how its settings did on articles it had not seen, and the parameters of its training.

    `out_of_fold` gives for findings and for themes the rows that were calibrated on, and the probabilities that models
    which haven't seen their article give them.
    """

    model: Model
    metrics: dict[str, Metrics]
    parameters: dict[str, Any] = field(default_factory=dict)
    out_of_fold: dict[str, tuple[Codes, Floats]] = field(default_factory=dict)


def train(
    table: pd.DataFrame,
    themes: Themes,
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    jobs: int = 1,
    progress: Progress = lambda _: None,
) -> Trained:
    """Train on a corpus's sentence table (`Corpus.examples`), with an encoder's vectors beside the n-grams if given.

    Calibration and thresholds come from out-of-fold scores, split by article; with an encoder tuned on some articles,
    from the others. Raises `CorpusError` when there is one class only, or too few articles to split; `EncoderError`
    when too few are left that the encoder hasn't seen.
    """
    progress("reading features" if encoder is None else "reading features, and vectors from the encoder")
    examples = Examples.of(table, themes, settings, encoder)
    if examples.seen.any() and len(examples.held_out(examples.labelled)) < _LEAST_UNSEEN * len(examples.labelled):
        assert encoder is not None
        raise EncoderError(
            f"{encoder.name}: tuned on nearly all of these articles, so none are left to calibrate on: "
            "tune it again with fewer, or add articles"
        )
    theme_keys = list(themes) if len(examples.themed) else []
    folds = list(split(examples, settings.training.folds, settings.training.seed))

    progress("findings")
    finding = learn_findings(examples, settings, folds, jobs)
    progress("themes")
    theme = _learn_themes(examples, settings, folds, jobs)

    labels = [*(["findings"] if not finding.calibration.fitted.all() else [])]
    uncalibrated = labels + [key for key, known in zip(theme_keys, theme.calibration.fitted, strict=False) if not known]
    counts = np.bincount(examples.findings[examples.labelled], minlength=len(FINDINGS))
    thresholds = {key: theme.thresholds[i] for i, key in enumerate(theme_keys)}
    heads = None
    if encoder is not None:
        assert finding.head is not None
        assert theme.head is not None
        heads = np.hstack([finding.head, theme.head]).astype(np.float32)
    model = Model(
        feature_settings=settings.features,
        weights={"finding": dict(settings.finding.weights), "themes": dict(settings.themes.weights)},
        themes={key: themes[key] for key in theme_keys},
        thresholds=thresholds,
        coefficients=np.hstack([finding.coefficients, theme.coefficients]).astype(np.float32),
        head=heads,
        encoder=encoder.reference if encoder is not None else None,
        mixing=_mixing(finding.calibration, theme.calibration, 1 if encoder is None else 2),
        intercepts=np.concatenate([finding.calibration.intercepts, theme.calibration.intercepts]),
        notes={
            "uncalibrated": uncalibrated,
            "labelled": {name: int(n) for name, n in zip(FINDINGS, counts, strict=True)},
            "articles": len(set(examples.articles[examples.labelled].tolist())),
            "seed": settings.training.seed,
        },
    )
    gold = examples.findings[finding.rows]
    metrics = {"findings": finding_metrics(gold, finding.probabilities.argmax(axis=1))}
    if theme_keys:
        chosen = theme.probabilities >= np.array(theme.thresholds)
        metrics["themes"] = theme_metrics(examples.themes[theme.rows], chosen, theme_keys)
    unseen = {"findings": (finding.rows, finding.probabilities), "themes": (theme.rows, theme.probabilities)}
    return Trained(model, metrics, _parameters(settings, encoder), unseen)


def _parameters(settings: Settings, encoder: Encoder | None) -> dict[str, Any]:
    """The settings that act in training, as plain values."""
    values = settings.to_dict()
    return {
        **{part: values[part] for part in ("features", "finding", "themes", "training")},
        "encoder": None if encoder is None else encoder.reference.name,
    }


def _mixing(finding: Calibration, theme: Calibration, sources: int) -> Floats:
    """Both tasks' mixing as one: each source (n-grams, encoder) scores findings, then themes."""
    few, many = len(FINDINGS), theme.mixing.shape[2]
    mixing = np.zeros((len(PLACES), sources, few + many, few + many))
    mixing[:, :, :few, :few] = finding.mixing.reshape(len(PLACES), sources, few, few)
    mixing[:, :, few:, few:] = theme.mixing.reshape(len(PLACES), sources, many, many)
    return mixing.reshape(len(PLACES), sources * (few + many), few + many)


@dataclass(frozen=True)
class Learnt:
    """One task: coefficients of n-grams and of vectors (`head`), calibration, and thresholds.

    `rows` are those that were calibrated on, and `probabilities` what models that haven't seen their article say of
    them.
    """

    coefficients: Floats
    head: Floats | None
    calibration: Calibration
    rows: Codes
    probabilities: Floats
    thresholds: list[float]


def learn_findings(
    examples: Examples, settings: Settings, folds: list[Fold], jobs: int, *, whole: bool = True
) -> Learnt:
    """Learn findings; without `whole`, only what models that haven't seen an article say of it."""
    task, targets = settings.finding, examples.finding_targets
    scores, coefficients, head = _scores(examples, task, targets, examples.labelled, folds, settings, jobs, whole=whole)
    rows = examples.held_out(examples.labelled)
    # Vectors that are read in context need no neighbours' scores beside.
    places = PLACES[:1] if examples.windowed else linear.FINDING_PLACES
    calibration = linear.calibrate_together(scores, examples.context, rows, examples.findings[rows], places)
    probabilities = linear.softmax(calibration.logits(scores, examples.context)[rows])
    return Learnt(coefficients, head, calibration, rows, probabilities, [])


def _learn_themes(examples: Examples, settings: Settings, folds: list[Fold], jobs: int) -> Learnt:
    targets = examples.themes if len(examples.themed) else examples.themes[:, :0]
    scores, coefficients, head = _scores(examples, settings.themes, targets, examples.themed, folds, settings, jobs)
    rows = examples.held_out(examples.themed)
    calibration = linear.calibrate_apart(scores, examples.context, rows, targets[rows])
    probabilities = linear.sigmoid(calibration.logits(scores, examples.context)[rows])
    thresholds = [_threshold(probabilities[:, i], targets[rows, i], settings) for i in range(targets.shape[1])]
    return Learnt(coefficients, head, calibration, rows, probabilities, thresholds)


def _scores(
    examples: Examples,
    task: TaskSettings,
    targets: Booleans,
    rows: Codes,
    folds: list[Fold],
    settings: Settings,
    jobs: int,
    *,
    whole: bool = True,
) -> tuple[Floats, Floats, Floats | None]:
    """Out-of-fold scores by n-grams, and by vectors where there are any; and what was learnt from all `rows`."""
    seed = settings.training.seed
    simple = rows[~examples.hard[rows]]
    scores, coefficients = fit_with_folds(examples, task, targets, simple, folds, seed, jobs, whole=whole)
    if examples.vectors is None:
        return scores, coefficients, None
    by_vectors, head = fit_head(examples.vectors, targets, rows, folds, examples.seen)
    return np.hstack([scores, by_vectors]), coefficients, head


def fit_head(
    vectors: Vectors, targets: Booleans, rows: Codes, folds: list[Fold], seen: Booleans
) -> tuple[Floats, Floats]:
    """Scores of every sentence by vectors, out of fold, and the head that gives them, learnt from `rows`.

    A tuned encoder knows the labels of the articles it has seen: the head is learnt from those, and only scores of the
    others are out of fold.
    """
    if not targets.shape[1] or not len(rows):
        return np.zeros(targets.shape), np.zeros((vectors.shape[1] + 1, targets.shape[1]))
    if seen.any():
        head = linear.fit_dense(vectors[rows[seen[rows]]], targets[rows[seen[rows]]])
        return features.project_dense(vectors, head), head
    scores = np.zeros(targets.shape)
    for training, testing in folds:
        kept = np.intersect1d(training, rows)
        scores[testing] = features.project_dense(vectors[testing], linear.fit_dense(vectors[kept], targets[kept]))
    return scores, linear.fit_dense(vectors[rows], targets[rows])


def fit_with_folds(
    examples: Examples,
    task: TaskSettings,
    targets: Booleans,
    rows: Codes,
    folds: list[Fold],
    seed: int,
    jobs: int,
    *,
    whole: bool = True,
) -> tuple[Floats, Floats]:
    """Scores of every sentence by machines that haven't seen its article, and the coefficients learnt from all `rows`.

    Both are the means of `task.machines` (L. Breiman, "Bagging Predictors", Machine Learning 24, 1996), which are one
    linear machine again. Without `whole`, the second are left zero: a search needs only the first.
    """
    score_on = examples.features(task)
    scores = np.zeros(targets.shape)
    coefficients = np.zeros((score_on.shape[1], targets.shape[1]))
    if not targets.shape[1] or not len(rows):
        return scores, coefficients
    for machine, learn_from in enumerate(examples.views(task, seed)):
        fit = partial(
            linear.fit,
            regularisation=task.regularisation,
            rarity=task.rarity,
            balance=task.balance,
            seed=seed + machine,
            jobs=jobs,
        )
        for training, testing in folds:
            kept = np.intersect1d(training, rows)
            scores[testing] += score_on[testing] @ fit(learn_from[kept], targets[kept])
        if whole:
            coefficients += fit(learn_from[rows], targets[rows])
    return scores / task.machines, coefficients / task.machines


def _threshold(probabilities: Floats, target: Booleans, settings: Settings) -> float:
    """The probability from which assigning a theme gives the best F1 out of fold; the default for a rare theme."""
    if int(target.sum()) < settings.themes.min_positives:
        return settings.themes.default_threshold
    chosen = probabilities[:, None] >= _THRESHOLDS
    hits = (chosen & target[:, None]).sum(axis=0)
    scores = 2 * hits / np.maximum(chosen.sum(axis=0) + target.sum(), 1)
    # Several neighbouring thresholds do about as well: the middle of those within 0.005 of the best is the steadiest.
    good = _THRESHOLDS[scores >= scores.max() - 0.005]
    return float(np.median(good))
