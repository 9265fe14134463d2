"""`pipeline models promote`, `rollback` and `prune`: what changes which versions there are, and which is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, Config, Models, Quiet, note, print_json, settings_of

if TYPE_CHECKING:
    from pipeline.store import Store

Why = Annotated[str, typer.Option("--why", help="The reason, for the history.", show_default=False)]
By = Annotated[str | None, typer.Option("--by", help="Who does it, for the history.", show_default="user@host")]


def store_in_use(models: Path | None, config: Path | None, *, quiet: bool) -> Store:
    """The store, with what is wrong with it said. Raises `StoreError` for one version's folder."""
    from pipeline.errors import StoreError
    from pipeline.store import MANIFEST, Store

    store = Store(models or settings_of(config).store)
    if (store.root / MANIFEST).exists():
        raise StoreError(f"{store.root}: is one version, not a models folder: give --models the folder that it is in")
    for problem in store.problems():
        note(f"note: {problem}", quiet=quiet)
    return store


def promote(
    version: Annotated[str, typer.Argument(help="The version.")],
    bless: Annotated[
        bool, typer.Option("--bless/--no-bless", help="Record that a person found it good: retraining measures by it.")
    ] = True,
    why: Why = "",
    by: By = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Make a version the current one, having checked it.

    Example: pipeline models promote 20260105T030000Z --why "checked on 40 letters"
    """
    store = store_in_use(models, config, quiet=quiet)
    moved = store.promote(version, why=why, by=by)
    blessed = bless and store.bless(version, why=why, by=by)
    said = f"{version} is now current" if moved else f"{version} is current already"
    note(f"{said}{', and blessed' if blessed else ''}", quiet=quiet)


def rollback(
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Go past damaged versions to the nearest whole one.")
    ] = False,
    why: Why = "",
    by: By = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Go back to the version that was current before; again, to the one before that.

    Example: pipeline models rollback --why "misses recommendations"
    """
    store = store_in_use(models, config, quiet=quiet)
    left = store.current()
    version = store.rollback(skip_damaged=skip_damaged, why=why, by=by)
    note(f"{version} is current again, after {left}", quiet=quiet)


def prune(
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many of the newest whole versions to keep.")],
    json: AsJson = False,
    why: Why = "",
    by: By = None,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Remove old versions.

    Kept besides: the current and the blessed version, the whole one before, and those with names that people gave. A
    damaged version is not counted: it goes when as many whole ones as are to be kept are newer.

    Example: pipeline models prune --keep 10
    """
    store = store_in_use(models, config, quiet=quiet)
    removed, damaged = store.prune(keep, why=why, by=by)
    left = len(store.versions())
    if json:
        print_json({"removed": removed, "left": left, "damaged": damaged})
    for name in removed:
        note(f"removed {name}{', which was damaged' if name in damaged else ''}", quiet=quiet or json)
    for name, damage in damaged.items():
        note(f"left, but not counted as kept: {damage}", quiet=quiet or json or name in removed)
    note(f"{len(removed)} removed, {left} left", quiet=quiet or json)
