"""Paths: the files that paths, folders and globs stand for."""

from __future__ import annotations

from collections.abc import Iterable
from glob import glob, has_magic
from pathlib import Path

from pipeline.articles.readers.formats import JSONL, SUFFIXES
from pipeline.errors import ArticleError

STDIN = "-"


def expand(paths: Iterable[str | Path]) -> list[str]:
    """Files for paths, folders (searched through), globs and `-`, each once, folders' files in sorted order.

    A named file is kept even if it doesn't exist or can't be read: reading it reports why. Raises `ArticleError`
    when a folder or glob holds nothing readable, and for an empty path, which would be all of this folder.
    """
    found: dict[str, str] = {}
    for path in map(str, paths):
        for file in _files(path):
            found.setdefault(file if file == STDIN else _resolved(file), file)
    return list(found.values())


def _resolved(file: str) -> str:
    try:
        return str(Path(file).resolve())
    except (OSError, RuntimeError):  # links that go round in a circle
        return file


def _files(path: str) -> list[str]:
    """The files that one path stands for."""
    kinds = f"that can be read (these can: {', '.join(SUFFIXES)})"
    if path == STDIN:
        return [path]
    if not path:
        raise ArticleError("an empty path: name a file or folder (. is this one)")
    if Path(path).is_dir():
        files = [file for file in Path(path).rglob("*") if _readable(file) and not _hidden(file.relative_to(path))]
        files = _without_labels(files)
        if not files:
            raise ArticleError(f"{path}: no file in it {kinds}")
    elif has_magic(path) and not Path(path).exists():
        # Unlike Path.glob, this takes absolute patterns, and passes over hidden files as shells do.
        files = [file for file in map(Path, glob(path, recursive=True)) if _readable(file)]  # noqa: PTH207
        if not files:
            raise ArticleError(f"{path}: matches no file {kinds}: check the pattern")
    else:
        files = [Path(path)]
    return [str(file) for file in sorted(files)]


def _readable(path: Path) -> bool:
    """Whether a file's suffix promises articles; a link that leads nowhere is kept, so that it is reported."""
    return path.suffix.lower() in SUFFIXES and (path.is_file() or path.is_symlink())


def _without_labels(files: list[Path]) -> list[Path]:
    """Files but for labels of a corpus: NAME.jsonl beside a document of that name."""
    documents = {file.with_suffix("") for file in files if file.suffix.lower() not in JSONL.suffixes}
    return [file for file in files if file.suffix not in JSONL.suffixes or file.with_suffix("") not in documents]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
