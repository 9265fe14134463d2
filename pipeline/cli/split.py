"""`pipeline split`: articles to sentences."""

from __future__ import annotations

from pipeline.cli.options import (
    Config,
    Output,
    Paths,
    Quiet,
    SaveSource,
    TextColumn,
    article_settings,
)
from pipeline.cli.reading import Reading


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

    from pipeline.articles import COLUMNS, expand, sentence_table
    from pipeline.articles.carried import carried_columns, free_names
    from pipeline.articles.readers.streams import kept
    from pipeline.reports.writing import JsonLinesWriter, writing

    settings = article_settings(config, text_column)
    files = expand(paths)
    reading = Reading(quiet=quiet)
    with (
        kept(files, settings) as copies,
        writing(output) if output else nullcontext(JsonLinesWriter(sys.stdout)) as writer,
    ):
        columns = carried_columns([copies.get(file, file) for file in files], settings)
        extra = free_names(columns, COLUMNS)
        for article in reading.articles(files, settings, save_source, copies):
            writer.write(sentence_table([article], extra))
        reading.exit_if_none()
    reading.end()
