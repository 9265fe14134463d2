"""`pipeline evaluate`: how well a model agrees with labelled sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Config, Models, Quiet, console, model_in_use, note, print_json


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(help="Labelled units: .jsonl or .csv, with `text`, or with `start` and `end` into articles."),
    ],
    articles: Annotated[
        Path | None,
        typer.Option(help="The folder of the articles that offsets refer to.", show_default="articles/ beside GOLD"),
    ] = None,
    json: AsJson = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Score a model against labelled sentences, on the same path as `predict`.

    Units with offsets are scored end to end: each takes the label of the predicted sentence that overlaps it most.

    Example: pipeline evaluate gold.jsonl --json
    """
    from pipeline.gold import evaluate_gold, read_gold
    from pipeline.labels import FINDINGS
    from pipeline.reports.terminal import print_metrics, print_rows

    model = model_in_use(models, config)
    result = evaluate_gold(model, read_gold(gold, articles, model.themes))
    if json:
        print_json(result)
        return
    screen = console()
    for name, metrics in result.items():
        if name == "spans":
            print_rows(
                screen,
                ["sentences", "precision", "recall", "F1"],
                [["exact spans", metrics["precision"], metrics["recall"], metrics["f1"]]],
            )
            continue
        title = name.replace("_", " ")
        print_metrics(screen, f"{title} ({metrics['sentences']} units)", metrics)
        if "confusion" in metrics:
            rows = [[f"gold {f}", *counts] for f, counts in zip(FINDINGS, metrics["confusion"], strict=True)]
            print_rows(screen, ["", *FINDINGS], rows, "predicted")
            screen.print()
    note("intervals are 95 %, by bootstrap over articles", quiet=quiet)
