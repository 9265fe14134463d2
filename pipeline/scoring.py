"""Scoring many files: read, split and score in worker processes, in order and in bounded memory."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.articles import Article, Source, read_source
from pipeline.articles.source import STDIN, article_name
from pipeline.errors import ArticleError
from pipeline.store import load_version

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.model import Model

_FILES_A_TASK = 8


@dataclass(frozen=True)
class Scored:
    """A part of a run: its articles' findings, what went wrong with a file, what was assumed to read one."""

    table: pd.DataFrame
    files: int
    failures: list[str]
    notes: list[str]


def score_files(
    files: Sequence[str], folder: Path, *, jobs: int, max_megabytes: float, save_source: Path | None = None
) -> Iterator[Scored]:
    """Yield the findings of files, some files at a time, in their order; a bad file is a failure, the rest go on."""
    # Workers may stand in another folder: they get names, and paths that hold anywhere.
    named = [(file if file == STDIN else str(Path(file).absolute()), article_name(Path(file))) for file in files]
    folder, save_source = folder.absolute(), save_source.absolute() if save_source else None
    parts = [named[i : i + _FILES_A_TASK] for i in range(0, len(named), _FILES_A_TASK)]
    if jobs == 1 or len(parts) < 2 or STDIN in files:  # only this process has standard input
        for part in parts:
            yield _score(part, folder, max_megabytes, save_source)
        return
    from joblib import Parallel, delayed

    run = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs")
    results = run(delayed(_score_apart)(part, folder, max_megabytes, save_source) for part in parts)
    try:
        for scored in results:  # noqa: UP028 - broken off, joblib would warn of work that was not used
            yield scored
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results.close()


@lru_cache(maxsize=1)
def _model(folder: Path) -> Model:
    return load_version(folder)


def _score_apart(
    files: Sequence[tuple[str, str]], folder: Path, max_megabytes: float, save_source: Path | None
) -> Scored:
    """As `_score`, in a worker process: Ctrl-C is for the process that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _score(files, folder, max_megabytes, save_source)


def _score(files: Sequence[tuple[str, str]], folder: Path, max_megabytes: float, save_source: Path | None) -> Scored:
    articles: list[Article] = []
    failures: list[str] = []
    notes: list[str] = []
    for file, name in files:
        try:
            source = read_source(file, name, max_megabytes=max_megabytes)
            if save_source is not None:
                _save_source(source, save_source)
            notes += source.notes
            articles.append(Article.of(source))
        except ArticleError as error:
            failures.append(str(error))
    return Scored(_model(folder).predict_articles(articles), len(files), failures, notes)


def _save_source(source: Source, folder: Path) -> None:
    """Write the text that offsets refer to, under the article's name, inside the folder whatever the name.

    Raises `ArticleError` rather than replace a file that holds something else.
    """
    parts = ["_" if part == ".." else part for part in PurePosixPath(source.name).parts if part not in ("/", ".")]
    path = folder.joinpath(*(part.replace(":", "_").replace("\\", "_") for part in parts))
    path = path.with_name(path.name + ".txt") if path.suffix != ".txt" else path
    if path.resolve() == Path(source.name).resolve():
        raise ArticleError(f"{path}: would be overwritten by its own text: name another folder with --save-source")
    text = source.text.encode("utf-8", "surrogatepass")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_symlink() or (path.exists() and (path.is_dir() or path.read_bytes() != text)):
            raise ArticleError(f"{path}: is there already, with other text: name an empty folder with --save-source")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(text)
        temporary.replace(path)
    except OSError as error:
        raise ArticleError(
            f"{path}: can't be written ({error.strerror}): name another folder with --save-source"
        ) from None
