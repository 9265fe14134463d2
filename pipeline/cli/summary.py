"""`pipeline summary`: findings by theme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import (
    AsJson,
    Config,
    Models,
    Paths,
    Quiet,
    console,
    note,
    print_json,
    settings_of,
    version_folder,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


def summary(
    paths: Paths,
    articles: Annotated[
        bool, typer.Option("--articles/--no-articles", help="Show each article too, not only all together.")
    ] = True,
    json: AsJson = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Count findings by theme, with the most confident example of each, for articles or a saved findings table.

    Example: pipeline summary findings.csv
    """
    import pandas as pd

    from pipeline.articles import expand
    from pipeline.reports.summary import summarise
    from pipeline.reports.writing import read_table
    from pipeline.scoring import Options, score_files

    failures = 0
    if len(paths) == 1 and Path(paths[0]).suffix.lower() in (".csv", ".jsonl", ".parquet"):
        table = read_table(Path(paths[0]))
    else:
        settings = settings_of(config)
        folder = version_folder(models, settings)
        parts = []
        for part in score_files(expand(paths), folder, Options(settings.articles)):
            for message in part.failures:
                note(f"error: {message}")
            for message in part.notes:
                note(f"note: {message}", quiet=quiet)
            failures += len(part.failures)
            parts.append(part.table)
        table = pd.concat(parts, ignore_index=True)
    if len(table) or not failures:
        found = summarise(table)
        if json:
            print_json(found)
        else:
            screen = console()
            _print_part(screen, f"all {len(found['articles'])} articles", found["all"], examples=True)
            if articles and len(found["articles"]) > 1:
                for name, part_found in found["articles"].items():
                    _print_part(screen, name, part_found, examples=False)
    if failures:
        raise typer.Exit(1)


def _print_part(screen: Console, name: str, part: Mapping[str, Any], *, examples: bool) -> None:
    from pipeline.reports.summary import rows
    from pipeline.reports.terminal import STYLES, clean, print_rows

    counts = ", ".join(f"{count} {finding}" for finding, count in part["findings"].items())
    print_rows(
        screen,
        ["theme", "strength", "concern", "recommendation"],
        rows(part),
        f"{clean(name)}: {part['sentences']} sentences ({counts})",
    )
    screen.print()
    if not examples:
        return
    for theme, entries in part["themes"].items():
        for finding, entry in entries.items():
            example = entry["example"]
            title = f"{clean(theme) or '(no theme)'}, {finding} ({entry['count']}):"
            screen.print(title, style=STYLES[finding], markup=False)
            screen.print(
                f"  {clean(example['text'])} [{clean(example['article'])}, {example['confidence']:.0%}]", markup=False
            )
    screen.print()
