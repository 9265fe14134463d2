"""Starting up: what a user waits for before anything happens, in fresh processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from common import MODELS, ROOT, best_in_turn, print_table, verdict
from typer.main import get_command

from pipeline.cli import app

REPEATS = 9
HELP_TARGET, PREDICT_TARGET = 1.3, 0.5
ARTICLE = ROOT / "data" / "articles" / "letter-kelderby-exploitation-2023.txt"

_BARE = """\
from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(name="bare", no_args_is_help=True, help="Bare commands.")
"""


def bare_app() -> tuple[str, str]:
    """The source of a Typer app with as many commands, sub-commands and options as ours, and what these are."""
    parts, counts = [_BARE], [0, 0, 0]

    def add(command: Any, owner: str) -> None:
        for name, inner in command.commands.items():
            label = f"{owner}_{name}".replace("-", "_")
            if hasattr(inner, "commands"):
                counts[0] += 1
                parts.append(f'{label} = typer.Typer(help="A group of commands.")\n')
                parts.append(f'{owner}.add_typer({label}, name="{name}")\n')
                add(inner, label)
                continue
            counts[1] += 1
            parameters = [parameter for parameter in inner.params if parameter.name not in ("help", "version")]
            counts[2] += len(parameters)
            given = ", ".join(
                f'{parameter.name}_: Annotated[str | None, typer.Option(help="An option.")] = None'
                for parameter in parameters
            )
            parts.append(
                f'\n\n@{owner}.command("{name}")\ndef {label}_command({given}) -> None:\n    """A command."""\n'
            )

    add(get_command(app), "app")
    return "\n".join(parts), "{} groups, {} commands, {} options".format(*counts)


def run(command: Sequence[str | Path], folder: Path = ROOT) -> None:
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def main() -> None:
    program = which("pipeline", path=str(Path(sys.executable).parent))
    if program is None:
        sys.exit("no pipeline command beside this Python: install the project first")
    source, counts = bare_app()
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bare.py").write_text(source, encoding="utf-8")
        commands = {
            "python -c pass": partial(run, [sys.executable, "-c", "pass"]),
            "bare Typer app --help": partial(run, [sys.executable, "-c", "import bare; bare.app(['--help'])"], folder),
            "pipeline --help": partial(run, [program, "--help"]),
            "pipeline --version": partial(run, [program, "--version"]),
            "import sklearn.linear_model, nltk, pandas": partial(
                run, [sys.executable, "-c", "import sklearn.linear_model, nltk, pandas"]
            ),
            "pipeline predict of one article": partial(
                run, [program, "predict", ARTICLE, "--models", MODELS, "--format", "csv", "--quiet"]
            ),
        }
        for command in commands.values():
            command()  # compiles what is imported, once
        taken = best_in_turn(commands, repeats=REPEATS, before=lambda: None)
    print_table(
        f"Starting up: best of {REPEATS} fresh processes, taking turns (bare Typer app: {counts})",
        ["command", "seconds"],
        [[name, f"{seconds:.3f}"] for name, seconds in taken.items()],
    )
    ratio = taken["pipeline --help"] / taken["bare Typer app --help"]
    print(
        f"target: --help at most {HELP_TARGET:g} times a bare Typer app's: {ratio:.2f}, {verdict(ratio <= HELP_TARGET)}"
    )
    ratio = taken["pipeline predict of one article"] / taken["import sklearn.linear_model, nltk, pandas"]
    print(
        f"target: predict of one article, cold, at most {PREDICT_TARGET:g} times importing what it does without:"
        f" {ratio:.2f}, {verdict(ratio <= PREDICT_TARGET)}"
    )


if __name__ == "__main__":
    main()
