"""`pipeline facts`: what articles say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    print_json,
)
from pipeline.cli.reading import Reading

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pipeline.facts import Facts
    from pipeline.reports.writing import Writer

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
    from pipeline.articles import expand
    from pipeline.facts import read_facts
    from pipeline.reports.terminal import print_rows

    shown: list[dict[str, Any]] = []
    kept = as_json or (output is None and _on_terminal())
    reading = Reading(quiet=quiet)
    with _writing(output, kept) as writer:
        batch: list[dict[str, str]] = []
        for article in reading.articles(expand(paths), article_settings(config, text_column), save_source):
            found = read_facts(article)
            if kept:
                shown.append({"article": article.source.name, **(found.to_dict() if as_json else found.columns())})
            if writer:
                batch.append(_row(article.source.name, found))
                if len(batch) == _BATCH:
                    _write(writer, batch)
        if writer and batch:
            _write(writer, batch)
        reading.exit_if_none()
    if as_json:
        print_json(shown)
    elif kept:
        columns = ("article", *_SHOWN)
        print_rows(console(), columns, [[row[name] for name in columns] for row in shown])
    reading.end()


def _on_terminal() -> bool:
    import sys

    return sys.stdout.isatty()


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
