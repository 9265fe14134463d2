"""The README's commands and code run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SKIPPED = ("make", "pip", "git", "cd")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(*languages: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [body for language, body in FENCE.findall(text) if language in languages]


def commands(block: str) -> list[str]:
    """The commands of a block: those after `$ ` where there are any, else every line."""
    lines = block.replace("\\\n", " ").splitlines()
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")] or lines
    return [line for line in typed if line.strip() and not line.startswith("#") and line.split()[0] not in SKIPPED]


@pytest.fixture(scope="module")
def copy(store: Path, small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a trained store, and a small corpus in place of the bundled one."""
    folder = tmp_path_factory.mktemp("readme") / "project"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("pipeline", "configs", "data/articles"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copytree(small_corpus, folder / "data" / "corpus")
    shutil.copytree(store, folder / "models")
    return folder


@pytest.fixture(scope="module")
def environment(copy: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(copy), "COLUMNS": "120"}


def test_the_readme_shows_commands_and_code():
    assert [command for block in blocks("sh", "console") for command in commands(block)]
    assert blocks("python")


@pytest.mark.skipif(shutil.which("sh") is None, reason="the README's commands are for a POSIX shell")
@pytest.mark.parametrize("block", [block for block in blocks("sh", "console") if commands(block)])
def test_commands_run(block: str, copy: Path, environment: dict[str, str]):
    for line in commands(block):
        done = subprocess.run(
            ["sh", "-c", line], cwd=copy, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("block", blocks("python"))
def test_code_runs(block: str, copy: Path, environment: dict[str, str]):
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", block],
        cwd=copy,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"


def test_the_copy_is_what_runs(copy: Path, environment: dict[str, str]):
    code = "from pipeline.settings import bundled; print(bundled('data/corpus'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert Path(done.stdout.strip()) == (copy / "data" / "corpus").resolve()
