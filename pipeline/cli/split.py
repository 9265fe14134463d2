"""`pipeline split`: articles to sentences."""

from __future__ import annotations

import typer

from pipeline.cli.options import Config, Output, Paths, Quiet, note, settings_of


def split(
    paths: Paths,
    output: Output = None,
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
        files = expand(paths)
        for path in files:
            try:
                source = read_source(path, max_megabytes=settings.articles.max_megabytes)
            except ArticleError as error:
                failures += 1
                note(f"error: {error}")
                continue
            for message in source.notes:
                note(f"note: {message}", quiet=quiet)
            writer.write(sentence_table([Article.of(source)]))
        if failures == len(files):
            raise typer.Exit(1)  # nothing was read, so no file is written
    if failures:
        note(f"{failures} of {len(files)} files could not be read; the others are done", quiet=quiet)
        raise typer.Exit(1)
