"""`pipeline models`: trained versions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.moves import promote, prune, rollback, store_in_use
from pipeline.cli.options import (
    AsJson,
    Config,
    Models,
    Quiet,
    console,
    note,
    print_json,
    settings_of,
    version_folder,
)

if TYPE_CHECKING:
    from pipeline.store import Version

app = typer.Typer(no_args_is_help=True, help="Trained versions: look at them, choose the one in use, remove old ones.")

_SCORES = ("findings_macro_f1", "themes_micro_f1")

VersionName = Annotated[str | None, typer.Argument(help="The version.", show_default="the current one")]


def _joblib(file: Path) -> Path:
    if file.suffix.lower() != ".joblib":
        raise typer.BadParameter(f"{str(file)!r} is no .joblib file: give it a name that ends so")
    return file


@app.command("list")
def list_versions(json: AsJson = False, models: Models = None, config: Config = None, quiet: Quiet = False) -> None:
    """List versions, oldest first, with their out-of-fold scores; each is checked for damage.

    Example: pipeline models list --json
    """
    from pipeline.reports.terminal import print_rows

    store = store_in_use(models, config, quiet=quiet)
    blessed = store.blessed()
    found = [_row(version, blessed) for version in store.versions()]
    if json:
        print_json(found)
    elif found:
        rows = [[r["version"], _state(r), r["created"], *(_score(r[name]) for name in _SCORES)] for r in found]
        print_rows(console(), ["version", "", "created", "findings macro-F1", "themes micro-F1"], rows)
        for row in found:
            note(f"damaged: {row['damage']}", quiet=quiet or not row["damage"])
    else:
        note(f"{store.root}: no trained model here: train one with 'pipeline train'", quiet=quiet)


@app.command("show")
def show(
    version: VersionName = None,
    json: AsJson = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Show a version's card, or its manifest and metrics as JSON.

    Example: pipeline models show
    """
    from pipeline.reports.terminal import clean
    from pipeline.store import Store

    folder = version_folder(models, settings_of(config), version)
    found = Store(folder.parent).version(folder.name)
    damage = found.damage()
    if json:
        print_json({"current": found.current, "damage": damage, "manifest": found.manifest, "metrics": _metrics(found)})
    else:
        typer.echo("\n".join(map(clean, found.card.splitlines())))
    note(f"damaged: {damage}", quiet=quiet or not damage)


@app.command("diff")
def diff(
    a: Annotated[str, typer.Argument(help="A version, or 'current'.")],
    b: Annotated[str, typer.Argument(help="Another, or 'current'.")],
    json: AsJson = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Show what differs between two versions: settings, themes, thresholds, corpus and metrics.

    Example: pipeline models diff 20260105T030000Z current
    """
    from pipeline.reports.terminal import print_rows

    store = store_in_use(models, config, quiet=quiet)
    versions = [store.version(None if name == "current" else name) for name in (a, b)]
    first, second = (version.name for version in versions)
    found = store.diff(first, second)
    damaged = {version.name: damage for version in versions if (damage := version.damage())}
    for damage in damaged.values():
        note(f"damaged: {damage}", quiet=quiet)
    if json:
        print_json({"a": first, "b": second, "damaged": damaged, "changes": [change._asdict() for change in found]})
    elif found:
        rows = [[change.part, change.name, _shown(change.a), _shown(change.b)] for change in found]
        print_rows(console(), ["", "", first, second], rows)
    else:
        note("nothing differs", quiet=quiet)


@app.command("history")
def history(json: AsJson = False, models: Models = None, config: Config = None, quiet: Quiet = False) -> None:
    """List what was done, oldest first: each training, promotion, rollback, blessing and removal.

    Example: pipeline models history --json
    """
    from pipeline.reports.terminal import print_rows

    store = store_in_use(models, config, quiet=quiet)
    entries = store.history()
    if json:
        print_json([entry.to_dict() for entry in entries])
    elif entries:
        rows = [[e.when, e.action, e.from_ or "", e.to or "", e.artefact or "", e.by, e.why] for e in entries]
        print_rows(console(), ["when", "what", "from", "to", "made", "by", "why"], rows)
    else:
        note(f"{store.root}: nothing was recorded here", quiet=quiet)


@app.command("verify")
def verify_version(
    version: VersionName = None,
    everything: Annotated[bool, typer.Option("--all", help="Check all versions and the history.")] = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Check a version's files against its manifest, and that they load.

    Example: pipeline models verify --all
    """
    from pipeline.store import load_version

    if everything:
        _verify_all(models, config, quiet=quiet)
        return
    folder = version_folder(models, settings_of(config), version)
    load_version(folder)
    note(f"{folder}: whole and unaltered", quiet=quiet)


@app.command("export")
def export(
    version: Annotated[str, typer.Argument(help="The version, or 'current'.")],
    file: Annotated[Path, typer.Argument(help="A .joblib file to write.", callback=_joblib)],
    themes: Annotated[bool, typer.Option("--themes", help="Export the themes' estimator, not the findings'.")] = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Write a version as a fitted scikit-learn pipeline, for use in your own code.

    A .joblib file is a pickle: load only those you made yourself.

    Example: pipeline models export current findings.joblib
    """
    from pipeline.learning.export import write_estimator
    from pipeline.store import load_version

    folder = version_folder(models, settings_of(config), None if version == "current" else version)
    write_estimator(load_version(folder), file, themes=themes)
    note(f"wrote {file}", quiet=quiet)


app.command("promote")(promote)
app.command("rollback")(rollback)
app.command("prune")(prune)


def _verify_all(models: Path | None, config: Path | None, *, quiet: bool) -> None:
    from pipeline.errors import StoreError

    store = store_in_use(models, config, quiet=True)  # what is wrong is what is said at the end
    versions = store.versions()
    damaged = {version.name: damage for version in versions if (damage := version.damage())}
    for damage in damaged.values():
        note(f"damaged: {damage}", quiet=quiet)
    wrong = store.problems()
    if damaged:
        are = "is" if len(damaged) == 1 else "are"
        wrong.insert(0, f"{store.root}: {len(damaged)} of {len(versions)} versions {are} damaged: {', '.join(damaged)}")
    if wrong:
        raise StoreError("; ".join(wrong))
    note(f"{store.root}: {len(versions)} version{'s' * (len(versions) != 1)}, whole and unaltered", quiet=quiet)


def _metrics(version: Version) -> dict[str, Any]:
    """What training measured; of what it was trained on, which is kept as digests, only how many there were."""
    from pipeline.errors import ModelError
    from pipeline.retraining.record import KEY, record_of

    metrics = version.metrics
    if KEY in metrics:
        try:
            seen = record_of(version)
        except ModelError:
            seen = None
        metrics[KEY] = seen and {"articles": len(seen.articles), "corrections": len(seen.corrections)}
    return metrics


def _row(version: Version, blessed: str | None) -> dict[str, Any]:
    """A version as listed; what can't be read of a damaged one is None."""
    return {
        "version": version.name,
        "current": version.current,
        "blessed": version.name == blessed,
        "created": _read(lambda: version.manifest["created"]),
        "findings_macro_f1": _read(lambda: version.metrics["findings"]["macro_f1"]),
        "themes_micro_f1": _read(lambda: version.metrics["themes"]["micro_f1"]),
        "damage": version.damage(),
    }


def _read(value: Callable[[], Any]) -> Any:
    from pipeline.errors import ModelError

    try:
        return value()
    except (ModelError, KeyError, TypeError):
        return None


def _state(row: dict[str, Any]) -> str:
    return ", ".join([name for name in ("current", "blessed") if row[name]] + (["damaged"] if row["damage"] else []))


def _score(value: Any) -> Any:
    return "" if value is None else value


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
