"""`pipeline predict`: articles to the findings table."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.options import (
    Config,
    Models,
    Output,
    Paths,
    Quiet,
    SaveSource,
    TextColumn,
    article_settings,
    console,
    note,
    settings_of,
    version_folder,
)
from pipeline.cli.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from pipeline.scoring import Scored

Format = Literal["table", "csv", "jsonl"]


def predict(
    paths: Paths,
    output: Output = None,
    format: Annotated[
        Format | None,
        typer.Option("--format", help="How to print.", show_default="table on a terminal, else csv"),
    ] = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Leave out less confident sentences.")] = 0.0,
    doubtful_below: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Mark less confident sentences as doubtful.", show_default=False),
    ] = None,
    only: Annotated[str | None, typer.Option(help="Findings to keep, separated by commas.", show_default=False)] = None,
    theme: Annotated[
        list[str] | None, typer.Option(help="Keep sentences with this theme (may be repeated).", show_default=False)
    ] = None,
    context: Annotated[int, typer.Option(min=0, max=10, help="Show this many sentences before and after.")] = 0,
    facts: Annotated[
        bool, typer.Option("--facts", help="Add what the article is: title, date, authority, judgements and more.")
    ] = False,
    dedupe: Annotated[bool, typer.Option("--dedupe", help="Keep an article once if several files hold it.")] = False,
    text_column: TextColumn = None,
    save_source: SaveSource = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Worker processes; 0: as many as suit.")] = 0,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Label every sentence of articles: finding, confidence, themes.

    Example: pipeline predict articles/*.txt --only concern,recommendation --output findings.xlsx
    """
    from pipeline.articles import expand
    from pipeline.articles.carried import carried_columns, free_names
    from pipeline.articles.readers.streams import kept
    from pipeline.scoring import Options, own_columns, score_files

    settings = article_settings(config, text_column)
    folder = version_folder(models, settings_of(config))
    keep = _filter(only, theme or [], min_confidence, doubtful_below, context, folder)
    files = expand(paths)
    workers = jobs or (1 if len(files) < 64 else min(os.cpu_count() or 1, 8))
    repeated = _repetitions(dedupe, quiet)
    reading = Reading(quiet=quiet)
    with kept(files, settings) as copies, _sink(output, format) as sink, _bar(len(files), quiet) as advance:
        columns = carried_columns([copies.get(file, file) for file in files], settings)
        extra = free_names(columns, own_columns()) if columns else {}  # the names of our own take a while to import
        options = Options(settings, save_source, extra, facts, copies)
        for part in reading.scored(score_files(files, folder, options, jobs=workers)):
            if part.articles:
                sink(keep(repeated(part)))
            advance(part.files)
        reading.exit_if_none()
    reading.end()


def _repetitions(dedupe: bool, quiet: bool) -> Callable[[Scored], pd.DataFrame]:
    """Tells of articles that were there before, and leaves them out where they are to be kept once."""
    first: dict[str, str] = {}

    def repeated(part: Scored) -> pd.DataFrame:
        again = [name for name, digest in part.articles if first.setdefault(digest, name) != name]
        digests = dict(part.articles)
        for name in again:
            kept = "; left out" if dedupe else ": --dedupe keeps one of them"
            note(f"note: {name}: the same text as {first[digests[name]]}{kept}", quiet=quiet)
        return part.table[~part.table["article"].isin(again)] if dedupe and again else part.table

    return repeated


def _filter(
    only: str | None,
    themes: list[str],
    min_confidence: float,
    doubtful_below: float | None,
    context: int,
    folder: Path,
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """What is kept of a findings table, with context beside each row and doubtful rows marked."""
    from pipeline.labels import FINDINGS
    from pipeline.store import load_version

    wanted = [name.strip() for name in only.split(",")] if only is not None else []
    for name in wanted:
        if name not in FINDINGS:
            raise typer.BadParameter(f"{name!r} is no finding: use {', '.join(FINDINGS)}", param_hint="--only")
    if themes:
        known = load_version(folder).themes
        for key in themes:
            if key not in known:
                raise typer.BadParameter(
                    f"{key!r} is no theme of this model: use {', '.join(known)}", param_hint="--theme"
                )

    def keep(table: pd.DataFrame) -> pd.DataFrame:
        if context:
            place = table.columns.tolist().index("text")
            grouped = table.groupby("article", sort=False)["text"]
            shifts = range(1, context + 1)
            after = [grouped.shift(-i).fillna("") for i in shifts]
            before = [grouped.shift(i).fillna("") for i in reversed(shifts)]
            table.insert(place + 1, "after", [" ".join(parts).strip() for parts in zip(*after, strict=True)])
            table.insert(place, "before", [" ".join(parts).strip() for parts in zip(*before, strict=True)])
        if doubtful_below is not None:
            place = table.columns.tolist().index("confidence")
            table.insert(place + 1, "doubtful", table["confidence"] < doubtful_below)
        kept = table["confidence"] >= min_confidence
        if wanted:
            kept &= table["finding"].isin(wanted)
        if themes:
            kept &= table["themes"].map(lambda assigned: bool(set(themes) & set(assigned))).astype(bool)
        return table[kept]

    return keep


@contextmanager
def _sink(output: Path | None, format: Format | None) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Where parts of the table go: a file, or standard output."""
    from pipeline.reports.writing import CsvWriter, JsonLinesWriter, writing

    if output:
        with writing(output) as writer:
            yield writer.write
        return
    format = format or ("table" if sys.stdout.isatty() else "csv")
    if format == "table":
        from pipeline.reports.terminal import print_findings

        screen = console()
        yield lambda part: print_findings(screen, part)
        return
    writer = CsvWriter(sys.stdout, mark=False) if format == "csv" else JsonLinesWriter(sys.stdout)
    if format == "csv" and sys.stdout.isatty():  # CSV has no way to escape what a terminal might obey
        from pipeline.reports.terminal import cleaned

        yield lambda part: writer.write(cleaned(part))
    else:
        yield writer.write
    writer.close()


@contextmanager
def _bar(total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal's standard error, when there are many files."""
    if quiet or total < 16 or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("scoring", total=total)
        yield lambda count: progress.advance(task, count)
