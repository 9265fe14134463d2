"""`pipeline review queue` and `pipeline review export`: sentences chosen and given out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.options import (
    AsJson,
    Config,
    Models,
    Output,
    Quiet,
    Reviews,
    TextColumn,
    article_settings,
    console,
    note,
    print_json,
    settings_of,
    version_folder,
)
from pipeline.cli.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pandas as pd

    from pipeline.review import Item, Ledger
    from pipeline.review.queue import Queue

ReviewFormat = Literal["csv", "xlsx", "label-studio", "doccano", "prodigy"]
_BY_SUFFIX: dict[str, ReviewFormat] = {".csv": "csv", ".xlsx": "xlsx", ".json": "label-studio"}
_TABLES = (".csv", ".jsonl", ".parquet")
_UNKNOWN = "pipeline"
"""In place of the version that labelled sentences, where it isn't known."""

SomePaths = Annotated[
    list[str] | None,
    typer.Argument(help="Files, folders, globs, - for standard input, or a findings table.", show_default=False),
]
For = Annotated[
    str | None,
    typer.Option("--for", help="Leave out only what this person has reviewed.", show_default="leave out all reviewed"),
]


def queue(
    paths: SomePaths = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many sentences.")] = 20,
    json: AsJson = False,
    output: Output = None,
    reviewer: For = None,
    text_column: TextColumn = None,
    reviews: Reviews = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Show the sentences most worth a look, and why: unsure between findings, rare, unlike the others.

    Of a saved findings table, the table alone decides, and no model is needed.

    Example: pipeline review queue articles/ --limit 50 --output queue.csv
    """
    from dataclasses import asdict, fields

    from pipeline.reports.terminal import print_rows
    from pipeline.reports.writing import writing
    from pipeline.review import Item

    collected, _ = _collect(paths, reviewer, text_column, reviews, models, config, quiet=quiet)
    items = collected.best(limit)
    if output:
        import pandas as pd

        rows = [asdict(item) | {"themes": list(item.themes)} for item in items]
        with writing(output) as writer:
            writer.write(pd.DataFrame(rows, columns=[field.name for field in fields(Item)]))
    elif json:
        print_json([asdict(item) for item in items])
    else:
        shown = [[item.article, item.text, ", ".join(item.themes), item.reason] for item in items]
        print_rows(console(), ["article", "sentence", "themes", "why"], shown)
    if not items:
        note("nothing to review: all of it is reviewed, or furniture", quiet=quiet)


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write: .csv, .xlsx, .json or .jsonl.")],
    paths: SomePaths = None,
    format: Annotated[
        ReviewFormat | None,
        typer.Option(
            help="The tool that it is for.", show_default="by the suffix: .csv, .xlsx, .json for label-studio"
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many sentences, as 'review queue' chooses.")] = 100,
    every: Annotated[
        bool, typer.Option("--all", help="Every sentence but furniture, in order, reviewed or not.")
    ] = False,
    again: Annotated[
        Literal["all", "waiting", "reviewed", "conflicts"] | None,
        typer.Option(help="In place of articles: what was given out before.", show_default=False),
    ] = None,
    reviewer: For = None,
    text_column: TextColumn = None,
    reviews: Reviews = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Give sentences out for review, in a spreadsheet or for a labelling tool, with context and the model's labels.

    The sentences are kept in the folder of reviews, so that answers need only their ids.

    Example: pipeline review export articles/ --limit 200 --format label-studio --output tasks.json
    """
    from pipeline.labels import load_themes
    from pipeline.review import Ledger
    from pipeline.review.formats import write
    from pipeline.review.formats.rows import Sheet
    from pipeline.review.verdicts import last_words

    folder = reviews_folder(reviews, config)
    chosen = format or _format_by_suffix(output)
    if again and paths:
        raise typer.BadParameter("in place of articles: name either", param_hint="--again")
    if again:
        with Ledger(folder) as ledger:
            items, themes, version = _given_out(ledger, again), ledger.themes(), _UNKNOWN
    else:
        collected, version = _collect(paths, reviewer, text_column, reviews, models, config, quiet=quiet, every=every)
        items = collected.all() if every else collected.best(limit)
        names = load_themes()
        themes = {key: names.get(key, key) for key in collected.themes}
    with Ledger(folder, create=True) as ledger:
        ledger.add(items, themes)
        said = {key: list(words.values()) for key, words in last_words(ledger.reviews()).items()}
        written = write(output, chosen, Sheet(items, said, themes, version))
    note(f"{len(items):,} sentences; wrote {', '.join(map(str, written))}", quiet=quiet)


def _format_by_suffix(output: Path) -> ReviewFormat:
    """The tool that a file is for, where its suffix tells."""
    suffix = output.suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".jsonl":
        raise typer.BadParameter(f"{str(output)!r} may be for doccano or prodigy: say which", param_hint="--format")
    raise typer.BadParameter(
        f"{str(output)!r}: no tool uses {suffix or 'a name without a suffix'}: end it in .csv, .xlsx, .json "
        "(label-studio), or .jsonl (with --format doccano or prodigy)",
        param_hint="--output",
    )


def reviews_folder(reviews: Path | None, config: Path | None) -> Path:
    """The folder where reviews are kept."""
    return reviews or Path(settings_of(config).reviews)


def _collect(
    paths: list[str] | None,
    reviewer: str | None,
    text_column: str | None,
    reviews: Path | None,
    models: Path | None,
    config: Path | None,
    *,
    quiet: bool,
    every: bool = False,
) -> tuple[Queue, str]:
    """The sentences of articles, or of a findings table, that aren't reviewed yet, and the version that scored them."""
    from pipeline.review.queue import Queue
    from pipeline.store import load_version

    if not paths:
        raise typer.BadParameter("name articles, or a findings table", param_hint="PATHS")
    settings = settings_of(config)
    leave = set[str]() if every else _reviewed(reviews_folder(reviews, config), reviewer)
    most = None if every else 50_000
    table = _findings_table(paths)
    if table is not None:
        collected = Queue(settings.features, None, leave, most)
        collected.add(table)
        return collected, _UNKNOWN
    folder = version_folder(models, settings)
    model = load_version(folder)
    collected = Queue(model.feature_settings, model, leave, most)
    for part in _scored(paths, folder, config, text_column, quiet=quiet):
        collected.add(part)
    return collected, folder.name


def _reviewed(folder: Path, reviewer: str | None) -> Collection[str]:
    from pipeline.review import Ledger
    from pipeline.review.ledger import FILE

    if not (folder / FILE).is_file():
        return set()
    with Ledger(folder) as ledger:
        return {review.id for review in ledger.reviews() if reviewer is None or review.who == reviewer}


def _findings_table(paths: list[str]) -> pd.DataFrame | None:
    """The findings table that a single path is; None where it holds articles."""
    from pipeline.errors import TableError
    from pipeline.reports.writing import read_table

    path = Path(paths[0])
    if len(paths) > 1 or path.suffix.lower() not in _TABLES:
        return None
    try:
        return read_table(path)
    except TableError:
        return None  # then its rows may be articles


def _scored(
    paths: list[str], folder: Path, config: Path | None, text_column: str | None, *, quiet: bool
) -> Iterator[pd.DataFrame]:
    """Findings tables of articles, some at a time; what can't be read is said, and the rest goes on."""
    from pipeline.articles import expand
    from pipeline.scoring import Options, score_files

    reading = Reading(quiet=quiet)
    for part in reading.scored(score_files(expand(paths), folder, Options(article_settings(config, text_column)))):
        yield part.table
    reading.exit_if_none()
    if reading.failures:
        note(f"{reading.failures:,} could not be read; {reading.done:,} are done", quiet=quiet)


def _given_out(ledger: Ledger, which: str) -> list[Item]:
    """What was given out before: all of it, what waits for a review, what has one, or what reviewers disagree on."""
    from pipeline.review import verdicts

    items = ledger.items()
    found = {verdict.item.id: verdict.conflict for verdict in verdicts(items, ledger.reviews())}
    kept = {
        "all": set(items),
        "waiting": set(items) - set(found),
        "reviewed": set(found),
        "conflicts": {key for key, conflict in found.items() if conflict},
    }
    return [item for key, item in items.items() if key in kept[which]]
