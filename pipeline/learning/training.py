"""Training: labelled examples to a calibrated model and its out-of-fold metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS, NONE, Themes
from pipeline.learning import features, linear
from pipeline.learning.evaluation import Metrics, finding_metrics, theme_metrics
from pipeline.learning.linear import Booleans, Floats, Linear
from pipeline.model import Model
from pipeline.settings import Settings, TaskSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

Progress = Callable[[str], None]
_THRESHOLDS = np.round(np.arange(0.2, 0.81, 0.02), 2)


@dataclass(frozen=True)
class Trained:
    """A model, and how its settings did on articles it had not seen."""

    model: Model
    metrics: dict[str, Metrics]


@dataclass(frozen=True)
class Examples:
    """Labelled sentences as matrices: one feature matrix per group, labels, and the article each belongs to.

    `themed` are the rows that themes are learnt from: those with a finding other than none whose themes were labelled.
    """

    groups: Mapping[str, csr_matrix]
    findings: NDArray[np.int64]
    themes: Booleans
    themed: NDArray[np.int64]
    articles: NDArray[np.int64]

    @classmethod
    def of(cls, table: pd.DataFrame, themes: Themes, settings: Settings) -> Examples:
        """Examples from a corpus's sentence table; sentences without a label serve as neighbours only.

        Raises `CorpusError` when there is one class only, or too few articles to split.
        """
        batch = features.Sentences.of(table)
        labelled = np.flatnonzero((table["finding"] != "").to_numpy())
        kept = table.iloc[labelled]
        findings = np.array([FINDINGS.index(finding) for finding in kept["finding"]], dtype=np.int64)
        articles = np.unique(kept["article"].astype(str).to_numpy(), return_inverse=True)[1]
        if len(set(findings.tolist())) < 2:
            only = FINDINGS[findings[0]] if len(findings) else "nothing"
            raise CorpusError(f"one class only ({only}): a corpus needs sentences with at least two findings")
        count = int(articles.max()) + 1
        if count < settings.training.min_articles:
            raise CorpusError(
                f"too few articles to split: {count} of at least {settings.training.min_articles}: label more"
            )
        lists = [given if isinstance(given, list) else None for given in kept["themes"]]
        matrix = np.array([[key in (given or ()) for key in themes] for given in lists], dtype=bool)
        themed = np.flatnonzero((findings != FINDINGS.index(NONE)) & np.array([given is not None for given in lists]))
        bits = settings.features.bits
        groups = {
            group.name: features.matrix(group, bits)[labelled] for group in features.extract(batch, settings.features)
        }
        return cls(groups, findings, matrix.reshape(len(kept), len(themes)), themed, articles)

    @property
    def finding_targets(self) -> Booleans:
        """Findings as one column each."""
        return np.asarray(self.findings[:, None] == np.arange(len(FINDINGS)))

    def features(self, task: TaskSettings, seed: int, *, training: bool) -> csr_matrix:
        """A task's features; for training, headings and form are dropped from some sentences, so that neither is leant on."""
        from scipy.sparse import diags

        groups = dict(self.groups)
        if training:
            generator = np.random.default_rng(seed)
            for name, share in (("heading", task.heading_dropout), ("form", task.form_dropout)):
                keep = generator.random(len(self.findings)) >= share
                groups[name] = diags(keep.astype(np.float32)) @ groups[name]
        return features.weighted(groups, task.weights)


def train(
    table: pd.DataFrame, themes: Themes, settings: Settings, *, jobs: int = 1, progress: Progress = lambda _: None
) -> Trained:
    """Train on a corpus's sentence table (`Corpus.examples`).

    Calibration and thresholds come from out-of-fold predictions, split by article. Raises `CorpusError` when there is
    one class only, or too few articles to split.
    """
    progress("reading features")
    examples = Examples.of(table, themes, settings)
    seed, count = settings.training.seed, len(FINDINGS)
    folds = list(split(examples, settings.training.folds, seed))

    progress("findings: out-of-fold predictions")
    decisions = out_of_fold(examples, settings.finding, examples.finding_targets, None, folds, seed, jobs)
    calibration, calibrated = linear.calibrate_together(decisions, examples.findings)
    probabilities = linear.softmax(calibration.decide(decisions))

    theme_keys = list(themes) if len(examples.themed) else []
    progress("themes: out-of-fold predictions")
    theme_targets = examples.themes[:, : len(theme_keys)]
    theme_decisions = out_of_fold(examples, settings.themes, theme_targets, examples.themed, folds, seed, jobs)
    apart = theme_decisions[examples.themed], theme_targets[examples.themed]
    slopes, intercepts, fitted = linear.calibrate_apart(*apart)
    theme_probabilities = linear.sigmoid(theme_decisions * slopes + intercepts)
    thresholds = {
        key: _threshold(theme_probabilities[examples.themed, i], theme_targets[examples.themed, i], settings)
        for i, key in enumerate(theme_keys)
    }

    progress("fitting on the whole corpus")
    machine = _fit(examples, settings.finding, examples.finding_targets, None, seed, jobs)
    theme_machine = _fit(examples, settings.themes, theme_targets, examples.themed, seed, jobs)
    findings_model = linear.fold_in(machine, calibration)
    themes_model = linear.fold_in(theme_machine, Linear(np.diag(slopes), intercepts))

    uncalibrated = [key for key, known in zip(theme_keys, fitted, strict=True) if not known]
    notes: dict[str, Any] = {
        "uncalibrated": (["findings"] if not calibrated else []) + uncalibrated,
        "labelled": {FINDINGS[i]: int(n) for i, n in enumerate(np.bincount(examples.findings, minlength=count))},
        "articles": int(examples.articles.max()) + 1,
        "seed": seed,
    }
    model = Model(
        feature_settings=settings.features,
        weights={"finding": dict(settings.finding.weights), "themes": dict(settings.themes.weights)},
        themes={key: themes[key] for key in theme_keys},
        thresholds=thresholds,
        coefficients=np.hstack([findings_model.coefficients, themes_model.coefficients]).astype(np.float32),
        intercepts=np.concatenate([findings_model.intercepts, themes_model.intercepts]),
        notes=notes,
    )
    metrics = {"findings": finding_metrics(examples.findings, probabilities.argmax(axis=1))}
    if theme_keys:
        chosen = theme_probabilities >= np.array([thresholds[key] for key in theme_keys])
        metrics["themes"] = theme_metrics(theme_targets[examples.themed], chosen[examples.themed], theme_keys)
    return Trained(model, metrics)


def split(examples: Examples, folds: int, seed: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield rows to train on and rows to test on, fold by fold: no article on both sides, findings in like proportions."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds = min(folds, int(examples.articles.max()) + 1)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    yield from splitter.split(examples.findings, examples.findings, examples.articles)


def _fit(
    examples: Examples, task: TaskSettings, targets: Booleans, rows: NDArray[np.int64] | None, seed: int, jobs: int
) -> Linear:
    matrix = examples.features(task, seed, training=True)
    if rows is not None:
        matrix, targets = matrix[rows], targets[rows]
    if not targets.shape[1]:
        return Linear(np.zeros((matrix.shape[1], 0)), np.zeros(0))
    return linear.fit(matrix, targets, regularisation=task.regularisation, balance=task.balance, seed=seed, jobs=jobs)


def out_of_fold(
    examples: Examples,
    task: TaskSettings,
    targets: Booleans,
    rows: NDArray[np.int64] | None,
    folds: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    seed: int,
    jobs: int,
) -> Floats:
    """Decision values for every sentence by a machine that hasn't seen its article; `rows` limits what is learnt from."""
    decisions = np.zeros(targets.shape)
    if not targets.shape[1] or (rows is not None and not len(rows)):
        return decisions
    learn_from, score_on = examples.features(task, seed, training=True), examples.features(task, seed, training=False)
    for training, testing in folds:
        kept = training if rows is None else np.intersect1d(training, rows)
        machine = linear.fit(
            learn_from[kept],
            targets[kept],
            regularisation=task.regularisation,
            balance=task.balance,
            seed=seed,
            jobs=jobs,
        )
        decisions[testing] = machine.decide(score_on[testing])
    return decisions


def _threshold(probabilities: Floats, target: Booleans, settings: Settings) -> float:
    """The probability from which assigning a theme gives the best F1 out of fold; the default with too few positives."""
    if int(target.sum()) < settings.themes.min_positives:
        return settings.themes.default_threshold
    chosen = probabilities[:, None] >= _THRESHOLDS
    hits = (chosen & target[:, None]).sum(axis=0)
    scores = 2 * hits / np.maximum(chosen.sum(axis=0) + target.sum(), 1)
    # Several neighbouring thresholds do about as well: the middle of those within 0.005 of the best is the steadiest.
    good = _THRESHOLDS[scores >= scores.max() - 0.005]
    return float(np.median(good))
