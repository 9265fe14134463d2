"""Accuracy of the trained model on gold: findings and themes, of letters and, end to end, of news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common import GOLD, MODELS, print_table

from pipeline import Model, load_model
from pipeline.gold import Gold, evaluate_gold, read_gold
from pipeline.labels import FINDINGS

Metrics = dict[str, Any]


def finding_rows(metrics: Metrics) -> list[list[str]]:
    rows = [
        [name, *(f"{score[key]:.3f}" for key in ("precision", "recall", "f1")), str(score["support"])]
        for name, score in metrics["labels"].items()
    ]
    return [*rows, ["macro-F1", "", "", f"{metrics['macro_f1']:.3f}", str(metrics["sentences"])]]


def print_findings(title: str, metrics: Metrics) -> None:
    print_table(title, ["finding", "precision", "recall", "F1", "units"], finding_rows(metrics))


def print_summary(results: Mapping[str, dict[str, Metrics]]) -> None:
    """The headline numbers of each data set, with their intervals."""
    rows = []
    for name, result in results.items():
        for task, measure in (("findings", "macro_f1"), ("themes", "micro_f1")):
            low, high = result[task]["intervals"][measure]
            # Two news articles are too few to resample.
            interval = "" if "spans" in result else f"{low:.3f} to {high:.3f}"
            title = f"{task} {measure.replace('_f1', '-F1')}"
            rows.append([name, title, f"{result[task][measure]:.3f}", interval])
    print_table("Summary", ["gold", "measure", "value", "95 % by bootstrap over articles"], rows)


def letters(model: Model) -> dict[str, dict[str, Metrics]]:
    gold = read_gold(GOLD / "letters.jsonl", None, model.themes)
    blanked = Gold(gold.units.assign(heading=""), {})
    results = {"letters": evaluate_gold(model, gold), "letters without headings": evaluate_gold(model, blanked)}
    for name, result in results.items():
        print_findings(f"{name.capitalize()}: findings", result["findings"])
    rows = [
        [name, *(f"{result['findings']['labels']['recommendation'][key]:.3f}" for key in ("precision", "recall", "f1"))]
        for name, result in results.items()
    ]
    print_table("Recommendations of letters", ["", "precision", "recall", "F1"], rows)
    themes = results["letters"]["themes"]["labels"]
    rows = [
        [key, *(f"{s[part]:.3f}" for part in ("precision", "recall", "f1")), str(s["support"])]
        for key, s in themes.items()
    ]
    print_table("Letters: themes (of units that are not none)", ["theme", "precision", "recall", "F1", "units"], rows)
    return results


def news(model: Model) -> dict[str, dict[str, Metrics]]:
    result = evaluate_gold(model, read_gold(GOLD / "news.jsonl", None, model.themes))
    spans = result["spans"]
    print_findings(f"News, end to end (exact spans: F1 {spans['f1']:.3f}): findings", result["findings"])
    rows = [
        [f"gold {finding}", *map(str, counts)]
        for finding, counts in zip(FINDINGS, result["findings"]["confusion"], strict=True)
    ]
    print_table("News: confusion (columns are predicted)", ["", *FINDINGS], rows)
    return {"news": result}


def main() -> None:
    if not GOLD.is_dir():
        print("skipped: the gold sentences (../shared) aren't here")
        return
    model = load_model(MODELS)
    print_summary(letters(model) | news(model))


if __name__ == "__main__":
    main()
