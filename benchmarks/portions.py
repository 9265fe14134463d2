"""Which corrections are believed that come a few a week: a table of docs/retraining.md. Takes about two minutes.

They are of sentences that the queue chooses, and are put to a version that learns none of them.
"""

from __future__ import annotations

import numpy as np
from retraining import FLIPPED, WRONG, insert

from pipeline.corpus import read_corpus
from pipeline.labels import FINDINGS, load_themes
from pipeline.learning.training import train
from pipeline.retraining.measuring import probabilities
from pipeline.retraining.statistics import improbability
from pipeline.review.queue import Queue
from pipeline.settings import bundled, load_settings

ASKED, QUEUED = 150, 600
"""Documents whose sentences are corrected, and how many of those sentences the queue chooses."""

WEEKS, STARTS = 24, 10
SIZES = 4, 8, 19
KINDS = {"all right": (0.0, 0.0), "10% wrong": (WRONG, 0.0), "half flipped": (0.0, 0.5), "flipped": (0.0, 1.0)}
"""Shares of labels that are wrong at random, and flipped."""


def main() -> None:
    """Tell what is believed, kind by kind, and write the table into docs/retraining.md."""
    chances, gold = _queued()
    lines = [
        f"| corrections | {' | '.join(f'{size} a week' for size in SIZES)} |",
        f"| --- |{' --- |' * len(SIZES)}",
    ]
    for kind, (wrong, flipped) in KINDS.items():
        cells = [_believed(chances, gold, size, wrong, flipped) for size in SIZES]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    insert("portions", "\n".join([*lines, ""]))


def _queued() -> tuple[np.ndarray, np.ndarray]:
    """What a version gives to sentences that the queue chooses of documents that it hasn't seen, and their labels."""
    themes, settings = load_themes(), load_settings()
    table = read_corpus([bundled("data/corpus")], themes).examples
    names = table.loc[table["id"].notna(), "article"].unique()
    drawn = set(np.random.default_rng(1).permutation(names)[:ASKED])
    asked = table["article"].isin(drawn)
    model = train(table[~asked].reset_index(drop=True), themes, settings).model
    sentences = table[asked].reset_index(drop=True)
    queue = Queue(settings.features, model)
    queue.add(model.predict_sentences(sentences.drop(columns=["finding", "themes", "kind"])))
    labelled = sentences[sentences["finding"] != ""].set_index("id")
    chosen = labelled.loc[[item.id for item in queue.best(QUEUED) if item.id in labelled.index]]
    found = probabilities(model, chosen.reset_index(drop=True)[["text", "heading", "block", "speaker", "finding"]])
    return found, np.array([FINDINGS.index(finding) for finding in chosen["finding"]])


def _believed(chances: np.ndarray, gold: np.ndarray, size: int, wrong: float, flipped: float) -> str:
    """In how many weeks corrections are believed; and, of flipped ones, how many are until the rest are kept out."""
    weeks, let_in = [], []
    for start in range(STARTS):
        generator = np.random.default_rng(start)
        rows = (generator.integers(len(gold)) + np.arange(size * WEEKS)) % len(gold)
        given, false = gold[rows].copy(), generator.random(len(rows)) < flipped
        given[false] = [FINDINGS.index(FLIPPED[FINDINGS[label]]) for label in given[false]]
        noisy = ~false & (generator.random(len(rows)) < wrong)
        given[noisy] = (given[noisy] + generator.integers(1, 4, noisy.sum())) % 4
        promoted = _promoted(chances[rows], given, size)
        weeks.append(len(promoted))
        let_in.append(false[: max(promoted, default=0)].sum())
    share = np.mean(weeks) / WEEKS
    return f"{np.mean(let_in):.0f} of {size * WEEKS * flipped:.0f} let in" if flipped else f"{share:.0%} of weeks"


def _promoted(chances: np.ndarray, given: np.ndarray, size: int) -> list[int]:
    """How many corrections had come by each week in which none were kept out, as the gate would have it."""
    limits = load_settings().retraining
    allowed = 1 - limits.disagreement_level
    found: list[int] = []
    for end in range(size, len(given) + 1, size):
        parts = np.array([np.arange(end) >= start for start in (0, *found)])
        p_values = improbability(chances[:end], given[:end], parts, wrong=limits.disagreement, samples=500)
        if (p_values > allowed).all():
            found.append(end)
    return found


if __name__ == "__main__":
    main()
