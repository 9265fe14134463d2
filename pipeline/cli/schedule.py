"""`pipeline schedule`: retrain at the times of a cron line, or print unit files for another scheduler."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.options import (
    AddedData,
    Config,
    IfDrift,
    LabelledData,
    Models,
    Notify,
    Quiet,
    Reviews,
    ThemeList,
    Webhook,
    note,
    settings_of,
)
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.retraining.times import Times

app = typer.Typer()

Cron = Annotated[
    str | None, typer.Option(help="When: five fields, as in a crontab, like '0 3 * * 1'.", show_default=False)
]
Zone = Annotated[str, typer.Option(help="The time zone of these times.")]
Kind = Literal["cron", "systemd", "github-actions", "kubernetes"]
_WRONG_USAGE = 2
_PASSED_ON = ("corpus", "add", "reviews", "themes", "if_drift", "notify", "webhook", "models", "config")
_FOLDERS = {"github-actions": ".", "kubernetes": "/work"}


@app.callback(invoke_without_command=True)
def schedule(
    context: typer.Context,
    cron: Cron = None,
    timezone: Zone = "UTC",
    health: Annotated[
        Path | None, typer.Option(help="Write here, as JSON, when it last ran and how.", show_default=False)
    ] = None,
    runs: Annotated[int | None, typer.Option(min=1, help="End after so many runs.", show_default="never")] = None,
    corpus: LabelledData = None,
    add: AddedData = None,
    reviews: Reviews = None,
    themes: ThemeList = None,
    if_drift: IfDrift = None,
    notify: Notify = None,
    webhook: Webhook = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Retrain at set times until told to end, or print unit files for another scheduler.

    Each run is a process of its own. Times that were missed come to one run; runs never overlap; SIGTERM or Ctrl-C
    ends it cleanly, in a run too.

    Example: pipeline schedule --cron "0 3 * * 1" --timezone Europe/London --health health.json
    """
    if context.invoked_subcommand:
        _refuse_options(context, context.invoked_subcommand)
        return
    from pipeline.retraining.schedule import Schedule, retrain_command

    times = _times(cron, timezone)
    command = retrain_command([*_arguments(context), *(["--quiet"] if quiet else [])])
    Schedule(times, command, lambda line: note(line, quiet=quiet), health).run(runs=runs)


@app.command("print")
def print_units(
    context: typer.Context,
    kind: Annotated[Kind, typer.Option("--as", help="For which scheduler.")],
    cron: Cron = "0 3 * * 1",
    timezone: Zone = "UTC",
    folder: Annotated[
        Path | None, typer.Option(help="Where to run.", show_default="here; in a container, /work")
    ] = None,
    corpus: LabelledData = None,
    add: AddedData = None,
    reviews: Reviews = None,
    themes: ThemeList = None,
    if_drift: IfDrift = None,
    notify: Notify = None,
    webhook: Webhook = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Print a unit file that runs `pipeline retrain` at set times.

    Example: pipeline schedule print --as systemd --cron "0 3 * * 1" --timezone Europe/London
    """
    from pipeline.retraining.units import Job, unit_file

    times = _times(cron, timezone)
    place = folder.as_posix() if folder else _FOLDERS.get(kind, Path.cwd().as_posix())
    job = Job(times, _arguments(context), place)
    if kind == "github-actions":
        # It must be told what to keep from run to run, so the configuration is read as the run will.
        settings = settings_of(Path(place, config) if config else None)
        store, kept = models or Path(settings.store), reviews or Path(settings.reviews)
        job = replace(job, store=store.as_posix(), reviews=kept.as_posix())
    try:
        typer.echo(unit_file(kind, job), nl=False)
    except SettingsError as error:
        note(f"error: {error}")
        raise typer.Exit(_WRONG_USAGE) from None


@app.command("check")
def check_health(
    health: Annotated[Path, typer.Argument(help="The health file of a schedule.")],
    alive: Annotated[
        bool, typer.Option("--alive", help="Ask only whether it is alive, however its last run went.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Tell by its health file whether a schedule is alive and its last run went well; exit code 1 if not.

    Whatever restarts a schedule that is dead asks with --alive, for no restart mends a run that failed.

    Example: pipeline schedule check health.json
    """
    from pipeline.retraining.health import ailment, read, silence

    if wrong := (silence if alive else ailment)(read(health), datetime.now(UTC)):
        note(f"{health}: {wrong}")
        raise typer.Exit(1)
    note(f"{health}: {'alive' if alive else 'well'}", quiet=quiet)


def _refuse_options(context: typer.Context, command: str) -> None:
    """Options before a command would be passed over without a word."""
    sources = {
        parameter.opts[0]: context.get_parameter_source(str(parameter.name)) for parameter in context.command.params
    }
    given = [option for option, source in sources.items() if source and source.name == "COMMANDLINE"]
    if given:
        raise typer.BadParameter(f"goes after {command!r}, not before it", param_hint=" ".join(given))


def _times(cron: str | None, timezone: str) -> Times:
    from pipeline.retraining.times import Times

    if cron is None:
        raise typer.BadParameter("say when, like '0 3 * * 1' for Mondays at three", param_hint="--cron")
    try:
        return Times.of(cron, timezone)
    except SettingsError as error:
        note(f"error: {error}")
        raise typer.Exit(_WRONG_USAGE) from None


def _arguments(context: typer.Context) -> list[str]:
    """The options that are passed on to `retrain`, as words."""
    words: list[str] = []
    for name in _PASSED_ON:
        value = context.params[name]
        for part in value if isinstance(value, list | tuple) else [] if value is None else [value]:
            words += ["--" + name.replace("_", "-"), str(part)]
    return words
