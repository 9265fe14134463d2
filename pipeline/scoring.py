"""Scoring many files: read, split and score in worker processes, in order and in bounded memory."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.articles import COLUMNS, Article, Failure, Source, read_sources, sentence_table
from pipeline.articles.paths import STDIN
from pipeline.articles.readers.formats import by_suffix
from pipeline.articles.readers.streams import name_of
from pipeline.articles.saving import saved
from pipeline.labels import FINDINGS
from pipeline.settings import ArticleSettings
from pipeline.store import load_version

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.model import Model

_FILES_A_TASK = 8
_CHARACTERS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Options:
    """How files are read and what is added to their findings.

    `extra` are the columns to carry over from tables of articles, and the names that they have in the result; `copies`
    are read in place of files that were read already, and can be once only.
    """

    settings: ArticleSettings
    save_source: Path | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    facts: bool = False
    copies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scored:
    """A part of a run: findings, how many files are done, the articles with their digests, and what there is to say.

    `failures` are files and articles that could not be read; `notes`, what was assumed to read others.
    """

    table: pd.DataFrame
    files: int
    articles: list[tuple[str, str]]
    failures: list[str]
    notes: list[str]


def own_columns() -> frozenset[str]:
    """Names that columns carried over from a table of articles can't have in a findings table."""
    from pipeline.facts import FACT_COLUMNS

    return frozenset(
        (*COLUMNS, *FINDINGS, *FACT_COLUMNS, "finding", "confidence", "doubtful", "themes", "before", "after")
    )


def score_files(files: Sequence[str], folder: Path, options: Options, *, jobs: int = 1) -> Iterator[Scored]:
    """Yield the findings of files, some articles at a time, in their order; a bad file is a failure, the rest go on."""
    # Workers may stand in another folder: they get names, and paths that hold anywhere.
    named = [(_path(file, options.copies), name_of(file)) for file in files]
    folder = folder.absolute()
    if options.save_source is not None:
        options = replace(options, save_source=options.save_source.absolute())
    if jobs == 1 or len(named) <= _FILES_A_TASK:
        yield from _score(named, folder, options)
        return
    # What holds many articles is read here, a part at a time, and so is standard input, which only this process has.
    own = {STDIN, *options.copies.values()}
    for here, group in groupby(named, key=lambda pair: pair[0] in own or _is_collection(pair[0])):
        if here:
            yield from _score(list(group), folder, options)
        else:
            yield from _score_in_workers(list(group), folder, options, jobs)


def _path(file: str, copies: Mapping[str, str]) -> str:
    """Where a file is read, from whatever folder."""
    path = copies.get(file, file)
    return path if path == STDIN else str(Path(path).absolute())


def _is_collection(file: str) -> bool:
    format = by_suffix(file)
    return format is not None and format.collection


def _score_in_workers(named: Sequence[tuple[str, str]], folder: Path, options: Options, jobs: int) -> Iterator[Scored]:
    from joblib import Parallel, delayed

    parts = [named[i : i + _FILES_A_TASK] for i in range(0, len(named), _FILES_A_TASK)]
    run = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs")
    results = run(delayed(_score_apart)(part, folder, options) for part in parts)
    try:
        for scored in results:
            yield from scored
    finally:
        # Broken off, joblib would warn of work that was not used.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results.close()


@lru_cache(maxsize=1)
def _model(folder: Path) -> Model:
    return load_version(folder)


def _score_apart(files: Sequence[tuple[str, str]], folder: Path, options: Options) -> list[Scored]:
    """As `_score`, in a worker process: Ctrl-C is for the process that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return list(_score(files, folder, options))


def _score(files: Sequence[tuple[str, str]], folder: Path, options: Options) -> Iterator[Scored]:
    batch = _Batch()
    for file, name in files:
        for item in saved(read_sources(file, name, settings=options.settings), options.save_source):
            batch.add(item)
            if batch.characters > _CHARACTERS_AT_ONCE:
                yield batch.scored(folder, options)
                batch = _Batch()
        batch.files += 1
        if batch.files == _FILES_A_TASK:
            yield batch.scored(folder, options)
            batch = _Batch()
    if batch.files:
        yield batch.scored(folder, options)


@dataclass
class _Batch:
    """What has been read and not yet scored."""

    articles: list[Article] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    characters: int = 0
    files: int = 0

    def add(self, item: Source | Failure) -> None:
        if isinstance(item, Failure):
            self.failures.append(item.message)
            return
        self.notes += item.notes
        self.characters += len(item.text)
        self.articles.append(Article.of(item))

    def scored(self, folder: Path, options: Options) -> Scored:
        """The findings of what was read."""
        table = _model(folder).predict_sentences(sentence_table(self.articles, options.extra))
        if options.facts:
            from pipeline.facts import FACT_COLUMNS, read_facts  # a tenth of a cold start that few need

            facts = {article.source.name: read_facts(article).columns() for article in self.articles}
            for column in FACT_COLUMNS:
                table[column] = [facts[name][column] for name in table["article"]]
        names = [(article.source.name, article.source.digest) for article in self.articles]
        return Scored(table, self.files, names, self.failures, self.notes)
