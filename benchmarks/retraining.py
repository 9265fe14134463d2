"""Twenty weekly retrainings with growing, partly wrong corrections and poisoned batches: docs/retraining.md and .svg.

A part of the corpus is the labelled data to begin with; sentences of another part are corrected week by week, some
wrongly; a third part, which nothing is trained or decided on, tells how the version in use really does. Takes about
five minutes on one core.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from common import ROOT

from pipeline.corpus import read_corpus
from pipeline.labels import FINDINGS, load_themes
from pipeline.model import Model
from pipeline.retraining.articles import articles_of
from pipeline.retraining.held_out import HeldOut, extended, gold_of
from pipeline.retraining.measuring import Measured, measure
from pipeline.retraining.outcomes import Outcome, Request
from pipeline.retraining.run import retrain
from pipeline.settings import Settings, bundled, load_settings
from pipeline.store import Store

WEEKS = 20
DOCUMENTS, POOL, TEST = 180, 120, 120
HELD_OUT = 1 / 3
"""Of so few documents: as many as a tenth of the whole corpus."""

FIRST, GROWTH, WRONG = 40, 10, 0.10
POISONED = {5: "at random", 10: "of the doubtful sentences", 14: "at random", 18: "at random, five times as many"}
FLIPPED = {"strength": "concern", "concern": "strength", "recommendation": "none", "none": "recommendation"}
MARK = r"(<!-- {} -->\n).*?(<!-- end -->)"

Row = dict[str, Any]


@dataclass
class Week:
    """What happened in a week: the outcome, and how the challenger and the version in use do on the third part."""

    number: int
    corrections: int
    poisoned: str
    outcome: Outcome
    challenger: Measured
    in_use: Measured
    held_out: float
    seconds: float


def main() -> None:
    """Simulate, print week by week, and write the figures into docs/retraining.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    arguments = parser.parse_args()
    runs = []
    for seed in range(1, arguments.seeds + 1):
        weeks = []
        with tempfile.TemporaryDirectory() as folder:
            for week in simulate(Path(folder), seed, arguments.weeks):
                weeks.append(week)
                print(seed, _line(week), flush=True)
        runs.append(weeks)
    _write(runs)


def simulate(folder: Path, seed: int, weeks: int) -> Iterator[Week]:
    """Run the weeks in a folder; week 0 makes the first version."""
    generator = np.random.default_rng(seed)
    themes, settings = load_themes(), _smaller(load_settings(), seed)
    corpus, pool, test = _parts(folder, generator)
    held = extended(HeldOut("", "", None, []), test, articles_of(test), "")
    outside = gold_of(held, test)
    store = Store(folder / "models")
    accepted: list[Row] = []
    used: set[int] = set()
    for number in range(weeks + 1):
        start = perf_counter()
        poisoned = POISONED.get(number, "")
        batch = _batch(store, pool, used, number, poisoned, generator) if number else []
        outcome = retrain(store, Request([corpus], [*accepted, *batch], themes, settings))
        if not poisoned:
            accepted += batch
        # A batch that was kept out is looked at, and withdrawn; others that were kept out wait for more.
        keys = list(themes)
        challenger = measure(store.load(outcome.version), outside, keys)
        in_use = challenger if outcome.outcome == "promoted" else measure(store.load(), outside, keys)
        held_out = store.version().metrics["held_out"]["findings_macro_f1"]
        yield Week(
            number,
            len(accepted) + (len(batch) if poisoned else 0),
            poisoned,
            outcome,
            challenger,
            in_use,
            held_out,
            perf_counter() - start,
        )


def _smaller(settings: Settings, seed: int) -> Settings:
    """Fewer columns and folds, to be quicker; the gate is as it is, but for the checks of a whole model's behaviour."""
    return settings.replace(
        features=settings.features.replace(bits=16),
        training=settings.training.replace(folds=2, seed=seed),
        retraining=settings.retraining.replace(held_out=HELD_OUT, behaviour=""),
    )


def _parts(folder: Path, generator: np.random.Generator) -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    """A folder of labelled documents to begin with, and the tables of those to correct and to test on."""
    root = bundled("data/corpus")
    texts = [path for path in sorted(root.rglob("*.txt")) if path.with_suffix(".jsonl").is_file()]
    drawn = generator.permutation(len(texts))[: DOCUMENTS + POOL + TEST]
    tables = []
    for name, places in (
        ("corpus", drawn[:DOCUMENTS]),
        ("pool", drawn[DOCUMENTS : DOCUMENTS + POOL]),
        ("test", drawn[DOCUMENTS + POOL :]),
    ):
        for place in places:
            text = texts[place]
            target = folder / name / text.parent.name
            target.mkdir(parents=True, exist_ok=True)
            for path in (text, text.with_suffix(".jsonl")):
                shutil.copy(path, target)
        tables.append(folder / name)
    corpus, pool, test = tables
    themes = load_themes()
    read = [read_corpus([part], themes).examples for part in (pool, test)]
    return corpus, read[0], read[1]


def _batch(
    store: Store, pool: pd.DataFrame, used: set[int], number: int, poisoned: str, generator: np.random.Generator
) -> list[Row]:
    """A week's corrections: half of them doubtful sentences, half drawn at random; some wrong, or all flipped."""
    count = (FIRST + GROWTH * number) * (5 if "five" in poisoned else 1)
    free = np.array([row for row in np.flatnonzero(pool["finding"] != "") if row not in used])
    doubtful = free[np.argsort(_confidence(store.load(), pool)[free], kind="stable")]
    share = 1.0 if "doubtful" in poisoned else 0.0 if poisoned else 0.5
    chosen = doubtful[: int(count * share)].tolist()
    rest = np.setdiff1d(free, chosen)
    chosen += generator.permutation(rest)[: count - len(chosen)].tolist()
    if not poisoned:
        used.update(chosen)
    return [_corrected(pool.iloc[row], poisoned, generator) for row in chosen]


def _confidence(model: Model, pool: pd.DataFrame) -> np.ndarray:
    columns = ["finding", "themes", "kind"]
    return np.asarray(model.predict_sentences(pool.drop(columns=columns))["confidence"])


def _corrected(row: pd.Series, poisoned: str, generator: np.random.Generator) -> Row:
    finding, themes = row["finding"], list(row["themes"] or ())
    if poisoned:
        finding = FLIPPED[finding]
    elif generator.random() < WRONG:
        finding = str(generator.choice([other for other in FINDINGS if other != finding]))
    return {
        **{name: row[name] for name in ("id", "article", "text", "heading", "block", "speaker")},
        "finding": finding,
        "themes": [] if finding == "none" else themes,
    }


# Telling


def _line(week: Week) -> str:
    return (
        f"week {week.number:2}  {week.corrections:5} corrections  {week.poisoned and 'poisoned':8}  "
        f"{week.outcome.outcome:8}  held out {week.held_out:.3f}  "
        f"in use {week.in_use.macro_f1:.3f} {week.in_use.micro_f1:.3f}  "
        f"challenger {week.challenger.macro_f1:.3f} {week.challenger.micro_f1:.3f}  {week.seconds:4.0f} s  "
        f"{'; '.join(week.outcome.against)[:150]}"
    )


def _write(runs: list[list[Week]]) -> None:
    page = insert("simulation", _told(runs))
    page.with_suffix(".svg").write_text(_chart(runs[0]), encoding="utf-8", newline="\n")


def insert(mark: str, told: str) -> Path:
    """Write figures into their place in docs/retraining.md: the page."""
    page = ROOT / "docs" / "retraining.md"
    text = page.read_text(encoding="utf-8")
    place = re.compile(MARK.format(mark), re.DOTALL)
    page.write_text(place.sub(lambda found: found[1] + told + found[2], text), encoding="utf-8", newline="\n")
    return page


def _told(runs: list[list[Week]]) -> str:
    lines = [
        "| run | honest batches promoted | poisoned batches kept out | macro-F1 of findings on test: first, last, "
        "deepest fall below the best before | micro-F1 of themes |",
        "| --- | --- | --- | --- | --- |",
    ]
    for number, weeks in enumerate(runs, 1):
        honest = [week for week in weeks[1:] if not week.poisoned]
        poisoned = [week for week in weeks[1:] if week.poisoned]
        cells = [
            str(number),
            f"{_count(honest, 'promoted')} of {len(honest)}",
            f"{_count(poisoned, 'kept')} of {len(poisoned)}",
            _course([week.in_use.macro_f1 for week in weeks]),
            _course([week.in_use.micro_f1 for week in weeks]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "The first of them, week by week:",
        "",
        "| week | corrections | batch | outcome | in use: held out | in use: test | challenger: test | why kept |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for week in runs[0][1:]:
        kind = f"**poisoned**, {week.poisoned}" if week.poisoned else f"{WRONG:.0%} wrong"
        lines.append(
            f"| {week.number} | {week.corrections} | {kind} | {week.outcome.outcome} | {week.held_out:.3f} | "
            f"{week.in_use.macro_f1:.3f} | {week.challenger.macro_f1:.3f} | {_why(week.outcome.against)} |"
        )
    return "\n".join([*lines, "", "![The weeks](retraining.svg)", ""])


def _course(values: list[float]) -> str:
    """The first and last of values, and how far they fell below the highest before, at most."""
    fall = float((np.maximum.accumulate(values) - np.array(values)).max())
    return f"{values[0]:.3f}, {values[-1]:.3f}, {fall:.3f}"


def _count(weeks: list[Week], outcome: str) -> int:
    return sum(week.outcome.outcome == outcome for week in weeks)


def _why(against: list[str]) -> str:
    """The first reason, without the names of versions, and how many more there are."""
    if not against:
        return ""
    first = re.sub(r"^\d{8}T\d{6}Z(?:-\d+)?", "the version in use", against[0])
    first = re.sub(r" \d{8}T\d{6}Z(?:-\d+)?", "", first)
    return first + (f"; and {len(against) - 1} more" if len(against) > 1 else "")


def _chart(weeks: list[Week]) -> str:
    lines: Mapping[str, tuple[str, list[float]]] = {
        "version in use": ("#1565c0", [week.in_use.macro_f1 for week in weeks]),
        "challenger": ("#9e9e9e", [week.challenger.macro_f1 for week in weeks]),
    }
    values = [value for _, line in lines.values() for value in line]
    low, high = int(min(values) * 50) / 50, (int(max(values) * 50) + 1) / 50
    font = 'font-family="sans-serif" font-size="12"'

    def place(week: int, value: float) -> tuple[float, float]:
        return 60 + 560 * week / (len(weeks) - 1), 300 - 250 * (value - low) / (high - low)

    title = "Macro-F1 of findings on documents that nothing is trained or decided on"
    parts = [f'<text x="10" y="20" font-weight="bold" {font}>{title}</text>']
    for step in range(round((high - low) * 50) + 1):
        y = place(0, low + step / 50)[1]
        parts.append(f'<line x1="60" y1="{y:.1f}" x2="620" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="52" y="{y + 4:.1f}" text-anchor="end" {font}>{low + step / 50:.2f}</text>')
    for week in weeks:
        x, y = place(week.number, week.challenger.macro_f1)
        if week.poisoned:
            parts.append(f'<rect x="{x - 7:.1f}" y="50" width="14" height="250" fill="#c62828" opacity="0.12"/>')
        if week.number % 2 == 0:
            parts.append(f'<text x="{x:.1f}" y="318" text-anchor="middle" {font}>{week.number}</text>')
        kept = week.outcome.outcome == "kept"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" stroke="#9e9e9e" fill="{"white" if kept else "#9e9e9e"}"/>'
        )
    parts.append(f'<text x="340" y="338" text-anchor="middle" {font}>week (red: poisoned; hollow: kept out)</text>')
    for name, (colour, line) in lines.items():
        path = " ".join("{:.1f},{:.1f}".format(*place(week.number, v)) for week, v in zip(weeks, line, strict=True))
        dashes = ' stroke-dasharray="2 4"' if name == "challenger" else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
    for row, (name, (colour, _)) in enumerate(lines.items()):
        parts.append(f'<text x="635" y="{70 + 20 * row}" fill="{colour}" {font}>{name}</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="350" role="img">'
    return "\n".join([head, '<rect width="760" height="350" fill="white"/>', *parts, "</svg>", ""])


if __name__ == "__main__":
    main()
