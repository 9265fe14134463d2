"""`pipeline drift`: new articles against what a version was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import (
    AsJson,
    Config,
    Models,
    Paths,
    Quiet,
    TextColumn,
    console,
    note,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.retraining.drift import Drift
    from pipeline.settings import Settings
    from pipeline.store import Store

_ATTENTION = 3


def drift(
    paths: Paths,
    baseline: Annotated[
        str | None, typer.Option(help="Hold them against this version.", show_default="the current one")
    ] = None,
    words: Annotated[int, typer.Option(min=0, help="Show this many new words.")] = 20,
    json: AsJson = False,
    text_column: TextColumn = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Tell whether new articles are another kind than those that the model was trained on.

    Exit code 3 when they are, so that it should be retrained.

    Example: pipeline drift articles/2026-11/*.pdf --json
    """
    from pipeline.store import Store

    settings = settings_of(config)
    if text_column is not None:
        settings = settings.replace(articles=settings.articles.replace(text_column=text_column))
    found = drift_of_files(paths, Store(models or settings.store), baseline, settings, quiet=quiet)
    if json:
        print_json(found.to_dict() | {"new_words": found.words[:words]})
    else:
        _print(found, words)
    if found.verdict == "retrain":
        raise typer.Exit(_ATTENTION)


def drift_of_files(
    paths: Sequence[str], store: Store, baseline: str | None, settings: Settings, *, quiet: bool
) -> Drift:
    """Score articles with a version, and hold them against what it was trained on.

    Files that can't be read, and copies of others, are told and left out. Raises `ArticleError` when none can be read,
    `ModelError` when the version keeps no profile of what it was trained on.
    """
    import pandas as pd

    from pipeline.articles import expand
    from pipeline.errors import ArticleError, ModelError
    from pipeline.retraining.drift import drift_of
    from pipeline.retraining.record import baseline_of_version
    from pipeline.scoring import Options, score_files

    version = store.version(baseline)
    profile = baseline_of_version(version)
    if profile is None:
        raise ModelError(
            f"{version.name}: keeps no profile of what it was trained on: "
            "train it anew with this program, or name another version with --baseline"
        )
    parts = []
    for part in score_files(expand(list(paths)), version.folder, Options(settings.articles)):
        for message in part.failures:
            note(f"error: {message}")
        for message in part.notes:
            note(f"note: {message}", quiet=quiet)
        if len(part.table):
            parts.append(part.table)
    if not parts:
        raise ArticleError("no article could be read: there is nothing to compare")
    found = drift_of(pd.concat(parts, ignore_index=True), profile, settings.drift)
    if found.copies:
        copies = _counted(found.copies, "copy", "copies")
        note(f"note: {copies} left out: each text counts once", quiet=quiet)
    return found


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _print(found: Drift, words: int) -> None:
    from pipeline.reports.terminal import print_rows

    articles, sentences = _counted(found.articles, "article"), _counted(found.sentences, "sentence")
    typer.echo(f"{found.verdict}: {found.why} ({articles}, {sentences})")
    rows: list[list[Any]] = []
    for measure in found.measures:
        before, now = measure.before, measure.now
        if isinstance(before, dict) and isinstance(now, dict):
            moved = max(before, key=lambda name: abs(now[name] - before[name]), default="")
            shown = [f"{moved} {before[moved]:.1%}", f"{moved} {now[moved]:.1%}"] if moved else ["", ""]
        else:
            form = "{:.1%}" if measure.name == "unknown words" else "{:.2f}"
            shown = [form.format(before), form.format(now)]
        stability = "" if measure.stability is None else f"{measure.stability:.2f}"
        rows.append([measure.name, *shown, stability, f"{measure.p_value:.2g}", "shifted" if measure.shifted else ""])
    if rows:
        print_rows(console(), ["", "trained on", "these", "stability index", "p", ""], rows)
    if found.words[:words]:
        typer.echo("new words: " + ", ".join(f"{w['word']} ({w['times']})" for w in found.words[:words]))
