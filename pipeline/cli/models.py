"""`pipeline models`: trained versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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

app = typer.Typer(no_args_is_help=True, help="List, show, verify and export trained versions.")

VersionName = Annotated[str | None, typer.Argument(help="The version.", show_default="the current one")]


@app.command("list")
def list_versions(json: AsJson = False, models: Models = None, config: Config = None, quiet: Quiet = False) -> None:
    """List versions, oldest first, with their out-of-fold scores.

    Example: pipeline models list --json
    """
    from pipeline.reports.terminal import print_rows
    from pipeline.store import Store

    store = Store(models or settings_of(config).store)
    found = [
        {
            "version": version.name,
            "current": version.current,
            "created": version.manifest.get("created", ""),
            "findings_macro_f1": version.metrics.get("findings", {}).get("macro_f1"),
            "themes_micro_f1": version.metrics.get("themes", {}).get("micro_f1"),
        }
        for version in store.versions()
    ]
    if json:
        print_json(found)
    elif found:
        rows = [
            [
                r["version"],
                "current" if r["current"] else "",
                r["created"],
                r["findings_macro_f1"],
                r["themes_micro_f1"] or "",
            ]
            for r in found
        ]
        print_rows(console(), ["version", "", "created", "findings macro-F1", "themes micro-F1"], rows)
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
    from pipeline.store import Store, Version

    folder = version_folder(models, settings_of(config), version)
    found = Version(folder.name, folder, folder.name == Store(folder.parent).current())
    if json:
        print_json({"current": found.current, "manifest": found.manifest, "metrics": found.metrics})
    else:
        typer.echo(found.card)


@app.command("verify")
def verify_version(
    version: VersionName = None, models: Models = None, config: Config = None, quiet: Quiet = False
) -> None:
    """Check a version's files against its manifest, and that they load.

    Example: pipeline models verify
    """
    from pipeline.store import load_version

    folder = version_folder(models, settings_of(config), version)
    load_version(folder)
    note(f"{folder}: whole and unaltered", quiet=quiet)


@app.command("export")
def export(
    version: Annotated[str, typer.Argument(help="The version, or 'current'.")],
    file: Annotated[Path, typer.Argument(help="A .joblib file to write.")],
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
