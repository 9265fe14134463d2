"""Options that commands share, and small helpers to print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.corpus import Corpus
    from pipeline.labels import Themes
    from pipeline.model import Model
    from pipeline.settings import ArticleSettings, Settings


def _writable(output: Path | None) -> Path | None:
    from pipeline.reports.writing import SUFFIXES

    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"{str(output)!r} is no kind of file that can be written: use {', '.join(SUFFIXES)}")
    return output


Paths = Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.", show_default=False)]
Config = Annotated[Path | None, typer.Option("--config", help="A YAML file that changes settings.", show_default=False)]
Models = Annotated[
    Path | None,
    typer.Option("--models", help="The models folder, or one version's folder.", show_default="the configured store"),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", callback=_writable, help="Write .csv, .jsonl, .xlsx or .parquet."),
]
TextColumn = Annotated[
    str | None,
    typer.Option(help="The column of tables that holds the articles' text.", show_default="text"),
]
LabelledData = Annotated[
    list[Path] | None,
    typer.Option(
        "--corpus", help="Labelled data in place of the bundled corpus (may be repeated).", show_default=False
    ),
]
AddedData = Annotated[
    list[Path] | None,
    typer.Option("--add", help="Labelled data beside the bundled corpus (may be repeated).", show_default=False),
]
Seed = Annotated[
    int | None, typer.Option("--seed", help="The seed of all randomness.", show_default="the configured seed")
]
SaveSource = Annotated[
    Path | None, typer.Option("--save-source", help="Write the texts that offsets refer to into this folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ThemeList = Annotated[
    Path | None, typer.Option("--themes", help="A YAML file that lists themes.", show_default="configs/themes.yaml")
]
Reviews = Annotated[
    Path | None,
    typer.Option("--reviews", help="The folder where reviews are kept.", show_default="the configured folder"),
]
IfDrift = Annotated[
    list[str] | None,
    typer.Option(
        "--if-drift", help="Retrain only if these new articles have drifted (may be repeated).", show_default=False
    ),
]
Notify = Annotated[
    str | None,
    typer.Option(
        "--notify",
        help="Run this command, without a shell, with the outcome as JSON on its input.",
        show_default=False,
    ),
]
Webhook = Annotated[
    str | None,
    typer.Option("--webhook", help="Post the outcome as JSON to this http(s) address.", show_default=False),
]


def console(width: int | None = None) -> Console:
    """A console on standard output; without a terminal, lines are wide."""
    from rich.console import Console

    return Console(width=width or (None if sys.stdout.isatty() else 160), highlight=False)


def note(message: str, *, quiet: bool = False) -> None:
    """A message on standard error, without control characters that a terminal might obey."""
    if not quiet:
        shown = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in message)
        typer.echo(shown, err=True)


def print_json(value: Any) -> None:
    """A value as JSON on standard output."""
    from pipeline.reports.printable import json_text

    typer.echo(json_text(value, indent=2))


def settings_of(config: Path | None) -> Settings:
    """The settings, with those that a file changes."""
    from pipeline.settings import load_settings

    return load_settings(config)


def training_settings(config: Path | None, seed: int | None) -> Settings:
    """The settings, with the seed of all randomness if one is given."""
    settings = settings_of(config)
    return settings if seed is None else settings.replace(training=settings.training.replace(seed=seed))


def labelled_data(corpus: list[Path] | None, add: list[Path] | None, themes: Themes) -> Corpus:
    """The labelled data to learn from: the bundled corpus or what stands in its place, and what is added."""
    from pipeline.corpus import read_corpus
    from pipeline.settings import bundled

    return read_corpus([*(corpus or [bundled("data/corpus")]), *(add or [])], themes)


def reviews_to_learn(reviews: Path | None, settings: Settings) -> Path:
    """The folder of reviews to learn from, which may hold none unless it was named: then `ReviewError` is raised."""
    if reviews is None:
        return Path(settings.reviews)
    from pipeline.errors import ReviewError
    from pipeline.review.ledger import FILE

    if not (reviews / FILE).is_file():
        raise ReviewError(f"{reviews}: no reviews are kept here: name their folder with --reviews, or leave that out")
    return reviews


def article_settings(config: Path | None, text_column: str | None) -> ArticleSettings:
    """How articles are read."""
    settings = settings_of(config).articles
    return settings if text_column is None else settings.replace(text_column=text_column)


def version_folder(models: Path | None, settings: Settings, version: str | None = None) -> Path:
    """The folder of the model in use: a version's own, or a store's version, the current one by default."""
    from pipeline.store import MANIFEST, Store

    root = models or Path(settings.store)
    if version is None and ((root / MANIFEST).exists() or (root / "model.json").exists()):
        return root
    return Store(root).folder(version)


def model_in_use(models: Path | None, config: Path | None) -> Model:
    """The model in use, verified and loaded."""
    from pipeline.store import load_version

    return load_version(version_folder(models, settings_of(config)))
