"""Twenty weekly retrainings with growing, partly wrong corrections and poisoned batches: docs/retraining.md and .svg.

A part of the corpus is the labelled data to begin with; sentences of another part are corrected week by week, some
wrongly; a third part, which nothing is trained or decided on, tells how the version in use really does. Takes about
seven minutes on one core.
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

FIRST, GROWTH, WRONG = 40, 10, 0.15
POISONED = {5: "at random", 10: "of the doubtful sentences", 14: "at random", 18: "at random, five times as many"}
FLIPPED = {"strength": "concern", "concern": "strength", "recommendation": "none", "none": "recommendation"}
MARK = re.compile(r"(<!-- simulation -->\n).*?(<!-- end -->)", re.DOTALL)

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
    first_held_out: float
    held_out: float
    seconds: float


def main() -> None:
    """Simulate, print week by week, and write the figures into docs/retraining.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--dry", action="store_true", help="write nothing into docs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        weeks = []
        for week in simulate(Path(folder), arguments.seed, arguments.weeks):
            weeks.append(week)
            print(_line(week), flush=True)
    if not arguments.dry:
        _write(weeks, arguments.seed)


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
    first = None
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
        first = held_out if first is None else first
        yield Week(
            number,
            len(accepted) + (len(batch) if poisoned else 0),
            poisoned,
            outcome,
            challenger,
            in_use,
            first,
            held_out,
            perf_counter() - start,
        )


def _smaller(settings: Settings, seed: int) -> Settings:
    """Fewer columns and folds, to be quicker; the gate is as it is."""
    return settings.replace(
        features=settings.features.replace(bits=16),
        training=settings.training.replace(folds=2, seed=seed),
        retraining=settings.retraining.replace(held_out=HELD_OUT),
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


def _write(weeks: list[Week], seed: int) -> None:
    page = ROOT / "docs" / "retraining.md"
    text = page.read_text(encoding="utf-8")
    told = _told(weeks, seed)
    page.write_text(MARK.sub(lambda found: found[1] + told + found[2], text), encoding="utf-8", newline="\n")
    chart = _chart(weeks)
    page.with_suffix(".svg").write_text(chart, encoding="utf-8", newline="\n")


def _told(weeks: list[Week], seed: int) -> str:
    later = weeks[1:]
    poisoned = [week for week in later if week.poisoned]
    honest = [week for week in later if not week.poisoned]
    drops = [_drop([week.in_use.macro_f1 for week in weeks]), _drop([week.in_use.micro_f1 for week in weeks])]
    scores = [(week.in_use.macro_f1, week.in_use.micro_f1) for week in weeks]
    (findings, themes), (findings_now, themes_now) = scores[0], scores[-1]
    lines = [
        f"{DOCUMENTS} documents to begin with, a third of them held out; {_count(honest, 'promoted')} of {len(honest)} "
        f"honest batches promoted, {_count(poisoned, 'kept')} of {len(poisoned)} poisoned ones kept out (seed {seed}).",
        f"On {TEST} documents that nothing was trained or decided on, macro-F1 of findings of the version in use went "
        f"from {findings:.3f} to {findings_now:.3f} in {len(later)} weeks, and was never more than {drops[0]:.3f} below "
        f"its best so far; micro-F1 of themes went from {themes:.3f} to {themes_now:.3f} ({drops[1]:.3f}).",
        "",
        "| week | corrections | batch | outcome | in use: held out | in use: test | challenger: test | why kept |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for week in later:
        kind = f"**poisoned**, {week.poisoned}" if week.poisoned else f"{WRONG:.0%} wrong"
        why = "; ".join(_short(line) for line in week.outcome.against)
        lines.append(
            f"| {week.number} | {week.corrections} | {kind} | {week.outcome.outcome} | {week.held_out:.3f} | "
            f"{week.in_use.macro_f1:.3f} | {week.challenger.macro_f1:.3f} | {why} |"
        )
    return "\n".join([*lines, "", "![The weeks](retraining.svg)", ""])


def _count(weeks: list[Week], outcome: str) -> int:
    return sum(week.outcome.outcome == outcome for week in weeks)


def _short(line: str) -> str:
    """A reason without the names of versions."""
    return re.sub(r" ?\b\d{8}T\d{6}Z(?:-\d+)?", "", line)


def _drop(values: list[float]) -> float:
    """How far values fell below the highest before them, at most."""
    return float((np.maximum.accumulate(values) - np.array(values)).max())


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
