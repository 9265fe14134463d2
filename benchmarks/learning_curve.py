"""How accuracy grows with the number of documents: writes docs/learning-curve.md and .svg. Takes about ten minutes."""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import mean

import numpy as np

from pipeline.corpus import read_corpus
from pipeline.gold import evaluate_gold, read_gold
from pipeline.labels import load_themes
from pipeline.learning.training import train
from pipeline.reports.charts import curves
from pipeline.settings import Settings, bundled, load_settings

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT.parent / "shared" / "gold"
SCORES = ("letters findings macro-F1", "letters concern F1", "letters themes micro-F1", "news accuracy")


def main() -> None:
    """Train on random halves of halves of the corpus, and score each on gold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(1, parser.parse_args().seeds + 1)
    if not GOLD.is_dir():
        raise SystemExit("the learning curve is measured on ../shared/gold, which isn't there")
    examples = read_corpus([bundled("data/corpus")], load_themes()).examples
    articles = examples["article"].unique()
    documents = np.array([name for name in articles if "#" not in name])
    counts = [len(documents)]
    while counts[0] > 60:
        counts.insert(0, counts[0] // 2)
    table = []
    for count in counts:
        runs = []
        for seed in seeds:
            drawn = set(np.random.default_rng(seed).permutation(documents)[:count])
            # Sentences without documents are drawn in the same proportion.
            loose = [name for name in articles if "#" in name]
            kept = np.random.default_rng(seed).permutation(loose)[: len(loose) * count // len(documents)]
            part = examples[examples["article"].isin(drawn | set(kept))].reset_index(drop=True)
            runs.append(_scores(part, _seeded(load_settings(), seed)))
        table.append([mean(values) for values in zip(*runs, strict=True)])
        print(count, " ".join(f"{value:.3f}" for value in table[-1]), flush=True)
    _write(counts, table, len(seeds))


def _seeded(settings: Settings, seed: int) -> Settings:
    return settings.replace(training=settings.training.replace(seed=seed))


def _scores(part: object, settings: Settings) -> list[float]:
    themes = load_themes()
    model = train(part, themes, settings, jobs=1).model  # type: ignore[arg-type]
    letters = evaluate_gold(model, read_gold(GOLD / "letters.jsonl", None, themes))
    news = evaluate_gold(model, read_gold(GOLD / "news.jsonl", None, themes))
    findings = letters["findings"]
    return [
        findings["macro_f1"],
        findings["labels"]["concern"]["f1"],
        letters["themes"]["micro_f1"],
        news["findings"]["accuracy"],
    ]


def _write(counts: list[int], table: list[list[float]], seeds: int) -> None:
    lines = [
        "# Learning curve",
        "",
        f"Trained on random parts of the corpus, measured on real labelled units; mean of {seeds} seeds.",
        "",
        f"| documents | {' | '.join(SCORES)} |",
        f"| --- |{' --- |' * len(SCORES)}",
        *(f"| {n} | {' | '.join(f'{v:.3f}' for v in row)} |" for n, row in zip(counts, table, strict=True)),
        "",
        "![Learning curve](learning-curve.svg)",
        "",
    ]
    docs = ROOT / "docs"
    (docs / "learning-curve.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")
    series = {name: [row[i] for row in table] for i, name in enumerate(SCORES)}
    chart = curves("Accuracy by number of documents", "documents", counts, series)
    (docs / "learning-curve.svg").write_text(chart, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
