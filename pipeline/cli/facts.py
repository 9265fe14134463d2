"""`pipeline facts`: what articles say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from pipeline.cli.options import (
    AsJson,
    Config,
    Output,
    Paths,
    Quiet,
    SaveSource,
    TextColumn,
    article_settings,
    console,
    end_reading,
    note,
    print_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pipeline.articles import Article, Failure
    from pipeline.facts import Facts
    from pipeline.reports.writing import Writer
    from pipeline.settings import ArticleSettings

_SHOWN = ("title", "published", "authority", "inspection_kind", "inspection_dates", "overall")
"""The columns that a terminal has room for."""

_BATCH = 500


def facts(
    paths: Paths,
    output: Output = None,
    as_json: AsJson = False,
    text_column: TextColumn = None,
    save_source: SaveSource = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Read what articles say of themselves: title, date, authority, inspection and grades, each with its place.

    Example: pipeline facts data/articles --output facts.csv
    """
    from pipeline.articles import Failure
    from pipeline.facts import read_facts
    from pipeline.reports.terminal import print_rows

    shown: list[dict[str, Any]] = []
    kept = as_json or (output is None and _on_terminal())
    failures = done = 0
    with _writing(output, kept) as writer:
        batch: list[dict[str, str]] = []
        for article in _articles(paths, article_settings(config, text_column), save_source):
            if isinstance(article, Failure):
                failures += 1
                note(f"error: {article.message}")
                continue
            for message in article.source.notes:
                note(f"note: {message}", quiet=quiet)
            found = read_facts(article)
            done += 1
            if kept:
                shown.append({"article": article.source.name, **(found.to_dict() if as_json else found.columns())})
            if writer:
                batch.append(_row(article.source.name, found))
                if len(batch) == _BATCH:
                    _write(writer, batch)
        if writer and batch:
            _write(writer, batch)
        if failures and not done:
            raise typer.Exit(1)  # nothing was read, so no file is written
    if as_json:
        print_json(shown)
    elif kept:
        columns = ("article", *_SHOWN)
        print_rows(console(), columns, [[row[name] for name in columns] for row in shown])
    end_reading(done, failures, quiet=quiet)


def _on_terminal() -> bool:
    import sys

    return sys.stdout.isatty()


def _articles(paths: list[str], settings: ArticleSettings, folder: Path | None) -> Iterator[Article | Failure]:
    """The articles of files, and what could not be read."""
    from pipeline.articles import Article, Failure, expand, read_sources
    from pipeline.articles.saving import saved

    for path in expand(paths):
        for item in saved(read_sources(path, settings=settings), folder):
            yield item if isinstance(item, Failure) else Article.of(item)


def _writing(output: Output, kept: bool) -> AbstractContextManager[Writer | None]:
    """A writer for the file asked for, or of CSV to standard output, or none where something else is printed."""
    import sys
    from contextlib import nullcontext

    from pipeline.reports.writing import CsvWriter, writing

    if output:
        return writing(output)
    return nullcontext(None if kept else CsvWriter(sys.stdout, mark=False))


def _row(article: str, found: Facts) -> dict[str, str]:
    import json

    return {"article": article, **found.columns(), "spans": json.dumps(found.spans(), ensure_ascii=False)}


def _write(writer: Writer, batch: list[dict[str, str]]) -> None:
    """Write a batch of rows, and empty it."""
    import pandas as pd

    writer.write(pd.DataFrame(batch, dtype="str"))
    batch.clear()
