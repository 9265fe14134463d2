"""Training: labelled examples to a calibrated model and its out-of-fold metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS, NONE, Themes
from pipeline.learning import features, linear
from pipeline.learning.evaluation import Metrics, finding_metrics, theme_metrics
from pipeline.learning.features import neighbours
from pipeline.learning.linear import Booleans, Calibration, Floats
from pipeline.model import Model
from pipeline.settings import Settings, TaskSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

Codes = NDArray[np.int64]
Fold = tuple[Codes, Codes]
Progress = Callable[[str], None]
_THRESHOLDS = np.round(np.arange(0.2, 0.81, 0.02), 2)


@dataclass(frozen=True)
class Trained:
    """A model, and how its settings did on articles it had not seen."""

    model: Model
    metrics: dict[str, Metrics]


@dataclass(frozen=True)
class Examples:
    """A corpus as matrices, a row per sentence: features by group, labels, neighbours, and the article each belongs to.

    `findings` are -1 where there is no label; `labelled` are the other rows, and `themed` those that themes are learnt
    from: with a finding other than none, and themes labelled.
    """

    groups: Mapping[str, csr_matrix]
    findings: Codes
    themes: Booleans
    labelled: Codes
    themed: Codes
    articles: Codes
    before: Codes
    after: Codes

    @classmethod
    def of(cls, table: pd.DataFrame, themes: Themes, settings: Settings) -> Examples:
        """Examples from a corpus's sentence table; sentences without a label serve as neighbours only.

        Raises `CorpusError` when there is one class only, or too few articles to split.
        """
        codes = {finding: code for code, finding in enumerate(FINDINGS)}
        findings = np.array([codes.get(finding, -1) for finding in table["finding"]], dtype=np.int64)
        labelled = np.flatnonzero(findings >= 0)
        articles = np.unique(table["article"].astype(str).to_numpy(), return_inverse=True)[1]
        if len(set(findings[labelled].tolist())) < 2:
            only = FINDINGS[findings[labelled][0]] if len(labelled) else "nothing"
            raise CorpusError(f"one class only ({only}): a corpus needs sentences with at least two findings")
        count, least = len(set(articles[labelled].tolist())), settings.training.min_articles
        if count < least:
            raise CorpusError(f"too few articles to split: {count} of at least {least}: label more")
        lists = [given if isinstance(given, list) else None for given in table["themes"]]
        indicators = np.array([[key in (given or ()) for key in themes] for given in lists], dtype=bool)
        known = np.array([given is not None for given in lists])
        themed = np.flatnonzero((findings >= 0) & (findings != codes[NONE]) & known)
        batch = features.Sentences.of(table)
        bits = settings.features.bits
        groups = {group.name: features.matrix(group, bits) for group in features.extract(batch, settings.features)}
        shape = len(table), len(themes)
        return cls(groups, findings, indicators.reshape(shape), labelled, themed, articles, batch.before, batch.after)

    @property
    def finding_targets(self) -> Booleans:
        """Findings as one column each."""
        return np.asarray(self.findings[:, None] == np.arange(len(FINDINGS)))

    def features(self, task: TaskSettings, seed: int, *, training: bool) -> csr_matrix:
        """A task's features; for training, some sentences lose their heading or form, so that neither is leant on."""
        from scipy.sparse import diags

        groups = dict(self.groups)
        if training:
            generator = np.random.default_rng(seed)
            for name, share in (("heading", task.heading_dropout), ("form", task.form_dropout)):
                keep = generator.random(len(self.findings)) >= share
                groups[name] = diags(keep.astype(np.float32)) @ groups[name]
        return features.weighted(groups, task.weights)

    def context(self, scores: Floats, rows: Codes) -> tuple[Floats, Floats, Floats]:
        """Scores of some rows, and of the sentences before and after each."""
        return scores[rows], neighbours(scores, self.before[rows]), neighbours(scores, self.after[rows])


def train(
    table: pd.DataFrame, themes: Themes, settings: Settings, *, jobs: int = 1, progress: Progress = lambda _: None
) -> Trained:
    """Train on a corpus's sentence table (`Corpus.examples`).

    Calibration and thresholds come from out-of-fold scores, split by article. Raises `CorpusError` when there is one
    class only, or too few articles to split.
    """
    progress("reading features")
    examples = Examples.of(table, themes, settings)
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
    count = len(FINDINGS) + len(theme_keys)
    mixing = np.zeros((3, count, count))
    mixing[:, : len(FINDINGS), : len(FINDINGS)] = finding.calibration.mixing
    mixing[:, len(FINDINGS) :, len(FINDINGS) :] = theme.calibration.mixing
    model = Model(
        feature_settings=settings.features,
        weights={"finding": dict(settings.finding.weights), "themes": dict(settings.themes.weights)},
        themes={key: themes[key] for key in theme_keys},
        thresholds=thresholds,
        coefficients=np.hstack([finding.coefficients, theme.coefficients]).astype(np.float32),
        mixing=mixing,
        intercepts=np.concatenate([finding.calibration.intercepts, theme.calibration.intercepts]),
        notes={
            "uncalibrated": uncalibrated,
            "labelled": {name: int(n) for name, n in zip(FINDINGS, counts, strict=True)},
            "articles": len(set(examples.articles[examples.labelled].tolist())),
            "seed": settings.training.seed,
        },
    )
    gold = examples.findings[examples.labelled]
    metrics = {"findings": finding_metrics(gold, finding.probabilities.argmax(axis=1))}
    if theme_keys:
        chosen = theme.probabilities >= np.array(theme.thresholds)
        metrics["themes"] = theme_metrics(examples.themes[examples.themed], chosen, theme_keys)
    return Trained(model, metrics)


@dataclass(frozen=True)
class Learnt:
    """One task's coefficients, calibration, out-of-fold probabilities of the rows learnt from, and thresholds."""

    coefficients: Floats
    calibration: Calibration
    probabilities: Floats
    thresholds: list[float]


def learn_findings(
    examples: Examples, settings: Settings, folds: list[Fold], jobs: int, *, whole: bool = True
) -> Learnt:
    """Learn findings; without `whole`, only what models that haven't seen an article say of it."""
    scores, coefficients = fit_with_folds(
        examples,
        settings.finding,
        examples.finding_targets,
        examples.labelled,
        folds,
        settings.training.seed,
        jobs,
        whole=whole,
    )
    near = examples.context(scores, examples.labelled)
    calibration = linear.calibrate_together(*near, examples.findings[examples.labelled])
    logits = calibration.logits(scores, examples.before, examples.after)[examples.labelled]
    return Learnt(coefficients, calibration, linear.softmax(logits), [])


def _learn_themes(examples: Examples, settings: Settings, folds: list[Fold], jobs: int) -> Learnt:
    rows = examples.themed
    targets = examples.themes if len(rows) else examples.themes[:, :0]
    scores, coefficients = fit_with_folds(examples, settings.themes, targets, rows, folds, settings.training.seed, jobs)
    calibration = linear.calibrate_apart(*examples.context(scores, rows), targets[rows])
    probabilities = linear.sigmoid(calibration.logits(scores, examples.before, examples.after)[rows])
    thresholds = [_threshold(probabilities[:, i], targets[rows, i], settings) for i in range(targets.shape[1])]
    return Learnt(coefficients, calibration, probabilities, thresholds)


def split(examples: Examples, folds: int, seed: int) -> Iterator[Fold]:
    """Yield rows to train on and rows to test on: no article on both sides, findings in like proportions."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds = min(folds, len(set(examples.articles[examples.labelled].tolist())))
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    # Sentences without a label go with their article, as a class of their own.
    yield from splitter.split(examples.findings, examples.findings, examples.articles)


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

    Without `whole`, the second are left zero: a search needs only the first.
    """
    learn_from, score_on = (examples.features(task, seed, training=training) for training in (True, False))
    scores = np.zeros(targets.shape)
    coefficients = np.zeros((learn_from.shape[1], targets.shape[1]))
    if not targets.shape[1] or not len(rows):
        return scores, coefficients

    def fit(kept: Codes) -> Floats:
        return linear.fit(
            learn_from[kept],
            targets[kept],
            regularisation=task.regularisation,
            rarity=task.rarity,
            balance=task.balance,
            seed=seed,
            jobs=jobs,
        )

    for training, testing in folds:
        scores[testing] = score_on[testing] @ fit(np.intersect1d(training, rows))
    return scores, fit(rows) if whole else coefficients


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
