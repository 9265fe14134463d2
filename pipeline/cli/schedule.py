"""`pipeline schedule`: retrain at the times of a cron line, or print unit files for another scheduler."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.options import AddedData, Config, LabelledData, Models, Quiet, ThemeList, note
from pipeline.cli.retrain import IfDrift, Notify, Reviews, Webhook
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.retraining.times import Times

app = typer.Typer(help="Retrain at set times, or print unit files for another scheduler.")

Cron = Annotated[
    str | None, typer.Option(help="When: five fields, as in a crontab, like '0 3 * * 1'.", show_default=False)
]
Zone = Annotated[str, typer.Option(help="The time zone of these times.")]
Kind = Literal["cron", "systemd", "github-actions", "kubernetes"]
_WRONG_USAGE = 2
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
    """Run `pipeline retrain` at set times until told to end, each time in a process of its own.

    Times that were missed come to one run; runs never overlap; SIGTERM or Ctrl-C ends it cleanly, in a run too.

    Example: pipeline schedule --cron "0 3 * * 1" --timezone Europe/London --health health.json
    """
    if context.invoked_subcommand:
        return
    from pipeline.retraining.schedule import Schedule, retrain_command

    times = _times(cron, timezone)
    arguments = _arguments(corpus, add, reviews, themes, if_drift, notify, webhook, models, config)
    command = retrain_command([*arguments, *(["--quiet"] if quiet else [])])
    Schedule(times, command, lambda line: note(line, quiet=quiet), health).run(runs=runs)


@app.command("print")
def print_units(
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
    from pipeline.retraining.units import unit_file

    times = _times(cron, timezone)
    arguments = _arguments(corpus, add, reviews, themes, if_drift, notify, webhook, models, config)
    place = folder.as_posix() if folder else _FOLDERS.get(kind, Path.cwd().as_posix())
    try:
        typer.echo(unit_file(kind, times, arguments, place), nl=False)
    except SettingsError as error:
        note(f"error: {error}")
        raise typer.Exit(_WRONG_USAGE) from None


@app.command("check")
def check_health(
    health: Annotated[Path, typer.Argument(help="The health file of a schedule.")], quiet: Quiet = False
) -> None:
    """Tell by its health file whether a schedule is alive and its last run went well; exit code 1 if not.

    Example: pipeline schedule check health.json
    """
    from pipeline.retraining.health import ailment, read

    if wrong := ailment(read(health), datetime.now(UTC)):
        note(f"{health}: {wrong}")
        raise typer.Exit(1)
    note(f"{health}: well", quiet=quiet)


def _times(cron: str | None, timezone: str) -> Times:
    from pipeline.retraining.times import Times

    if cron is None:
        raise typer.BadParameter("say when, like '0 3 * * 1' for Mondays at three", param_hint="--cron")
    try:
        return Times.of(cron, timezone)
    except SettingsError as error:
        note(f"error: {error}")
        raise typer.Exit(_WRONG_USAGE) from None


def _arguments(
    corpus: list[Path] | None,
    add: list[Path] | None,
    reviews: Path | None,
    themes: Path | None,
    if_drift: list[str] | None,
    notify: str | None,
    webhook: str | None,
    models: Path | None,
    config: Path | None,
) -> list[str]:
    """The options of `retrain` as words."""
    given = {
        "--corpus": corpus,
        "--add": add,
        "--reviews": reviews,
        "--themes": themes,
        "--if-drift": if_drift,
        "--notify": notify,
        "--webhook": webhook,
        "--models": models,
        "--config": config,
    }
    words: list[str] = []
    for name, value in given.items():
        for part in value if isinstance(value, list) else [] if value is None else [value]:
            words += [name, str(part)]
    return words
