"""What each part of language and context gives: writes docs/ablation.md. Takes about five minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from common import GOLD, ROOT
from run import described

from pipeline import Model
from pipeline.corpus import read_corpus
from pipeline.gold import Gold, evaluate_gold, read_gold
from pipeline.labels import FINDINGS, Themes, load_themes
from pipeline.learning import linear
from pipeline.learning.context import Context
from pipeline.learning.evaluation import intervals, macro_f1
from pipeline.learning.training import train
from pipeline.settings import GROUPS, Settings, bundled, load_settings

PAGE = ROOT / "docs" / "ablation.md"
COLUMNS = (
    "out of fold, findings macro-F1",
    "out of fold, themes micro-F1",
    "letters macro-F1",
    "concern F1",
    "without headings, macro-F1",
    "letters themes micro-F1",
    "news accuracy",
)
THEMED = {1, 5}
"""The columns about themes."""


@dataclass(frozen=True)
class Variant:
    """What is left out: groups of features (weight 0), and the second stage."""

    name: str
    without: tuple[str, ...] = ()
    alone: bool = False

    def applied(self, settings: Settings) -> Settings:
        """Settings with the groups left out."""
        gone = dict.fromkeys(self.without, 0.0)
        return settings.replace(
            finding=settings.finding.replace(weights=settings.finding.weights | gone),
            themes=settings.themes.replace(weights=settings.themes.weights | gone),
        )


VARIANTS = (
    Variant("everything"),
    Variant("without headings", ("heading",)),
    Variant("without neighbours' words", ("before", "after")),
    Variant("without the second stage", alone=True),
    Variant("without main clause", ("main",)),
    Variant("without negation", ("negated",)),
    Variant("without opening words", ("opening",)),
    Variant("without form", ("form",)),
    Variant("words alone, no context", tuple(set(GROUPS) - {"char", "word"}), alone=True),
)


@contextmanager
def second_stage(alone: bool) -> Iterator[None]:
    """Calibrate each sentence as though it had no neighbours and no section, when `alone`."""

    def bare(calibrate: Callable[..., linear.Calibration]) -> Callable[..., linear.Calibration]:
        def calibrated(scores: linear.Floats, _: Context, *rest: Any) -> linear.Calibration:
            count = len(scores)
            return calibrate(scores, Context.of(None, [""] * count, [""] * count), *rest)

        return calibrated

    with ExitStack() as stack:
        for name in ("calibrate_together", "calibrate_apart") if alone else ():
            stack.enter_context(patch.object(linear, name, bare(getattr(linear, name))))
        yield


@dataclass(frozen=True)
class Measured:
    """A variant's scores, in the order of `COLUMNS`, and its findings of letters, as codes."""

    scores: list[float]
    letters: np.ndarray[Any, Any]


def measured(variant: Variant, examples: pd.DataFrame, golds: dict[str, Gold], everything: Measured | None) -> Measured:
    """Train a variant and measure it; where it changes nothing about themes, their scores are those of everything."""
    default = load_settings()
    default = default.replace(training=default.training.replace(seed=1))
    settings = variant.applied(default)
    same = everything is not None and settings.themes == default.themes and not variant.alone
    themes: Themes = {} if same else load_themes()
    with second_stage(variant.alone):
        trained = train(examples, themes, settings)
    results = {name: evaluate_gold(trained.model, gold) for name, gold in golds.items()}
    letters = results["letters"]["findings"]
    scores = [
        trained.metrics["findings"]["macro_f1"],
        np.nan if same else trained.metrics["themes"]["micro_f1"],
        letters["macro_f1"],
        letters["labels"]["concern"]["f1"],
        results["bare"]["findings"]["macro_f1"],
        np.nan if same else results["letters"]["themes"]["micro_f1"],
        results["news"]["findings"]["accuracy"],
    ]
    if everything is not None and same:
        scores = [everything.scores[i] if i in THEMED else score for i, score in enumerate(scores)]
    return Measured(scores, codes(trained.model, golds["letters"]))


def codes(model: Model, gold: Gold) -> np.ndarray[Any, Any]:
    """What a model says of gold units, as codes of findings."""
    return np.asarray(model.probabilities(gold.units)[0].argmax(axis=1))


def gain(gold: Gold, everything: Measured, other: Measured) -> str:
    """The difference in macro-F1 on letters to everything, with its 95 % interval by passage."""
    wanted = np.array([FINDINGS.index(finding) for finding in gold.units["finding"]])

    def difference(right: Any, found: Any) -> float:
        return macro_f1(right, found[:, 1]) - macro_f1(right, found[:, 0])

    found = np.column_stack([everything.letters, other.letters])
    [(low, high)] = intervals([difference], [(wanted, found)], gold.units["article"].to_numpy())
    return f"{difference(wanted, found):+.3f} ({low:+.3f} to {high:+.3f})"


def main() -> None:
    if not GOLD.is_dir():
        print("skipped: the gold sentences (../shared) aren't here")
        return
    themes = load_themes()
    examples = read_corpus([bundled("data/corpus")], themes).examples
    letters = read_gold(GOLD / "letters.jsonl", None, themes)
    golds = {
        "letters": letters,
        "bare": Gold(letters.units.assign(heading=""), {}),
        "news": read_gold(GOLD / "news.jsonl", None, themes),
    }
    runs: dict[str, Measured] = {}
    for variant in VARIANTS:
        runs[variant.name] = measured(variant, examples, golds, runs.get(VARIANTS[0].name))
        print(variant.name, " ".join(f"{score:.3f}" for score in runs[variant.name].scores), flush=True)
    write(runs, golds["letters"])


def write(runs: dict[str, Measured], letters: Gold) -> None:
    """Write the page."""
    first = runs[VARIANTS[0].name]
    lines = [
        "# What each part gives",
        "",
        described(),
        "",
        "Written by `python benchmarks/ablation.py`: default settings, seed 1, trained on the bundled corpus with one"
        " part left out at a time. Measured out of fold (columns 1 and 2), on"
        f" {len(letters.units)} real units of {letters.units['article'].nunique()} letters' passages, on the same"
        " without their headings, and end to end on news.",
        "",
        "*Without the second stage*, each sentence's own scores alone are calibrated; *words alone* keeps n-grams of"
        " words and characters, and nothing else. Parts that themes don't read leave their scores as they are. The last"
        " column is the difference in the letters' macro-F1 to everything, with a 95 % interval by bootstrap over"
        " passages: where it holds 0, the letters can't tell.",
        "",
        f"| | {' | '.join(COLUMNS)} | letters macro-F1, difference |",
        f"| --- |{' --- |' * (len(COLUMNS) + 1)}",
    ]
    for name, run in runs.items():
        difference = "" if run is first else gain(letters, first, run)
        lines.append(f"| {name} | {' | '.join(f'{score:.3f}' for score in run.scores)} | {difference} |")
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
