"""How far confidence can be believed: writes docs/calibration.md and docs/reliability.svg.

Each `--models` is a folder of models (default: .demo/models), and the `--name` in the same place what to call it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from common import GOLD, MODELS, ROOT
from run import described

from pipeline import Model, load_model
from pipeline.gold import read_gold
from pipeline.learning.evaluation import expected_calibration_error, intervals, reliability

DOCS = ROOT / "docs"
CUTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
DRAWS = 1000
LIBRARIES = ("onnxruntime", "tokenizers")
"""What encoders need."""
LETTERS = "letters"
BARE = "letters without headings"
SIZE = 300
LEAST = 0.3
"""Where the diagram's axes begin."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Answers:
    """The confidence of a model's findings of gold units, and whether they are right."""

    confidence: Array
    right: Array
    articles: Array

    @property
    def error(self) -> float:
        """The expected calibration error."""
        return expected_calibration_error(self.confidence, self.right)

    @property
    def interval(self) -> tuple[float, float]:
        """A 95 % interval of the error, by bootstrap over passages."""
        pair = self.confidence, self.right
        return intervals([expected_calibration_error], [pair], self.articles, repeats=DRAWS)[0]

    @property
    def chance(self) -> float:
        """The error to expect of as many answers with these confidences, were they perfectly calibrated."""
        drawn = np.random.default_rng(1).random((DRAWS, len(self.confidence))) < self.confidence
        return float(np.mean([expected_calibration_error(self.confidence, right) for right in drawn]))


Models = Mapping[str, Model]
Measured = dict[str, dict[str, Answers]]


def models_given(description: str | None) -> Models:
    """The models that the command line names, by name."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--models", type=Path, action="append", help="a folder of models; may be repeated")
    parser.add_argument("--name", action="append", default=[], help="what to call it; may be repeated")
    given = parser.parse_args()
    folders = given.models or [MODELS]
    models: dict[str, Model] = {}
    for i, folder in enumerate(folders):
        model = load_model(folder)
        usual = "n-grams" if model.encoder is None else "n-grams and encoder"
        models[given.name[i] if i < len(given.name) else usual] = model
    if len(models) < len(folders):
        parser.error("two models have one name: give each its --name")
    return models


def made(models: Models) -> str:
    """When and with which libraries the figures were made."""
    if all(model.encoder is None for model in models.values()):
        return described()
    return described().removesuffix(".") + "".join(f", {name} {version(name)}" for name in LIBRARIES) + "."


def answers(model: Model) -> dict[str, Answers]:
    """A model's answers to the letters' units, with headings and without."""
    units = read_gold(GOLD / "letters.jsonl", None, model.themes).units
    found = {}
    for name, asked in ((LETTERS, units), (BARE, units.assign(heading=""))):
        table = model.predict_sentences(asked.drop(columns=["finding", "themes", "unsure"]))
        right = (table["finding"] == units["finding"]).to_numpy()
        found[name] = Answers(table["confidence"].to_numpy(), right, units["article"].to_numpy())
    return found


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table, between empty lines."""
    return ["", *(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *rows]), ""]


def errors(measured: Measured) -> list[str]:
    rows = []
    for name, data in measured.items():
        for gold, found in data.items():
            low, high = found.interval
            numbers = found.right.mean(), found.confidence.mean(), found.error
            cells = [f"{value:.3f}" for value in numbers]
            rows.append([name, gold, *cells, f"{low:.3f} to {high:.3f}", f"{found.chance:.3f}"])
    return table(["model", "gold", "accuracy", "mean confidence", "ECE", "95 % interval", "ECE by chance"], rows)


def cuts(measured: Measured, gold: str) -> list[str]:
    """Of each cut-off: the share of rows kept, and the accuracy of those kept and of those marked."""
    header = ["cut-off"]
    for name in measured:
        header += [f"{name}: kept", "accuracy kept", "accuracy marked"]
    rows = []
    for cut in CUTS:
        row = [f"{cut:g}"]
        for data in measured.values():
            kept = data[gold].confidence >= cut
            row += [f"{kept.mean():.1%} ({kept.sum()})"]
            row += [accuracy(data[gold].right[rows_of]) for rows_of in (kept, ~kept)]
        rows.append(row)
    return table(header, rows)


def accuracy(right: Array) -> str:
    return f"{right.mean():.3f} ({right.sum()} of {len(right)})" if len(right) else "–"


def bins(measured: Measured, gold: str) -> list[str]:
    """Each bin's mean confidence, accuracy and count."""
    header, columns = ["bin"], []
    for name, data in measured.items():
        header += [f"{name}: confidence", "accuracy", "units"]
        columns.append(reliability(data[gold].confidence, data[gold].right))
    rows = []
    for number in range(max(map(len, columns))):
        row = [str(number + 1)]
        for column in columns:
            there = column[number] if number < len(column) else None
            row += ["", "", ""] if there is None else [f"{there[0]:.3f}", f"{there[1]:.3f}", f"{there[2]:.0f}"]
        rows.append(row)
    return table(header, rows)


def diagram(measured: Measured) -> str:
    """The reliability diagram: a panel per model and gold, a point per bin."""
    panels = [
        f'<g transform="translate({across * (SIZE + 80) + 55} {down * (SIZE + 90) + 40})">{"".join(panel)}</g>'
        for across, (name, data) in enumerate(measured.items())
        for down, panel in enumerate(_panel(f"{name}, {gold}", found) for gold, found in data.items())
    ]
    width, height = len(measured) * (SIZE + 80), 2 * (SIZE + 90)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" font-size="11"'
    return "\n".join(
        [f'{head} font-family="sans-serif">', '<rect width="100%" height="100%" fill="white"/>', *panels, "</svg>", ""]
    )


def _panel(title: str, found: Answers) -> list[str]:
    def place(value: float) -> float:
        return SIZE * (value - LEAST) / (1 - LEAST)

    held = reliability(found.confidence, found.right)
    parts = [f'<text y="-20" font-size="12" font-weight="bold">{escape(title)} (ECE {found.error:.3f})</text>']
    for step in range(round(LEAST * 10), 11):
        at = place(step / 10)
        parts.append(f'<path d="M0 {SIZE - at:.1f}H{SIZE}M{at:.1f} 0V{SIZE}" stroke="#e5e5e5"/>')
        parts.append(f'<text x="-6" y="{SIZE - at + 4:.1f}" text-anchor="end">{step / 10:g}</text>')
        parts.append(f'<text x="{at:.1f}" y="{SIZE + 15}" text-anchor="middle">{step / 10:g}</text>')
    parts.append(f'<path d="M0 {SIZE}L{SIZE} 0" stroke="#9e9e9e" stroke-dasharray="4 3"/>')
    points = [(place(confidence), SIZE - place(max(share, LEAST)), count) for confidence, share, count in held]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1565c0" stroke-width="1.5"/>')
    for x, y, count in points:
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1565c0"><title>{count:.0f} units</title></circle>'
        )
    counts = f"{len(held)} bins of {held[:, 2].min():.0f} to {held[:, 2].max():.0f} units"
    below = f"confidence (across), accuracy (up); {counts}"
    parts.append(f'<text x="{SIZE / 2}" y="{SIZE + 32}" text-anchor="middle">{below}</text>')
    return parts


def main() -> None:
    if not GOLD.is_dir():
        print("skipped: the gold sentences (../shared) aren't here")
        return
    models = models_given(__doc__)
    measured = {name: answers(model) for name, model in models.items()}
    any_letters = next(iter(measured.values()))[LETTERS]
    lines = [
        "# Calibration",
        "",
        made(models),
        "",
        "Written by `python benchmarks/calibration.py --models FOLDER [--models FOLDER …]`: how far the confidence of"
        f" the finding given can be believed, on {len(any_letters.right)} real units of"
        f" {len(set(any_letters.articles))} letters' passages, no part of the corpus.",
        "",
        "## Expected calibration error",
        "",
        "ECE is the mean distance between confidence and accuracy over ten bins of equally many units (M. P. Naeini,"
        f" G. Cooper, M. Hauskrecht, AAAI 2015); the interval is by bootstrap over passages, {DRAWS} draws. Chance"
        " alone gives even a perfectly calibrated model of these confidences the error in the last column, and a"
        " bootstrap adds to it once more, so the intervals lie high.",
        *errors(measured),
        "![Reliability diagram](reliability.svg)",
        "",
        "The dashed line is perfect calibration; below it a model is too sure. Points are bins:",
        "",
        *[line for gold in (LETTERS, BARE) for line in [f"### Bins: {gold}", *bins(measured, gold)]],
        "## What marking doubtful sentences gives",
        "",
        "`pipeline predict --doubtful-below X` marks the sentences below the cut-off X: what is kept is that much more"
        " often right, and what is marked is where to look.",
        "",
        *[line for gold in (LETTERS, BARE) for line in [f"### Cut-offs: {gold}", *cuts(measured, gold)]],
    ]
    (DOCS / "calibration.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8", newline="\n")
    (DOCS / "reliability.svg").write_text(diagram(measured), encoding="utf-8", newline="\n")
    print("\n".join(errors(measured)))


if __name__ == "__main__":
    main()
