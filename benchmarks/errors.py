"""Where findings go wrong, by kind of sentence: writes docs/errors.md, in numbers only.

Each `--models` is a folder of models (default: .demo/models), and the `--name` in the same place what to call it. The
page's last section is written by hand and kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from calibration import Models, made, models_given, table
from common import GOLD, ROOT, read_rows

from pipeline import Model
from pipeline.corpus.documents import Unit, match
from pipeline.gold import read_gold
from pipeline.labels import FINDINGS
from pipeline.learning.evaluation import finding_metrics
from pipeline.learning.scope import CONCESSIONS, TURNS, negated
from pipeline.learning.words import Words

PAGE = ROOT / "docs" / "errors.md"
BY_HAND = "## What would help next"
SURE = 0.9
KINDS = {"focused": "letters of focused visits", "ilacs": "full reports"}

ELABORATION = re.compile(
    r"(?:this|these|those|they|their|it|its|he|she|such|as a result|consequently|therefore|for example|in addition)\b",
    re.I,
)
CONTRAST = re.compile(rf"\b(?:{'|'.join((*CONCESSIONS, *TURNS, 'yet', 'nevertheless'))})\b", re.I)
QUOTATION = re.compile(r"[“”\"]|(?<!\w)[‘']\w")

Array = np.ndarray[Any, Any]
Masks = Mapping[str, Array]
Runs = Mapping[str, pd.DataFrame]
"""Of each model, gold units with `part` (which gold), `kind` (of document), `found` and `confidence`."""


def answered(model: Model) -> pd.DataFrame:
    """A model's answers to the letters' units, with headings and without (`part` "bare"), and to the news'."""
    letters = read_gold(GOLD / "letters.jsonl", None, model.themes).units
    letters["kind"] = [KINDS.get(row["kind"], row["kind"]) for row in read_rows(GOLD / "letters.jsonl")]
    parts = []
    for part, units in (("letters", letters), ("bare", letters.assign(heading=""))):
        found = model.predict_sentences(units.drop(columns=["finding", "themes", "unsure"]))
        parts.append(units.assign(part=part, found=found["finding"], confidence=found["confidence"]))
    return pd.concat([*parts, news(model)], ignore_index=True)


def news(model: Model) -> pd.DataFrame:
    """Gold units of news, cut and scored end to end: each has the answer to the sentence that overlaps it most."""
    gold = read_gold(GOLD / "news.jsonl", None, model.themes)
    parts = []
    for name, article in gold.articles.items():
        units = gold.units[gold.units["article"] == name].sort_values("start")
        found = model.predict_articles([article])
        best = match(stretches(units), stretches(found))
        rows = [None if unit is None else found.iloc[unit.line] for unit in best]
        units = units[[row is not None for row in rows]]
        columns = {
            column: [row[source] for row in rows if row is not None]
            for column, source in (("heading", "heading"), ("found", "finding"), ("confidence", "confidence"))
        }
        parts.append(units.assign(part="news", kind="news", **columns))
    return pd.concat(parts)


def stretches(units: pd.DataFrame) -> list[Unit]:
    """Where each row stands, its number as `line`."""
    spans = zip(units["start"].tolist(), units["end"].tolist(), strict=True)
    return [Unit(row, int(start), int(end), "", "", None) for row, (start, end) in enumerate(spans)]


def sentence_kinds(texts: list[str]) -> Masks:
    """Which texts are of each kind; one may be of several, or of none."""
    words = Words(texts)
    row = np.repeat(np.arange(words.count), words.lengths)
    masks = {
        "opens with an elaboration": np.array([bool(ELABORATION.match(text)) for text in texts]),
        "holds a contrast": np.array([bool(CONTRAST.search(text)) for text in texts]),
        "holds a negation": np.bincount(row[negated(words)], minlength=words.count) > 0,
        "has a figure": np.array([bool(re.search(r"\d", text)) for text in texts]),
        "quotes": np.array([bool(QUOTATION.search(text)) for text in texts]),
    }
    return {**masks, "none of these": ~np.any(list(masks.values()), axis=0), "all": np.ones(len(texts), dtype=bool)}


def lengths(texts: list[str]) -> Masks:
    """Quarters by number of words."""
    counts = Words(texts).lengths
    marks = [int(mark) for mark in np.percentile(counts, [25, 50, 75])]
    lows, highs = [counts.min(), *(mark + 1 for mark in marks)], [*marks, counts.max()]
    return {f"{low} to {high} words": (counts >= low) & (counts <= high) for low, high in zip(lows, highs, strict=True)}


def metrics(units: pd.DataFrame) -> dict[str, Any]:
    codes = {finding: code for code, finding in enumerate(FINDINGS)}
    wanted, found = (np.array([codes[value] for value in units[column]]) for column in ("finding", "found"))
    return finding_metrics(wanted, found)


def scores(first: str, runs: Runs, masks: Masks) -> list[str]:
    """Units, and each model's accuracy, errors and macro-F1, for each mask over the rows of the runs."""
    header = [first, "units"]
    for name in runs:
        header += [f"{name}: accuracy", "wrong", "macro-F1"]
    rows = []
    for kind, mask in masks.items():
        row = [kind, str(int(mask.sum()))]
        for units in runs.values():
            result = metrics(units[mask])
            wrong = int((units["finding"] != units["found"])[mask].sum())
            row += [f"{result['accuracy']:.3f}", str(wrong), f"{result['macro_f1']:.3f}"] if mask.any() else ["–"] * 3
        rows.append(row)
    return table(header, rows)


def confusion(units: pd.DataFrame) -> list[str]:
    counts = metrics(units)["confusion"]
    rows = [[f"gold {finding}", *map(str, row)] for finding, row in zip(FINDINGS, counts, strict=True)]
    return table(["", *(f"found {finding}" for finding in FINDINGS)], rows)


def confidence(runs: Runs) -> list[str]:
    """Mean confidence of right and of wrong answers, and how many wrong ones are sure."""
    rows = []
    for name, units in runs.items():
        right = units["finding"] == units["found"]
        row = [name]
        for mask in (right, ~right):
            row.append(f"{units['confidence'][mask].mean():.3f} ({mask.sum()})")
        rows.append([*row, str(int((units["confidence"][~right] >= SURE).sum()))])
    return table(["model", "right", "wrong", f"wrong with {SURE} and more"], rows)


def remarks() -> str:
    """The section written by hand, as it stands in the page."""
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    return before[before.find(BY_HAND) :] if BY_HAND in before else f"{BY_HAND}\n"


def rows_of(units: pd.DataFrame, part: str, mask: Array) -> Array:
    """A mask over a part's rows as one over all."""
    rows = np.zeros(len(units), dtype=bool)
    rows[np.flatnonzero(units["part"] == part)[mask]] = True
    return rows


def page(models: Models) -> list[str]:
    every = {name: answered(model) for name, model in models.items()}
    runs = {name: units[units["part"] != "bare"].reset_index(drop=True) for name, units in every.items()}
    units = next(iter(runs.values()))
    whole = next(iter(every.values()))
    given = (whole["heading"][whole["part"] == "letters"] != "").to_numpy()
    headed = {
        "heading given": rows_of(whole, "letters", given),
        "the same, heading left out": rows_of(whole, "bare", given),
        "none to give": rows_of(whole, "letters", ~given),
    }
    unsure = units["unsure"].to_numpy(dtype=bool)
    letters = (units["part"] == "letters").to_numpy()
    doubt = {
        f"{part}, {name}": of_part & mask
        for part, of_part in (("letters", letters), ("news", ~letters))
        for name, mask in (("all", letters | ~letters), ("without unsure", ~unsure), ("unsure alone", unsure))
    }
    texts = units["text"].tolist()
    return [
        "# Where findings go wrong",
        "",
        made(models),
        "",
        "Written by `python benchmarks/errors.py --models FOLDER [--models FOLDER …]`, in numbers only: findings of"
        f" {letters.sum()} real units of letters and {(~letters).sum()} of news, no part of the corpus. Macro-F1 is the"
        " mean over the findings that occur or are given; of few units it says little.",
        "",
        "## By kind of sentence",
        *scores("sentence", runs, sentence_kinds(texts)),
        "## By length",
        *scores("sentence", runs, lengths(texts)),
        "## By kind of document",
        *scores("document", runs, {kind: (units["kind"] == kind).to_numpy() for kind in units["kind"].unique()}),
        "## By heading, letters",
        *scores("unit", every, headed),
        "## By finding",
        *(line for name, run in runs.items() for line in ["", f"### {name}", *confusion(run)[:-1]]),
        "",
        "## What unsure units cost",
        "",
        "Units that those who labelled them were unsure of.",
        *scores("gold", runs, doubt),
        "## Mean confidence",
        *confidence(runs),
    ]


def main() -> None:
    if not GOLD.is_dir():
        print("skipped: the gold sentences (../shared) aren't here")
        return
    text = "\n".join([*page(models_given(__doc__)), remarks()])
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(text)


if __name__ == "__main__":
    main()
