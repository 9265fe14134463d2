"""`pipeline retrain`: train a challenger on what is new, and use it if it is not worse."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import (
    AddedData,
    AsJson,
    Config,
    IfDrift,
    LabelledData,
    Models,
    Notify,
    Quiet,
    Reviews,
    Seed,
    ThemeList,
    Webhook,
    note,
    print_json,
    reviews_to_learn,
    training_settings,
)
from pipeline.errors import CorpusError, PipelineError, SettingsError

if TYPE_CHECKING:
    from pipeline.retraining.outcomes import Outcome
    from pipeline.settings import Settings
    from pipeline.store import Store

_ENDED = 143


def retrain(
    corpus: LabelledData = None,
    add: AddedData = None,
    reviews: Reviews = None,
    themes: ThemeList = None,
    encoder: Annotated[
        str | None,
        typer.Option(help="Read with this encoder.", show_default="that of the version in use"),
    ] = None,
    if_drift: IfDrift = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Train and compare, but write nothing.")] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Train though nothing is new or articles are gone. A worse version still isn't used."
        ),
    ] = False,
    notify: Notify = None,
    webhook: Webhook = None,
    json: AsJson = False,
    seed: Seed = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")] = 1,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Train on the corpus and accepted corrections, if anything is new, and use the result if it is not worse.

    The new version is measured beside the one in use, and beside the last that was blessed, on articles that neither
    was trained on. If it isn't used, it is kept, and the reason is told.

    Example: pipeline retrain --add reviewed/ --notify "mail-outcome team" --json
    """
    from pipeline.retraining import notices

    try:
        if notify is not None:
            notices.command_words(notify)
        if webhook is not None:
            notices.check_address(webhook)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from None
    _end_on_sigterm()
    settings = training_settings(config, seed)

    def tell(told: dict[str, Any]) -> None:
        if json:
            print_json(told)
        seconds = settings.retraining.notify_seconds
        failed = [notices.run_command(notify, told, seconds)] if notify else []
        failed += [notices.post(webhook, told, seconds)] if webhook else []
        for line in failed:
            if line:
                note(f"note: {line}")

    try:
        outcome = _outcome(
            settings,
            corpus,
            [*(add or [])],
            reviews,
            themes,
            encoder,
            if_drift,
            force=force,
            dry_run=dry_run,
            jobs=jobs,
            models=models,
            quiet=quiet,
        )
    except PipelineError as error:
        summary = error.summary if isinstance(error, CorpusError) else str(error).splitlines()[0]
        tell({"outcome": "failed", "reason": summary})
        raise
    tell(outcome.to_dict())
    if not json:
        _print(outcome)
    for line in outcome.notes:
        note(f"note: {line}", quiet=quiet)


def _outcome(
    settings: Settings,
    corpus: list[Path] | None,
    add: list[Path],
    reviews: Path | None,
    themes: Path | None,
    encoder: str | None,
    if_drift: list[str] | None,
    *,
    force: bool,
    dry_run: bool,
    jobs: int,
    models: Path | None,
    quiet: bool,
) -> Outcome:
    from pipeline.labels import load_themes
    from pipeline.retraining.corrections import accepted_rows
    from pipeline.retraining.outcomes import Outcome, Request
    from pipeline.retraining.run import retrain as run
    from pipeline.settings import bundled
    from pipeline.store import Store

    store = Store(models or settings.store)
    folder = reviews_to_learn(reviews, settings)
    notes: list[str] = []
    if if_drift and (steady := _steady(if_drift, store, settings, notes, quiet=quiet)):
        return Outcome("unchanged", steady, store.current(), dry_run=dry_run)
    request = Request(
        corpus=[*(corpus or [bundled("data/corpus")]), *add],
        corrections=accepted_rows(folder),
        themes=load_themes(themes),
        settings=settings,
        encoder=encoder,
        force=force,
        dry_run=dry_run,
        jobs=jobs,
    )
    outcome = run(store, request, lambda stage: note(f"… {stage}", quiet=quiet))
    notes += outcome.notes
    if outcome.version:
        from pipeline.tracking import track

        if said := track(store.version(outcome.version), action="retrain"):
            notes.append(said)
    return replace(outcome, notes=notes)


def _steady(paths: list[str], store: Store, settings: Settings, notes: list[str], *, quiet: bool) -> str | None:
    """Why articles are no reason to retrain; None when they have drifted, or can't be compared (a note)."""
    from pipeline.cli.drift import drift_of_files
    from pipeline.retraining.record import baseline_of_version

    if store.current() is None or baseline_of_version(store.version()) is None:
        notes.append("no version in use keeps a profile to compare with: retraining without")
        return None
    found = drift_of_files(paths, store, None, settings, quiet=quiet)
    if found.verdict == "retrain":
        note(f"drift: {found.why}", quiet=quiet)
        return None
    return f"no drift ({found.verdict}): {found.why}"


def _print(outcome: Outcome) -> None:
    if outcome.dry_run and outcome.outcome != "unchanged":
        typer.echo(f"would be {outcome.outcome}: {outcome.reason}")
    else:
        typer.echo(f"{outcome.outcome}{f' {outcome.version}' if outcome.version else ''}: {outcome.reason}")
    for found in outcome.comparisons:
        stand_in = " (a stand-in)" if found.stand_in else ""
        for name, score in (("findings macro-F1", found.findings), ("themes micro-F1", found.themes)):
            typer.echo(
                f"  {name}: {score.score:.3f}, {found.role} {found.version}{stand_in} {score.other:.3f}; "
                f"difference at least {score.bound:+.3f}"
            )


def _end_on_sigterm() -> None:
    """Let what was begun be put in order when the process is told to end."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(_ENDED)

    try:
        signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread, which alone gets signals
        return
