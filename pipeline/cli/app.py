"""The Typer application; each of its commands is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

_NAMES = (
    "split",
    "train",
    "predict",
    "facts",
    "evaluate",
    "explain",
    "summary",
    "corpus",
    "models",
    "encoder",
    "review",
    "retrain",
    "held-out",
    "schedule",
    "drift",
)
"""As help lists them. A command is its module's function of that name; a group of commands is its module's `app`."""


class _Commands(Mapping[str, Any]):
    """Commands by name, built when looked up: building all takes longer than starting does otherwise."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in _NAMES:
            raise KeyError(name)
        if name not in self._built:
            self._built[name] = _command(name)
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


def _command(name: str) -> Any:
    module = import_module(f"pipeline.cli.{name.replace('-', '_')}")
    if hasattr(module, "app"):
        group = get_group(module.app)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(getattr(module, name))
    return get_command(alone)


class _Root(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": None})
        self.commands = _Commands()  # type: ignore[assignment]  # nothing is ever added to them


def _version(shown: bool) -> None:
    if shown:
        from pipeline import __version__

        typer.echo(f"inspection-pipeline {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="pipeline",
    cls=_Root,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Find strengths, concerns and recommendations, and their themes, in inspection articles, sentence by sentence."""
