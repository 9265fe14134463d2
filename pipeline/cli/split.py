"""`pipeline split`: articles to sentences."""

from __future__ import annotations

import typer

from pipeline.cli.options import (
    Config,
    Output,
    Paths,
    Quiet,
    SaveSource,
    TextColumn,
    article_settings,
    end_reading,
    note,
)


def split(
    paths: Paths,
    output: Output = None,
    text_column: TextColumn = None,
    save_source: SaveSource = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Split articles into sentences, with their place, block, heading, speaker and page.

    Example: pipeline split data/articles --output sentences.csv
    """
    import sys
    from contextlib import nullcontext

    from pipeline.articles import COLUMNS, Article, Failure, expand, read_sources, sentence_table
    from pipeline.articles.carried import carried_columns
    from pipeline.articles.saving import saved
    from pipeline.reports.writing import JsonLinesWriter, writing

    settings = article_settings(config, text_column)
    files = expand(paths)
    extra = carried_columns(files, settings, COLUMNS)
    failures = done = 0
    with writing(output) if output else nullcontext(JsonLinesWriter(sys.stdout)) as writer:
        for path in files:
            for item in saved(read_sources(path, settings=settings), save_source):
                if isinstance(item, Failure):
                    failures += 1
                    note(f"error: {item.message}")
                    continue
                for message in item.notes:
                    note(f"note: {message}", quiet=quiet)
                writer.write(sentence_table([Article.of(item)], extra))
                done += 1
        if failures and not done:
            raise typer.Exit(1)  # nothing was read, so no file is written
    end_reading(done, failures, quiet=quiet)
