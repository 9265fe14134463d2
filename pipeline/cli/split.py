"""`pipeline split`: articles to sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Config, Paths, Quiet, note, settings_of


def split(
    paths: Paths,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write .csv, .jsonl, .xlsx or .parquet.")
    ] = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Split articles into sentences, with their place, block, heading and speaker.

    Example: pipeline split data/articles --output sentences.csv
    """
    import sys
    from contextlib import nullcontext

    from pipeline.articles import Article, expand, read_source, sentence_table
    from pipeline.errors import ArticleError
    from pipeline.reports.writing import JsonLinesWriter, writing

    settings = settings_of(config)
    failures = 0
    with writing(output) if output else nullcontext(JsonLinesWriter(sys.stdout)) as writer:
        for path in expand(paths):
            try:
                source = read_source(path, max_megabytes=settings.articles.max_megabytes)
            except ArticleError as error:
                failures += 1
                note(f"error: {error}")
                continue
            for message in source.notes:
                note(f"note: {message}", quiet=quiet)
            writer.write(sentence_table([Article.of(source)]))
    if failures:
        raise typer.Exit(1)
