"""Tuning: the search for settings by grouped cross-validation, one setting at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.labels import Themes
from pipeline.learning import linear, training
from pipeline.learning.evaluation import macro_f1, micro_f1
from pipeline.learning.examples import Examples, split
from pipeline.learning.training import Progress
from pipeline.settings import Settings, TaskSettings

if TYPE_CHECKING:
    import pandas as pd

_REGULARISATION = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
_BALANCE = (0.0, 0.25, 0.5, 0.75, 1.0)
_WEIGHTS = (0.0, 0.15, 0.3, 0.5, 0.7, 1.0, 1.4)
_RARITY = (0.0, 0.5, 0.75, 1.0, 1.25)
_WEIGHED = ("char", "word", "opening", "heading", "before", "after", "form")
_THEME_THRESHOLD = 0.4
_GAIN = 0.001


def tune(
    table: pd.DataFrame, themes: Themes, settings: Settings, *, jobs: int = 1, progress: Progress = lambda _: None
) -> Settings:
    """Search regularisation, rarity, class balance and the weights of feature groups, for findings and then for themes.

    Coordinate ascent on the out-of-fold score (macro-F1 of findings, micro-F1 of themes), folds split by article; a
    change is kept when it gains at least 0.001.
    """
    examples = Examples.of(table, themes, settings)
    for name in ("finding", "themes"):
        if name == "themes" and (not themes or not len(examples.themed)):
            continue
        task: TaskSettings = getattr(settings, name)
        best = _score(examples, name, task, settings, jobs)
        progress(f"{name}: {best:.4f} as configured")
        for change in _changes():
            changed = task.replace(**_update(task, change))
            if changed == task:
                continue
            score = _score(examples, name, changed, settings, jobs)
            if score >= best + _GAIN:
                task, best = changed, score
                progress(f"{name}: {best:.4f} with {change[0]} {change[1]}")
        progress(f"{name}: chosen {task.to_dict()}")
        settings = settings.replace(**{name: task})
    return settings


def _changes() -> Iterator[tuple[str, float]]:
    for value in _REGULARISATION:
        yield "regularisation", value
    for value in _RARITY:
        yield "rarity", value
    for value in _BALANCE:
        yield "balance", value
    for group in _WEIGHED:
        for value in _WEIGHTS:
            yield group, value


def _update(task: TaskSettings, change: tuple[str, float]) -> dict[str, Any]:
    name, value = change
    return (
        {name: value} if name in ("regularisation", "rarity", "balance") else {"weights": {**task.weights, name: value}}
    )


def _score(examples: Examples, name: str, task: TaskSettings, settings: Settings, jobs: int) -> float:
    seed = settings.training.seed
    folds = list(split(examples, settings.training.folds, seed))
    targets, rows = (
        (examples.finding_targets, examples.labelled) if name == "finding" else (examples.themes, examples.themed)
    )
    rows = rows[~examples.hard[rows]]
    scores, _ = training.fit_with_folds(examples, task, targets, rows, folds, seed, jobs, whole=False)
    if name == "finding":
        gold = examples.findings[rows]
        calibration = linear.calibrate_together(scores, examples.context, rows, gold)
        return macro_f1(gold, calibration.logits(scores, examples.context)[rows].argmax(axis=1))
    calibration = linear.calibrate_apart(scores, examples.context, rows, targets[rows])
    logits = calibration.logits(scores, examples.context)[rows]
    return micro_f1(targets[rows], linear.sigmoid(logits) >= _THEME_THRESHOLD)
